"""A family at its pages, for tests: a mother with an account in the small town, a clock that the test moves."""

import base64
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts import actions as accounts
from balabaqsha.accounts.restoring import actions as restoring
from balabaqsha.accounts.trust import actions as trust
from balabaqsha.applications.models import Application
from balabaqsha.journeys import contract_terms, contracts
from balabaqsha.kernel.actor import SYSTEM, Actor, Power, Role
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people import _steps as people_steps
from balabaqsha.people import actions as people
from balabaqsha.people.guardians import actions as guardians
from balabaqsha.people.models import GuardianClaim, Person, PhoneReturn, Trust
from balabaqsha.people.tests.family import answer, kinship, made_up_iin
from balabaqsha.sandbox.authority import signing
from balabaqsha.territories import actions as territories
from balabaqsha.territories.actions import RegimeChange
from balabaqsha.territories.regimes import Regime
from tests.signatures import making
from tests.workplaces import world

RELATIVE = made_up_iin(date(1960, 4, 4), serial=900)
REQUIRED = ("FORM_027", "BIRTH_CERTIFICATE", "REPRESENTATIVE_ID", "FORM_052_2", "FORM_065")


@dataclass
class Home:
    """A mother signed in, her child, the town around them; `now` is what the portal's clock says."""

    town: world.Town
    mother: Actor
    child: Person
    now: datetime = world.NOW
    _clients: dict[datetime, Client] = field(default_factory=dict)

    @property
    def client(self) -> Client:
        """A browser in which she has just signed in."""
        if self.now not in self._clients:
            self._clients[self.now] = world.client_of(self.mother, moment=self.now)
        return self._clients[self.now]

    def get(self, name: str, *arguments: object, query: str = "") -> HttpResponse:
        return self.client.get(reverse(name, args=arguments) + query)

    def post(self, name: str, *arguments: object, **typed: object) -> HttpResponse:
        return self.client.post(reverse(name, args=arguments), typed)

    def later(self, **length: int) -> None:
        self.now += timedelta(**length)

    @property
    def application(self) -> Application:
        """Her latest application."""
        found = Application.objects.filter(applicant_id=self.mother.person_id).order_by("-id").first()
        assert found is not None
        return found

    @property
    def number(self) -> str:
        return self.application.number

    @property
    def state(self) -> str:
        return self.application.state

    def another_child(self, given_name: str, *, born_on: date = world.BORN) -> None:
        """One more child of hers; what follows is about it."""
        self.town.children += 1
        iin = made_up_iin(born_on, serial=5000 + self.town.children * 11)
        known = answer(iin, surname="ҮЛГІБАЙ", given_name=given_name, patronymic="НҰРЛАНҚЫЗЫ")
        mother = Iin.parse(Person.objects.get(id=self.mother.person_id).iin)
        people.add_child(
            actor=self.mother,
            child_iin=iin.text,
            population_answer=known,
            kinship_answer=kinship(iin, mother),
            now=self.now,
        )
        self.child = Person.objects.get(iin=iin.text)

    # The wizard.

    def begins(self) -> str:
        """A new draft; returns its token."""
        answer = self.post("applications.add")
        return re.search(r"apply/([0-9a-f-]{36})/", answer.url).group(1)

    def answers(self, token: str, name: str, **typed: object) -> HttpResponse:
        return self.post("apply.step", token, name, **typed)

    def fills(self, token: str, **changes: dict) -> None:
        """Every question of the wizard, plainly or with these answers by name of the step."""
        plain = {
            "child": {"child": self.child.id},
            "kind": {"kind": "GENERAL"},
            "region": {"region": world.CITY},
            "languages": {"languages": ["kk", "ru"]},
            "benefit": {"benefit": "NONE"},
            "papers": {},
            "wishes": {},
            "start": {"start": ""},
            "terms": {"agree": "on"},
        }
        for name, typed in (plain | changes).items():
            answer = self.answers(token, name, **typed)
            assert answer.status_code == 302, f"{name}: {answer.content.decode()}"

    def applies(self, **changes: dict) -> str:
        """Through the whole wizard; returns the number."""
        token = self.begins()
        self.fills(token, **changes)
        assert self.post("apply.check", token).status_code == 302
        return self.number

    # The linear regime.

    def linear(self) -> None:
        """From long ago on the town gives places by the linear regime."""
        change = RegimeChange(world.CITY, Regime.LINEAR, date(2020, 1, 1), "сынақ")
        territories.set_regime(change=change, withdraw_later=True, actor=SYSTEM, now=world.NOW)

    def signed_choice(self, group: Group, *, iin: str | None = None) -> str:
        """What the signer of the page would post for the choice of this group."""
        return self.cms(b"".join(self.get("turn.statement", self.number, group.id)), iin=iin)

    def takes(self, group: Group) -> HttpResponse:
        """Choose the group and sign the choice."""
        return self.post("turn.choose", self.number, group.id, cms=self.signed_choice(group))

    # The voucher and the contract.

    def has_voucher(self) -> str:
        """Applied, and a run has given a voucher."""
        number = self.applies()
        self.town.run(now=self.now)
        assert self.state == "VOUCHER_OFFERED"
        return number

    def confirms(self) -> str:
        number = self.has_voucher()
        assert self.post("voucher.answer", number, answer="yes").status_code == 302
        assert self.state == "VOUCHER_ACTIVE"
        return number

    def chooses(self) -> str:
        number = self.confirms()
        self.post("choice.kindergarten", number, self.town.kindergarten.code, group=self.town.group.id)
        assert self.state == "CONTRACT_AWAITED"
        return number

    def is_sent(self) -> str:
        """The head has sent the contract with real terms."""
        number = self.chooses()
        self.gets_contract()
        return number

    def gets_contract(self) -> None:
        terms = contract_terms.fill(
            group=self.town.group,
            start_on=date(2026, 12, 1),
            ends_on=date(2029, 8, 31),
            stay_hours=10.5,
            parent_fee=15000,
        )
        contracts.send_contract(application_id=self.application.id, terms=terms, actor=self.town.head, now=self.now)

    def fills_contract(self, **typed: str) -> HttpResponse:
        plain = {"address": "Сынақ к-сі, 7", "phone": "701 000 00 01"}
        return self.post("contract.fill", self.number, **(plain | typed))

    def attaches_all(self) -> None:
        for kind in REQUIRED:
            answer = self.post("contract.paper", self.number, kind, paper=picture(kind))
            assert answer.status_code == 302, answer.content.decode()

    def document(self) -> bytes:
        """The bytes to be signed, as the page gives them."""
        page = self.get("contract.page", self.number).content.decode()
        address = re.search(r'data-content-url="([^"]+)"', page).group(1)
        return b"".join(self.client.get(address).streaming_content)

    def cms(self, content: bytes, *, iin: str | None = None) -> str:
        """What the signer of the page would post."""
        key = world.key(iin or Person.objects.get(id=self.mother.person_id).iin)
        return base64.b64encode(signing.sign(content, key, signed_at=self.now)).decode()

    def signs(self) -> HttpResponse:
        return self.post("contract.sign", self.number, cms=self.cms(self.document()))

    def is_enrolled(self) -> str:
        number = self.is_sent()
        self.fills_contract()
        self.attaches_all()
        content = self.document()
        assert self.signs().status_code == 302
        contracts.sign_by_kindergarten(
            application_id=self.application.id,
            sign=lambda contract: making.keep_signature(
                content=content,
                cms=signing.sign(content, world.key(world.HEAD.text, world.BIN), signed_at=self.now),
                expected_bin=world.BIN,
                document_kind="contract",
                document_id=contract.id,
                actor=self.town.head,
                now=self.now,
            ),
            actor=self.town.head,
            now=self.now,
        )
        assert self.state == "ENROLLED"
        return number


