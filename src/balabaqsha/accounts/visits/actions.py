"""Every change to sessions as their owner sees them: begun, used, ended."""

from datetime import datetime, timedelta

from django.db import transaction

from balabaqsha.accounts.models import Account, Visit
from balabaqsha.accounts.visits.devices import Device
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.record import actions as record

# How long the places from which somebody signed in are kept: an owner looks back, the portal does not collect.
KEPT = timedelta(days=90)


class NoSuchVisit(Refusal, code="not-allowed", detail="page-not-found"):
    """The actor has no such session."""


@transaction.atomic(durable=True)
def open_visit(
    *,
    account_id: int,
    device: Device,
    way: str,
    remembered_until: datetime | None,
    quiet: bool,
    now: datetime,
    real_now: datetime,
) -> int:
    """Note where a session begins, and tell the owner of a device that they have not used before; returns the id.

    The first device of an account is not told about, nor is a `quiet` one: a visitor of the demonstration.
    """
    # The account's row makes two first visits from one device take turns: one message.
    account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
    earlier = Visit.objects.filter(account_id=account_id)
    is_new = earlier.exists() and not earlier.filter(device=device.digest).exists()
    visit = Visit.objects.create(
        account_id=account_id,
        way=way,
        device=device.digest,
        label=device.label,
        address=device.address,
        remembered_until=remembered_until,
        began_at=real_now,
        seen_at=real_now,
    )
    if is_new and not quiet:
        facts = {"device": device.label, "due_at": now.isoformat()}
        record.tell("new-device", now=now, person_id=account.person_id, facts=facts)
    return visit.id


@transaction.atomic(durable=True)
def note_use(*, visit_id: int, address: str, real_now: datetime) -> None:
    """Note that the session is in use, and from where; at most once a minute."""
    Visit.objects.filter(pk=visit_id, seen_at__lt=real_now).update(seen_at=real_now, address=address)


@transaction.atomic(durable=True)
def end_visit(*, actor: Actor, visit_id: int, now: datetime, real_now: datetime) -> None:
    """End one session of the actor's account; it is over with its next request. Raises NoSuchVisit."""
    mine = Visit.objects.filter(pk=visit_id, account_id=actor.account_id or 0, ended_at=None)
    if not mine.update(ended_at=real_now):
        raise NoSuchVisit
    record.record("session-ended", actor=actor, now=now, facts={"visit": visit_id})


@transaction.atomic(durable=True)
def end_others(*, actor: Actor, visit_id: int, now: datetime, real_now: datetime) -> int:
    """End all sessions of the actor's account but this one; returns how many."""
    others = Visit.objects.filter(account_id=actor.account_id or 0, ended_at=None).exclude(pk=visit_id)
    ended = others.update(ended_at=real_now)
    if ended:
        record.record("sessions-ended", actor=actor, now=now, facts={"sessions": ended})
    return ended


@transaction.atomic(durable=True)
def clear_visits(*, real_now: datetime) -> int:
    """Delete what is older than ninety days; returns how many. For a daily job."""
    deleted, _ = Visit.objects.filter(seen_at__lt=real_now - KEPT).delete()
    return deleted
