"""Inner steps of admissions, taken under the locks of the case; every caller is a journey.

Steps that free places return the ids of their groups, one for each place, so that the journey can offer them anew.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from balabaqsha.admissions.models import Admission, Contract, WaitingListEntry, WaitingListOffer
from balabaqsha.admissions.states import HOLDING_A_PLACE, LIFECYCLE, ContractState, Outcome, Stage
from balabaqsha.applications._steps import Term
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens.models import Hold, Purpose
from balabaqsha.signatures.models import Signature


@transaction.atomic(savepoint=False)
def open_admission(
    *,
    application_id: int,
    group_id: int,
    hold: Hold,
    is_transfer: bool,
    now: datetime,
    stage: Stage = Stage.CONTRACT_AWAITED,
) -> Admission:
    """Begin the way to enrolment on a place already held: by a choice, or by a referral not yet registered."""
    return Admission.objects.create(
        application_id=application_id,
        group_id=group_id,
        hold=hold,
        stage=stage,
        is_transfer=is_transfer,
        opened_at=now,
    )


@transaction.atomic(savepoint=False)
def end_admission(admission: Admission, *, because: str, now: datetime) -> list[int]:
    """End an admission, its contract and its hold; returns the group whose place is free."""
    admission.stage = LIFECYCLE.after("end", state=admission.stage)
    admission.ended_at = now
    admission.ended_because = because
    admission.save()
    ended = ContractState.REFUSED if because == "refuse_contract" else ContractState.ENDED
    Contract.objects.filter(admission=admission, ended_at__isnull=True).update(state=ended, ended_at=now)
    places.end_hold(hold_id=admission.hold_id, now=now)
    return [admission.group_id]


@transaction.atomic(savepoint=False)
def end_all(*, application_id: int, because: str, now: datetime) -> list[int]:
    """End whatever the application holds: admissions, waiting lists and offers; returns the groups with freed places."""
    freed = leave_all_lists(application_id=application_id, because=because, now=now)
    for admission in Admission.objects.filter(application_id=application_id, stage__in=HOLDING_A_PLACE).order_by("id"):
        freed += end_admission(admission, because=because, now=now)
    return freed


@transaction.atomic(savepoint=False)
def register(admission: Admission, *, until: datetime | None) -> None:
    """Take the family's referral in: from now on the kindergarten has to send the contract."""
    _advance(admission, "register", until=until)
    admission.save()


@transaction.atomic(savepoint=False)
def send_contract(admission: Admission, *, terms: dict[str, Any], until: datetime | None, now: datetime) -> Contract:
    """Put the contract before the family; the place is kept until the family's term ends."""
    _advance(admission, "send_contract", until=until)
    admission.contract_sent_at = now
    admission.save()
    return Contract.objects.create(admission=admission, state=ContractState.WITH_PARENT, terms=terms, sent_at=now)


@transaction.atomic(savepoint=False)
def sign_by_parent(
    admission: Admission,
    *,
    contract: Contract,
    signature: Signature,
    escalation: Term,
    until: datetime | None,
    now: datetime,
) -> None:
    """Take the family's signature; from now on the place waits for the kindergarten alone."""
    _advance(admission, "sign_by_parent", until=until)
    admission.signed_by_parent_at = now
    admission.escalates_at = escalation.due_at
    admission.escalated_at = None
    admission.save()
    contract.state = ContractState.WITH_KINDERGARTEN
    contract.parent_signature = signature
    contract.save()


@transaction.atomic(savepoint=False)
def return_papers(
    admission: Admission, *, contract: Contract, reason: str, note: str, until: datetime, now: datetime
) -> Contract:
    """Undo the family's signature: the returned version ends, a new one with the same terms and papers begins."""
    _advance(admission, "return_papers", until=until)
    admission.signed_by_parent_at = None
    admission.escalates_at = None
    admission.save()
    contract.state = ContractState.ENDED
    contract.returned_because = reason
    contract.returned_note = note
    contract.ended_at = now
    contract.save()
    return Contract.objects.create(
        admission=admission,
        state=ContractState.RETURNED,
        terms=contract.terms,
        paper_ids=contract.paper_ids,
        sent_at=now,
        returned_because=reason,
        returned_note=note,
    )


