"""Reads of visitors' messages, for the staff and for those who wrote them."""

from datetime import datetime

from django.db.models import QuerySet

from balabaqsha.transparency.models import Feedback


def to_settle(messages: QuerySet[Feedback]) -> QuerySet[Feedback]:
    """Those of the messages that nobody has dealt with, due first."""
    return messages.filter(settled_at__isnull=True).order_by("due_at", "id")


def overdue(messages: QuerySet[Feedback], *, now: datetime) -> QuerySet[Feedback]:
    """Those of the messages that nobody has dealt with although their term has passed, the longest first."""
    return to_settle(messages).filter(due_at__lt=now)


def settled(messages: QuerySet[Feedback]) -> QuerySet[Feedback]:
    """Those of the messages that were answered or closed, the latest first."""
    return messages.filter(settled_at__isnull=False).order_by("-settled_at", "-id")


def by_token(token: str) -> Feedback | None:
    """The message whose address holds this token. One query."""
    return Feedback.objects.select_related("kindergarten").filter(token=token).first()


def reply_to(number: str) -> tuple[str, str]:
    """The contact and the language of whoever wrote the message of this number. One query."""
    contact, language = Feedback.objects.values_list("contact", "language").get(number=number)
    return contact, language
