"""A small town for tests of the workplaces: everything in it comes about by the acts that pages call."""

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from django.test import Client
from PIL import Image

from balabaqsha.accounts import actions as accounts
from balabaqsha.accounts import sessions
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Contract
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Kind
from balabaqsha.documents import actions as documents
from balabaqsha.documents import facts, papers
from balabaqsha.documents.wording import Words
from balabaqsha.journeys import applying, choosing, contracts, distribution, publishing, vouchers
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kernel.iin import Sex
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people import actions as people
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import answer, kinship, made_up_iin
from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.signatures import actions as signatures
from tests.signatures import making

# Wednesday, 10:00 in Pavlodar.
NOW = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
CITY = "551000000"
OTHER_CITY = "552200000"
BIN = "120340001234"
HEAD = made_up_iin(date(1980, 2, 2), serial=60)
OFFICER = made_up_iin(date(1982, 3, 3), serial=70)
BORN = date(2023, 3, 9)


@cache
def authority() -> authorities.Authority:
    """Founded once for all tests: its keys take a moment each."""
    return authorities.open_or_found(Path(mkdtemp(prefix="balabaqsha-authority-")), now=NOW)


@cache
def key(iin: str, organisation_bin: str = "") -> authorities.Key:
    """A signing key of a person, or of an organisation's head."""
    organisation = "БАЛАПАН" if organisation_bin else ""
    holder = Holder(iin=iin, surname="Сынақ", given_name="Адам", bin=organisation_bin, organisation=organisation)
    return authority().issue(holder, Usage.SIGN)


def trust(settings) -> None:
    """Pin the authority and keep its revocation lists; the database is the test's."""
    settings.MODE = "demonstration"
    settings.SIGNATURE_AUTHORITIES = authority().trusted
    settings.SIGNATURE_AUTHORITY_PINS = frozenset()
    for content in authority().revocation_lists(now=NOW - timedelta(hours=1)).values():
        signatures.store_revocation_list(content=content, actor=SYSTEM, now=NOW - timedelta(hours=1))


@dataclass
class Town:
    """One kindergarten with its head, one officer, and as many families as a test needs."""

    kindergarten: Kindergarten
    groups: list[Group]
    head: Actor
    officer: Actor
    clients: dict[int, Client] = field(default_factory=dict)
    children: int = 0

    @property
    def group(self) -> Group:
        return self.groups[0]

    def as_head(self) -> Client:
        return self._client(self.head)

    def as_officer(self) -> Client:
        return self._client(self.officer)

    def _client(self, actor: Actor) -> Client:
        if actor.account_id not in self.clients:
            self.clients[actor.account_id] = client_of(actor)
        return self.clients[actor.account_id]

    def family(self, *, born_on: date = BORN, surname: str = "ҮЛГІБАЙ", given_name: str = "") -> tuple[Actor, Person]:
        """A mother with one child, both known to the registers."""
        self.children += 1
        mother = made_up_iin(date(1990, 1, 1), serial=1000 + self.children * 11)
        child = made_up_iin(born_on, serial=2000 + self.children * 11)
        person_id = people.keep_person(answer=answer(mother, surname="ҮЛГІБАЕВА"), actor=SYSTEM, now=NOW)
        parent = Actor(role=Role.PARENT, person_id=person_id)
        known = answer(child, surname=surname, given_name=given_name or f"БАЛА{self.children}", patronymic="")
        people.add_child(
            actor=parent, child_iin=child.text, population_answer=known, kinship_answer=kinship(child, mother), now=NOW
        )
        return parent, Person.objects.get(iin=child.text)

    def applies(self, *, now: datetime = NOW, benefit: str = "NONE", proof: bytes = b"", **child) -> "Case":
        """A family applies in the city."""
        parent, person = self.family(**child)
        proofs = (self.upload(parent, person, DocumentKind.WORK_CERTIFICATE, proof),) if proof else ()
        filing = applying.Filing(
            child_id=person.id,
            applicant_id=parent.person_id,
            born_on=person.born_on,
            kind=Kind.GENERAL,
            territory_code=CITY,
            languages=("kk",),
            benefit=benefit,
            proof_ids=proofs,
        )
        application = applying.apply(filing=filing, actor=parent, now=now)
        return Case(self, parent, application.id)

    def upload(self, parent: Actor, child: Person, kind: DocumentKind, content: bytes) -> int:
        kept = documents.keep_upload(
            owner_person_id=parent.person_id,
            child_person_id=child.id,
            kind=kind,
            content=content,
            name=f"{kind.value}.png",
            actor=parent,
            now=NOW,
        )
        return kept.id

    def run(self, *, now: datetime = NOW) -> None:
        distribution.perform(territory_code=CITY, limit=None, actor=self.officer, now=now)


