"""The public protocol of what officers did: acts with their reasons of closed lists, without anybody's name or number."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from balabaqsha.kernel.actor import DECIDERS, Role
from balabaqsha.kindergartens.models import Group
from balabaqsha.record import queries as record
from balabaqsha.transparency.reasons import VOCABULARY

# Acts that decide about places and families; looking at a case is told to the family, not to everybody.
ACTS = (
    "publish",
    "recall",
    "review_extension",
    "confirm_benefit",
    "reject_benefit",
    "confirm_documents",
    "reject_documents",
    "run-performed",
    "renew",
    "list-carried-over",
    "regime-set",
    "regime-carried-over",
    "term-approved",
    "categories-approved",
    "remove",
    "decide_appeal",
    "kindergarten-closed",
    "correct_date",
    "correct_wish",
    "correct_name",
    "lengthen",
    "bring_back",
    "merge",
    "unlink_application",
)
BACK = timedelta(days=365)
# Doctors and the PMPK decide special applications in the office of the state as officers do.
_ROLES = DECIDERS | {Role.OFFICER}


@dataclass(frozen=True)
class OfficerAct:
    """One act: what (text `public-act.<act>`), how it came out, how many places of which group, and why.

    `reason` is the key of a text, empty where the act needs none.
    """

    at: datetime
    act: str
    outcome: str
    places: int | None
    group: Group | None
    reason: str


def count(territory_code: str, *, now: datetime) -> int:
    """How many acts of officers the last year had in a territory. One query."""
    return record.count_acts_in([territory_code], acts=ACTS, since=now - BACK, roles=_ROLES)


def page(territory_code: str, *, now: datetime, first: int, size: int) -> list[OfficerAct]:
    """A page of these acts, newest first. Two queries."""
    events = record.acts_in([territory_code], acts=ACTS, since=now - BACK, first=first, count=size, roles=_ROLES)
    ids = {event.facts["group"] for event in events if event.facts.get("group")}
    groups = {row.id: row for row in Group.objects.filter(id__in=ids).select_related("kindergarten")}
    return [_act(event.at, event.act, event.facts, groups) for event in events]


def _act(at: datetime, act: str, facts: dict[str, Any], groups: dict[int, Group]) -> OfficerAct:
    because = facts.get("because", "")
    return OfficerAct(
        at=at,
        act=act,
        outcome=facts.get("outcome", ""),
        places=facts.get("places") if act in {"publish", "recall"} else None,
        group=groups.get(facts.get("group", 0)),
        reason=f"{VOCABULARY[act]}.{because}" if act in VOCABULARY and because else "",
    )
