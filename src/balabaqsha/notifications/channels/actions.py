"""The person's choice of the ways by which they are told."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.notifications.channels import queries, rules
from balabaqsha.notifications.channels.rules import Kind, Ways
from balabaqsha.notifications.models import ChannelChoice
from balabaqsha.people.models import Person
from balabaqsha.record import actions as record


class NotToChoose(Refusal, code="ways-not-to-choose"):
    """This kind of message cannot go so: a term needs a telephone or a mailbox, safety needs both."""


class EmailNotProven(Refusal, code="email-not-proven"):
    """Mail alone may be chosen only with an address that a code has proven."""


@transaction.atomic(durable=True)
def choose(*, actor: Actor, wanted: Mapping[Kind, Ways], now: datetime) -> bool:
    """Set by which ways the actor is told of each of these kinds; returns whether anything changed.

    Raises NotToChoose, EmailNotProven (fact `kind`).
    """
    # Rival: the same person in another tab, and a change of the address that is asked about below.
    person = Person.objects.select_for_update(no_key=True).get(pk=actor.person_id or 0)
    before = queries.chosen(person.id)
    changed = {kind: ways for kind, ways in wanted.items() if before.get(kind) != ways}
    for kind, ways in changed.items():
        if kind not in rules.CHOSEN or ways not in rules.may_choose(kind):
            raise NotToChoose(kind=kind.value)
        if ways == Ways.EMAIL and person.email_confirmed_at is None:
            raise EmailNotProven(kind=kind.value)
    for kind, ways in changed.items():
        ChannelChoice.objects.update_or_create(
            person_id=person.id, kind=kind, defaults={"ways": ways, "chosen_at": now}
        )
    if changed:
        facts = {"person": person.id, "ways": {kind.value: ways.value for kind, ways in changed.items()}}
        record.record("channels-chosen", actor=actor, now=now, facts=facts)
    return bool(changed)
