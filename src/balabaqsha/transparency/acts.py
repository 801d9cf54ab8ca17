"""The public protocol of what officers did: acts with their reasons of closed lists, without anybody's name or number."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from balabaqsha.kernel.actor import DECIDERS, Role
from balabaqsha.kindergartens.models import Group
from balabaqsha.record import queries as record

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
# Which closed list the reason of an act is taken from. A rejection's own words are the family's alone.
_REASONS = {
    "recall": "recall",
    "review_extension": "extension-withdrawal",
    "reject_documents": "case-rejection",
    "remove": "removal",
    "decide_appeal": "appeal-reason",
    "kindergarten-closed": "closing",
    "correct_date": "correction-reason",
    "correct_wish": "correction-reason",
    "correct_name": "correction-reason",
    "lengthen": "lengthening",
    "bring_back": "authority-error",
    "unlink_application": "link-end",
}


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
        reason=f"{_REASONS[act]}.{because}" if act in _REASONS and because else "",
    )
