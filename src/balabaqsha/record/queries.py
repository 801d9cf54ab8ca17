"""Reading the record."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from balabaqsha.record import chain
from balabaqsha.record.models import ON_ACCOUNTS, JournalEntry, JournalSeal

# That somebody in office opened a case or a paper.
READ = "case-opened"
# That somebody in office opened the contacts of a family.
CONTACTS_OPENED = "contacts-opened"
# Who looks after a case, and who looked at it: nothing about the case itself has changed.
_NO_CHANGE = (READ, CONTACTS_OPENED, "work-taken", "work-given", "work-given-back")


@dataclass(frozen=True)
class Verdict:
    """What a look over the whole chain found; `broken_at` is the first position that does not fit."""

    sealed: int
    unsealed: int
    broken_at: int | None
    head: str


def verify() -> Verdict:
    """Recompute the whole chain from its beginning and compare."""
    digest, expected, broken = chain.GENESIS, 0, None
    for seal in _seals():
        expected += 1
        digest = chain.link(digest, seal.entry)
        if seal.position != expected or digest != bytes(seal.digest):
            broken = expected
            break
    unsealed = JournalEntry.objects.filter(seal__isnull=True).count()
    return Verdict(sealed=expected, unsealed=unsealed, broken_at=broken, head=digest.hex())


def _seals() -> Iterator[JournalSeal]:
    return JournalSeal.objects.select_related("entry").order_by("position").iterator(chunk_size=2000)


@dataclass(frozen=True)
class Event:
    """One decision about a case, as the tellings read it."""

    at: datetime
    act: str
    actor: dict[str, Any]
    facts: dict[str, Any]


def events_of(application_id: int) -> list[Event]:
    """All decisions about one application, oldest first. One query."""
    rows = JournalEntry.objects.filter(application_id=application_id).order_by("at", "id")
    return [Event(at=row.at, act=row.act, actor=row.actor, facts=row.facts) for row in rows]


def latest_about(application_id: int, *, acts: Iterable[str]) -> Event | None:
    """The newest of these decisions about one application, None where there is none. One query."""
    rows = JournalEntry.objects.filter(application_id=application_id, act__in=sorted(acts)).order_by("-at", "-id")
    return next((Event(at=row.at, act=row.act, actor=row.actor, facts=row.facts) for row in rows[:1]), None)


def latest_of(act: str, *, territory_code: str, **facts: Any) -> Event | None:
    """The newest decision of this kind in a territory with these facts, None where there is none. One query."""
    rows = JournalEntry.objects.filter(act=act, territory_code=territory_code, facts__contains=facts).order_by("-id")
    return next((Event(at=row.at, act=row.act, actor=row.actor, facts=row.facts) for row in rows[:1]), None)


def events_of_territory(territory_code: str, *, acts: Iterable[str], after: datetime, until: datetime) -> list[Event]:
    """Decisions of these acts in one territory after a moment and up to another, oldest first. One query."""
    rows = JournalEntry.objects.filter(
        territory_code=territory_code, at__gt=after, at__lte=until, act__in=sorted(acts)
    ).order_by("at", "id")
    return [Event(at=row.at, act=row.act, actor=row.actor, facts=row.facts) for row in rows]


def opened_since(application_id: int, *, account_id: int, after: datetime) -> bool:
    """Whether the account has opened the contacts of the application's family after this moment. One query."""
    rows = JournalEntry.objects.filter(application_id=application_id, act=CONTACTS_OPENED, at__gt=after)
    return rows.filter(actor__account=account_id).exists()


def events_about(
    territory_code: str, *, acts: Iterable[str], facts: Mapping[str, Any], limit: int, first: int = 0
) -> list[Event]:
    """The newest decisions of these acts in a territory with these facts, so many at most. One query."""
    rows = JournalEntry.objects.filter(
        territory_code=territory_code, act__in=sorted(acts), facts__contains=dict(facts)
    ).order_by("-at", "-id")[first : first + limit]
    return [Event(at=row.at, act=row.act, actor=row.actor, facts=row.facts) for row in rows]


def last_change(application_id: int) -> datetime | None:
    """When the last decision about the application took effect; that somebody looked at it or after it is none. One query."""
    rows = JournalEntry.objects.filter(application_id=application_id).exclude(act__in=_NO_CHANGE)
    return rows.order_by("-at", "-id").values_list("at", flat=True).first()


def acts_in(
    territory_codes: Iterable[str],
    *,
    acts: Iterable[str],
    since: datetime,
    first: int,
    count: int,
    roles: Collection[str] = (),
) -> list[Event]:
    """A page of what was done in these territories since a moment, newest first; by these roles, or by all. One query."""
    rows = _acts_in(territory_codes, acts=acts, since=since, roles=roles).order_by("-at", "-id")
    return [Event(at=row.at, act=row.act, actor=row.actor, facts=row.facts) for row in rows[first : first + count]]


def count_acts_in(
    territory_codes: Iterable[str], *, acts: Iterable[str], since: datetime, roles: Collection[str] = ()
) -> int:
    """How many entries `acts_in` has in all. One query."""
    return _acts_in(territory_codes, acts=acts, since=since, roles=roles).count()


def _acts_in(
    territory_codes: Iterable[str], *, acts: Iterable[str], since: datetime, roles: Collection[str]
) -> QuerySet[JournalEntry]:
    rows = JournalEntry.objects.filter(territory_code__in=sorted(territory_codes), act__in=sorted(acts), at__gte=since)
    return rows.filter(actor__role__in=sorted(roles)) if roles else rows


def log_of(*, person_id: int, account_id: int, acts: Iterable[str], first: int, count: int) -> list[Event]:
    """A page of what a person did, what others did on their behalf and to their account, newest first. One query."""
    rows = _log(person_id, account_id, acts).order_by("-id")[first : first + count]
    return [Event(at=row.at, act=row.act, actor=row.actor, facts=row.facts) for row in rows]


def count_log_of(*, person_id: int, account_id: int, acts: Iterable[str]) -> int:
    """How many entries `log_of` has in all. One query."""
    return _log(person_id, account_id, acts).count()


def _log(person_id: int, account_id: int, acts: Iterable[str]) -> QuerySet[JournalEntry]:
    own = Q(actor__person=person_id, act__in=sorted(acts))
    trusted = Q(actor__for=person_id, actor__has_key="for", act__in=sorted(acts))
    return JournalEntry.objects.filter(own | trusted | Q(facts__account=account_id, act__in=ON_ACCOUNTS))


@dataclass(frozen=True)
class LineEvent:
    """An act that may have changed the order of a line, as the ledger of places reads it."""

    id: int
    at: datetime
    act: str
    application_id: int
    facts: dict[str, Any]


def line_events(
    *, territory_code: str, kind: str, since: datetime, limit: int, of_line: Mapping[str, Any]
) -> list[LineEvent]:
    """Acts by which applications of one kind entered, left or moved in a territory's line, newest first. One query.

    `of_line` are further facts that tell one line from another: those of a linear line.
    """
    waited = Q(facts__from="WAITING") | Q(facts__to="WAITING")
    rows = JournalEntry.objects.filter(
        waited,
        territory_code=territory_code,
        at__gte=since,
        application_id__isnull=False,
        facts__contains={"kind": kind, **of_line},
    ).order_by("-at", "-id")
    return [LineEvent(*row) for row in rows.values_list("id", "at", "act", "application_id", "facts")[:limit]]
