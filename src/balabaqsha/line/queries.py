"""Reads of the line: its order and a family's place in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.line import linear
from balabaqsha.line.models import Line
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
    return Application.objects.filter(territory_id=territory_code, kind=kind, state=State.WAITING)


def ahead_of(application: Application) -> Q:
    """The condition of standing before this application in its line."""
    earlier = Q(original_at__lt=application.original_at) | Q(original_at=application.original_at, id__lt=application.id)
    return Q(category__lt=application.category) | (Q(category=application.category) & earlier)


def place_in_line(application: Application) -> PlaceInLine | None:
    """Where the application stands now, or None when it does not wait. One query, two in a linear line."""
    if application.state != State.WAITING:
        return None
    if application.regime == Regime.LINEAR:
        found = linear.place(application)
        return PlaceInLine(found.number, found.waiting, found.number_in_tier, found.waiting_in_tier)
    ahead, same = ahead_of(application), Q(category=application.category)
    counted = Application.objects.filter(
        territory_id=application.territory_id, kind=application.kind, state=State.WAITING
    ).aggregate(
        ahead=Count("id", filter=ahead),
        waiting=Count("id"),
        ahead_in_category=Count("id", filter=ahead & same),
        waiting_in_category=Count("id", filter=same),
    )
    return PlaceInLine(
        number=counted["ahead"] + 1,
        waiting=counted["waiting"],
        number_in_category=counted["ahead_in_category"] + 1,
        waiting_in_category=counted["waiting_in_category"],
    )


def intake_year(territory_code: str, kind: str) -> int:
    """The intake year of a territory's lines of this kind, by which its age bands are counted. One query."""
    return Line.objects.values_list("intake_year", flat=True).get(
        territory_id=territory_code, kind=kind, birth_year__isnull=True
    )


def intake_year_of(application: Application) -> int:
    """The intake year of the line in which an application stands, or would. One query."""
    key = linear.key_of(application)
    if key is None:
        return intake_year(application.territory_id, application.kind)
    return Line.objects.values_list("intake_year", flat=True).get(key.row)


def places_of(territory_code: str, kind: str, application_ids: Iterable[int]) -> dict[int, int]:
    """The place in line of each of these applications that waits, by id. One query, whatever the line's length."""
    line = Application.objects.filter(territory_id=territory_code, kind=kind, state=State.WAITING)
    ranked = line.annotate(place=Window(RowNumber(), order_by=ORDER)).values("id", "place").order_by()
    sql, parameters = ranked.query.sql_with_params()
    with connection.cursor() as cursor:
        # The filter stands outside: inside it would count only the rows asked for.
        cursor.execute(
            f"SELECT id, place FROM ({sql}) AS ranked WHERE id IN (SELECT unnest(%s::bigint[]))",  # noqa: S608 - made by Django itself
            [*parameters, list(application_ids)],
        )
        return dict(cursor.fetchall())
