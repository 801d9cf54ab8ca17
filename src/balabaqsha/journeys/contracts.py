"""The contract: sent, filled in, signed by the family and by the kindergarten, returned or refused."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions.models import Admission, Contract
from balabaqsha.applications import _steps as applications
from balabaqsha.applications import queries as application_queries
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Reason, State
from balabaqsha.journeys import _case, _places, sweep
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kindergartens.models import Ownership
from balabaqsha.law import lists
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.signatures.models import Signature
from balabaqsha.vouchers import _steps as vouchers

# Verifies a signature over the contract under lock and keeps its evidence; raises the refusals of signatures.
Sign = Callable[[Contract], Signature]


def _in_progress(case: _case.Case, move: str) -> Admission:
    case.require(move)
    if case.admission is None:
        raise NotInThisState(move=move, state=case.application.state)
    return case.admission


def _carry(
    case: _case.Case, move: str, *, term: applications.Term | None, actor: Actor, now: datetime, facts: dict[str, Any]
) -> None:
    """Move the application with its admission; while a transfer goes on, the enrolled application stays as it is."""
    if case.is_enrolled:
        applications.set_term(case.application, term, act=move, actor=actor, now=now, facts=facts)
    else:
        applications.move(case.application, move, actor=actor, now=now, term=term, facts=facts)


@act
def send_contract(*, application_id: int, terms: Mapping[str, Any], actor: Actor, now: datetime) -> Contract:
    """Send the contract to the family, with the fields that the kindergarten fills.

    The family has at least `contract.least_time_with_family` from now. Raises NotInThisState. Source: rules, 5.4.
    """
    case = _case.lock(application_id, now=now)
    admission = _in_progress(case, "send_contract")
    running = applications.running_term(case.application)
    least = case.term("contract.least_time_with_family", since=now)
    term = least if running is None or running.due_at < least.due_at else running
    until = _case.kept_until(case.application, term_ends=term.due_at)
    contract = admission_steps.send_contract(admission, terms=dict(terms), until=until, now=now)
    facts = {"admission": admission.id, "contract": contract.id}
    _carry(case, "send_contract", term=term, actor=actor, now=now, facts=facts)
    told = {"due_at": term.due_at.isoformat(), "group": admission.group_id}
    record.tell("contract-sent", now=now, application_id=application_id, facts=told)
    return contract


@act
def sign_by_parent(*, application_id: int, sign: Sign, actor: Actor, now: datetime) -> None:
    """Take the family's signature over the contract: its term ends, the kindergarten's begins.

    `sign` is called with the contract under lock and returns the evidence. Raises NotInThisState and what `sign` raises.
    """
    case = _case.lock(application_id, now=now)
    admission = _in_progress(case, "sign_by_parent")
    contract = case.contract()
    signature = sign(contract)
    escalation = case.term("contract.with_kindergarten", since=now)
    admission_steps.sign_by_parent(
        admission,
        contract=contract,
        signature=signature,
        escalation=escalation,
        until=_case.kept_until(case.application, term_ends=None),
        now=now,
    )
    facts = {"admission": admission.id, "contract": contract.id, "signature": signature.id}
    _carry(case, "sign_by_parent", term=None, actor=actor, now=now, facts=facts)
    record.tell("contract-signed", now=now, application_id=application_id, facts={"group": admission.group_id})


@act
def return_papers(*, application_id: int, reason: str, note: str, actor: Actor, now: datetime) -> None:
    """Return incomplete or stale papers: the family's signature is undone and its full term begins again.

    The term is `voucher.choose_and_sign`, after a referral `referral.validity`.

    `reason` is of the closed list of reasons for returning, `note` says what to mend. Raises NotInThisState.
    Source: rules, section 5.5.
    """
    case = _case.lock(application_id, now=now)
    admission = _in_progress(case, "return_papers")
    after_referral = case.is_linear and not case.is_enrolled
    term = case.term("referral.validity" if after_referral else "voucher.choose_and_sign", since=now)
    case.application.extended = False
    until = _case.kept_until(case.application, term_ends=term.due_at)
    admission_steps.return_papers(admission, contract=case.contract(), reason=reason, note=note, until=until, now=now)
    facts = {"admission": admission.id, "because": reason}
    _carry(case, "return_papers", term=term, actor=actor, now=now, facts=facts)
    told = {"reason": reason, "note": note, "due_at": term.due_at.isoformat(), "group": admission.group_id}
    record.tell("contract-returned", now=now, application_id=application_id, facts=told)


@act
def refuse_contract(*, application_id: int, ground: str, fact: str, actor: Actor, now: datetime) -> None:
    """Refuse admission on a ground of the closed list: the place is freed and the family's full term begins again.

    After a referral the application waits again at its original moment. `fact` is what stands behind the ground. A
    refused transfer ends and the child stays where it is. Raises NotInThisState. Source: rules, sections 5.5 and 6.6.
    """
    case = _case.lock_with_line(application_id, now=now)
    admission = case.admission
    if not case.is_enrolled:
        case.require("refuse_contract")
    if admission is None:
        raise NotInThisState(move="refuse_contract", state=case.application.state)
    freed = admission_steps.end_admission(admission, because="refuse_contract", now=now)
    chooses_anew = not case.is_enrolled and not case.is_linear
    term = case.term("voucher.choose_and_sign", since=now) if chooses_anew else None
    if case.is_linear:
        referrals.move_referral(application_id=application_id, name="refuse", now=now)
    case.application.extended = False
    facts = {"admission": admission.id, "group": admission.group_id, "because": ground, "fact": fact}
    _carry(case, "refuse_contract", term=term, actor=actor, now=now, facts=facts)
    told = {
        "ground": ground,
        "fact": fact,
        "group": admission.group_id,
        "due_at": term.due_at.isoformat() if term else None,
    }
    fact_told = "admission-refused-waiting" if case.is_linear else "admission-refused"
    if case.is_enrolled:
        fact_told = "transfer-refused"
    record.tell(fact_told, now=now, application_id=application_id, facts=told)
    _places.came_free(freed, now=now, line=case.line)


def sign_by_kindergarten(*, application_id: int, sign: Sign, actor: Actor, now: datetime) -> None:
    """Take the head's signature: the child is enrolled; of a transfer the old place is freed in the same transaction.

    So is the private place by state order from which the child applied again. Raises NotInThisState and what `sign`
    raises. Source: rules, sections 5.4, 6.8 and 8.
    """
    others = application_queries.others_of_child(application_id)
    for other_id in others:
        sweep.catch_up(now=now, application_id=other_id)
    _sign_by_kindergarten(application_id=application_id, others=others, sign=sign, actor=actor, now=now)


@act
def _sign_by_kindergarten(*, application_id: int, others: list[int], sign: Sign, actor: Actor, now: datetime) -> None:
    family = _case.lock_with_others(application_id, others, now=now)
    case = family.case
    admission = _in_progress(case, "sign_by_kindergarten")
    contract = case.contract()
    signature = sign(contract)
    freed: list[int] = []
    if case.enrolment is not None:
        freed = admission_steps.end_admission(case.enrolment, because="transfer", now=now)
    elif case.is_linear:
        referrals.move_referral(application_id=application_id, name="use", now=now)
    else:
        vouchers.move_voucher(application_id=application_id, name="use", now=now)
    is_private = case.is_linear and admission.group.kindergarten.ownership == Ownership.PRIVATE
    freed += _leave_the_others(family.others, is_private=is_private, actor=actor, now=now)
    case.application.in_private_place = is_private
    admission_steps.sign_by_kindergarten(admission, contract=contract, signature=signature, now=now)
    facts = {"admission": admission.id, "contract": contract.id, "signature": signature.id, "group": admission.group_id}
    _carry(case, "sign_by_kindergarten", term=None, actor=actor, now=now, facts=facts)
    told = {"group": admission.group_id, "start_on": contract.terms.get("start_on")}
    record.tell("enrolled", now=now, application_id=application_id, facts=told)
    _places.came_free(freed, now=now)
    for line in family.lines:
        _places.came_free([], now=now, line=line)


def _leave_the_others(others: list[Application], *, is_private: bool, actor: Actor, now: datetime) -> list[int]:
    """End the child's other applications that its enrolment ends; returns the groups with freed places.

    The place that it leaves, a private one or one of the other line: a child goes to one kindergarten. And what it still
    asked for beside a private place, once it moves to a state one.
    """
    freed: list[int] = []
    for other in others:
        attends = other.state == State.ENROLLED
        if not attends and is_private:
            continue
        _case.close(other, now=now)
        freed += admission_steps.end_all(application_id=other.id, because="enrolled_elsewhere", now=now)
        if attends:
            facts = {"because": lists.LeavingReason.TRANSFER.value}
            applications.move(other, "leave", actor=actor, now=now, reason=Reason.LEFT, facts=facts)
        else:
            applications.move(other, "close_duplicate", actor=actor, now=now, reason=Reason.DUPLICATE)
            record.tell("application-closed-duplicate", now=now, application_id=other.id, facts={})
    return freed
