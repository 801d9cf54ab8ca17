"""What is found is told: by the command in plain lines, on the department's first page to whom it concerns."""

import pytest
from django.urls import reverse
from django.utils import translation

from balabaqsha.accounts import clock
from balabaqsha.applications.models import Application
from balabaqsha.checks import actions, catalogue
from balabaqsha.checks.models import Finding
from balabaqsha.commands import check
from balabaqsha.kernel.actor import SYSTEM, Role
from balabaqsha.locale import texts
from balabaqsha.people.tests.family import made_up_iin
from tests.workplaces import world as workplaces

LANGUAGES = ("kk", "ru", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_says_what_is_wrong_and_what_to_do(language):
    from balabaqsha.checks import words

    for one in catalogue.ALL:
        code = catalogue.code(one)
        assert words.title(code, language=language)
        assert words.advice(code, language=language)
        assert one.__doc__


@pytest.mark.parametrize("one", catalogue.ALL, ids=catalogue.code)
def test_every_code_fits_its_column(one):
    assert len(catalogue.code(one)) <= Finding._meta.get_field("code").max_length


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def moment(self, fresh_database, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: workplaces.NOW)
        return workplaces.build()

    def test_says_that_nothing_is_wrong_with_status_0(self, moment, capsys):
        moment.applies()

        assert check.run("en") == 0
        assert capsys.readouterr().out == f"Promises checked: {len(catalogue.ALL)}. Found broken: 0.\n"

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_names_each_finding_with_status_1(self, moment, capsys, language):
        case = moment.applies()
        Application.objects.filter(id=case.id).update(category=1)

        assert check.run(language) == 1

        title, row, count = capsys.readouterr().out.splitlines()
        assert title.startswith(texts.say_in(language, "finding.place-without-cause"))
        assert case.number in row
        assert count == texts.say_in(language, "findings.asked", asked=len(catalogue.ALL), found=1)


@pytest.fixture
def town(db, settings, monkeypatch):
    workplaces.trust(settings)
    monkeypatch.setattr(clock, "real_now", lambda: workplaces.NOW)
    return workplaces.build()


def page(client, language="kk"):
    with translation.override(language):
        address = reverse("officer.home")
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def found(**more):
    """One finding as the night kept it."""
    keys = {
        "code": "two-holders",
        "subject": "hold 1",
        "territory_id": workplaces.CITY,
        "facts": {},
        "first_seen_at": workplaces.NOW,
        "last_seen_at": workplaces.NOW,
    }
    return Finding.objects.create(**(keys | more))


class TestTheFirstPageOfTheDepartment:
    def test_is_where_an_officer_begins_and_says_when_nothing_was_checked_yet(self, town):
        shown = page(town.as_officer())

        assert "Түнгі тексеру әлі жүргізілген жоқ" in shown
        assert "Бәрі дұрыс" not in shown

    def test_says_that_all_is_well_after_a_clean_night(self, town):
        actions._keep([], checks=catalogue.ALL, actor=SYSTEM, now=workplaces.NOW)

        assert "Бәрі дұрыс" in page(town.as_officer())

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_what_is_wrong_where_and_what_to_do(self, town, language):
        case = town.applies()
        found(facts={"group_id": town.group.id, "place": 2})
        found(code="two-live-vouchers", subject="x", application_id=case.id, facts={"number": case.number})

        shown = page(town.as_officer(), language)

        assert texts.say_in(language, "finding.two-holders") in shown
        assert texts.say_in(language, "findings.do-place") in shown
        assert "Балапан" in shown
        with translation.override(language):
            assert reverse("officer.case", args=[case.number]) in shown

    def test_shows_what_concerns_the_whole_portal_to_every_department(self, town):
        found(code="job-failed", territory_id=None, facts={"task": "keep_house", "n": 1})
        iin = made_up_iin(workplaces.BORN.replace(year=1983), serial=810)
        far = workplaces.client_of(workplaces.staff(iin, Role.OFFICER, territory_code=workplaces.OTHER_CITY))

        assert "keep_house" in page(far)
        assert "keep_house" in page(town.as_officer())

    def test_shows_nothing_of_another_department_and_nothing_cleared(self, town):
        found(territory_id=workplaces.OTHER_CITY)
        found(subject="hold 2", cleared_at=workplaces.NOW)

        assert "Бір орын екі балаға" not in page(town.as_officer())

    def test_is_not_there_for_others(self, town):
        assert town.as_head().get(reverse("officer.home")).status_code == 404

    def test_counts_what_it_does_not_show(self, town):
        for number in range(23):
            found(subject=f"hold {number}", facts={"place": number})

        assert "Тағы 3 жазба" in page(town.as_officer())

    def test_costs_the_same_for_one_finding_and_for_many(self, town, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        officer, costs = town.as_officer(), []
        page(officer)
        for subjects in (range(1), range(1, 15)):
            for number in subjects:
                found(subject=f"hold {number}", facts={"group_id": town.group.id, "place": number})
            with CaptureQueriesContext(connection) as captured:
                page(officer)
            costs.append(len(captured))
        assert costs[0] == costs[1]