@dataclass
class Case:
    """One application, moved on by its family."""

    town: Town
    parent: Actor
    id: int

    @property
    def application(self) -> Application:
        return Application.objects.get(id=self.id)

    @property
    def number(self) -> str:
        return self.application.number

    @property
    def state(self) -> str:
        return self.application.state

    def chooses(self, group: Group | None = None, *, now: datetime = NOW) -> "Case":
        """The run has given a voucher: confirm and choose."""
        vouchers.confirm_interest(application_id=self.id, actor=self.parent, now=now)
        choosing.choose(application_id=self.id, group_id=(group or self.town.group).id, actor=self.parent, now=now)
        return self

    def is_sent(self, *, now: datetime = NOW) -> "Case":
        contracts.send_contract(application_id=self.id, terms={}, actor=self.town.head, now=now)
        return self

    def signs(self, *, papers_of: dict[str, int] | None = None, now: datetime = NOW) -> "Case":
        """The family fills the contract, attaches papers and signs its bytes with a real key."""
        made = documents.keep_paper(**self._paper(now), actor=self.parent, application_id=self.id)
        Contract.objects.filter(id=self.contract.id).update(document_id=made.id, paper_ids=papers_of or {})
        content = self.document()

        def sign(contract: Contract):
            return making.keep_signature(
                content=content,
                cms=signing.sign(content, key(self._iin()), signed_at=now),
                expected_iin=self._iin(),
                document_kind="contract",
                document_id=contract.id,
                actor=self.parent,
                now=now,
            )

        contracts.sign_by_parent(application_id=self.id, sign=sign, actor=self.parent, now=now)
        return self

    @property
    def contract(self) -> Contract:
        found = admissions.live_contract(admissions.open_admission(self.id).id)
        assert found is not None
        return found

    def document(self) -> bytes:
        from balabaqsha.documents import queries

        made = queries.made_by_id(self.contract.document_id)
        return made.file.read()

    def _iin(self) -> str:
        return Person.objects.get(id=self.parent.person_id).iin

    def _paper(self, now: datetime) -> dict:
        frame = documents.begin_paper(kind=DocumentKind.CONTRACT, base_url="http://testserver", now=now)
        public = {"initials": "А. Ү.", "masked_iin": "2303******11"}
        return {"frame": frame, "content": papers.make(frame, self._facts(now)), "public_facts": public}

    def _facts(self, now: datetime) -> facts.ContractFacts:
        application, kindergarten = self.application, self.town.kindergarten
        child = application.child
        return facts.ContractFacts(
            place=Words("Павлодар", "Павлодар"),
            concluded_on=now.date(),
            kindergarten=facts.KindergartenFacts(
                name=Words(kindergarten.name_kk, kindergarten.name_ru),
                bin=BIN,
                address=Words("Сынақ к-сі, 1", "ул. Пробная, 1"),
                phone="+77182000000",
                head_name="Сынақ Адам",
            ),
            representative=facts.RepresentativeFacts("Үлгібаева Жанар", self._iin(), "Павлодар", "+77010000001"),
            child=facts.ChildFacts(f"{child.surname} {child.given_name}", child.iin, child.born_on),
            ground=facts.Ground.VOUCHER,
            ground_number="1",
            ground_on=now.date(),
            application_number=application.number,
            group_name=self.town.group.name,
            birth_year=application.birth_year,
            language="kk",
            stay_hours=10.5,
            fee=15000,
            starts_on=date(2026, 12, 1),
            ends_on=date(2029, 8, 31),
        )


