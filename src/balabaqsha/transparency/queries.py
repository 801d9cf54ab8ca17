"""Reads that explain: the ledger of a place, and the public face of runs."""

from balabaqsha.applications.models import Application
from balabaqsha.law.lists import BenefitStatus
from balabaqsha.line import blocks, linear, rules
from balabaqsha.line import queries as lines
from balabaqsha.record import queries as record
from balabaqsha.transparency import ledger, linear_ledger
from balabaqsha.transparency.ledger import Change, Key, LedgerLine
from balabaqsha.transparency.linear_ledger import Seat

# A line of a large city sees about this many acts a year; older causes are in the published days of the journal.
MOST_EVENTS = 20_000


def ledger_of(application: Application) -> list[LedgerLine]:
    """Why the place of a waiting application is what it is, newest change first; nothing for one that does not wait."""
    key = linear.key_of(application)
    if key is not None:
        return _linear_ledger(application, key)
    place = lines.place_in_line(application)
    if place is None:
        return []
    events = _events(application)
    return ledger.ledger(
        own_id=application.id,
        own=(application.category, application.original_at, application.id),
        place=place.number,
        changes=[_change(event) for event in events],
        count_ahead=lambda key: _count_ahead(application, key),
    )


def is_whole(application: Application) -> bool:
    """Whether the ledger of an application reaches back to its beginning: the acts of its line are not too many."""
    return len(_events(application)) < MOST_EVENTS


def _linear_ledger(application: Application, key: linear.LineKey) -> list[LedgerLine]:
    """In a linear line the place hangs on three lists and a slot, so these are undone."""
    found = linear.standing_by_tier(application)
    if found is None:
        return []
    return linear_ledger.ledger(
        own=Seat(application.original_at, application.id, BenefitStatus(application.benefit).tier),
        standing=linear_ledger.Standing(
            waiting=found.waiting, ahead=found.ahead, slot=found.slot, cycle=rules.cycle(found.cycle)
        ),
        changes=[
            linear_ledger.change(at=event.at, act=event.act, application_id=event.application_id, facts=event.facts)
            for event in _events(application)
        ],
        count_ahead=lambda seat: linear.number_before(key, seat.tier, seat.original_at, seat.application_id),
    )


def _events(application: Application) -> list[record.LineEvent]:
    key = linear.key_of(application)
    return record.line_events(
        territory_code=application.territory_id,
        kind=application.kind,
        since=application.original_at,
        limit=MOST_EVENTS,
        # Journalled for linear lines only.
        of_line={} if key is None else {"birth_year": key.birth_year, "correction": key.correction},
    )


def _change(event: record.LineEvent) -> Change:
    benefit = event.facts.get("benefit", "")
    tier = BenefitStatus(benefit).tier.value if benefit else ""
    return ledger.change(at=event.at, act=event.act, application_id=event.application_id, facts=event.facts, tier=tier)


def _count_ahead(application: Application, key: Key) -> int:
    """How many others wait before a key: the application itself, wherever it stands now, is not counted."""
    own = (application.category, application.original_at, application.id)
    ahead = blocks.standing_of(application.territory_id, application.kind, key).ahead
    return ahead - (own < key)
