"""The other parent links an application: sight by the register's word, never an act, and nothing told to strangers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from balabaqsha.accounts.models import RateLimit
from balabaqsha.applications.links import _steps as links
from balabaqsha.applications.models import Application, ApplicationLink, LinkEnd
from balabaqsha.documents import queries as documents
from balabaqsha.gateways import registry
from balabaqsha.gateways.births.fake import InMemoryBirths
from balabaqsha.gateways.births.port import Parent
from balabaqsha.journeys import changing_regime, linking
from balabaqsha.journeys.linking import AlreadyLinked, LinkBarred, LinkEnded, NotLinkable, OwnApplication
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kernel.iin import Iin, Sex
from balabaqsha.law.lists import DocumentKind
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Delivery, Message
from balabaqsha.people import actions as people
from balabaqsha.people import queries as person_queries
from balabaqsha.people import registers
from balabaqsha.people.models import Kinship, Person
from balabaqsha.people.tests.family import answer, birth, made_up_iin
from balabaqsha.record.models import JournalEntry
from tests.families import home as homes
from tests.families.home import Home
from tests.workplaces import world

UNKNOWN = "10999995"


@dataclass
class Father:
    """The other parent with an account of his own, and what the register says of him."""

    home: Home
    actor: Actor
    births: InMemoryBirths

    @property
    def client(self) -> Client:
        return world.client_of(self.actor, moment=self.home.now)

    def get(self, name: str, *arguments: object, query: str = "") -> HttpResponse:
        return self.client.get(reverse(name, args=arguments) + query)

    def post(self, name: str, *arguments: object, **typed: object) -> HttpResponse:
        return self.client.post(reverse(name, args=arguments), typed)

    def links(self, number: str) -> Application:
        asked = registers.children_of(person_id=self.actor.person_id, now=self.home.now)
        return linking.link(number=number, answer=asked, actor=self.actor, now=self.home.now)

    def sees(self, number: str) -> bool:
        return self.get("application.page", number).status_code == 200


@pytest.fixture
def births() -> Iterator[InMemoryBirths]:
    register = InMemoryBirths()
    with registry.replaced(births=register):
        yield register


@pytest.fixture
def father(home: Home, births: InMemoryBirths) -> Father:
    iin = made_up_iin(date(1988, 4, 4), sex=Sex.MALE, serial=7000)
    known = answer(iin, surname="БЕРІКОВ", given_name="ДӘУРЕН")
    person_id = people.keep_person(answer=known, actor=SYSTEM, now=home.now)
    actor = homes.with_account(Actor(role=Role.PARENT, person_id=person_id), phone="+77010000009")
    births.records.append(birth(Iin.parse(home.child.iin), iin, Parent.FATHER))
    return Father(home, actor, births)


@pytest.fixture
def stranger(home: Home, births: InMemoryBirths) -> Father:
    iin = made_up_iin(date(1987, 4, 4), sex=Sex.MALE, serial=7100)
    person_id = people.keep_person(answer=answer(iin, surname="БӨТЕН"), actor=SYSTEM, now=home.now)
    return Father(home, homes.with_account(Actor(role=Role.PARENT, person_id=person_id), phone=""), births)


def page_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def plain(answer: HttpResponse, typed: str) -> str:
    """A page without what differs between any two: its tokens, and the number that was typed."""
    return re.sub(r"\w{30,}", "", page_of(answer)).replace(typed, "№")


class TestLinking:
    def test_the_father_types_the_number_and_sees_the_application(self, home, father):
        number = home.applies()

        answer = father.post("application.link", number=f"№ {number}")

        assert answer.url == reverse("application.page", args=[number])
        page = page_of(father.get("application.page", number))
        assert "Ж.\N{NO-BREAK SPACE}Ү." in page or "Ү.\N{NO-BREAK SPACE}Ж." in page
        assert "Кезектегі орныңыз" in page
        for name in ("parent.applications", "applications.title", "journal.title"):
            assert number in page_of(father.get(name)), name
        kin = Kinship.objects.get(representative_id=father.actor.person_id)
        assert (kin.child_id, kin.relation, kin.source) == (home.child.id, "FATHER", "BIRTHS")

    def test_both_parents_are_told_in_the_inbox_and_by_sms(self, home, father):
        father.links(home.applies())
        notifications.tell_untold(now=home.now)

        told = {row.person_id: row.key for row in Message.objects.filter(key__startswith="application-linked")}
        assert told == {
            home.mother.person_id: "application-linked",
            father.actor.person_id: "application-linked-here",
        }
        assert Delivery.objects.filter(message__key__in=told.values(), channel="SMS").count() == 2

    def test_it_stands_in_the_history_and_in_the_log_of_whoever_did_it(self, home, father):
        number = home.applies()
        father.links(number)

        assert "Екінші ата-ана өтінішті өз ЖСН-іне біріктірді" in page_of(home.get("application.page", number))
        assert "Екінші ата-ананың өтініші ЖСН-іңізге біріктірілді" in page_of(father.get("messages.log"))
        entry = JournalEntry.objects.get(act="link_application")
        assert entry.facts["linked"] == father.actor.person_id
        assert entry.facts["births"]

    def test_the_refusal_of_a_second_application_has_a_button_that_needs_no_number(self, home, father):
        people.add_child(
            actor=father.actor,
            child_iin=home.child.iin,
            population_answer=answer(Iin.parse(home.child.iin), given_name="АЙАРУ"),
            kinship_answer=father.births.kinship(
                Iin.parse(person_queries.iin_of(father.actor.person_id)), Iin.parse(home.child.iin), now=home.now
            ),
            now=home.now,
        )
        his = Home(town=home.town, mother=father.actor, child=home.child, now=home.now)
        filled, begun = his.begins(), his.begins()
        his.fills(filled)
        number = home.applies()

        his.answers(begun, "child", child=home.child.id)
        refused = page_of(his.answers(begun, "kind", kind="GENERAL")), page_of(his.post("apply.check", filled))

        address = f"{reverse('application.link')}?number={number}"
        assert all(f'href="{address}"' in page for page in refused)
        assert f'value="{number}"' in page_of(father.client.get(address))

    def test_the_mother_who_applies_twice_is_led_to_her_application(self, home, births):
        number, token = home.applies(), home.begins()

        home.answers(token, "child", child=home.child.id)
        refused = page_of(home.answers(token, "kind", kind="GENERAL"))

        assert f'href="{reverse("application.page", args=[number])}"' in refused
        assert reverse("application.link") not in refused.split("<main")[1]

    def test_the_applicant_reads_who_else_sees_it(self, home, father):
        number = home.applies()
        father.links(number)

        page = page_of(home.get("application.page", number))

        assert "Өтінішті тағы кім көреді" in page
        assert "Б.\N{NO-BREAK SPACE}Д." in page

    def test_a_change_of_regime_keeps_the_sight(self, home, father):
        number = home.applies()
        father.links(number)
        home.linear()

        moved = changing_regime.perform(territory_code=world.CITY, seen=1, actor=home.town.officer, now=home.now)

        assert [one.number for one in moved.moved] == [number]
        assert father.sees(number)


class TestRefusals:
    def test_strangers_hear_the_same_of_every_number(self, home, father, stranger):
        number = home.applies()
        said = set()
        for typed in (number, UNKNOWN):
            said.add(plain(stranger.post("application.link", number=typed), typed))

        assert len(said) == 1
        assert "біріктірілмеді" in said.pop()
        assert not ApplicationLink.objects.exists()

    def test_a_silent_register_is_silent_about_every_number(self, home, father, stranger):
        number = home.applies()
        father.births.silent = True

        for who in (father, stranger):
            assert len({plain(who.post("application.link", number=typed), typed) for typed in (number, UNKNOWN)}) == 1
        assert not ApplicationLink.objects.exists()

    def test_the_answer_of_another_parent_opens_nothing(self, home, father, stranger):
        number = home.applies()
        foreign = registers.children_of(person_id=father.actor.person_id, now=home.now)

        with pytest.raises(NotLinkable):
            linking.link(number=number, answer=foreign, actor=stranger.actor, now=home.now)

    def test_an_application_in_the_archive_is_not_linked(self, home, father):
        number = home.applies()
        home.post("application.withdraw", number)

        with pytest.raises(NotLinkable):
            father.links(number)

    def test_ones_own_is_opened_instead(self, home, births):
        number = home.applies()
        births.records.append(
            birth(Iin.parse(home.child.iin), Iin.parse(Person.objects.get(id=home.mother.person_id).iin))
        )

        answer = home.post("application.link", number=number)

        assert answer.url == reverse("application.page", args=[number])
        with pytest.raises(OwnApplication):
            linking.link(
                number=number,
                answer=registers.children_of(person_id=home.mother.person_id, now=home.now),
                actor=home.mother,
                now=home.now,
            )

    def test_a_second_click_is_told_that_it_is_there(self, home, father):
        number = home.applies()
        father.links(number)

        with pytest.raises(AlreadyLinked):
            father.links(number)
        assert father.post("application.link", number=number).url == reverse("application.page", args=[number])
        assert ApplicationLink.objects.count() == 1

    def test_numbers_are_not_tried_without_end(self, home, stranger):
        home.applies()
        for _ in range(20):
            page = page_of(stranger.post("application.link", number=UNKNOWN))

        assert "біріктірілмеді" not in page
        assert RateLimit.objects.filter(kind="child-checks").exists()

    @pytest.mark.parametrize("typed", ["", "abc", "10999993", "1" * 41])
    def test_what_is_no_number_is_said_beside_the_field(self, home, father, typed):
        page = page_of(father.post("application.link", number=typed))

        assert 'id="id_number-error"' in page or "error" in page
        assert not ApplicationLink.objects.exists()


class TestSight:
    def test_contacts_of_the_applicant_are_not_shown(self, home, father):
        number = home.applies()
        person = Person.objects.get(id=home.mother.person_id)
        father.links(number)

        page = page_of(father.get("application.page", number))

        for secret in ("701", person.iin, person.address, person.surname, person.given_name):
            assert secret not in page.split("<main")[1], secret
        assert person.iin in page_of(home.get("application.page", number))

    def test_papers_with_contacts_stay_the_applicants(self, home, father):
        number = home.applies()
        home.post("application.paper", number, "CHILD_CARD")
        father.links(number)

        answers = {
            one.kind: father.get("parent.made", one.token).status_code
            for one in documents.made_of(application_id=home.application.id)
        }

        assert answers == {
            DocumentKind.REGISTRATION_NOTICE: 404,
            DocumentKind.RECEIPT_NOTICE: 404,
            DocumentKind.REGISTER_EXTRACT: 200,
            DocumentKind.CHILD_CARD: 404,
        }

    def test_offers_no_button_of_an_act(self, home, father):
        number = home.has_voucher()
        father.links(number)

        page = page_of(father.get("application.page", number)).split("<main")[1].split("</main")[0]

        allowed = {reverse("application.unlink", args=[number]), reverse("parent.applications")}
        below = reverse("application.page", args=[number])
        found = {part.split('"')[0] for part in page.split('href="')[1:] if part.startswith(below)}
        assert found - {below} <= allowed
        assert reverse("voucher.answer", args=[number]) in page_of(home.get("application.page", number))

    def test_ends_with_the_kinship_whoever_ended_it(self, home, father):
        number = home.applies()
        father.links(number)
        Kinship.objects.filter(representative_id=father.actor.person_id).update(ended_at=home.now)

        assert not father.sees(number)
        assert number not in page_of(father.get("parent.applications"))
        assert "Өтінішті тағы кім көреді" not in page_of(home.get("application.page", number))


class TestEnding:
    def test_who_linked_it_ends_it_and_may_link_it_again(self, home, father):
        number = home.applies()
        father.links(number)
        assert "Біріктіруді тоқтату" in page_of(father.get("application.unlink", number))

        father.post("application.unlink", number)

        assert not father.sees(number)
        link = ApplicationLink.objects.get()
        assert (link.ended_because, link.ended_at) == (LinkEnd.BY_PARENT, home.now)
        with pytest.raises(LinkEnded):
            linking.unlink(application_id=home.application.id, actor=father.actor, now=home.now)
        father.links(number)
        assert father.sees(number)

    def test_the_applicant_has_no_act_that_ends_it(self, home, father):
        number = home.applies()
        father.links(number)

        assert home.get("application.unlink", number).status_code == 404
        assert home.post("application.unlink", number).status_code == 404
        assert father.sees(number)

    def test_an_officer_ends_the_sight_of_both_lines(self, home, father):
        number = home.applies()
        father.links(number)
        general = home.application
        special = Application.objects.get(id=general.id)
        special.id, special.number, special.kind, special.correction = None, "10009990", "SPECIAL", "SPEECH_SEVERE"
        special.save()
        father.links(special.number)

        linking.end_by_officer(
            application_id=general.id,
            link_id=ApplicationLink.objects.get(application=general).id,
            because=LinkEnd.COURT,
            actor=home.town.officer,
            now=home.now,
        )

        assert not father.sees(number)
        assert not father.sees(special.number)

    def test_an_officer_ends_it_for_good(self, home, father):
        number = home.applies()
        father.links(number)

        linking.end_by_officer(
            application_id=home.application.id,
            link_id=ApplicationLink.objects.get().id,
            because=LinkEnd.COURT,
            actor=home.town.officer,
            now=home.now,
        )

        assert not father.sees(number)
        with pytest.raises(LinkBarred):
            father.links(number)
        with pytest.raises(LinkEnded):
            linking.end_by_officer(
                application_id=home.application.id,
                link_id=ApplicationLink.objects.get().id,
                because=LinkEnd.COURT,
                actor=home.town.officer,
                now=home.now,
            )
        notifications.tell_untold(now=home.now)
        inbox = page_of(father.get("parent.messages"))
        assert "сот шешімі" in inbox
        assert reverse("application.page", args=[number]) not in inbox.split("<main")[1].split("сот шешімі")[0]

    def test_the_register_that_names_him_no_longer_ends_it(self, home, father):
        number = home.applies()
        father.links(number)
        assert linking.confirm_again(now=home.now + timedelta(hours=1)) == 0
        assert linking.confirm_again(now=home.now + timedelta(days=1)) == 1
        assert father.sees(number)
        father.births.records.clear()

        father.births.silent = True
        linking.confirm_again(now=home.now + timedelta(days=2))
        assert father.sees(number)
        father.births.silent = False
        linking.confirm_again(now=home.now + timedelta(days=2))

        assert not father.sees(number)
        assert ApplicationLink.objects.get().ended_because == LinkEnd.NOT_IN_REGISTER
        assert Kinship.objects.get(representative_id=father.actor.person_id).ended_at is not None


@pytest.mark.django_db
def test_the_schema_keeps_a_second_live_link_away(home, father):
    home.applies()
    whose = {"application_id": home.application.id, "person_id": father.actor.person_id}
    links.link(**whose, reference="1", now=timezone.now())

    with pytest.raises(IntegrityError, match="one_live_link_of_a_person"), transaction.atomic():
        links.link(**whose, reference="2", now=timezone.now())
    with pytest.raises(IntegrityError, match="an_ended_link_has_its_reason"), transaction.atomic():
        ApplicationLink.objects.update(ended_at=timezone.now())
