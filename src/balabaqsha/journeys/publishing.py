"""Publishing free places, and taking them back."""

from datetime import datetime

from balabaqsha.journeys import _places
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.kindergartens import _steps as place_steps
from balabaqsha.record import actions as record


@act
def publish(*, group_id: int, places: int, actor: Actor, now: datetime) -> None:
    """Open so many more places of a group to families; its waiting list is served first. Raises CapacityReached."""
    group = place_steps.lock_groups([group_id])[group_id]
    place_steps.publish(group=group, places=places)
    facts = {"group": group_id, "places": places}
    record.record("publish", actor=actor, now=now, territory_code=group.territory_id, facts=facts)
    _places.came_free([group_id] * places, now=now)


@act
def recall(*, group_id: int, places: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take so many free places of a group back from families, with a reason. Raises NoFreePlace."""
    group = place_steps.lock_groups([group_id])[group_id]
    place_steps.recall(group=group, places=places)
    facts = {"group": group_id, "places": places, "because": reason}
    record.record("recall", actor=actor, now=now, territory_code=group.territory_id, facts=facts)
