"""A lost telephone returned by two officers against the identity document; the old one is told."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from balabaqsha.accounts.codes import sending
from balabaqsha.accounts.models import Code, RoleGrant, Visit
from balabaqsha.accounts.names import Kind, Name
from balabaqsha.accounts.restoring import actions
from balabaqsha.gateways import registry
from balabaqsha.gateways.phones.fake import InMemoryPhones
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Delivery
from balabaqsha.people import queries as people
from balabaqsha.people.models import Person, Phone, PhoneReturn
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record import queries as record
from balabaqsha.record.models import JournalEntry
from tests.families import home as homes
from tests.families.home import Home, says
from tests.workplaces import world

pytestmark = pytest.mark.django_db

OLD, NEW = "+77010000001", "+77010000077"


@pytest.fixture
def home(settings, tmp_path, monkeypatch) -> Home:
    settings.FILES_ROOT = tmp_path
    made = homes.build(phone=OLD)
    monkeypatch.setattr("balabaqsha.accounts.clock.real_now", lambda: made.now)
    return made


@pytest.fixture(autouse=True)
def base(home) -> Iterator[InMemoryPhones]:
    with registry.replaced(phones=InMemoryPhones({NEW: iin_of(home)})) as phones:
        yield phones


@pytest.fixture
def second(home) -> Actor:
    return world.staff(made_up_iin(date(1983, 8, 8), serial=710), Role.OFFICER, territory_code=world.CITY)


def iin_of(home: Home) -> str:
    return Person.objects.get(id=home.mother.person_id).iin


def proposes(home: Home, **changes: str):
    typed = {"iin": iin_of(home), "surname": "Үлгібаева", "document": "012345678", "phone": NEW, "seen": "on"}
    return home.town.as_officer().post(reverse("officer.phone-propose"), typed | changes)


def answers(home: Home, officer: Actor, said: str = "yes"):
    token = PhoneReturn.objects.latest("id").token
    client = world.client_of(officer, moment=home.now)
    return client.post(reverse("officer.phone", args=[token]), {"answer": said}, follow=True)


class TestProposing:
    def test_changes_nothing_and_warns_the_old_telephone(self, home):
        assert proposes(home).url == reverse("officer.phones")
        notifications.tell_untold(now=home.now)

        assert people.main_phone(home.mother.person_id) == OLD
        assert Delivery.objects.get(message__key="phone-return-proposed", channel="SMS").phone.number == OLD
        assert says(home.town.as_officer().get(reverse("officer.phones")), "Өзіңіз ұсындыңыз")

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"surname": "Басқа"}, "тіркеулік жазба жоқ"),
            ({"iin": "12"}, "ЖСН дұрыс емес"),
            ({"phone": "+77010000078"}, "Сіздің атыңызға тіркелмеген"),
            ({"document": "12"}, "тоғыз цифрдан тұрады"),
            ({"seen": ""}, "id_seen"),
        ],
    )
    def test_says_what_is_wrong(self, home, changes, said):
        answered = proposes(home, **changes)

        assert answered.status_code == 200
        assert says(answered, said)
        assert not PhoneReturn.objects.exists()

    def test_one_at_a_time_and_never_of_ones_own(self, home):
        proposes(home)
        assert says(proposes(home), "екінші қызметкердің растауын күтіп тұр")
        own = Person.objects.get(id=home.town.officer.person_id)
        proposal = actions.Proposal(own.iin, own.surname, "012345678", NEW)
        with pytest.raises(actions.OwnPhone):
            actions.propose(proposal=proposal, base_reference="1", actor=home.town.officer, now=home.now)


class TestApproving:
    def test_by_a_second_officer_makes_the_new_number_the_only_one(self, home, second):
        page = home.get("parent.profile")
        assert page.status_code == 200
        proposes(home)
        assert says(answers(home, second), "Телефон ауыстырылды")

        assert people.main_phone(home.mother.person_id) == NEW
        assert not Phone.objects.filter(number=OLD, ended_at=None).exists()
        assert not Visit.objects.filter(account_id=home.mother.account_id, ended_at=None).exists()
        assert home.get("parent.profile").url.startswith("/login/")
        notifications.tell_untold(now=home.now)
        told = Delivery.objects.filter(message__key="phone-changed", channel="SMS")
        assert {one.phone.number for one in told} == {OLD, NEW}
        entry = JournalEntry.objects.get(act="phone-returned")
        assert (entry.actor["account"], entry.facts["proposed_by"]) == (second.account_id, home.town.officer.account_id)
        whose = {"person_id": home.mother.person_id, "account_id": home.mother.account_id}
        log = record.log_of(**whose, acts=(), first=0, count=20)
        assert {"phone-returned", "phone-return-proposed"} <= {event.act for event in log}

    def test_the_person_then_enters_by_the_code_to_it(self, home, second):
        proposes(home)
        answers(home, second)
        name = Name(Kind.IIN, iin_of(home))
        code_id = sending.ask(name=name, address="", now=home.now, real_now=home.now)
        assert Code.objects.get(pk=code_id).account_id == home.mother.account_id

    def test_never_by_whoever_proposed_it(self, home):
        proposes(home)
        assert says(answers(home, home.town.officer), "Мұны өзіңіз ұсындыңыз")
        assert people.main_phone(home.mother.person_id) == OLD
        row = PhoneReturn.objects.get()
        with pytest.raises(IntegrityError, match="a_second_officer_approves"), transaction.atomic():
            PhoneReturn.objects.filter(pk=row.pk).update(
                state="APPROVED", decided_at=home.now, decided_by_account_id=row.proposed_by_account_id
            )

    def test_never_by_whom_the_proposer_has_made_an_officer(self, home, second):
        proposes(home)
        grant = RoleGrant.objects.filter(account_id=second.account_id)
        for changes in (
            {"granted_by_id": home.town.officer.account_id},
            {"granted_from": home.now + timedelta(seconds=1)},
        ):
            before = {name: getattr(grant.get(), name) for name in changes}
            grant.update(**changes)
            assert says(answers(home, second), "Басқа қызметкер растауы керек")
            grant.update(**before)
        assert people.main_phone(home.mother.person_id) == OLD

    def test_never_too_late(self, home, second):
        proposes(home)
        home.later(hours=24)
        with pytest.raises(actions.ReturnExpired):
            actions.approve(token=PhoneReturn.objects.get().token, actor=second, now=home.now, real_now=home.now)
        row = PhoneReturn.objects.get()
        with pytest.raises(IntegrityError, match="a_return_is_approved_in_time"), transaction.atomic():
            PhoneReturn.objects.filter(pk=row.pk).update(
                state="APPROVED",
                decided_at=row.expires_at + timedelta(hours=1),
                decided_by_account_id=second.account_id,
            )
        home.town.clients.clear()
        proposal = actions.Proposal(iin_of(home), "Үлгібаева", "012345678", NEW)
        actions.propose(proposal=proposal, base_reference="1", actor=home.town.officer, now=home.now)
        assert PhoneReturn.objects.filter(state="PROPOSED").count() == 1

    def test_rejected_it_changes_nothing(self, home, second):
        proposes(home)
        assert says(answers(home, second, "no"), "Телефон ауыстырылмады")
        assert people.main_phone(home.mother.person_id) == OLD

    def test_by_no_officer_elsewhere(self, home):
        proposes(home)
        far = world.staff(made_up_iin(date(1984, 8, 8), serial=720), Role.OFFICER, territory_code=world.OTHER_CITY)
        assert answers(home, far).status_code == 404


def test_the_reset_page_names_this_way(client):
    assert says(client.get(reverse("recover.phone")), "жеке куәлікпен білім бөліміне келіңіз")


def test_a_person_without_an_account_has_no_telephone_to_return(home):
    with pytest.raises(actions.NobodyToGiveTo):
        actions.propose(
            proposal=actions.Proposal(home.child.iin, "Үлгібай", "012345678", NEW),
            base_reference="1",
            actor=home.town.officer,
            now=home.now,
        )
