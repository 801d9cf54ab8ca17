"""Contracts of the last weeks: real papers and real signatures by demonstration keys, through the portal's own acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.conf import settings

from balabaqsha.admissions.models import Contract
from balabaqsha.applications.models import Application
from balabaqsha.documents import actions as documents
from balabaqsha.documents import queries as document_queries
from balabaqsha.journeys import contract_terms, contracts, filling
from balabaqsha.journeys import signing as signings
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people import queries as people
from balabaqsha.sandbox.authority import authority, signing
from balabaqsha.sandbox.authority.authority import Authority, Key
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.sandbox.town import papers
from balabaqsha.sandbox.town.cases import Case
from balabaqsha.sandbox.town.families import Human
from balabaqsha.sandbox.town.rows import Row
from balabaqsha.signatures import actions as signatures

SENT, SIGNED, ENROLLED = 1, 2, 3


@dataclass(frozen=True)
class Plan:
    """How far the contract of a case has come: sent, signed by the family, or by both."""

    case: Case
    steps: int


class Contracting:
    """Sends and signs contracts, each step on its day."""

    def __init__(self, *, heads: dict[int, Human], random: Random, now: datetime) -> None:
        self.heads, self.random, self.now = heads, random, now
        self.authority = open_authority(now=now)
        self._keys: dict[tuple[str, str], Key] = {}
        self._paper = papers.picture(holder="", day=localdate(now))
        for content in self.authority.revocation_lists(now=now - timedelta(days=90)).values():
            signatures.store_revocation_list(content=content, actor=SYSTEM, now=now)

    def perform(self, plans: list[Plan]) -> None:
        """Take every case as far as its plan says, all steps of the town in order of time."""
        steps: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        for plan in plans:
            at = plan.case.application["reached_state_at"]
            for number, act in enumerate((self._send, self._sign_by_parent, self._sign_by_kindergarten)[: plan.steps]):
                at = min(at + timedelta(hours=self.random.randint(4, 15)), self.now - timedelta(minutes=4 - number))
                steps.append((at, len(steps), partial(act, plan.case)))
        for at, _, step in sorted(steps, key=lambda planned: planned[:2]):
            step(at)

    def _send(self, case: Case, at: datetime) -> None:
        group = Group.objects.select_related("kindergarten").get(id=case.held_group().id)
        terms = contract_terms.fill(
            group=group,
            start_on=localdate(at + timedelta(days=7)),
            ends_on=localdate(law_rules.max_age_moment(case.child.born_on)) - timedelta(days=1),
            stay_hours=group.kindergarten.stay_hours,
            parent_fee=group.parent_fee,
        )
        contracts.send_contract(application_id=case.id, terms=terms, actor=self.head_of(case), now=at)

    def _sign_by_parent(self, case: Case, at: datetime) -> None:
        """Fill the contract in, attach the papers, sign: what a family does in one evening."""
        mother, parent = case.family.mother, case.parent
        card = people.person_card(mother.id or 0)
        for paper in filling.required_papers(case.world.regime):
            if paper.required:
                self._attach(case, paper.kind, at)
        filled = filling.typeset(
            application_id=case.id,
            person_id=card.id,
            address=card.address("kk"),
            phone=people.main_phone(card.id),
            base_url=settings.BASE_URL,
            demonstration=True,
            now=at,
        )
        filling.fill_contract(application_id=case.id, filled=filled, actor=parent, now=at)
        cms = self.signed_by_mother(case, filled.content, at=at)
        application = Application.objects.get(id=case.id)
        sign = signings.by_family(cms=cms, application=application, actor=parent, now=at)
        contracts.sign_by_parent(application_id=case.id, sign=sign, actor=parent, now=at)

    def signed_by_mother(self, case: Case, content: bytes, *, at: datetime) -> bytes:
        """The signature of the applicant over these bytes, with a key of her own."""
        mother = case.family.mother
        holder = Holder(mother.iin, mother.name.surname, mother.name.given_name, mother.name.patronymic)
        return signing.sign(content, self._key(holder), signed_at=at)

    def _attach(self, case: Case, kind: DocumentKind, at: datetime) -> None:
        upload = documents.keep_upload(
            owner_person_id=case.family.mother.id or 0,
            child_person_id=case.child.id,
            kind=kind,
            content=self._paper,
            name=f"{kind.value.lower()}.jpg",
            actor=case.parent,
            now=at,
            issued_on=localdate(at),
        )
        filling.attach_paper(application_id=case.id, kind=kind, upload_id=upload.id, actor=case.parent, now=at)

    def _sign_by_kindergarten(self, case: Case, at: datetime) -> None:
        garden = case.held_group().garden
        holder, head = organisation_of(self.heads[garden["id"]], garden), self.head_of(case)
        key = self._key(holder)

        content = _content(case.id)
        sign = signings.by_kindergarten(
            cms=signing.sign(content, key, signed_at=at),
            application=Application.objects.get(id=case.id),
            organisation_bin=holder.bin,
            actor=head,
            now=at,
        )
        contracts.sign_by_kindergarten(application_id=case.id, sign=sign, actor=head, now=at)

    def head_of(self, case: Case) -> Actor:
        """The head of the kindergarten whose place the case holds."""
        garden_id = case.held_group().garden["id"]
        return Actor(
            role=Role.KINDERGARTEN_HEAD,
            person_id=self.heads[garden_id].id,
            kindergarten_id=garden_id,
            territory_code=case.world.territory,
        )

    def _key(self, holder: Holder) -> Key:
        known = self._keys.get((holder.iin, holder.bin))
        if known is None:
            known = self._keys[holder.iin, holder.bin] = self.authority.issue(holder, Usage.SIGN)
        return known


def open_authority(*, now: datetime) -> Authority:
    """The development authority of this data folder, founded if there is none."""
    prefixes = settings.GATEWAYS["revocation_prefixes"]
    return authority.open_or_found(settings.SIGNATURE_AUTHORITIES.parent, now=now, address=prefixes[0].rstrip("/"))


def organisation_of(head: Human, garden: Row) -> Holder:
    """The holder of a kindergarten's key."""
    name = head.name
    return Holder(head.iin, name.surname, name.given_name, name.patronymic, garden["bin"], garden["name_kk"])


def _content(application_id: int) -> bytes:
    contract = Contract.objects.get(admission__application_id=application_id, ended_at__isnull=True)
    made = document_queries.made_by_id(contract.document_id or 0)
    if made is None:
        raise LookupError(f"contract {contract.id} has no document")
    return made.file.read()
