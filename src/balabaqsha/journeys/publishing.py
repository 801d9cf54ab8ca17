"""Publishing free places, and taking them back."""

from datetime import datetime

from balabaqsha.journeys import _free_choice, _places
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as place_steps
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens._steps import NoFreePlace
from balabaqsha.kindergartens.models import Group, Ownership
from balabaqsha.law import queries as law
from balabaqsha.line import _steps as line_steps
from balabaqsha.line import linear
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.referrals import queries as referrals
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime


class ChangedMeanwhile(Refusal, code="busy", detail="changed-meanwhile"):
    """The group is no longer as the page showed it; whoever asks looks again."""


class NotOpenYet(Refusal, code="not-allowed", detail="not-open-yet"):
    """The kindergarten takes no children yet; facts: date from which it does."""


class LineFrozen(Refusal, code="not-allowed", detail="line-frozen"):
    """During the yearly freeze no places are published in linear territories; facts: date from which they are."""


@act
def publish(*, group_id: int, places: int, actor: Actor, now: datetime, seen: int | None = None) -> None:
    """Open so many more places of a group to families; its waiting list is served first.

    `seen` is the number of unpublished places that the asker was shown, None to publish whatever there was (a form
    sent twice publishes once). Raises CapacityReached, ChangedMeanwhile, LineFrozen, NotOpenYet, KindergartenClosed.
    """
    line, group = _lock(group_id, now=now)
    garden = group.kindergarten
    closed_at = garden.closed_at or group.closed_at
    if closed_at is not None:
        raise place_steps.KindergartenClosed(date=localdate(closed_at))
    if garden.opens_on is not None and garden.opens_on > localdate(now):
        raise NotOpenYet(date=garden.opens_on)
    ends_at = law.freeze_ends_at(group.territory_id, now) if line is not None else None
    if ends_at is not None:
        raise LineFrozen(date=localdate(ends_at))
    if seen is not None and kindergartens.unpublished_in_group(group_id) != seen:
        raise ChangedMeanwhile
    place_steps.publish(group=group, places=places)
    facts = {"group": group_id, "places": places}
    record.record("publish", actor=actor, now=now, territory_code=group.territory_id, facts=facts)
    _places.came_free([group_id] * places, now=now, line=line)


@act
def recall(*, group_id: int, places: int, reason: str, actor: Actor, now: datetime, seen: int | None = None) -> None:
    """Take so many free places of a group back from families, with a reason of the closed list.

    A place that a turn was given for is not free to take back; one that is open to free choice is no longer open.
    `seen` is the number of free places that the asker was shown. Raises NoFreePlace, ChangedMeanwhile.
    """
    line, group = _lock(group_id, now=now)
    if seen is not None and kindergartens.free_in_group(group_id, now=now) != seen:
        raise ChangedMeanwhile
    place_steps.recall(group=group, places=places, because=reason, now=now)
    facts = {"group": group_id, "places": places, "because": reason}
    record.record("recall", actor=actor, now=now, territory_code=group.territory_id, facts=facts)
    if line is not None and group.kindergarten.ownership == Ownership.STATE:
        _close_places(line, group_id, now=now)


def _close_places(line: Line, group_id: int, *, now: datetime) -> None:
    """Let no more places be promised in a line than are free: openings end first, a turn never does."""
    left = referrals.unpromised(line).places + line.openings
    if left < 0:
        raise NoFreePlace(group_id=group_id)
    if line.openings > left:
        _free_choice.open_places(line, left - line.openings, now=now)


def _lock(group_id: int, *, now: datetime) -> tuple[Line | None, Group]:
    """The group under lock, and before it the line that its places serve, in a linear territory.

    Raises ChangedMeanwhile when the group went to another line before it was locked (it moved up a year).
    """
    key, line = linear.key_of_group_id(group_id), None
    if territories.regime_on(key.territory_code, localdate(now)) == Regime.LINEAR:
        cycle = str(law.national_term("line.priority_cycle", localdate(now)).value)
        line = line_steps.lock_made(key, cycle=cycle, now=now)
    group = place_steps.lock_groups([group_id])[group_id]
    if linear.key_of_group(group) != key:
        raise ChangedMeanwhile
    return line, group
