"""Messages that did not arrive: neither telephone nor mailbox took them, and nobody has looked into the inbox.

What is legally a notice stands in the inbox at once and counts from there; these lists are for helping, not for counting.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from balabaqsha.applications.models import Application
from balabaqsha.notifications.models import Delivery, DeliveryState, Message

# Older ones are history: nobody can be helped by them.
BACK = timedelta(days=30)
# On its way for longer than this, a message has not arrived yet.
ON_THE_WAY = timedelta(hours=1)


def not_arrived(messages: QuerySet[Message], *, now: datetime) -> QuerySet[Message]:
    """Those of the messages to persons that no way has brought, the latest first; each of them had at least one way."""
    ways = Delivery.objects.filter(message_id=OuterRef("id"))
    rows = messages.filter(person__isnull=False, read_at__isnull=True, told_at__isnull=True, at__gt=now - BACK)
    failed = rows.filter(Exists(ways.filter(state=DeliveryState.FAILED)))
    return failed.exclude(Exists(ways.exclude(state=DeliveryState.FAILED))).order_by("-at", "-id")


def unaware(applications: QuerySet[Application], *, now: datetime) -> QuerySet[Application]:
    """Those with a running term of which nothing has reached the family since it began, the first to end first.

    Nothing: no message was brought, none was seen in the inbox, and no officer told them. A message that has been on
    its way for an hour was not brought; one for which there is no way at all never will be.
    """
    ways = Delivery.objects.filter(message_id=OuterRef("id"))
    brought = ways.filter(state__in=[DeliveryState.ACCEPTED, DeliveryState.DELIVERED])
    told = Message.objects.filter(
        application_id=OuterRef("id"), person_id=OuterRef("applicant_id"), at__gte=OuterRef("reached_state_at")
    )
    young = told.filter(at__gt=now - ON_THE_WAY).filter(Exists(ways.filter(state=DeliveryState.QUEUED)))
    running = applications.filter(due_at__gt=now, reached_state_at__lte=now).filter(Exists(told))
    known = (
        told.filter(read_at__isnull=False),
        told.filter(told_at__isnull=False),
        told.filter(Exists(brought)),
        young,
    )
    for one in known:
        running = running.exclude(Exists(one))
    return running.order_by(F("due_at").asc(), "id")
