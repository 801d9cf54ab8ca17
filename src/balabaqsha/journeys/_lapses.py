"""What a lapsed moment does to one application, under the locks of the sweep."""

from datetime import datetime
from typing import Any

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions.models import WaitingListOffer
from balabaqsha.admissions.states import Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.appeals import queries as appeals
from balabaqsha.applications.facts import counted_before
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import AGES_OUT, Reason, State
from balabaqsha.journeys import _linear_lapses
from balabaqsha.journeys._case import Case, close
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.line import queries as lines
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.vouchers import _steps as vouchers


def age_out(application: Application, *, moment: datetime) -> list[int]:
    """Close the case of a child that reaches school age at this moment; returns the groups with freed places."""
    if application.state not in AGES_OUT or application.ages_out_at != moment:
        return []
    close(application, now=moment)
    freed = admission_steps.end_all(application_id=application.id, because="age_out", now=moment)
    applications.move(application, "age_out", actor=SYSTEM, now=moment, reason=Reason.AGED_OUT)
    record.tell("aged-out", now=moment, application_id=application.id, facts={})
    return freed


def lapse_together(applications_: list[Application], *, moment: datetime, line: Line | None) -> list[int]:
    """Let everything of these applications that is due at this moment lapse; returns the groups with freed places.

    The rows are locked and in order of id; of a linear territory all are of one `line`, which is locked too. Terms that
    hold no place lapse in bulk: thousands of them end at the moment that one run gave them.
    """
    freed: list[int] = []
    silent: dict[tuple[State, str, bool], list[Application]] = {}
    single = _TERM_LAPSES if line is None else {**_linear_lapses.TERM_LAPSES, **_LINEAR_LAPSES}
    for application in applications_:
        if application.due_at != moment:
            continue
        state = State(application.state)
        if state in single:
            freed += single[state](application, moment)
        else:
            kind = (state, application.territory_id, application.restored_at is not None)
            silent.setdefault(kind, []).append(application)
    for (state, _, _), batch in silent.items():
        if line is None:
            _SILENT_LAPSES[state](batch, moment)
        else:
            _linear_lapses.SILENT_LAPSES[state](batch, line, moment)
    live = {application.id: application for application in applications_ if application.state != State.ARCHIVED}
    if line is not None:
        _linear_lapses.serve_from_now_on(live.values(), moment)
    _lapse_certificates(live, moment)
    return freed + _lapse_offers(live, moment)


def _lapse_offered(batch: list[Application], moment: datetime) -> None:
    """Nobody confirmed interest: the stop list, or the archive the second time (rules, 5.2)."""
    vouchers.move_vouchers(application_ids=[application.id for application in batch], name="lapse", now=moment)
    if batch[0].restored_at is None:
        term = Case(batch[0], moment).term("voucher.restore_within", since=moment)
        applications.move_many(batch, "lapse_offer", actor=SYSTEM, now=moment, term=term)
        _tell_all(batch, "voucher-lapsed-stop", moment, {"due_at": term.due_at.isoformat()})
    else:
        applications.move_many(batch, "lapse_offer_again", actor=SYSTEM, now=moment, reason=Reason.VOUCHER_LAPSED)
        _tell_all(batch, "voucher-lapsed-archive", moment, {})


def _lapse_restoring(batch: list[Application], moment: datetime) -> None:
    # Until an appeal is decided nothing more is taken from its family.
    contesting = appeals.with_open_appeal(row.id for row in batch)
    for application in batch:
        if application.id in contesting:
            _prolong(application, moment)
    batch = [row for row in batch if row.id not in contesting]
    if not batch:
        return
    applications.move_many(batch, "lapse_restoring", actor=SYSTEM, now=moment, reason=Reason.NOT_RESTORED)
    _tell_all(batch, "not-restored", moment, {})


def _tell_all(batch: list[Application], name: str, moment: datetime, facts: dict[str, Any]) -> None:
    record.tell_many([record.fact(name, now=moment, application_id=row.id, facts=facts) for row in batch])


def _lapse_voucher(application: Application, moment: datetime) -> list[int]:
    """No signature of the family in time: the voucher ends and its place is free (rules, 5.6)."""
    vouchers.move_voucher(application_id=application.id, name="lapse", now=moment)
    freed = admission_steps.end_all(application_id=application.id, because="lapse_voucher", now=moment)
    applications.move(application, "lapse_voucher", actor=SYSTEM, now=moment, reason=Reason.VOUCHER_LAPSED)
    record.tell("voucher-lapsed-archive", now=moment, application_id=application.id, facts={})
    return freed


def _prolong(application: Application, moment: datetime) -> list[int]:
    """The kindergarten has not sent the contract: the family loses no day (rules, 5.4)."""
    due_at = Case(application, moment).calendar.add(moment, working_days=1)
    term = applications.Term(due_at=due_at, identity=application.due_term, counted_from=application.due_from or moment)
    applications.set_term(application, term, act="prolong", actor=SYSTEM, now=moment)
    return []


def _lapse_transfer(application: Application, moment: datetime) -> list[int]:
    admission = Case(application, moment).admission
    if admission is None or admission.stage == Stage.CONTRACT_AWAITED:
        return _prolong(application, moment)
    freed = admission_steps.end_admission(admission, because="lapse_transfer", now=moment)
    applications.set_term(application, None, act="lapse_transfer", actor=SYSTEM, now=moment)
    record.tell("transfer-lapsed", now=moment, application_id=application.id, facts={"group": admission.group_id})
    return freed


_TERM_LAPSES = {
    State.VOUCHER_ACTIVE: _lapse_voucher,
    State.CONTRACT_AWAITED: _prolong,
    State.CONTRACT_WITH_PARENT: _lapse_voucher,
    State.ENROLLED: _lapse_transfer,
}
# In a linear territory a contract not sent and a transfer are the same.
_LINEAR_LAPSES = {State.REGISTERED: _prolong, State.ENROLLED: _lapse_transfer}
_SILENT_LAPSES = {State.VOUCHER_OFFERED: _lapse_offered, State.STOP_LISTED: _lapse_restoring}


def _lapse_certificates(live: dict[int, Application], moment: datetime) -> None:
    claims = BenefitClaim.objects.filter(application__in=list(live), state=ClaimState.CONFIRMED, valid_until=moment)
    for claim in claims.order_by("application_id"):
        application = live[claim.application_id]
        counting = lines.counting_of(application)
        old = application.category
        facts = {"benefit": claim.benefit, "category_before": old} | counted_before(application)
        applications.lapse_claim(application=application, claim=claim, counting=counting, now=moment)
        before = application.state
        applications.journal(application, "lapse_benefit", actor=SYSTEM, now=moment, before=before, facts=facts)
        record.tell("benefit-ended", now=moment, application_id=application.id, facts={"benefit": claim.benefit})


def _lapse_offers(live: dict[int, Application], moment: datetime) -> list[int]:
    freed: list[int] = []
    offers = WaitingListOffer.objects.select_related("entry").filter(
        entry__application__in=list(live), ended_at__isnull=True, due_at=moment
    )
    for offer in offers.order_by("entry__application_id", "id"):
        application = live[offer.entry.application_id]
        freed += admission_steps.leave_list(offer.entry, because="lapse_waiting_offer", now=moment)
        facts = {"group": offer.entry.group_id, "offer": offer.id}
        applications.journal(
            application, "lapse_waiting_offer", actor=SYSTEM, now=moment, before=application.state, facts=facts
        )
        record.tell("waiting-offer-lapsed", now=moment, application_id=application.id, facts=facts)
    return freed
