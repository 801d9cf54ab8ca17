"""The history of an application in words: the journal's acts as a family reads them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from balabaqsha.applications.models import Application
from balabaqsha.kernel.actor import Role
from balabaqsha.kindergartens.models import Group
from balabaqsha.record import queries as record
from balabaqsha.record.queries import Event
from balabaqsha.transparency import queries as transparency
from balabaqsha.transparency.ledger import LedgerLine
from balabaqsha.transparency.reasons import VOCABULARY
from balabaqsha.web.kit import acting, causes, texts
from balabaqsha.web.parent import frame

_BAD = frozenset(
    {"lapse_offer", "lapse_offer_again", "lapse_voucher", "lapse_restoring", "lapse_benefit", "lapse_transfer"}
)
_BAD |= {
    "reject_documents",
    "reject_benefit",
    "refuse_contract",
    "return_papers",
    "lapse_waiting_offer",
    "age_out",
    "remove",
    "kindergarten_closes",
}
_GOOD = frozenset({"confirm_documents", "confirm_benefit", "offer_voucher", "sign_by_kindergarten", "restore"})


@dataclass(frozen=True)
class Told:
    """One line of ui/timeline.html."""

    at: datetime
    title: str
    who: str
    tone: str


@dataclass(frozen=True)
class Move:
    """One line of ui/ledger.html: by how many places, and why."""

    by: int
    cause: str
    note: str
    at: datetime


def history(application: Application, *, named: bool) -> list[Told]:
    """What happened to an application, newest first; acts that mean nothing to a family are left out.

    `named`: with the names of whoever acted on the parent's behalf.
    """
    events = [event for event in record.events_of(application.id) if texts.knows(f"told.{event.act}")]
    groups = _groups(events)
    persons = acting.cards_of(event.actor for event in events) if named else {}
    return [_told(event, groups, persons, named=named) for event in reversed(events)]


def _groups(events: list[Event]) -> dict[int, Group]:
    ids = {event.facts["group"] for event in events if isinstance(event.facts.get("group"), int)}
    return Group.objects.select_related("kindergarten").in_bulk(ids)


def _told(event: Event, groups: dict[int, Group], persons: acting.Cards, *, named: bool) -> Told:
    tone = "bad" if event.act in _BAD else "ok" if event.act in _GOOD else ""
    role = event.actor.get("role", Role.SYSTEM)
    who = texts.say("role.portal") if role == Role.SYSTEM else acting.said(event.actor, persons, named=named)
    return Told(at=event.at, title=texts.say(f"told.{event.act}", **_blanks(event, groups)), who=who, tone=tone)


def _blanks(event: Event, groups: dict[int, Group]) -> dict[str, Any]:
    facts = event.facts
    group = groups.get(facts.get("group", 0))
    label = f"{VOCABULARY.get(event.act, '')}.{facts.get('because', '')}"
    benefit = facts.get("benefit") or facts.get("claimed") or "NONE"
    return {
        "kindergarten": frame.name(group.kindergarten) if group else "–",
        "group": group.name if group else "–",
        "reason": texts.say(label) if texts.knows(label) else facts.get("because", ""),
        "benefit": texts.say(f"benefit.{benefit}"),
        "category": facts.get("category", ""),
        "due": datetime.fromisoformat(facts["due_at"]) if facts.get("due_at") else "–",
        "document": texts.say(f"paper.{facts['kind']}") if texts.knows(f"paper.{facts.get('kind')}") else "",
    }


def moves(application: Application) -> list[Move]:
    """Why the place of a waiting application changed, newest first."""
    return [_move(line) for line in transparency.ledger_of(application)]


def _move(line: LedgerLine) -> Move:
    by = 0 if line.before is None or line.after is None else line.after - line.before
    sentence = causes.sentence(line, for_the_family=True)
    note = texts.say("ledger.now", place=line.after) if line.after is not None else ""
    return Move(by=by, cause=sentence[:1].upper() + sentence[1:], note=note, at=line.at)
