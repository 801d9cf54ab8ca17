"""Reads of what persons chose."""

from balabaqsha.notifications.channels import rules
from balabaqsha.notifications.channels.rules import Kind, Ways
from balabaqsha.notifications.models import Channel, ChannelChoice
from balabaqsha.people.models import Person


def chosen(person_id: int) -> dict[Kind, Ways]:
    """By which ways the person is told of each kind that may be chosen. One query."""
    rows = ChannelChoice.objects.filter(person_id=person_id).values_list("kind", "ways")
    return dict.fromkeys(rules.CHOSEN, Ways.BOTH) | {Kind(kind): Ways(ways) for kind, ways in rows}


def channels_of(person: Person, key: str) -> frozenset[Channel]:
    """By which channels the message of this key goes to the person, beside the inbox. At most one query."""
    kind = rules.kind_of(key)
    ways = Ways.BOTH if kind == Kind.SAFETY else chosen(person.id)[kind]
    goes_by = rules.goes_by(ways, email_confirmed=person.email_confirmed_at is not None)
    return frozenset(Channel(way.value) for way in goes_by)