@transaction.atomic(savepoint=False)
def sign_by_kindergarten(admission: Admission, *, contract: Contract, signature: Signature, now: datetime) -> None:
    """Take the head's signature: the hold becomes an enrolment. The caller has ended the old enrolment of a transfer."""
    _advance(admission, "sign_by_kindergarten", until=None, purpose=Purpose.ENROLMENT)
    admission.enrolled_at = now
    admission.escalates_at = None
    admission.save()
    contract.state = ContractState.SIGNED
    contract.kindergarten_signature = signature
    contract.save()


def _advance(admission: Admission, name: str, *, until: datetime | None, purpose: Purpose = Purpose.CHOICE) -> None:
    admission.stage = LIFECYCLE.after(name, state=admission.stage)
    places.keep_until(hold_id=admission.hold_id, purpose=purpose, until=until)


@transaction.atomic(savepoint=False)
def keep_place_until(admission: Admission, *, until: datetime | None) -> None:
    """Let the place be kept as long as the family's term, which has just changed."""
    purpose = Purpose.REFERRAL if admission.stage == Stage.REFERRED else Purpose.CHOICE
    places.keep_until(hold_id=admission.hold_id, purpose=purpose, until=until)


@transaction.atomic(savepoint=False)
def join_list(*, application_id: int, group_id: int, now: datetime) -> WaitingListEntry:
    """Put the application at the end of the group's waiting list; standing in it twice violates the schema."""
    return WaitingListEntry.objects.create(group_id=group_id, application_id=application_id, joined_at=now)


@transaction.atomic(savepoint=False)
def leave_list(entry: WaitingListEntry, *, because: str, now: datetime) -> list[int]:
    """Take an entry out of its list and end its open offer; returns the group if its place is free again."""
    entry.left_at = now
    entry.left_because = because
    entry.save()
    offer = WaitingListOffer.objects.filter(entry=entry, ended_at__isnull=True).first()
    if offer is None:
        return []
    outcome = Outcome.LAPSED if because == "lapse_waiting_offer" else Outcome.ENDED
    close_offer(offer, outcome=outcome, now=now)
    places.end_hold(hold_id=offer.hold_id, now=now)
    return [entry.group_id]


@transaction.atomic(savepoint=False)
def leave_all_lists(*, application_id: int, because: str, now: datetime) -> list[int]:
    """Take the application out of every list and end its offers; returns the groups with freed places."""
    freed: list[int] = []
    for entry in WaitingListEntry.objects.filter(application_id=application_id, left_at__isnull=True).order_by("id"):
        freed += leave_list(entry, because=because, now=now)
    return freed


@transaction.atomic(savepoint=False)
def offer_place(
    entry: WaitingListEntry, *, child_id: int, term: Term, until: datetime | None, now: datetime
) -> WaitingListOffer:
    """Offer a free place of the list's group to this entry; `until` is the end of its case, if that may come first.

    Raises NoFreePlace.
    """
    kept = min(term.due_at, until) if until else term.due_at
    hold = places.hold_place(group_id=entry.group_id, child_id=child_id, purpose=Purpose.OFFER, now=now, until=kept)
    return WaitingListOffer.objects.create(
        entry=entry, hold=hold, offered_at=now, due_at=term.due_at, due_term=term.identity
    )


@transaction.atomic(savepoint=False)
def keep_offers_until(*, application_id: int, until: datetime | None) -> None:
    """Let the places offered to the application be kept as its term, which has just changed, allows."""
    for offer in WaitingListOffer.objects.filter(entry__application_id=application_id, ended_at__isnull=True):
        kept = min(offer.due_at, until) if until else offer.due_at
        places.keep_until(hold_id=offer.hold_id, purpose=Purpose.OFFER, until=kept)


@transaction.atomic(savepoint=False)
def close_offer(offer: WaitingListOffer, *, outcome: Outcome, now: datetime) -> None:
    """Write down what became of an offer."""
    offer.outcome = outcome
    offer.ended_at = now
    offer.save()


@dataclass(frozen=True)
class Accepted:
    """A place accepted from a waiting list: its hold serves a choice from now on."""

    hold: Hold
    freed: list[int]


@transaction.atomic(savepoint=False)
def accept_offer(offer: WaitingListOffer, *, application_id: int, until: datetime | None, now: datetime) -> Accepted:
    """Turn the offered hold into a choice and leave every list; returns the hold and the groups with freed places."""
    close_offer(offer, outcome=Outcome.ACCEPTED, now=now)
    places.keep_until(hold_id=offer.hold_id, purpose=Purpose.CHOICE, until=until)
    freed = leave_all_lists(application_id=application_id, because="accept_offer", now=now)
    return Accepted(hold=offer.hold, freed=freed)
