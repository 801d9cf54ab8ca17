"""Reads of visitors' messages, for the staff."""

from django.db.models import QuerySet

from balabaqsha.territories import queries as territories
from balabaqsha.transparency.models import Feedback


def to_settle(territory_code: str) -> QuerySet[Feedback]:
    """Messages of the territory and below that nobody has dealt with, oldest first. Two queries with their rows."""
    within = territories.subtree(territory_code)
    return Feedback.objects.filter(territory__in=within, settled_at__isnull=True).order_by("sent_at", "id")


def by_number(number: str) -> Feedback | None:
    """The message of this number. One query."""
    return Feedback.objects.filter(number=number).first()
