"""State systems for the people who look after the portal: how each answers, and what waits for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Min
from procrastinate.contrib.django.models import ProcrastinateJob

from balabaqsha.checks.models import SystemStanding
from balabaqsha.gateways.port import System
from balabaqsha.notifications.models import Channel, Delivery, DeliveryState
from balabaqsha.record.models import OutboxFact
from balabaqsha.signatures.models import RevocationList


class Look(StrEnum):
    """How a system stands: it ANSWERS, FAILS, RESTS after failures, or was NEVER asked."""

    ANSWERS = "ANSWERS"
    FAILS = "FAILS"
    RESTS = "RESTS"
    NEVER = "NEVER"


@dataclass(frozen=True)
class Health:
    """One system; moments are of real time, `reason` is why the last question had no answer."""

    system: System
    look: Look
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str = ""
    rests_until: datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """What waits for a system: text `systems.waits-<what>`, how much of it, and since when the oldest."""

    what: str
    count: int
    since: datetime | None


def health(*, real_now: datetime) -> list[Health]:
    """Every system in the order of the ports. One query."""
    kept = {row.system: row for row in SystemStanding.objects.all()}
    return [_health(system, kept.get(system.value), real_now=real_now) for system in System]


def _health(system: System, row: SystemStanding | None, *, real_now: datetime) -> Health:
    if row is None:
        return Health(system, Look.NEVER)
    resting = row.rests_until is not None and real_now < row.rests_until
    look = Look.RESTS if resting else Look.FAILS if row.reason else Look.ANSWERS
    return Health(system, look, row.answered_at, row.failed_at, row.reason, row.rests_until)


def waiting(*, now: datetime) -> list[Waiting]:
    """What the portal will ask or send by itself as soon as it can. Four queries."""
    rows = Delivery.objects.filter(state__in=[DeliveryState.QUEUED, DeliveryState.ACCEPTED])
    sent = {
        (row["channel"], row["state"]): (row["n"], row["since"])
        for row in rows.values("channel", "state").annotate(n=Count("id"), since=Min("message__at"))
    }
    untold = OutboxFact.objects.filter(told_at__isnull=True).aggregate(n=Count("id"), since=Min("at"))
    codes = ProcrastinateJob.objects.filter(task_name="accounts.send_code", status__in=["todo", "doing"])
    stale = _stale_lists(now)
    none = (0, None)
    return [
        Waiting("sms", *sent.get((Channel.SMS, DeliveryState.QUEUED), none)),
        Waiting("sms-answer", *sent.get((Channel.SMS, DeliveryState.ACCEPTED), none)),
        Waiting("code", codes.count(), None),
        Waiting("email", *sent.get((Channel.EMAIL, DeliveryState.QUEUED), none)),
        Waiting("untold", untold["n"], untold["since"]),
        Waiting("list", len(stale), min(stale, default=None)),
    ]


def _stale_lists(now: datetime) -> list[datetime]:
    """Since when each authority's newest list is stale, for those whose is."""
    newest = RevocationList.objects.order_by("authority_sha256", "-number").distinct("authority_sha256")
    return [until for until in newest.values_list("next_update", flat=True) if until < now]
