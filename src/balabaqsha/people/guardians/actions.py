"""A guardian claims a child by a decision, an officer confirms or rejects it, its time runs out."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.kernel.actor import SYSTEM, Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.people import _steps, queries, registers
from balabaqsha.people import rules as people
from balabaqsha.people.guardians import rules
from balabaqsha.people.models import GuardianClaim, Kinship, Person, Relation
from balabaqsha.people.states import GUARDIAN_LIFECYCLE, GuardianState
from balabaqsha.record import actions as record


class ClaimedAlready(Refusal, code="already-sent", detail="guardian-claimed"):
    """An officer has still to decide what the guardian claimed of this child before."""


class NoSuchClaim(Refusal, code="not-allowed", detail="page-not-found"):
    """There is no such claim."""


class OwnClaim(Refusal, code="not-allowed", detail="own-claim"):
    """Nobody decides what they claim themselves."""


@dataclass(frozen=True)
class Claiming:
    """What a guardian sends: the child's IIN, the decision (an upload's id), whose officers are to decide."""

    child_iin: str
    upload_id: int
    territory_code: str


@transaction.atomic(durable=True)
def claim(*, claiming: Claiming, actor: Actor, now: datetime) -> GuardianClaim:
    """Send a decision of the guardianship authority to be checked; until then it counts for nothing.

    Raises IinNotValid, IinNotChild, ChildAlreadyAdded, ClaimedAlready.
    """
    # The guardian's row makes two tabs take turns.
    guardian = Person.objects.select_for_update(no_key=True).get(pk=actor.person_id or 0)
    iin = people.child_iin(claiming.child_iin, today=localdate(now))
    token = queries.token_of_child(guardian.id, iin.text, now=now)
    if token is not None:
        raise registers.ChildAlreadyAdded(token=token)
    undecided = GuardianClaim.objects.filter(guardian=guardian, child_iin=iin.text, state=GuardianState.UNDECIDED)
    if undecided.exists():
        raise ClaimedAlready
    term = law.rulebook(claiming.territory_code).term("benefit.proof_check", on=localdate(now))
    made = GuardianClaim.objects.create(
        guardian=guardian,
        child_iin=iin.text,
        territory_id=claiming.territory_code,
        upload_id=claiming.upload_id,
        claimed_at=now,
        check_due_at=law_rules.deadline(now, term, law.calendar()),
    )
    facts = {"claim": made.id, "upload": made.upload_id, "term": term.identity}
    record.record("guardian-claimed", actor=actor, now=now, territory_code=made.territory_id, facts=facts)
    record.tell("guardian-claimed", now=now, person_id=guardian.id, facts={"due_at": made.check_due_at.isoformat()})
    return made


@transaction.atomic(durable=True)
def confirm(
    *, token: UUID, last_day: date | None, population_answer: PersonRecord, actor: Actor, now: datetime
) -> Kinship:
    """Let the claim count: the guardian represents the child until the last day of the decision.

    `population_answer` is who the child is, asked on the officer's duty before the transaction. Raises NoSuchClaim,
    OwnClaim, NotInThisState, IinNotFound, ChildAlreadyAdded, GuardianEndsTooSoon, GuardianEndsTooLate.
    """
    row = _locked(token, actor)
    row.state = GUARDIAN_LIFECYCLE.after("confirm", state=row.state)
    if population_answer.iin != row.child_iin or not population_answer.alive:
        raise registers.IinNotFound
    kin = queries.token_of_child(row.guardian_id, row.child_iin, now=now)
    if kin is not None:
        raise registers.ChildAlreadyAdded(token=kin)
    ends_at = rules.end_of(last_day, born_on=population_answer.born_on, now=now)
    child = _steps.keep_person(answer=population_answer)
    _steps.close_lapsed(representative_id=row.guardian_id, child_id=child.id, now=now)
    row.kinship = Kinship.objects.create(
        representative_id=row.guardian_id,
        child=child,
        relation=Relation.GUARDIAN,
        source="DECISION",
        reference=f"upload {row.upload_id}",
        confirmed_at=now,
        ends_at=ends_at,
    )
    _decide(row, actor, now)
    facts = {
        "claim": row.id,
        "child": child.id,
        "kinship": row.kinship.id,
        "guardian": row.guardian_id,
        "until": ends_at.isoformat(),
        "population": population_answer.reference,
    }
    record.record("guardian-confirmed", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    record.tell("guardian-confirmed", now=now, person_id=row.guardian_id, facts={"kinship": row.kinship.id})
    return row.kinship


@transaction.atomic(durable=True)
def reject(*, token: UUID, because: str, actor: Actor, now: datetime) -> None:
    """Refuse the claim with words that the guardian reads. Raises NoSuchClaim, OwnClaim, NotInThisState."""
    row = _locked(token, actor)
    row.state = GUARDIAN_LIFECYCLE.after("reject", state=row.state)
    row.rejected_because = because
    _decide(row, actor, now)
    facts = {"claim": row.id, "guardian": row.guardian_id, "because": because}
    record.record("guardian-rejected", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    record.tell("guardian-rejected", now=now, person_id=row.guardian_id, facts={"note": because})


def lapse(*, now: datetime, limit: int = 100) -> int:
    """Write down guardians whose day has passed and tell them; returns how many. They represent nobody before that.

    Each is a transaction of its own.
    """
    due = Kinship.objects.filter(ended_at=None, ends_at__lte=now).order_by("ends_at", "id")
    return sum(_lapse(kinship_id, now=now) for kinship_id in list(due.values_list("id", flat=True)[:limit]))


@transaction.atomic(durable=True)
def _lapse(kinship_id: int, *, now: datetime) -> bool:
    # Rival: another worker. Whoever comes second finds it written.
    row = Kinship.objects.select_for_update(no_key=True).get(pk=kinship_id)
    if row.ended_at is not None:
        return False
    row.ended_at = row.ends_at
    row.save(update_fields=["ended_at"])
    record.record("guardian-ended", actor=SYSTEM, now=now, facts={"kinship": row.id, "guardian": row.representative_id})
    record.tell("guardian-ended", now=now, person_id=row.representative_id, facts={"kinship": row.id})
    return True


def _locked(token: UUID, actor: Actor) -> GuardianClaim:
    # Rival: another officer of the department.
    row = GuardianClaim.objects.select_for_update(no_key=True).filter(token=token).first()
    if row is None:
        raise NoSuchClaim
    if row.guardian_id == actor.person_id:
        raise OwnClaim
    return row


def _decide(row: GuardianClaim, actor: Actor, now: datetime) -> None:
    row.decided_at, row.decided_by_account_id = now, actor.account_id
    row.save(update_fields=["state", "kinship", "rejected_because", "decided_at", "decided_by_account_id"])
