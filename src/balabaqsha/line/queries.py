"""Reads of the line: its order and a family's place in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.law.ages import Counting
from balabaqsha.line import blocks, linear, models
from balabaqsha.line.models import BlockNow, Line
from balabaqsha.territories.regimes import Regime

# Voucher territories: category, then the original moment, then id (rules, section 3).
ORDER = (F("category").asc(), F("original_at").asc(), F("id").asc())


@dataclass(frozen=True)
class PlaceInLine:
    """Where an application stands, in the whole line and inside its category, and how many stand in each.

    In a linear line the category is the tier: out of turn, priority or ordinary.
    """

    number: int
    waiting: int
    number_in_category: int
    waiting_in_category: int


def in_order(territory_code: str, kind: str) -> QuerySet[Application]:
    """All who stand in a line, first to last."""
    return _waiting(territory_code, kind).order_by(*ORDER)


def _waiting(territory_code: str, kind: str) -> QuerySet[Application]:
    return Application.objects.filter(
        territory_id=territory_code, kind=kind, state=State.WAITING, regime=Regime.VOUCHER.value
    )


def place_in_line(application: Application) -> PlaceInLine | None:
    """Where the application stands now, or None when it does not wait. One query, two in a linear line."""
    if application.state != State.WAITING:
        return None
    if application.regime == Regime.LINEAR:
        found = linear.place(application)
        return found and PlaceInLine(found.number, found.waiting, found.number_in_tier, found.waiting_in_tier)
    key = (application.category, application.original_at, application.id)
    standing = blocks.standing_of(application.territory_id, application.kind, key)
    return PlaceInLine(
        number=standing.ahead + 1,
        waiting=standing.waiting,
        number_in_category=standing.ahead_in_category + 1,
        waiting_in_category=standing.waiting_in_category,
    )


def waiting_by(territory_code: str, *fields: str) -> dict[tuple[Any, ...], int]:
    """How many wait in the lines of a territory by these fields of a block (`kind`, `birth_year`, `category`...).

    One query, which reads counts of blocks, not the line.
    """
    rows = BlockNow.objects.filter(territory_code=territory_code).values_list(*fields)
    counted = rows.annotate(waiting=Sum("number")).filter(waiting__gt=0).order_by()
    return {tuple(key): waiting for *key, waiting in counted}


def number_in(application: Application, *, category: int) -> int:
    """The place that a waiting application would have in another category. One query."""
    key = (category, application.original_at, application.id)
    standing = blocks.standing_of(application.territory_id, application.kind, key)
    # Whoever moves down the line has itself among those ahead.
    return 1 + standing.ahead - (category > application.category)


def counting(territory_code: str, kind: str) -> Counting:
    """By which intake year and categories a territory's voucher line of this kind is counted. One query."""
    return _counting(Q(territory_id=territory_code, kind=kind, birth_year__isnull=True))


def counting_of(application: Application) -> Counting:
    """The same of the line in which an application stands, or would. One query."""
    key = linear.key_of(application)
    return counting(application.territory_id, application.kind) if key is None else _counting(key.row)


def _counting(which: Q) -> Counting:
    return models.counting(*Line.objects.values_list("intake_year", "numbers").get(which))


def all_places(territory_code: str) -> dict[int, int]:
    """The place in its own line of everybody who waits in a territory, by id. Three queries, which read all of them.

    For putting a register into the order of places; a page of it asks `places_of`.
    """
    found = linear.all_places(territory_code)
    voucher = Application.objects.filter(
        territory_id=territory_code, state=State.WAITING, regime=Regime.VOUCHER.value
    ).annotate(place=Window(RowNumber(), partition_by=["kind"], order_by=ORDER))
    return found | dict(voucher.values_list("id", "place"))


def places_of(territory_code: str, kind: str, application_ids: Iterable[int]) -> dict[int, int]:
    """The place in line of each of these applications that waits, by id. One query, whatever the line's length."""
    found = blocks.standings(territory_code, kind, application_ids)
    return {application_id: standing.ahead + 1 for application_id, standing in found.items()}
