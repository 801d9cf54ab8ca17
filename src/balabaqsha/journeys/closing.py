"""A kindergarten closes, or one empty group of it: what becomes of every child is shown before, and done with it.

Nobody loses a right by a closing that is not theirs: a voucher is good again for its full term, in a linear line the
child waits at its original moment. Source: none speaks of it; docs/decisions/organisations.md.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission, WaitingListEntry
from balabaqsha.admissions.states import HOLDING_A_PLACE, OPEN, Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import LIVE
from balabaqsha.journeys import _closing, _free_choice, _places, sweep
from balabaqsha.journeys._act import or_busy
from balabaqsha.journeys._case import Busy
from balabaqsha.journeys.publishing import ChangedMeanwhile
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens.models import Group, Hold, Ownership, Place, Purpose
from balabaqsha.law.lists import ClosingReason, RecallReason
from balabaqsha.line import _steps as line_steps
from balabaqsha.line import linear
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals import queries as referral_queries
from balabaqsha.referrals.models import SealedWish


class ChildrenMoving(Refusal, code="not-allowed", detail="children-moving"):
    """Enrolled children are on their way to another kindergarten, and would lose it with this one; facts: n."""


class TurnsNeedPlaces(Refusal, code="not-allowed", detail="turns-need-places"):
    """More turns are out in the line than would have a free place left; facts: n, the places that would lack."""


class AppealsWait(Refusal, code="not-allowed", detail="appeals-wait"):
    """Places of the kindergarten are kept until appeals are decided; facts: n."""


class GroupInUse(Refusal, code="not-allowed", detail="group-in-use"):
    """Children hold places of the group, or places of it are published; facts: n, these places."""


@dataclass(frozen=True)
class Plan:
    """What closing would do now, in numbers of applications; `free` counts published places that nobody holds.

    `enrolled` get their right back; of them `of_age` have none, for they are too old for the service, or stand in the line
    already. Two stand in the way: `moving` children on their way to another kindergarten, and places `kept` for appeals.
    """

    groups: int
    enrolled: int
    of_age: int
    promised: int
    transfers: int
    listed: int
    wishes: int
    moving: int
    kept: int
    free: int

    @property
    def seen(self) -> str:
        """What the page shows, as one word that is compared before it is done."""
        return "-".join(str(number) for number in astuple(self))


def preview(*, kindergarten_id: int, now: datetime) -> Plan:
    """What closing would do now, without doing it. Eight queries."""
    groups = _groups(kindergarten_id)
    held = list(_admissions(groups).select_related("application"))
    enrolled = [one for one in held if one.stage == Stage.ENROLLED]
    under_way = [one for one in held if one.stage != Stage.ENROLLED]
    ids = {one.application_id for one in held}
    listed = set(_entries(groups).values_list("application_id", flat=True)) - ids
    in_line = _with_another([one.application for one in enrolled])
    moving = Admission.objects.filter(
        application__in=[one.application_id for one in enrolled], stage__in=OPEN, is_transfer=True
    )
    published = Place.objects.filter(group__in=groups, published=True).count()
    holds = Hold.objects.filter(place__group__in=groups, ended_at=None)
    taken = holds.count()
    return Plan(
        groups=groups.count(),
        enrolled=len(enrolled),
        of_age=sum(_closing.has_no_right(one.application, in_line, now=now) for one in enrolled),
        promised=sum(not one.is_transfer for one in under_way),
        transfers=sum(one.is_transfer for one in under_way),
        listed=len(listed),
        wishes=SealedWish.objects.filter(group__in=groups, ended_at=None).count(),
        moving=moving.exclude(group__in=groups).count(),
        kept=holds.filter(purpose=Purpose.APPEAL).count(),
        free=max(0, published - taken),
    )


def close(*, kindergarten_id: int, because: ClosingReason, seen: str, actor: Actor, now: datetime) -> Plan:
    """Close a kindergarten for good: every right that stood there is given back, then nothing of it is published.

    `seen` is the plan that the officer was shown. Whoever was enrolled or chose a place has a voucher with its full term
    again, or waits in the linear line at the original moment; a transfer to it ends and the child stays where it is; who
    stood in a waiting list leaves it with a full term. Raises KindergartenClosed, ChangedMeanwhile, ChildrenMoving,
    AppealsWait, TurnsNeedPlaces, Busy.
    """
    sweep.catch_up(now=now, group_ids=_groups(kindergarten_id).values_list("id", flat=True))
    return _close(kindergarten_id=kindergarten_id, because=because, seen=seen, actor=actor, now=now)


@or_busy
@transaction.atomic(durable=True)
def _close(*, kindergarten_id: int, because: ClosingReason, seen: str, actor: Actor, now: datetime) -> Plan:
    # Rivals: families at these groups, the sweep, whoever gives turns in their lines, another officer.
    keys = {linear.key_of_group(group) for group in _groups(kindergarten_id)}
    lines = list(line_steps.lock_linear(keys).values()) if keys else []
    garden = places.lock_open(kindergarten_id)
    rows = _lock_cases(_groups(kindergarten_id))
    plan = preview(kindergarten_id=kindergarten_id, now=now)
    if plan.seen != seen:
        raise ChangedMeanwhile
    if plan.moving:
        raise ChildrenMoving(n=plan.moving)
    if plan.kept:
        raise AppealsWait(n=plan.kept)
    groups = list(_groups(kindergarten_id))
    freed = _give_rights_back(rows, groups, because, actor=actor, now=now)
    for group in groups:
        _take_back(group, actor=actor, now=now)
    places.close_kindergarten(garden, because=because.value, now=now)
    facts = {"kindergarten": garden.id, "because": because.value, "families": len(rows), "enrolled": plan.enrolled}
    record.record("kindergarten-closed", actor=actor, now=now, territory_code=garden.territory_id, facts=facts)
    own = {group.id for group in groups}
    _places.came_free([group_id for group_id in freed if group_id not in own], now=now)
    for line in lines:
        if garden.ownership == Ownership.STATE:
            _close_places(line, now=now)
        _places.came_free([], now=now, line=line)
    return plan


def _take_back(group: Group, *, actor: Actor, now: datetime) -> None:
    """Close a group; that its places are published no longer is told as taking them back is."""
    hidden = places.close_group(group, now=now)
    if hidden:
        facts = {"group": group.id, "places": hidden, "because": RecallReason.GROUP_CLOSES.value}
        record.record("recall", actor=actor, now=now, territory_code=group.territory_id, facts=facts)


def _lock_cases(groups: QuerySet[Group]) -> list[Application]:
    """Every application that touches these groups under lock, after all the groups that it touches; raises Busy."""
    ids = _touching(groups)
    touched = admissions.footprints(ids).values()
    wanted = set(groups.values_list("id", flat=True)).union(*(one.groups for one in touched))
    places.lock_groups(wanted)
    rows = applications.lock_many(sorted(ids))
    again = admissions.footprints(ids).values()
    if _touching(groups) != ids or any(not one.groups <= wanted for one in again):
        raise Busy
    return rows


def _touching(groups: QuerySet[Group]) -> set[int]:
    """Ids of the applications that hold a place of these groups, stand in a list of theirs or wish one in a round."""
    return {
        *_admissions(groups).values_list("application_id", flat=True),
        *_entries(groups).values_list("application_id", flat=True),
        *SealedWish.objects.filter(group__in=groups, ended_at=None).values_list("application_id", flat=True),
    }


def _give_rights_back(
    rows: list[Application], groups: list[Group], because: ClosingReason, *, actor: Actor, now: datetime
) -> list[int]:
    """Let each of these go on with its right; returns the groups of places that came free, once for each place."""
    wishing = SealedWish.objects.filter(group__in=groups, ended_at=None).values_list("application_id", flat=True)
    referrals.end_wishes(application_ids=list(wishing), now=now)
    held = {one.application_id: one for one in _admissions(groups).order_by("-stage", "id")}
    listed: dict[int, list[WaitingListEntry]] = {}
    for entry in _entries(groups).order_by("id"):
        listed.setdefault(entry.application_id, []).append(entry)
    in_line = _with_another(rows)
    freed: list[int] = []
    for row in rows:
        story = _closing.Story(row, held.get(row.id), listed.get(row.id, []), because, actor, now)
        freed += _closing.go_on(story, has_right=not _closing.has_no_right(row, in_line, now=now))
    return freed


def _close_places(line: Line, *, now: datetime) -> None:
    """Let no more places be promised in a line than are left: openings end first, a turn never does."""
    left = referral_queries.unpromised(line).places + line.openings
    if left < 0:
        raise TurnsNeedPlaces(n=-left)
    if line.openings > left:
        _free_choice.open_places(line, left - line.openings, now=now)


def close_group(*, group_id: int, actor: Actor, now: datetime) -> None:
    """Close a group in which nobody holds a place and of which none is published; who stood in its list is told.

    Raises GroupInUse, Busy.
    """
    sweep.catch_up(now=now, group_ids=[group_id])
    _close_group(group_id=group_id, actor=actor, now=now)


@or_busy
@transaction.atomic(durable=True)
def _close_group(*, group_id: int, actor: Actor, now: datetime) -> None:
    wanted = Group.objects.filter(id=group_id, closed_at=None)
    rows = _lock_cases(wanted)
    group = wanted.first()
    if group is None:
        # A form sent twice: it is closed already.
        return
    in_use = Hold.objects.filter(place__group=group, ended_at=None).count()
    in_use += group.places.filter(published=True).count()
    if in_use:
        raise GroupInUse(n=in_use)
    _give_rights_back(rows, [group], ClosingReason.REBUILT, actor=actor, now=now)
    places.close_group(group, now=now)
    facts = {"kindergarten": group.kindergarten_id, "group": group.id, "families": len(rows)}
    record.record("group-closed", actor=actor, now=now, territory_code=group.territory_id, facts=facts)


def _groups(kindergarten_id: int) -> QuerySet[Group]:
    return Group.objects.filter(kindergarten=kindergarten_id, closed_at=None).order_by("id")


def _admissions(groups: QuerySet[Group] | list[Group]) -> QuerySet[Admission]:
    return Admission.objects.filter(group__in=groups, stage__in=HOLDING_A_PLACE)


def _entries(groups: QuerySet[Group] | list[Group]) -> QuerySet[WaitingListEntry]:
    return WaitingListEntry.objects.filter(group__in=groups, left_at=None)


def _with_another(rows: Iterable[Application]) -> set[tuple[int, str]]:
    """Child and kind of those of these that have another live application of the kind: beside a private place."""
    own = {(row.child_id, row.kind): row.id for row in rows}
    others = Application.objects.filter(child__in=[child for child, _ in own], state__in=sorted(LIVE))
    found = others.values_list("child_id", "kind", "id")
    return {(child, kind) for child, kind, number in found if own.get((child, kind), number) != number}
