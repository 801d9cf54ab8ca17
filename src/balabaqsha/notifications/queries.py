"""Reads of notifications."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from balabaqsha.applications.models import Application
from balabaqsha.notifications import words
from balabaqsha.notifications.models import Channel, Message


@dataclass(frozen=True)
class InboxEntry:
    """One message as the inbox shows it; `sms` is the state of its SMS, or None where none was due."""

    id: int
    at: datetime
    text: str
    application_number: str | None
    sms: str | None
    is_new: bool


def inbox(person_id: int, *, language: str, base_url: str, first: int = 0, count: int = 30) -> list[InboxEntry]:
    """A page of the person's messages, newest first, in the language of the page."""
    rows = Message.objects.prefetch_related("deliveries").filter(person_id=person_id).order_by("-at", "-id")
    page = list(rows[first : first + count])
    numbers = dict(Application.objects.filter(id__in={row.application_id for row in page}).values_list("id", "number"))
    return [
        _entry(row, language=language, base_url=base_url, number=numbers.get(row.application_id or 0)) for row in page
    ]


def _entry(row: Message, *, language: str, base_url: str, number: str | None) -> InboxEntry:
    written = words.write(row, language=language, base_url=base_url)
    sent = sorted(row.deliveries.all(), key=lambda delivery: delivery.id)
    sms = next((delivery.state for delivery in sent if delivery.channel == Channel.SMS), None)
    return InboxEntry(
        id=row.id, at=row.at, text=written.inbox, application_number=number, sms=sms, is_new=row.read_at is None
    )


@dataclass(frozen=True)
class Informed:
    """The last message about something: its moment, and the state of its SMS, `INBOX` where none was due."""

    at: datetime
    sms: str


def informed(key: str, application_ids: Iterable[int]) -> dict[int, Informed]:
    """The last message of this key about each application; those without one are left out. Two queries."""
    rows = Message.objects.prefetch_related("deliveries").filter(key=key, application_id__in=list(application_ids))
    found: dict[int, Informed] = {}
    for row in rows.order_by("id"):
        sms = next((one.state for one in row.deliveries.all() if one.channel == Channel.SMS), "INBOX")
        found[row.application_id or 0] = Informed(at=row.at, sms=sms)
    return found


def count(person_id: int) -> int:
    """How many messages the person has. One query."""
    return Message.objects.filter(person_id=person_id).count()


def unread(person_id: int) -> int:
    """How many messages the person has not seen. One query."""
    return Message.objects.filter(person_id=person_id, read_at__isnull=True).count()