def picture(name: str = "paper") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.png", world.picture(), "image/png")


def build(*, phone: str = "+77010000001") -> Home:
    """The town, and in it a mother with a proven telephone, one child and an account."""
    town = world.build()
    parent, child = town.family(given_name="АЙАРУ")
    return Home(town=town, mother=with_account(parent, phone=phone), child=child)


def with_account(parent: Actor, *, phone: str) -> Actor:
    if phone:
        people_steps.confirm_phone(person_id=parent.person_id, number=phone, now=world.NOW)
    account_id = accounts.open_account(
        person_id=parent.person_id, password="-", language="kk", actor=SYSTEM, now=world.NOW
    )
    accounts.grant_role(account_id=account_id, role=Role.PARENT, reason="test", actor=SYSTEM, now=world.NOW)
    return Actor(role=Role.PARENT, person_id=parent.person_id, account_id=account_id)


def relative(*, surname: str = "СЫНАҚОВА", iin: Iin = RELATIVE) -> tuple[Actor, str]:
    """A grown-up with an account of her own, and her IIN."""
    known = answer(iin, surname=surname, given_name="ӘЖЕ")
    person_id = people.keep_person(answer=known, actor=SYSTEM, now=world.NOW)
    return with_account(Actor(role=Role.PARENT, person_id=person_id), phone=""), iin.text


