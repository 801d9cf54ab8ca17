"""Every change to a family's persons: who they are, how they are reached, whose children they are."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction

from balabaqsha.documents import actions as documents
from balabaqsha.gateways.births.port import Kinship as KinshipAnswer
from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.people import _steps, queries, registers, rules
from balabaqsha.people.models import Kinship, Person, Relation
from balabaqsha.record import actions as record

ADDRESS_LENGTH = 300


class EmailNotValid(Refusal, code="wrong-email"):
    """The text is no e-mail address."""


class NoSuchChild(Refusal, code="not-allowed", detail="page-not-found"):
    """The actor represents no such child."""


@transaction.atomic(durable=True)
def keep_person(*, answer: PersonRecord, actor: Actor, now: datetime) -> int:
    """Enter or refresh a person from an answer of the population register; returns the person's id."""
    person = _steps.keep_person(answer=answer)
    record.record(
        "person-kept",
        actor=actor,
        now=now,
        facts={"person": person.id, "reference": answer.reference, "asked_at": answer.asked_at.isoformat()},
    )
    return person.id


@transaction.atomic(durable=True)
def add_child(
    *, actor: Actor, child_iin: str, population_answer: PersonRecord, kinship_answer: KinshipAnswer, now: datetime
) -> Kinship:
    """Put a child into the actor's family on the word of the two registers.

    The answers are those of `registers.find_child`, asked before the transaction. Raises IinNotValid, IinNotChild,
    IinNotFound, KinshipNotFound, ChildAlreadyAdded.
    """
    # The representative's row makes two additions by one person take turns: two tabs, a double click.
    representative = Person.objects.select_for_update(no_key=True).get(pk=actor.person_id or 0)

    iin = rules.child_iin(child_iin, today=localdate(now))
    found = kinship_answer.record
    if population_answer.iin != iin.text or not population_answer.alive:
        raise registers.IinNotFound
    if found is None or (found.child_iin, found.parent_iin) != (iin.text, representative.iin):
        raise registers.KinshipNotFound
    token = queries.token_of_child(representative.id, iin.text, now=now)
    if token is not None:
        raise registers.ChildAlreadyAdded(token=token)

    child = _steps.keep_person(answer=population_answer)
    _steps.close_lapsed(representative_id=representative.id, child_id=child.id, now=now)
    kinship = Kinship.objects.create(
        representative=representative,
        child=child,
        relation=Relation(found.role.value),
        source="BIRTHS",
        reference=kinship_answer.reference,
        confirmed_at=now,
    )
    record.record(
        "child-added",
        actor=actor,
        now=now,
        facts={
            "child": child.id,
            "kinship": kinship.id,
            "births": kinship_answer.reference,
            "population": population_answer.reference,
        },
    )
    return kinship


@transaction.atomic(durable=True)
def change_contacts(
    *, actor: Actor, email: str, stated_address: str | None, now: datetime, second_email: str | None = None
) -> bool:
    """Set the actor's own e-mail addresses (empty: none) and, where the register has none, the stated address.

    `stated_address` or `second_email` None leaves it alone. Returns whether anything changed. Raises EmailNotValid.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=actor.person_id or 0)
    wanted = {"email": email.strip()}
    if second_email is not None:
        wanted["second_email"] = second_email.strip()
    if any(address and not _is_email(address) for address in wanted.values()):
        raise EmailNotValid
    if stated_address is not None and not person.address:
        wanted["stated_address"] = " ".join(stated_address.split())[:ADDRESS_LENGTH]
    changed = [name for name, value in wanted.items() if getattr(person, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(person, name, wanted[name])
    if "email" in changed:
        # Nobody has proven yet that the new address is theirs.
        person.email_confirmed_at = None
    person.save(update_fields=[*changed, "email_confirmed_at"])
    record.record("contacts-changed", actor=actor, now=now, facts={"person": person.id, "fields": changed})
    return True


@transaction.atomic(durable=True)
def set_photo(*, actor: Actor, child_id: int, content: bytes, now: datetime) -> None:
    """Give the actor's child a photo, drawn anew from the bytes.

    Raises FileTooBig, FileWrongType, FileUnreadable, NoSuchChild.
    """
    # Drawing takes its time, so it comes before the lock.
    sha256 = documents.keep_photo(content=content, now=now).sha256
    child = Person.objects.select_for_update(no_key=True).filter(pk=child_id).first()
    if child is None or not queries.represents(actor.person_id, child_id, now=now):
        raise NoSuchChild
    child.photo_sha256 = sha256
    child.save(update_fields=["photo_sha256"])
    record.record("photo-changed", actor=actor, now=now, facts={"person": child.id, "sha256": sha256})


def _is_email(text: str) -> bool:
    try:
        EmailValidator()(text)
    except ValidationError:
        return False
    return True
