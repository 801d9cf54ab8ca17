"""Errands of the telephone: made for one session, answered once, taken once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.signatures.mobile import queries, rules
from balabaqsha.signatures.mobile.rules import Standing
from balabaqsha.signatures.models import MobileErrand, SignaturePurpose

_WHY: dict[Standing, type[Refusal]] = {
    Standing.EXPIRED: rules.PhoneExpired,
    Standing.CANCELLED: rules.PhoneCancelled,
    Standing.WAITING: rules.PhoneSilent,
    Standing.OPENED: rules.PhoneSilent,
}


@dataclass(frozen=True)
class Wanted:
    """What the telephone is to sign: exactly these bytes, by whom, and where the signature is then sent.

    `titles` name the document in kk, ru and en; `media_type` is the protocol's word for the kind of file; `person_id` and
    `organisation_bin` are who alone may sign; `back` is the address that takes the signature.
    """

    purpose: SignaturePurpose
    content: bytes
    titles: Mapping[str, str]
    back: str
    media_type: str = ""
    person_id: int | None = None
    organisation_bin: str = ""


@transaction.atomic(durable=True)
def begin(wanted: Wanted, *, owner: bytes, real_now: datetime) -> UUID:
    """An errand for the session whose digest is `owner`; its earlier ones stop counting. Returns the errand's token."""
    earlier = MobileErrand.objects.filter(owner=owner, taken_at=None, ended_at=None)
    # Nobody reads the documents of a cancelled errand again.
    earlier.update(ended_at=real_now, content=b"")
    made = MobileErrand.objects.create(
        token=uuid4(),
        owner=owner,
        purpose=wanted.purpose.value,
        content=wanted.content,
        titles=dict(wanted.titles),
        media_type=wanted.media_type,
        person_id=wanted.person_id,
        organisation_bin=wanted.organisation_bin,
        back=wanted.back,
        made_at=real_now,
        expires_at=real_now + rules.LIFE,
    )
    return made.token


@transaction.atomic(durable=True)
def open_on_phone(*, token: UUID, real_now: datetime) -> MobileErrand:
    """Note that the telephone has fetched the document; raises PhoneExpired, PhoneCancelled, PhoneSpent."""
    _live(token, real_now).filter(opened_at=None).update(opened_at=real_now)
    return _still(token, real_now)


@transaction.atomic(durable=True)
def burn(*, token: UUID, real_now: datetime) -> MobileErrand:
    """Use the errand up before anything of the telephone's answer is looked at.

    Raises PhoneExpired, PhoneCancelled, PhoneSpent.
    """
    # One statement: of two answers at the same time one finds the row answered.
    if not _live(token, real_now).update(answered_at=real_now):
        _still(token, real_now)
        raise rules.PhoneSpent
    return MobileErrand.objects.get(token=token)


@transaction.atomic(durable=True)
def keep_answer(*, errand_id: int, cms: bytes) -> None:
    """Keep the signature that was found good."""
    MobileErrand.objects.filter(pk=errand_id, cms=None).update(cms=cms)


@transaction.atomic(durable=True)
def keep_refusal(*, errand_id: int, refusal: Refusal) -> None:
    """Keep why the telephone's signature was not accepted, for the page to say it."""
    MobileErrand.objects.filter(pk=errand_id).update(refusal=refusal.detail, facts=_plain(refusal.facts))


@transaction.atomic(durable=True)
def cancel(*, token: UUID, owner: bytes, real_now: datetime) -> None:
    """End an errand of this session; one that is over stays as it is."""
    live = MobileErrand.objects.filter(token=token, owner=owner, taken_at=None, ended_at=None)
    live.update(ended_at=real_now, content=b"")


@transaction.atomic(durable=True)
def take(*, token: str, owner: bytes, back: str, real_now: datetime) -> tuple[bytes, bytes]:
    """The bytes that were signed and the signature, once, for the session and the address that they were meant for.

    Raises PhoneSilent, PhoneSpent, PhoneExpired, PhoneCancelled.
    """
    errand = queries.of_session(token=token, owner=owner)
    if errand is None or errand.back != back:
        raise rules.PhoneSpent
    standing = queries.standing(errand, real_now=real_now)
    if standing is not Standing.SIGNED:
        raise _WHY.get(standing, rules.PhoneSpent)
    # Rival: the same form sent twice.
    if not MobileErrand.objects.filter(pk=errand.pk, taken_at=None, ended_at=None).update(taken_at=real_now):
        raise rules.PhoneSpent
    return bytes(errand.content), bytes(errand.cms or b"")


@transaction.atomic(durable=True)
def clear(*, real_now: datetime) -> int:
    """Delete the errands of yesterday; returns how many. For a daily job."""
    deleted, _ = MobileErrand.objects.filter(expires_at__lt=real_now - timedelta(days=1)).delete()
    return deleted


def _live(token: UUID, real_now: datetime) -> Any:
    return MobileErrand.objects.filter(token=token, answered_at=None, ended_at=None, expires_at__gt=real_now)


def _still(token: UUID, real_now: datetime) -> MobileErrand:
    """The errand if the telephone may still answer it; raises why it may not."""
    errand = MobileErrand.objects.get(token=token)
    standing = queries.standing(errand, real_now=real_now)
    if standing not in rules.LIVE or errand.answered_at is not None:
        raise _WHY[standing] if standing in {Standing.EXPIRED, Standing.CANCELLED} else rules.PhoneSpent
    return errand


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
