"""Asking the register of social statuses. The question is written down before it is asked; network outside transactions."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.models import StatusAnswer
from balabaqsha.applications.models.status import StatusStanding
from balabaqsha.gateways import registry
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.gateways.social.port import StatusRecord
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.lists import IN_REGISTER, BenefitStatus
from balabaqsha.people import queries as people
from balabaqsha.record import actions as record


class NoRegister(Refusal, code="not-allowed", detail="no-register"):
    """No register knows this benefit: an officer checks it by its paper."""


def ask(
    *, benefit: BenefitStatus, child_id: int, representative_id: int, by_duty: bool, actor: Actor, now: datetime
) -> StatusAnswer:
    """Ask whether the child has the status, with the consent that the actor gives now, or by an officer's duty.

    A register that does not answer is an answer too, SILENT: whoever asked goes on by the paper. Raises NoRegister.
    """
    if benefit not in IN_REGISTER:
        raise NoRegister
    _note_question(
        benefit=benefit, child_id=child_id, representative_id=representative_id, by_duty=by_duty, actor=actor, now=now
    )
    try:
        said = registry.social().status(
            benefit,
            child=Iin.parse(people.iin_of(child_id)),
            representative=Iin.parse(people.iin_of(representative_id)),
            consent=not by_duty,
            now=now,
        )
    except NotAnswering:
        said = None
    return _keep(
        StatusAnswer(
            child_id=child_id,
            representative_id=representative_id,
            benefit=benefit.value,
            consented_at=None if by_duty else now,
            asked_by_account_id=actor.account_id if by_duty else None,
            asked_at=now,
        ),
        said,
        actor=actor,
        now=now,
    )


@transaction.atomic(durable=True)
def _note_question(
    *, benefit: BenefitStatus, child_id: int, representative_id: int, by_duty: bool, actor: Actor, now: datetime
) -> None:
    facts = {"child": child_id, "person": representative_id, "benefit": benefit.value}
    record.record("status-asked", actor=actor, now=now, facts=facts | {"reason": "DUTY" if by_duty else "CONSENT"})


@transaction.atomic(durable=True)
def _keep(row: StatusAnswer, said: StatusRecord | None, *, actor: Actor, now: datetime) -> StatusAnswer:
    row.standing = StatusStanding(said.standing.value) if said else StatusStanding.SILENT
    if said is not None:
        row.number, row.last_day, row.reference = said.number, said.last_day, said.reference
    row.save()
    facts = {"child": row.child_id, "person": row.representative_id, "benefit": row.benefit, "answer": row.id}
    record.record("status-told", actor=actor, now=now, facts=facts | {"standing": row.standing})
    return row
