"""Persons, contacts and children: what is kept and what is refused."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from balabaqsha.gateways import registry
from balabaqsha.gateways.births.fake import InMemoryBirths
from balabaqsha.gateways.births.port import Kinship as KinshipAnswer
from balabaqsha.gateways.population.fake import InMemoryPopulation
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.people import _steps, actions, queries, registers, rules
from balabaqsha.people.models import Kinship, Person, Phone
from balabaqsha.people.tests.family import (
    CHILD,
    FOREIGN_CHILD,
    MOTHER,
    NOW,
    PHONE,
    STRANGER,
    answer,
    birth,
    kinship,
    made_up_iin,
    parent,
)
from balabaqsha.record.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def registers_there():
    population = InMemoryPopulation([answer(MOTHER), answer(CHILD, given_name="СМАР"), answer(FOREIGN_CHILD)])
    births = InMemoryBirths([birth(CHILD, MOTHER), birth(FOREIGN_CHILD, STRANGER)])
    with registry.replaced(population=population, births=births):
        yield population


class TestKeepPerson:
    def test_writes_names_as_people_write_them(self):
        person_id = actions.keep_person(answer=answer(MOTHER), actor=SYSTEM, now=NOW)

        card = queries.person_card(person_id)
        assert card.full_name == "Үлгібаева Жанар Мысалқызы"
        assert card.address("ru") == "г. Павлодар, ул. Пробная, 1"
        assert card.nationality("kk") == "Қазақ"

    def test_refreshes_without_losing_contacts(self):
        actor = parent()
        actions.change_contacts(actor=actor, email="a@example.kz", stated_address=None, now=NOW)

        later = answer(MOTHER, surname="ЖАҢА", asked_at=NOW + timedelta(days=1))
        actions.keep_person(answer=later, actor=SYSTEM, now=NOW)

        card = queries.person_card(actor.person_id)
        assert (card.surname, card.email) == ("Жаңа", "a@example.kz")

    def test_lets_an_older_answer_change_nothing(self):
        actor = parent()

        older = answer(MOTHER, surname="БҰРЫНҒЫ", asked_at=NOW - timedelta(days=1))
        actions.keep_person(answer=older, actor=SYSTEM, now=NOW)

        assert queries.person_card(actor.person_id).surname == "Үлгібаева"

    def test_keeps_no_name_and_no_iin_in_the_journal(self):
        parent()

        facts = JournalEntry.objects.get(act="person-kept").facts
        assert set(facts) == {"person", "reference", "asked_at"}
        assert MOTHER.text not in str(facts)


class TestFindChild:
    def find(self, actor, text, now=NOW):
        return registers.find_child(representative_id=actor.person_id, iin_text=text, now=now)

    def test_gives_the_data_of_a_confirmed_child(self, registers_there):
        found = self.find(parent(), CHILD.text)

        assert found.person.given_name == "Смар"
        assert found.kinship.confirmed

    @pytest.mark.parametrize("text", ["", "123", "21022055081x", "210220550812", "000000000000"])
    def test_refuses_what_is_no_iin(self, registers_there, text):
        with pytest.raises(rules.IinNotValid):
            self.find(parent(), text)

    def test_refuses_an_adult(self, registers_there):
        with pytest.raises(rules.IinNotChild) as refused:
            self.find(parent(), STRANGER.text)
        assert refused.value.detail == "iin-not-child"

    def test_answers_alike_for_a_foreign_and_an_unknown_child(self, registers_there):
        actor = parent()
        answers = set()
        for iin in (FOREIGN_CHILD, made_up_iin(FOREIGN_CHILD.born_on, serial=900)):
            with pytest.raises(registers.KinshipNotFound) as refused:
                self.find(actor, iin.text)
            answers.add(str(refused.value))
        assert len(answers) == 1

    def test_refuses_a_child_whom_the_register_does_not_know(self, registers_there):
        del registers_there.records[CHILD.text]

        with pytest.raises(registers.IinNotFound):
            self.find(parent(), CHILD.text)

    def test_refuses_the_dead(self, registers_there):
        registers_there.records[CHILD.text] = answer(CHILD, alive=False)

        with pytest.raises(registers.IinNotFound):
            self.find(parent(), CHILD.text)

    def test_takes_a_child_without_a_father_and_without_a_patronymic(self, registers_there):
        registers_there.records[CHILD.text] = answer(CHILD, given_name="СМАР", patronymic="", address=None)
        actor = parent()

        found = self.find(actor, CHILD.text)
        kept = actions.add_child(
            actor=actor,
            child_iin=CHILD.text,
            population_answer=found.person,
            kinship_answer=found.kinship,
            now=NOW,
        )

        assert queries.card(kept.child).full_name == "Үлгібаева Смар"

    def test_keeps_names_of_80_letters_whole(self, registers_there):
        long = "ӘЛІМҒАЗЫ" * 10
        registers_there.records[CHILD.text] = answer(CHILD, surname=long, given_name=long, patronymic=long)
        actor = parent()

        person_id = actions.keep_person(answer=self.find(actor, CHILD.text).person, actor=actor, now=NOW)

        card = queries.person_card(person_id)
        assert [len(name) for name in (card.surname, card.given_name)] == [80, 80]
        assert len(card.full_name) == 242

    def test_says_that_a_register_is_silent(self, registers_there):
        registers_there.silent = True

        with pytest.raises(registers.SilentNow):
            self.find(parent(), CHILD.text)


def add(actor, child=CHILD, kin=None, person=None):
    return actions.add_child(
        actor=actor,
        child_iin=child.text,
        population_answer=person or answer(child, given_name="СМАР"),
        kinship_answer=kin or kinship(child, MOTHER),
        now=NOW,
    )


class TestAddChild:
    def test_puts_the_child_into_the_list(self):
        actor = parent()

        kept = add(actor)

        [child] = queries.children_of(actor.person_id, now=NOW)
        assert child.token == kept.token
        assert child.person.given_name == "Смар"
        assert child.relation == "MOTHER"
        assert JournalEntry.objects.get(act="child-added").actor["person"] == actor.person_id

    def test_refuses_a_second_time(self):
        actor = parent()
        first = add(actor)

        with pytest.raises(registers.ChildAlreadyAdded) as refused:
            add(actor)
        assert refused.value.facts == {"token": first.token}
        assert Kinship.objects.count() == 1

    def test_refuses_an_answer_about_somebody_else(self):
        with pytest.raises(registers.IinNotFound):
            add(parent(), person=answer(FOREIGN_CHILD))

    def test_refuses_a_kinship_of_somebody_else(self):
        with pytest.raises(registers.KinshipNotFound):
            add(parent(), kin=kinship(CHILD, STRANGER))

    def test_refuses_an_unconfirmed_kinship(self):
        with pytest.raises(registers.KinshipNotFound):
            add(parent(), kin=KinshipAnswer(record=None, reference="zags-2", asked_at=NOW))

    def test_refuses_an_adult(self):
        with pytest.raises(rules.IinNotChild):
            add(parent(), child=STRANGER)

    def test_shows_the_child_to_nobody_else(self):
        kept = add(parent())
        other = actions.keep_person(answer=answer(STRANGER), actor=SYSTEM, now=NOW)

        assert queries.child_by_token(other, kept.token, now=NOW) is None
        assert queries.child_by_token(other, uuid4(), now=NOW) is None
        assert not queries.represents(other, kept.child_id, now=NOW)


class TestChangeContacts:
    def test_refuses_what_is_no_address(self):
        with pytest.raises(actions.EmailNotValid):
            actions.change_contacts(actor=parent(), email="жоқ", stated_address=None, now=NOW)

    def test_says_that_nothing_changed(self):
        actor = parent()

        assert actions.change_contacts(actor=actor, email="a@example.kz", stated_address=None, now=NOW)
        assert not actions.change_contacts(actor=actor, email="a@example.kz", stated_address=None, now=NOW)

    def test_takes_an_address_only_where_the_register_has_none(self):
        actor = parent()
        actions.change_contacts(actor=actor, email="", stated_address="Басқа к-сі, 2", now=NOW)
        assert queries.person_card(actor.person_id).stated_address == ""

        without = answer(MOTHER, address=None, asked_at=NOW + timedelta(days=1))
        actions.keep_person(answer=without, actor=SYSTEM, now=NOW)
        actions.change_contacts(actor=actor, email="", stated_address="  Басқа  к-сі, 2 ", now=NOW)
        assert queries.person_card(actor.person_id).address("ru") == "Басқа к-сі, 2"


class TestConfirmPhone:
    def test_leaves_one_main_number(self):
        person_id = parent().person_id

        _steps.confirm_phone(person_id=person_id, number=PHONE, now=NOW)
        _steps.confirm_phone(person_id=person_id, number="+77010000002", now=NOW)
        _steps.confirm_phone(person_id=person_id, number=PHONE, now=NOW)

        assert queries.main_phone(person_id) == PHONE
        assert Phone.objects.filter(person_id=person_id).count() == 2


def picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (30, 40), "white").save(kept, "PNG")
    return kept.getvalue()


class TestSetPhoto:
    def test_keeps_the_photo_of_an_own_child(self, settings, tmp_path):
        settings.FILES_ROOT = tmp_path
        actor = parent()
        kept = add(actor)

        actions.set_photo(actor=actor, child_id=kept.child_id, content=picture(), now=NOW)

        assert len(queries.children_of(actor.person_id, now=NOW)[0].person.photo_sha256) == 64

    def test_refuses_a_child_of_others(self, settings, tmp_path):
        settings.FILES_ROOT = tmp_path
        kept = add(parent())
        other = actions.keep_person(answer=answer(STRANGER), actor=SYSTEM, now=NOW)

        with pytest.raises(actions.NoSuchChild):
            actions.set_photo(
                actor=Actor(role=Role.PARENT, person_id=other), child_id=kept.child_id, content=picture(), now=NOW
            )
        assert Person.objects.get(pk=kept.child_id).photo_sha256 == ""


class TestLacking:
    def test_names_what_is_not_there(self):
        actor = parent()
        assert queries.lacking(actor.person_id, now=NOW) == [rules.Lack.APPLICANT_PHONE, rules.Lack.APPLICANT_EMAIL]
        assert [lack for lack in queries.lacking(actor.person_id, now=NOW) if lack.blocks] == [
            rules.Lack.APPLICANT_PHONE
        ]

    def test_looks_at_the_child_too(self):
        actor = parent()
        _steps.confirm_phone(person_id=actor.person_id, number=PHONE, now=NOW)
        actions.change_contacts(actor=actor, email="a@example.kz", stated_address=None, now=NOW)
        stranger = actions.keep_person(answer=answer(FOREIGN_CHILD), actor=SYSTEM, now=NOW)

        assert queries.lacking(actor.person_id, stranger, now=NOW) == [rules.Lack.CHILD_KINSHIP]
        assert queries.lacking(actor.person_id, add(actor).child_id, now=NOW) == []