def trusts(
    home: Home, *powers: Power, days: int = 30, iin: str = "", surname: str = "Сынақова", child_id: int = 0
) -> Trust:
    """The mother trusts somebody with her child."""
    giving = trust.Giving(
        child_id=child_id or home.child.id,
        iin=iin or RELATIVE.text,
        surname=surname,
        powers=powers,
        last_day=localdate(home.now) + timedelta(days=days),
    )
    return trust.give(giving=giving, actor=home.mother, now=home.now)


def trusted(home: Home, child_id: int) -> Actor:
    """A relative who has accepted to act for this child in everything that may be entrusted."""
    actor, iin = relative(surname="ТАТЕЕВА", iin=made_up_iin(date(1962, 6, 6), serial=970))
    given = trusts(home, *Power, iin=iin, surname="Татеева", child_id=child_id)
    trust.accept(token=given.token, actor=actor, now=home.now)
    return Actor(role=Role.TRUSTED_PERSON, person_id=actor.person_id, account_id=actor.account_id)


def claims_a_ward(home: Home) -> GuardianClaim:
    """The mother claims a ward by a decision that an officer has still to check."""
    decision = home.town.upload(home.mother, home.child, DocumentKind.GUARDIANSHIP_DECISION, world.picture())
    claiming = guardians.Claiming(made_up_iin(date(2023, 5, 5), serial=690).text, decision, world.CITY)
    return guardians.claim(claiming=claiming, actor=home.mother, now=home.now)


def loses_her_phone(home: Home) -> PhoneReturn:
    """An officer has seen the mother's identity document; a second one has still to approve her new number."""
    mother = Person.objects.get(id=home.mother.person_id)
    proposal = restoring.Proposal(mother.iin, mother.surname, "012345678", "+77010000099")
    return restoring.propose(proposal=proposal, base_reference="1", actor=home.town.officer, now=home.now)


def child_of(number: str) -> int:
    """The child of an application."""
    return Application.objects.get(number=number).child_id


def trusted_with_anothers_child(home: Home) -> Trust:
    """A trust that another mother gives this one, unanswered."""
    parent, child = home.town.family(given_name="ЖИЕН")
    mother = Person.objects.get(id=home.mother.person_id)
    giving = trust.Giving(child.id, mother.iin, mother.surname, (Power.CHOOSE,), localdate(home.now))
    return trust.give(giving=giving, actor=parent, now=home.now)


def upload(home: Home, kind: DocumentKind) -> int:
    """A paper attached for the child before."""
    return home.town.upload(home.mother, home.child, kind, world.picture())


def says(answer: HttpResponse, text: str) -> bool:
    return text in answer.content.decode()


__all__ = ["REQUIRED", "Home", "build", "picture", "says", "settings", "upload"]
