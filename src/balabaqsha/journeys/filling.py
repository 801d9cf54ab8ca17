"""The family's part of a contract: its own data, the papers, the document of exact bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission, Contract
from balabaqsha.admissions.states import Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.documents import actions as documents
from balabaqsha.documents import papers, rules
from balabaqsha.documents import queries as document_queries
from balabaqsha.documents.actions import NoSuchFile
from balabaqsha.documents.facts import ChildFacts, ContractFacts, Ground, KindergartenFacts, RepresentativeFacts
from balabaqsha.documents.wording import Words
from balabaqsha.journeys import _case
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import lists
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people import queries as people
from balabaqsha.referrals import queries as referrals
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers import queries as vouchers

EVIDENCE = "contract"


class DocumentMissing(Refusal, code="document-missing"):
    """A paper that must be there is not; facts: document (its kind)."""


class NotFilledIn(Refusal, code="document-missing", detail="contract-not-filled"):
    """The family has not filled in this version of the contract."""


class PaperOutOfDate(Refusal, code="certificate-expired"):
    """A paper is stale; facts: date, the last day on which it was good."""


class ContractChanged(Refusal, code="changed-meanwhile"):
    """The contract is not the one that the family looked at."""


class SignerNotNamed(Refusal, code="not-allowed", detail="signer-not-named"):
    """The contract names another representative: whoever signs fills it in first."""


@dataclass(frozen=True)
class Filled:
    """A contract typeset for a family, before it is kept. Made by `typeset`."""

    contract_id: int
    person_id: int
    address: str
    phone: str
    frame: papers.Frame
    content: bytes
    public_facts: Mapping[str, str]


def required_papers(regime: Regime | str = Regime.VOUCHER) -> tuple[lists.AdmissionPaper, ...]:
    """The papers that are attached to a contract of this regime, in the order of their source."""
    return lists.admission_papers(regime)


def typeset(
    *, application_id: int, person_id: int, address: str, phone: str, base_url: str, demonstration: bool, now: datetime
) -> Filled:
    """Make the document of the contract that lies with the family; takes some 60 ms and no lock.

    `address` and `phone` are those of the representative as they shall stand in it. Raises NotInThisState.
    """
    application = Application.objects.get(id=application_id)
    admission = admissions.open_admission(application_id)
    contract = admissions.live_contract(admission.id) if admission else None
    if admission is None or contract is None or admission.stage != Stage.CONTRACT_WITH_PARENT:
        raise NotInThisState(move="fill_contract", state=application.state)
    frame = documents.begin_paper(kind=DocumentKind.CONTRACT, base_url=base_url, now=now, demonstration=demonstration)
    party = _representative(person_id, address=address, phone=phone)
    facts = _facts(application, admission, contract, party=party, concluded_on=localdate(now))
    child = people.person_card(application.child_id)
    shown = rules.initials(surname=child.surname, given_name=child.given_name, patronymic=child.patronymic)
    return Filled(
        contract_id=contract.id,
        person_id=person_id,
        address=address,
        phone=phone,
        frame=frame,
        content=papers.make(frame, facts),
        public_facts={"initials": shown, "masked_iin": rules.masked_iin(child.iin)},
    )


def _representative(person_id: int, *, address: str, phone: str) -> RepresentativeFacts:
    person = people.person_card(person_id)
    return RepresentativeFacts(full_name=person.full_name, iin=person.iin, address=address, phone=phone)


def _facts(
    application: Application,
    admission: Admission,
    contract: Contract,
    *,
    party: RepresentativeFacts,
    concluded_on: date,
) -> ContractFacts:
    terms = contract.terms
    kindergarten, group = terms["kindergarten"], terms["group"]
    child = people.person_card(application.child_id)
    ground, number, ground_on = _ground(application, admission)
    return ContractFacts(
        place=Words(**terms["place"]),
        concluded_on=concluded_on,
        kindergarten=KindergartenFacts(
            name=Words(kk=kindergarten["name_kk"], ru=kindergarten["name_ru"]),
            bin=kindergarten["bin"],
            address=Words(kk=kindergarten["address_kk"], ru=kindergarten["address_ru"]),
            phone=kindergarten["phone"],
            head_name=kindergarten["head_name"],
        ),
        representative=party,
        child=ChildFacts(full_name=child.full_name, iin=child.iin, born_on=child.born_on),
        ground=ground,
        ground_number=number,
        ground_on=ground_on,
        application_number=application.number,
        group_name=group["name"],
        birth_year=group["birth_year"],
        language=group["language"],
        stay_hours=terms["stay_hours"],
        fee=terms["parent_fee"],
        starts_on=date.fromisoformat(terms["start_on"]),
        ends_on=date.fromisoformat(terms["ends_on"]),
    )


def _ground(application: Application, admission: Admission) -> tuple[Ground, str, date]:
    referral = referrals.live_referral(application.id)
    if referral is not None and not admission.is_transfer:
        return Ground.REFERRAL, referral.number, localdate(referral.issued_at)
    voucher = vouchers.live_voucher(application.id)
    if admission.is_transfer or voucher is None:
        return Ground.TRANSFER, application.number, localdate(admission.opened_at)
    return Ground.VOUCHER, str(voucher.id), localdate(voucher.offered_at)


@act
def fill_contract(*, application_id: int, filled: Filled, actor: Actor, now: datetime) -> Contract:
    """Keep the document made for the family as the one to be signed; the version filled before is superseded.

    Raises NotInThisState, ContractChanged.
    """
    case, contract = _with_family(application_id, "fill_contract", now=now)
    if contract.id != filled.contract_id:
        raise ContractChanged
    if contract.document_id is not None:
        documents.supersede_paper(document_id=contract.document_id, now=now)
    document = documents.keep_paper(
        frame=filled.frame,
        content=filled.content,
        public_facts=filled.public_facts,
        actor=actor,
        application_id=application_id,
        territory_code=case.application.territory_id,
    )
    party = {"person": filled.person_id, "address": filled.address, "phone": filled.phone}
    contract.document_id = document.id
    contract.terms = contract.terms | {"parent": party}
    contract.save(update_fields=["document_id", "terms"])
    facts = {"contract": contract.id, "document": document.id}
    _journal(case, "fill_contract", facts, actor=actor, now=now)
    return contract


@act
def attach_paper(*, application_id: int, kind: DocumentKind, upload_id: int, actor: Actor, now: datetime) -> None:
    """Put an attached paper of the child beside the contract, in the place of one of its kind.

    Raises NotInThisState, NoSuchFile (not the actor's, of another child or kind), PaperOutOfDate.
    """
    case, contract = _with_family(application_id, "attach_paper", now=now)
    upload = document_queries.uploads_by_id([upload_id]).get(upload_id)
    asked = {paper.kind for paper in required_papers(case.application.regime)}
    if upload is None or upload.removed_at is not None or upload.kind != kind or kind not in asked:
        raise NoSuchFile
    if (upload.owner_person_id, upload.child_person_id) != (actor.person_id, case.application.child_id):
        raise NoSuchFile
    _refuse_stale(upload, on=localdate(now))
    contract.paper_ids = contract.paper_ids | {kind.value: upload_id}
    contract.save(update_fields=["paper_ids"])
    facts = {"contract": contract.id, "kind": kind.value, "upload": upload_id}
    _journal(case, "attach_paper", facts, actor=actor, now=now)


def _with_family(application_id: int, move: str, *, now: datetime) -> tuple[_case.Case, Contract]:
    case = _case.lock(application_id, now=now)
    if case.admission is None or case.admission.stage != Stage.CONTRACT_WITH_PARENT:
        raise NotInThisState(move=move, state=case.application.state)
    return case, case.contract()


def _journal(case: _case.Case, name: str, facts: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    applications.journal(case.application, name, actor=actor, now=now, before=case.application.state, facts=facts)


def refuse_unready(contract: Contract, *, regime: Regime | str, on: date) -> None:
    """Refuse to sign a contract that is not filled in or lacks a paper; raises NotFilledIn and the others."""
    if contract.document_id is None:
        raise NotFilledIn
    attached = document_queries.uploads_by_id(list(contract.paper_ids.values()))
    for paper in required_papers(regime):
        upload = attached.get(contract.paper_ids.get(paper.kind.value, 0))
        if upload is None and paper.required:
            raise DocumentMissing(document=paper.kind.value)
        if upload is not None:
            _refuse_stale(upload, on=on)


def _refuse_stale(upload: document_queries.UploadAnswer, *, on: date) -> None:
    if upload.valid_until is not None and upload.is_out_of_date(on):
        raise PaperOutOfDate(date=document_queries.last_good_day(upload.valid_until))
