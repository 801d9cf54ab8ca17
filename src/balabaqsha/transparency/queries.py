"""Reads that explain: the ledger of a place, and the public face of runs."""

from balabaqsha.applications.models import Application
from balabaqsha.law.lists import BenefitStatus
from balabaqsha.line import blocks
from balabaqsha.line import queries as lines
from balabaqsha.record import queries as record
from balabaqsha.transparency import ledger
from balabaqsha.transparency.ledger import Change, Key, LedgerLine

# A line of a large city sees about this many acts a year; older causes are in the published days of the journal.
MOST_EVENTS = 20_000


def ledger_of(application: Application) -> list[LedgerLine]:
    """Why the place of a waiting application is what it is, newest change first; nothing for one that does not wait."""
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


def _events(application: Application) -> list[record.LineEvent]:
    return record.line_events(
        territory_code=application.territory_id,
        kind=application.kind,
        since=application.original_at,
        limit=MOST_EVENTS,
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
