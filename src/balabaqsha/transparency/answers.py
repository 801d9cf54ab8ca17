"""How messages of visitors were answered: counts by kind, territory and month, each a plain count of rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from balabaqsha.kernel.time import NATIONAL
from balabaqsha.transparency.models import Feedback


@dataclass(frozen=True)
class Tally:
    """Messages sent in a period, and what became of them: the other counts add up to `asked`.

    `in_time` and `late` were answered, `closed` were closed without words (spam, repetitions), `waiting` are within their
    term, `overdue` past it.
    """

    asked: int = 0
    in_time: int = 0
    late: int = 0
    closed: int = 0
    waiting: int = 0
    overdue: int = 0

    @property
    def per_cent_in_time(self) -> int | None:
        """Of those whose answer was due or given, how many were answered in time, in whole per cent; None of none."""
        of = self.in_time + self.late + self.overdue
        return round(100 * self.in_time / of) if of else None


def sent_between(since: datetime, now: datetime, *, codes: Iterable[str] | None) -> QuerySet[Feedback]:
    """Messages of a period, both ends included, to the staff of these territories; None: of all."""
    rows = Feedback.objects.filter(sent_at__range=(since, now))
    return rows if codes is None else rows.filter(territory__in=list(codes))


def total(rows: QuerySet[Feedback], *, now: datetime) -> Tally:
    """All of the rows together. One query."""
    return Tally(**rows.aggregate(**_counts(now)))


def by_topic(rows: QuerySet[Feedback], *, now: datetime) -> list[tuple[str, Tally]]:
    """By what the message is about, by its code. One query."""
    return _grouped(rows, F("topic"), now)


def by_territory(rows: QuerySet[Feedback], *, now: datetime) -> list[tuple[str, Tally]]:
    """By the territory whose staff answers, by its code. One query."""
    return _grouped(rows, F("territory_id"), now)


def by_month(rows: QuerySet[Feedback], *, now: datetime) -> list[tuple[date, Tally]]:
    """By the national month in which the message was sent, named by its first day; months without any are left out."""
    found = _grouped(rows, TruncMonth("sent_at", tzinfo=NATIONAL), now)
    return [(month.date(), tally) for month, tally in found]


def _grouped(rows: QuerySet[Feedback], key: Any, now: datetime) -> list[tuple[Any, Tally]]:
    found = rows.order_by().annotate(key=key).values("key").annotate(**_counts(now)).order_by("key")
    return [(row.pop("key"), Tally(**row)) for row in found]


def _counts(now: datetime) -> dict[str, Count]:
    answered = ~Q(answer="")
    open_ = Q(settled_at__isnull=True)
    return {
        "asked": Count("id"),
        "in_time": Count("id", filter=answered & Q(settled_at__lte=F("due_at"))),
        "late": Count("id", filter=answered & Q(settled_at__gt=F("due_at"))),
        "closed": Count("id", filter=Q(answer="", settled_at__isnull=False)),
        "waiting": Count("id", filter=open_ & Q(due_at__gte=now)),
        "overdue": Count("id", filter=open_ & Q(due_at__lt=now)),
    }
