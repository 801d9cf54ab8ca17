"""Fetching a medical form: the consent is written down, the system asked, its paper kept like one that was attached."""

from datetime import datetime, timedelta

from django.db import transaction

from balabaqsha.documents import actions as documents
from balabaqsha.documents.models import Upload
from balabaqsha.gateways import registry
from balabaqsha.gateways.medical.port import FormAnswer
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law.lists import MEDICAL_FORMS, DocumentKind
from balabaqsha.people import queries
from balabaqsha.people.actions import NoSuchChild
from balabaqsha.people.registers import while_they_wait
from balabaqsha.record import actions as record


class NoForm(Refusal, code="document-missing", detail="form-not-there"):
    """The system has no such form of the child that is still good; facts: document."""


def fetch(*, child_id: int, kind: DocumentKind, actor: Actor, now: datetime) -> Upload:
    """Fetch the newest form of this kind with the consent that the child's representative, the actor, gives now.

    It is kept as a paper of theirs, with its number, day and end. Raises NoSuchChild, NoForm, SilentNow and the refusals
    of files.
    """
    if kind not in MEDICAL_FORMS or not queries.represents(actor.person_id, child_id, now=now):
        raise NoSuchChild
    _consent(child_id=child_id, kind=kind, actor=actor, now=now)
    # Outside every transaction: a slow state system must not hold locks.
    with while_they_wait():
        answer = registry.medical().form(kind, Iin.parse(queries.iin_of(child_id)), now=now)
    _note(answer, child_id=child_id, kind=kind, actor=actor, now=now)
    form = answer.form
    if form is None or (form.last_day is not None and form.last_day < localdate(now)):
        raise NoForm(document=kind.value)
    return documents.keep_upload(
        owner_person_id=actor.person_id or 0,
        child_person_id=child_id,
        kind=kind,
        content=form.content,
        name=f"{form.number}, {form.issued_by_kk}",
        actor=actor,
        now=now,
        issued_on=form.issued_on,
        valid_until=form.last_day + timedelta(days=1) if form.last_day else None,
    )


@transaction.atomic(durable=True)
def _consent(*, child_id: int, kind: DocumentKind, actor: Actor, now: datetime) -> None:
    record.record("form-consent", actor=actor, now=now, facts={"child": child_id, "kind": kind.value})


@transaction.atomic(durable=True)
def _note(answer: FormAnswer, *, child_id: int, kind: DocumentKind, actor: Actor, now: datetime) -> None:
    facts = {"child": child_id, "kind": kind.value, "reference": answer.reference, "found": answer.form is not None}
    record.record("form-told", actor=actor, now=now, facts=facts)
