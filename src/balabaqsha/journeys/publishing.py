"""Publishing free places, and taking them back."""

from datetime import datetime

from balabaqsha.journeys import _places
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens import _steps as place_steps
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.record import actions as record


class ChangedMeanwhile(Refusal, code="busy", detail="changed-meanwhile"):
    """The group is no longer as the page showed it; whoever asks looks again."""


@act
def publish(*, group_id: int, places: int, actor: Actor, now: datetime, seen: int | None = None) -> None:
    """Open so many more places of a group to families; its waiting list is served first.

    `seen` is the number of unpublished places that the asker was shown, None to publish whatever there was (a form
    sent twice publishes once). Raises CapacityReached, ChangedMeanwhile.
    """
    group = place_steps.lock_groups([group_id])[group_id]
    if seen is not None and kindergartens.unpublished_in_group(group_id) != seen:
        raise ChangedMeanwhile
    place_steps.publish(group=group, places=places)
    facts = {"group": group_id, "places": places}
    record.record("publish", actor=actor, now=now, territory_code=group.territory_id, facts=facts)
    _places.came_free([group_id] * places, now=now)


@act
def recall(*, group_id: int, places: int, reason: str, actor: Actor, now: datetime, seen: int | None = None) -> None:
    """Take so many free places of a group back from families, with a reason of the closed list.

    `seen` is the number of free places that the asker was shown. Raises NoFreePlace, ChangedMeanwhile.
    """
    group = place_steps.lock_groups([group_id])[group_id]
    if seen is not None and kindergartens.free_in_group(group_id, now=now) != seen:
        raise ChangedMeanwhile
    place_steps.recall(group=group, places=places)
    facts = {"group": group_id, "places": places, "because": reason}
    record.record("recall", actor=actor, now=now, territory_code=group.territory_id, facts=facts)
