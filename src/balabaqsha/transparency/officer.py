"""The officer's telling of a case: each decision with who made it and the facts it stood on. Words are found later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.record import queries as record
from balabaqsha.transparency.reasons import VOCABULARY


@dataclass(frozen=True)
class Fact:
    """One fact behind a decision: `kind` picks its label (text `fact.<kind>`) and how the value is written."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Decision:
    """One act as officers read it: the text is `event.<act>`, the actor as the journal keeps them and, for a head, the kindergarten."""

    at: datetime
    act: str
    actor: dict[str, Any]
    kindergarten: Kindergarten | None
    facts: tuple[Fact, ...]


def decisions(application_id: int) -> list[Decision]:
    """Everything decided about a case, newest first. Three queries."""
    events = record.events_of(application_id)
    groups = {event.facts["group"] for event in events if event.facts.get("group")}
    found = Group.objects.filter(id__in=groups).select_related("kindergarten")
    names = {group.id: group for group in found}
    heads = {event.actor["kindergarten"] for event in events if event.actor.get("kindergarten")}
    kindergartens = Kindergarten.objects.in_bulk(heads)
    return [_decision(event, names, kindergartens) for event in reversed(events)]


def _decision(event: record.Event, groups: dict[int, Group], kindergartens: dict[int, Kindergarten]) -> Decision:
    return Decision(
        at=event.at,
        act=event.act,
        actor=event.actor,
        kindergarten=kindergartens.get(event.actor.get("kindergarten", 0)),
        facts=tuple(_facts(event, groups)),
    )


def _facts(event: record.Event, groups: dict[int, Group]) -> list[Fact]:
    facts = event.facts
    found: list[Fact] = []
    if facts.get("from") != facts.get("to") and facts.get("to"):
        found.append(Fact("state", facts["to"]))
    if facts.get("reason"):
        found.append(Fact("reason", facts["reason"]))
    if facts.get("due_at"):
        found.append(Fact("due", datetime.fromisoformat(facts["due_at"])))
    if facts.get("due_term"):
        found.append(Fact("term", facts["due_term"]))
    if facts.get("group") in groups:
        found.append(Fact("group", groups[facts["group"]]))
    if facts.get("outcome"):
        found.append(Fact("outcome", facts["outcome"]))
    if facts.get("because"):
        found.append(Fact("because", f"{VOCABULARY.get(event.act, 'recall')}.{facts['because']}"))
    found += [Fact(name, facts[name]) for name in ("fact", "run", "benefit") if facts.get(name)]
    if facts.get("claimed") and facts["claimed"] != "NONE":
        found.append(Fact("benefit", facts["claimed"]))
    if facts.get("category_before") not in {None, facts.get("category")}:
        found.append(Fact("category", (facts["category_before"], facts["category"])))
    return found
