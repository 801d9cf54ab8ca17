"""Entering a kindergarten into the register, changing what it says, and its photos."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction

from balabaqsha.documents import actions as documents
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as steps
from balabaqsha.kindergartens.models import Kindergarten, KindergartenPhoto, Ownership
from balabaqsha.kindergartens.registry import rules
from balabaqsha.record import actions as record
from balabaqsha.territories import queries as territories

# What the head keeps up; the rest is the department's.
OF_THE_HEAD = frozenset({"phone", "email", "stay_hours"})
# What the journal names without its content: contacts and names of people stand in `people` and here only.
_UNSAID = frozenset({"phone", "email", "head_name"})


class BinTaken(Refusal, code="already-sent", detail="bin-taken"):
    """A kindergarten of this BIN is in the register."""


class ForeignTerritory(Refusal, code="not-in-list", detail="foreign-territory"):
    """The settlement lies outside of the kindergarten's territory, or the territory outside of the officer's."""


class LicenceMissing(Refusal, code="not-allowed", detail="licence-missing"):
    """A private kindergarten works by a licence: its number and day are asked for."""


class OpensInThePast(Refusal, code="wrong-date", detail="opens-in-the-past"):
    """A kindergarten that is entered today opens today or later."""


class NotYours(Refusal, code="not-allowed", detail="not-of-the-head"):
    """The head changes contacts, hours and photos; the rest is the department's."""


class TooManyPhotos(Refusal, code="limit-reached", detail="too-many-photos"):
    """No more photos are kept; facts: limit."""


@dataclass(frozen=True)
class Facts:
    """What the register says of a kindergarten; `stay_hours` are hours a day, the point is in degrees."""

    name_kk: str
    name_ru: str
    ownership: str
    type: str
    settlement_id: str | None
    address_kk: str = ""
    address_ru: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    email: str = ""
    head_name: str = ""
    stay_hours: float = 10.5
    licence_number: str = ""
    licence_on: date | None = None
    opens_on: date | None = None


FACTS = tuple(field.name for field in fields(Facts))


@transaction.atomic(durable=True)
def enter(*, bin_: str, territory_code: str, facts: Facts, actor: Actor, now: datetime) -> Kindergarten:
    """Enter a kindergarten of a territory into the register; its groups are opened afterwards.

    Raises WrongBin, BinTaken, ForeignTerritory, LicenceMissing, OpensInThePast.
    """
    parsed = rules.parse_bin(bin_)
    if actor.territory_code is None or not territories.is_within(territory_code, actor.territory_code):
        raise ForeignTerritory
    if facts.opens_on is not None and facts.opens_on < localdate(now):
        raise OpensInThePast
    _check(facts, territory_code)
    if Kindergarten.objects.filter(bin=parsed).exists():
        raise BinTaken
    row = Kindergarten(
        code=rules.code_of(parsed),
        bin=parsed,
        territory_id=territory_code,
        **{name: getattr(facts, name) for name in FACTS},
    )
    row.save(force_insert=True)
    told = {"kindergarten": row.id, "groups": [], "opens_on": facts.opens_on and facts.opens_on.isoformat()}
    record.record("kindergarten-opened", actor=actor, now=now, territory_code=territory_code, facts=told)
    return row


@transaction.atomic(durable=True)
def change(*, kindergarten_id: int, changes: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Let the register say something else of a kindergarten; returns the names of what has changed, none is no act.

    `changes` are fields of Facts. The journal has each before and after, contacts and names of people by field alone.
    Raises KindergartenClosed, NotYours, ForeignTerritory, LicenceMissing.
    """
    if actor.role is Role.KINDERGARTEN_HEAD and not changes.keys() <= OF_THE_HEAD:
        raise NotYours
    row = steps.lock_open(kindergarten_id)
    changed = {name: [getattr(row, name), value] for name, value in changes.items() if getattr(row, name) != value}
    if not changed:
        return []
    for name, (_, value) in changed.items():
        setattr(row, name, value)
    if not changed.keys() <= OF_THE_HEAD:
        _check(Facts(**{name: getattr(row, name) for name in FACTS}), row.territory_id)
    row.save(update_fields=list(changed))
    said = {name: [] if name in _UNSAID else [_plain(one) for one in pair] for name, pair in changed.items()}
    facts = {"kindergarten": row.id, "changed": said}
    record.record("kindergarten-changed", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    return list(changed)


@transaction.atomic(durable=True)
def add_photo(*, kindergarten_id: int, content: bytes, actor: Actor, now: datetime) -> KindergartenPhoto:
    """Show a photo of a kindergarten to everybody, drawn anew from the bytes; a photo that is there already stays as it is.

    Raises FileTooBig, FileWrongType, FileUnreadable, TooManyPhotos, KindergartenClosed.
    """
    # Drawing takes its time, so it comes before the lock.
    file = documents.keep_photo(content=content, now=now)
    row = steps.lock_open(kindergarten_id)
    shown = KindergartenPhoto.objects.filter(kindergarten=row, removed_at=None)
    found = shown.filter(file=file).first()
    if found is not None:
        return found
    if shown.count() >= rules.MOST_PHOTOS:
        raise TooManyPhotos(limit=rules.MOST_PHOTOS)
    photo = KindergartenPhoto.objects.create(kindergarten=row, file=file, added_at=now)
    facts = {"kindergarten": row.id, "photo": photo.id, "sha256": file.sha256}
    record.record("kindergarten-photo-added", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    return photo


@transaction.atomic(durable=True)
def remove_photo(*, kindergarten_id: int, photo_id: int, actor: Actor, now: datetime) -> bool:
    """Show a photo no longer; returns whether it was shown, so that a form sent twice does no harm."""
    row = Kindergarten.objects.select_for_update(no_key=True).get(id=kindergarten_id)
    photo = KindergartenPhoto.objects.filter(kindergarten=row, id=photo_id, removed_at=None).first()
    if photo is None:
        return False
    photo.removed_at = max(now, photo.added_at)
    photo.save(update_fields=["removed_at"])
    facts = {"kindergarten": row.id, "photo": photo.id}
    record.record("kindergarten-photo-removed", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    return True


def _check(facts: Facts, territory_code: str) -> None:
    if facts.settlement_id is not None and not territories.is_within(facts.settlement_id, territory_code):
        raise ForeignTerritory
    if facts.ownership == Ownership.PRIVATE and not facts.licence_number:
        raise LicenceMissing


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
