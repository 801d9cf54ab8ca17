"""Reads of notices and questions: of a territory are those of itself, of everything above it, and of the country."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q, QuerySet

from balabaqsha.notices.models import Kind, Notice, Question, QuestionVersion
from balabaqsha.territories.models import Territory


def _reaching(codes: Iterable[str]) -> Q:
    """Rows of the country, of these territories and of what lies above them. One query at once."""
    paths = Territory.objects.filter(code__in=list(codes)).values_list("path", flat=True)
    holders = {code for path in paths for code in path.split("/")}
    return Q(territory__isnull=True) | Q(territory__in=sorted(holders))


def announcements(codes: Iterable[str], *, on: date) -> list[Notice]:
    """What the families of these territories are told on the day, the newest first. Two queries."""
    rows = Notice.objects.filter(
        _reaching(codes),
        kind=Kind.ANNOUNCEMENT,
        withdrawn_at__isnull=True,
        first_day__lte=on,
        last_day__gte=on,
    )
    return list(rows.select_related("territory").order_by("-first_day", "-id"))


def entries(code: str, *, first: date, last: date) -> list[Notice]:
    """Entries of the calendar that touch the days, both included. Two queries."""
    rows = Notice.objects.filter(
        _reaching([code]),
        kind=Kind.CALENDAR,
        withdrawn_at__isnull=True,
        first_day__lte=last,
        last_day__gte=first,
    )
    return list(rows.order_by("first_day", "id"))


def latest_first(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """Notices as those who write them see them: what lasts longest first, with the territory."""
    return rows.select_related("territory").order_by(F("withdrawn_at").asc(nulls_first=True), "-last_day", "-id")


def questions(code: str) -> list[Question]:
    """Published questions for a territory by section and position; those of the country before the territory's. Two queries."""
    rows = Question.objects.filter(_reaching([code]), published=True)
    return list(rows.order_by("section", F("territory_id").asc(nulls_first=True), "position", "id"))


def in_order(rows: QuerySet[Question]) -> QuerySet[Question]:
    """Questions as their editors see them, drafts included."""
    return rows.select_related("territory").order_by(
        F("territory_id").asc(nulls_first=True), "section", "position", "id"
    )


def versions(question: Question) -> list[QuestionVersion]:
    """Every version of a question, the newest first. One query."""
    return list(QuestionVersion.objects.filter(question=question).order_by("-number"))