def picture() -> bytes:
    """A photographed paper."""
    content = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(content, "PNG")
    return content.getvalue()


def build() -> Town:
    """The city with its kindergarten, a head and an officer."""
    kindergarten, groups = kindergarten_of("balapan", BIN, "Балапан")
    head = staff(HEAD, Role.KINDERGARTEN_HEAD, kindergarten_id=kindergarten.id)
    officer = staff(OFFICER, Role.OFFICER, territory_code=CITY)
    return Town(kindergarten=kindergarten, groups=groups, head=head, officer=officer)


def kindergarten_of(code: str, bin_: str, name: str, territory: str = CITY) -> tuple[Kindergarten, list[Group]]:
    """A kindergarten with two groups, three places each, two of them published."""
    row = Kindergarten(
        code=code,
        bin=bin_,
        name_kk=f"«{name}» бөбекжай-бақшасы",
        name_ru=f"Ясли-сад «{name}»",
        ownership="STATE",
        type="KINDERGARTEN",
        territory_id=territory,
        head_name="Сынақ Адам",
    )
    new = [
        NewGroup(name="Балдырған", birth_year=2023, language="kk", capacity=3, published=2, parent_fee=15000),
        NewGroup(name="Солнышко", birth_year=2022, language="ru", capacity=3, published=2),
    ]
    return row, kindergartens.open_kindergarten(kindergarten=row, groups=new, actor=SYSTEM, now=NOW)


def staff(iin, role: Role, *, kindergarten_id: int | None = None, territory_code: str | None = None) -> Actor:
    """Somebody in office with an account."""
    person_id = people.keep_person(answer=answer(iin, sex=Sex.FEMALE), actor=SYSTEM, now=NOW)
    account_id = accounts.open_account(person_id=person_id, password="-", language="kk", actor=SYSTEM, now=NOW)
    accounts.grant_role(
        account_id=account_id,
        role=role,
        kindergarten_id=kindergarten_id,
        territory_code=territory_code,
        reason="test",
        actor=SYSTEM,
        now=NOW,
    )
    kindergarten = Kindergarten.objects.filter(id=kindergarten_id).first()
    return Actor(
        role=role,
        account_id=account_id,
        person_id=person_id,
        kindergarten_id=kindergarten_id,
        territory_code=kindergarten.territory_id if kindergarten else territory_code,
    )


def client_of(actor: Actor, *, moment: datetime = NOW) -> Client:
    """A browser in which the actor has signed in."""
    from balabaqsha.accounts.models import RoleGrant
    from balabaqsha.accounts.visits.actions import open_visit
    from balabaqsha.accounts.visits.devices import device

    client = Client()
    session = client.session
    grant = RoleGrant.objects.get(account_id=actor.account_id, role=actor.role.value)
    sessions.begin(
        session,
        account_id=actor.account_id,
        grant_id=grant.id,
        session_number=1,
        role=actor.role,
        visit_id=open_visit(
            account_id=actor.account_id,
            device=device(mark="", agent="", address=""),
            way="PASSWORD",
            remembered_until=None,
            quiet=True,
            now=moment,
            real_now=moment,
        ),
        whole=True,
        remembered_until=None,
        real_now=moment,
    )
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client


def publish(group: Group, places: int, *, head: Actor, now: datetime = NOW) -> None:
    publishing.publish(group_id=group.id, places=places, actor=head, now=now)
