"""An officer mends a case at its pages: the reason of a list, the family told, a public line, the place by its date."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Reason, State
from balabaqsha.gateways import registry
from balabaqsha.gateways.population.fake import InMemoryPopulation
from balabaqsha.journeys import appealing, mending, removing
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.time import NATIONAL
from balabaqsha.law.grounds import LengtheningReason
from balabaqsha.law.lists import RemovalReason
from balabaqsha.line import queries as lines
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import answer
from balabaqsha.record.models import JournalEntry
from balabaqsha.transparency import queries as transparency
from tests import promises
from tests.workplaces import world
from tests.workplaces.test_department import stranger, text

NOTE = "Қағаздағы дерекпен салыстырылды."


def posts(town, case, page, **typed):
    address = reverse(f"officer.{page}", args=[case.number])
    return town.as_officer().post(address, {"note": NOTE} | typed, follow=True)


def place(case) -> int:
    return lines.place_in_line(case.application).number


def causes(case) -> set[str]:
    return {cause.code for line in transparency.ledger_of(case.application) for cause in line.causes}


def told(key: str) -> Message:
    notifications.tell_untold(now=world.NOW)
    return Message.objects.get(key=key)


def public() -> str:
    visitor = Client()
    visitor.cookies["location"] = world.CITY
    return text(visitor.get(reverse("public.acts")))


class TestTheDate:
    @pytest.fixture
    def two(self, town):
        """The first of them filed a day before the second."""
        return town.applies(now=world.NOW - timedelta(days=1)), town.applies()

    def test_put_right_moves_the_application_and_tells_everybody_why(self, town, two):
        first, second = two
        day = (first.application.original_at.astimezone(NATIONAL) - timedelta(days=30)).date()
        assert place(second) == 2

        answer = posts(town, second, "correct-date", day=f"{day:%d.%m.%Y}", because="IMPORTED_WRONG")

        assert "күні түзетілді" in text(answer)
        assert (place(second), place(first)) == (1, 2)
        assert "AHEAD_CORRECTED" in causes(first)
        assert "OWN_DATE_CORRECTED" in causes(second)
        assert told("application-corrected").facts["place"] == 1
        assert "Бұрынғы жүйеден қате көшірілген" in public()
        assert promises.broken() == []

    @pytest.mark.parametrize(("day", "says"), [("18.11.2026", "Өзгеріс жоқ"), ("19.11.2026", "кеш бола алмайды")])
    def test_is_refused_beside_the_field(self, town, two, day, says):
        answer = posts(town, two[1], "correct-date", day=day, because="MISTYPED")

        assert says in text(answer)
        assert place(two[1]) == 2

    def test_stands_once_a_voucher_is_given(self, town, two):
        town.run()
        address = reverse("officer.correct-date", args=[two[1].number])

        assert address not in text(town.as_officer().get(reverse("officer.case", args=[two[1].number])))
        assert town.as_officer().get(address).status_code == 302
        before = two[1].application.original_at
        posts(town, two[1], "correct-date", day="01.11.2026", because="MISTYPED")
        assert two[1].application.original_at == before


class TestTheWishAndTheNames:
    def test_languages_are_put_right_and_nobody_moves(self, town):
        case = town.applies()
        posts(town, case, "correct-wish", languages=["ru"], because="MISTYPED")

        assert case.application.languages == ["ru"]
        assert place(case) == 1
        assert "Өзгеріс жоқ" in text(posts(town, case, "correct-wish", languages=["ru"], because="MISTYPED"))

    def test_names_come_from_the_register_alone(self, town):
        case = town.applies()
        child, mother = case.application.child, case.application.applicant
        population = InMemoryPopulation(
            answer(Iin.parse(one.iin), surname=surname, given_name=one.given_name)
            for one, surname in ((child, "ЖАҢА"), (mother, mother.surname))
        )

        # What was asked earlier never takes the place of a later answer.
        Person.objects.update(register_asked_at=world.NOW - timedelta(days=1))

        with registry.replaced(population=population):
            posts(town, case, "correct-name", because="REGISTER_CHANGED")

        assert Person.objects.get(id=child.id).surname.upper() == "ЖАҢА"
        assert JournalEntry.objects.filter(act="correct_name").count() == 1


class TestTheTerm:
    @pytest.fixture
    def offered(self, town):
        case = town.applies()
        town.run()
        return case

    def test_is_made_longer_by_working_days_and_never_beyond_the_limit(self, town, offered):
        due = offered.application.due_at

        posts(town, offered, "lengthen", days="2", because="NOT_INFORMED")

        # Friday 10:00 and two working days.
        assert offered.application.due_at == due + timedelta(days=4)
        assert told("term-lengthened").facts["reason"] == "NOT_INFORMED"
        assert "қалғаны: 3" in text(posts(town, offered, "lengthen", days="4", because="ILLNESS"))
        posts(town, offered, "lengthen", days="3", because="ILLNESS")
        assert JournalEntry.objects.filter(act="lengthen").count() == 2
        assert promises.broken() == []

    @pytest.mark.parametrize("days", ["0", "-1", "екі", ""])
    def test_is_never_shorter(self, town, offered, days):
        due = offered.application.due_at

        assert 'class="errors"' in text(posts(town, offered, "lengthen", days=days, because="ILLNESS"))
        assert offered.application.due_at == due

    def test_keeps_the_place_as_long(self, town, offered):
        offered.chooses().is_sent()
        mending.lengthen(
            application_id=offered.id,
            days=5,
            because=LengtheningReason.ILLNESS,
            note=NOTE,
            actor=town.officer,
            now=world.NOW,
        )

        from balabaqsha.kindergartens.models import Hold

        assert Hold.objects.get().until == offered.application.due_at


class TestBringingBack:
    @pytest.fixture
    def closed(self, town):
        case = town.applies(benefit="TEACHER", proof=world.picture())
        town.applies()
        removing.remove(
            application_id=case.id, because=RemovalReason.DATA_FALSE, note=NOTE, actor=town.officer, now=world.NOW
        )
        return case

    def test_stands_at_its_original_date_again_with_its_claims(self, town, closed):
        before = closed.application.original_at
        assert reverse("officer.bring-back", args=[closed.number]) in text(
            town.as_officer().get(reverse("officer.case", args=[closed.number]))
        )

        answer = posts(town, closed, "bring-back", because="WRONG_CASE")

        assert "кезекке қайтарылды" in text(answer)
        assert (closed.state, closed.application.original_at, place(closed)) == (State.WAITING, before, 1)
        assert closed.application.claims.get().state == "UNDECIDED"
        assert told("application-brought-back").facts["place"] == 1
        assert "Басқа отбасының ісі жабылған" in public()
        assert promises.broken() == []

    def test_an_open_appeal_is_decided_not_gone_round(self, town, closed):
        appealing.file(
            application_id=closed.id, filing=appealing.Filing(words=NOTE), actor=closed.parent, now=world.NOW
        )

        assert "Алдымен соны шешіңіз" in text(posts(town, closed, "bring-back", because="WRONG_CASE"))
        assert closed.state == State.ARCHIVED

    def test_a_second_click_is_told_in_words(self, town, closed):
        posts(town, closed, "bring-back", because="WRONG_CASE")
        posts(town, closed, "bring-back", because="WRONG_CASE")

        assert JournalEntry.objects.filter(act="bring_back").count() == 1


class TestMerging:
    @pytest.fixture
    def twins(self, town):
        """One child entered by both parents, its IIN mistyped once."""
        first = town.applies(now=world.NOW - timedelta(days=3), given_name="АЙША")
        second = town.applies(given_name="АЙША")
        return first, second

    def test_the_earlier_date_stays_and_both_families_are_told(self, town, twins):
        first, second = twins
        earlier = first.application.original_at

        answer = posts(town, second, "merge", number=first.number)

        assert "біріктірілді" in text(answer)
        assert second.application.original_at == earlier
        assert (first.state, first.application.reason) == (State.ARCHIVED, Reason.DUPLICATE)
        notifications.tell_untold(now=world.NOW)
        assert set(Message.objects.values_list("key", "person_id")) >= {
            ("applications-merged", second.parent.person_id),
            ("application-closed-duplicate", first.parent.person_id),
        }
        assert promises.broken() == []

    def test_of_another_child_is_refused_beside_the_field(self, town, twins):
        other = town.applies(given_name="БОТА")

        assert "аты-жөні мен туған күні бірдей" in text(posts(town, twins[0], "merge", number=other.number))
        assert other.state == State.WAITING

    def test_of_a_foreign_territory_is_not_found(self, twins):
        assert stranger().get(reverse("officer.merge", args=[twins[0].number])).status_code == 404


@pytest.mark.parametrize("page", ["correct-date", "correct-wish", "correct-name", "lengthen", "bring-back", "merge"])
def test_needs_words_for_the_family(town, page):
    case = town.applies()
    before = Application.objects.values().get(id=case.id)
    answer = posts(town, case, page, note="жоқ")

    assert 'class="errors"' in text(answer)
    assert Application.objects.values().get(id=case.id) == before
