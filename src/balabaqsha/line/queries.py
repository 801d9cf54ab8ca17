"""Reads of the line: its order and a family's place in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.line.models import Line

# Voucher territories: category, then the original moment, then id (rules, section 3).
ORDER = (F("category").asc(), F("original_at").asc(), F("id").asc())


@dataclass(frozen=True)
class PlaceInLine:
    """Where an application stands, in the whole line and inside its category, and how many stand in each."""

    number: int
    waiting: int
    number_in_category: int
    waiting_in_category: int


def in_order(territory_code: str, kind: str) -> QuerySet[Application]:
    """All who stand in a line, first to last."""
    return Application.objects.filter(territory_id=territory_code, kind=kind, state=State.WAITING).order_by(*ORDER)


def ahead_of(application: Application) -> Q:
    """The condition of standing before this application in its line."""
    earlier = Q(original_at__lt=application.original_at) | Q(original_at=application.original_at, id__lt=application.id)
    return Q(category__lt=application.category) | (Q(category=application.category) & earlier)


def place_in_line(application: Application) -> PlaceInLine | None:
    """Where the application stands now, or None when it does not wait. One query."""
    if application.state != State.WAITING:
        return None
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


def number_in(application: Application, *, category: int) -> int:
    """The place that a waiting application would have in another category. One query."""
    standing = Application(id=application.id, category=category, original_at=application.original_at)
    others = Application.objects.filter(
        territory_id=application.territory_id, kind=application.kind, state=State.WAITING
    ).exclude(id=application.id)
    return 1 + others.filter(ahead_of(standing)).count()


def intake_year(territory_code: str, kind: str) -> int:
    """The intake year of a line, by which its age bands are counted. One query."""
    return Line.objects.values_list("intake_year", flat=True).get(territory_id=territory_code, kind=kind)


def places_of(territory_code: str, kind: str, application_ids: Iterable[int]) -> dict[int, int]:
    """The place in line of each of these applications that waits, by id. One query, whatever the line's length."""
    line = Application.objects.filter(territory_id=territory_code, kind=kind, state=State.WAITING)
    ranked = line.annotate(place=Window(RowNumber(), order_by=ORDER)).values("id", "place").order_by()
    sql, parameters = ranked.query.sql_with_params()
    with connection.cursor() as cursor:
        # The filter stands outside: inside it would count only the rows asked for.
        cursor.execute(
            f"SELECT id, place FROM ({sql}) AS ranked WHERE id = ANY(%s)",  # noqa: S608 - made by Django itself
            [*parameters, list(application_ids)],
        )
        return dict(cursor.fetchall())
