"""The officer's errands: claims, runs, the line and the journal of a case; nothing for strangers."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from balabaqsha.admissions.models import Admission
from balabaqsha.applications.models import BenefitClaim
from balabaqsha.journeys import applying, distribution
from balabaqsha.kernel.actor import Role
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.transparency import runs as protocols
from balabaqsha.vouchers.models import DistributionRun, Voucher
from balabaqsha.web.department import tasks
from balabaqsha.web.kit import texts
from tests.workplaces import world
from tests.workplaces.world import NOW, Town


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def stranger(*, moment=NOW):
    """An officer of another city."""
    iin = made_up_iin(date(1983, 4, 4), serial=800)
    return world.client_of(world.staff(iin, Role.OFFICER, territory_code=world.OTHER_CITY), moment=moment)


def claim(town: Town, **child):
    return town.applies(benefit="TEACHER", proof=world.picture(), **child)


class TestChecks:
    def test_lists_claims_the_soonest_due_first(self, town):
        late = claim(town)
        early = claim(town, now=NOW - timedelta(days=1))
        page = text(town.as_officer().get(reverse("officer.checks")))

        assert page.index(early.number) < page.index(late.number)

    def test_marks_what_is_overdue(self, town):
        claim(town, now=NOW - timedelta(days=60))

        assert "Мерзімі өткен" in text(town.as_officer().get(reverse("officer.checks")))

    def test_shows_no_name_before_a_case_is_opened(self, town):
        claim(town, surname="МЫСАЛОВ", given_name="ТИМУР")
        page = text(town.as_officer().get(reverse("officer.checks")))

        assert "Мысалов" not in page
        assert "М.\N{NO-BREAK SPACE}Т." in page

    @pytest.mark.parametrize("sort", ["due", "-due", "number", "-number", "benefit", "-benefit", "nonsense"])
    def test_sorts_and_filters(self, town, sort):
        case = claim(town)
        officer = town.as_officer()
        query = {"sort": sort, "benefit": "TEACHER", "number": case.number[:4], "page": "1"}

        assert case.number in text(officer.get(reverse("officer.checks"), query))
        assert case.number not in text(officer.get(reverse("officer.checks"), {"benefit": "ORPHAN"}))

    def test_confirms_and_the_place_changes(self, town):
        first = town.applies(now=NOW - timedelta(days=2))
        case = claim(town)
        officer, address = town.as_officer(), reverse("officer.check", args=[case.number])
        assert "Сіздің ваучер" not in text(officer.get(address))

        answer = officer.post(address, {"verdict": "confirm", "because": ""}, follow=True)

        assert "жеңілдік расталды" in text(answer)
        assert case.application.benefit == "TEACHER"
        assert case.application.category < first.application.category
        assert OutboxFact.objects.filter(fact="benefit-confirmed", application_id=case.id).exists()

    def test_rejects_with_words_for_the_family(self, town):
        case = claim(town)
        words = "Анықтамада жұмыс орнының мөрі жоқ"
        town.as_officer().post(reverse("officer.check", args=[case.number]), {"verdict": "reject", "because": words})

        assert BenefitClaim.objects.get(application_id=case.id).rejected_because == words
        assert OutboxFact.objects.get(fact="benefit-rejected").facts["reason"] == words

    @pytest.mark.parametrize(
        "typed", [{"verdict": "reject", "because": "  жоқ  "}, {"verdict": "maybe"}, {"verdict": ""}]
    )
    def test_rejects_nothing_without_a_reason(self, town, typed):
        case = claim(town)
        page = text(town.as_officer().post(reverse("officer.check", args=[case.number]), typed))

        assert "errors-title" in page
        assert BenefitClaim.objects.get(application_id=case.id).state == "UNDECIDED"

    def test_a_second_decision_finds_the_first(self, town):
        case = claim(town)
        officer, address = town.as_officer(), reverse("officer.check", args=[case.number])
        officer.post(address, {"verdict": "confirm"})

        answer = officer.post(address, {"verdict": "reject", "because": "кейінгі ой, тым кеш"}, follow=True)

        assert "шешім күткен жеңілдік жоқ" in text(answer)
        assert BenefitClaim.objects.get(application_id=case.id).state == "CONFIRMED"

    def test_shows_the_proof_and_journals_who_looked(self, town):
        case = claim(town)
        officer = town.as_officer()
        page = text(officer.get(reverse("officer.check", args=[case.number])))
        address = re.search(r'<img class="paper" src="([^"]+)"', page).group(1)

        shown = officer.get(address)

        assert shown["Content-Type"] == "image/png"
        looked = JournalEntry.objects.filter(act="case-opened", application_id=case.id).order_by("id")
        assert [entry.facts["page"] for entry in looked] == ["check", "paper"]
        assert looked[0].actor["account"] == town.officer.account_id

    def test_foreign_cases_are_not_there(self, town):
        case, other = claim(town), stranger()
        page = text(town.as_officer().get(reverse("officer.check", args=[case.number])))
        paper = re.search(r'<img class="paper" src="([^"]+)"', page).group(1)

        for address in (
            reverse("officer.check", args=[case.number]),
            reverse("officer.case", args=[case.number]),
            paper,
        ):
            assert other.get(address).status_code == 404
        assert case.number not in text(other.get(reverse("officer.checks")))
        assert town.as_head().get(reverse("officer.checks")).status_code == 404
        forged = reverse("officer.case-paper", args=[case.number, "f" * 32])
        assert town.as_officer().get(forged).status_code == 404
        # A paper of one case is not opened through another.
        second = claim(town)
        crossed = paper.replace(case.number, second.number)
        assert town.as_officer().get(crossed).status_code == 404


def kept(town: Town, **child):
    """A contract that the family has signed and the head has not."""
    case = town.applies(**child)
    town.run()
    return case.chooses().is_sent().signs()


class TestKeptContracts:
    def test_are_listed_with_whom_to_call_once_the_term_is_over(self, town, edge):
        Kindergarten.objects.update(phone="+77182000000")
        case = kept(town, surname="МЫСАЛОВ", given_name="ТИМУР")
        assert case.number not in text(town.as_officer().get(reverse("officer.contracts")))
        edge.moment = NOW + timedelta(days=5)
        officer = world.client_of(town.officer, moment=edge.moment)
        page = text(officer.get(reverse("officer.contracts")))

        for said in (
            case.number,
            "Балапан",
            "Сынақ Адам",
            'href="tel:+77182000000"',
            "1 жұмыс күніне кешікті",
            "М.\N{NO-BREAK SPACE}Т.",
        ):
            assert said in page, said
        assert "Мысалов" not in page

    def test_the_longest_kept_comes_first(self, town, edge):
        late, early = kept(town), kept(town)
        Admission.objects.filter(application_id=early.id).update(escalates_at=NOW - timedelta(days=9))
        edge.moment = NOW + timedelta(days=5)
        page = text(world.client_of(town.officer, moment=edge.moment).get(reverse("officer.contracts")))

        assert page.index(early.number) < page.index(late.number)

    def test_leave_the_list_when_the_head_signs(self, town, edge):
        case = kept(town)
        edge.moment = NOW + timedelta(days=5)
        Admission.objects.filter(application_id=case.id).update(stage="ENROLLED", enrolled_at=NOW)

        assert case.number not in text(
            world.client_of(town.officer, moment=edge.moment).get(reverse("officer.contracts"))
        )

    def test_are_nobody_elses(self, town, edge):
        case = kept(town)
        edge.moment = NOW + timedelta(days=5)

        assert case.number not in text(stranger(moment=edge.moment).get(reverse("officer.contracts")))
        head = world.client_of(town.head, moment=edge.moment)
        assert head.get(reverse("officer.contracts")).status_code == 404


class TestToday:
    def test_counts_what_waits_and_shows_what_is_first(self, town, edge):
        contract = kept(town)
        late = claim(town, now=NOW - timedelta(days=60))
        edge.moment = NOW + timedelta(days=5)
        page = text(world.client_of(town.officer, moment=edge.moment).get(reverse("officer.home")))

        for name in ("officer.checks", "officer.contracts"):
            assert f'<dd><a href="{reverse(name)}">1</a></dd>' in page, name
        assert contract.number in page
        assert late.number in page
        assert "Мерзімі өткені: 1" in page

    def test_says_so_when_nothing_waits(self, town):
        assert "Кезек күттірмейтін іс жоқ" in text(town.as_officer().get(reverse("officer.home")))


def preview(town: Town, limit: str = "") -> DistributionRun:
    officer = town.as_officer()
    answer = officer.post(reverse("officer.runs"), {"territory": world.CITY, "limit": limit})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return DistributionRun.objects.latest("id")


class TestRuns:
    def test_shows_what_there_is_to_give_by_birth_year(self, town):
        town.applies()
        page = text(town.as_officer().get(reverse("officer.runs")))

        assert "2023" in page
        supply = distribution.supply(world.CITY, now=NOW)
        assert [(row.birth_year, row.free, row.supply, row.waiting) for row in supply] == [
            (2022, 2, 2, 0),
            (2023, 2, 2, 1),
        ]

    def test_preview_tells_nobody_and_says_who_would_get_what(self, town):
        cases = [town.applies() for _ in range(3)]
        young = town.applies(born_on=date(2025, 12, 1))
        run = preview(town)
        officer = town.as_officer()

        page = text(officer.get(reverse("officer.run", args=[run.number])))
        assert cases[0].number in page
        assert "жасқа толмаған" in page
        passed = text(officer.get(reverse("officer.run", args=[run.number]), {"list": "passed"}))
        assert cases[2].number in passed
        assert young.number in passed
        assert cases[0].state == "WAITING"
        assert not Voucher.objects.exists()

    @pytest.mark.parametrize("limit", ["0", "-3", "abc", "99999999999"])
    def test_refuses_a_limit_that_is_none(self, town, limit):
        town.applies()
        page = text(town.as_officer().post(reverse("officer.runs"), {"territory": world.CITY, "limit": limit}))

        assert 'data-state="error"' in page
        assert not DistributionRun.objects.exists()

    def test_keeps_to_the_limit(self, town):
        town.applies()
        town.applies()

        assert preview(town, "1").given == 1

    def test_says_what_changed_since_the_preview_and_performs_once(self, town):
        first, second, third = (town.applies() for _ in range(3))
        run = preview(town)
        applying.withdraw(application_id=first.id, actor=first.parent, now=NOW)
        officer = town.as_officer()
        address = reverse("officer.run-perform", args=[run.number])

        page = text(officer.get(address))
        assert first.number in page
        assert third.number in page
        answer = officer.post(address, follow=True)
        assert "Бөлу жүріп жатыр" in text(answer)
        assert 'http-equiv="refresh"' in text(answer)
        officer.post(address)
        assert tasks.ProcrastinateJob.objects.filter(task_name=tasks.PERFORM).count() == 1
        assert "Бөлу жүріп жатыр" in text(officer.get(reverse("officer.run-progress", args=[run.number])))
        work(town, run)
        work(town, run)

        run.refresh_from_db()
        assert (run.state, run.given) == ("PERFORMED", 2)
        assert Voucher.objects.count() == 2
        assert (second.state, third.state) == ("VOUCHER_OFFERED", "VOUCHER_OFFERED")
        assert officer.get(reverse("officer.run-progress", args=[run.number]))["HX-Refresh"] == "true"
        page = text(officer.get(reverse("officer.run", args=[run.number])))
        assert "Бөлу орындалды" in page
        protocol = protocols.protocol(run.number)
        assert protocol.joined == (third.number,)
        assert protocol.left == (first.number,)
        assert [row.number for row in protocols.served(run.number, start=0, size=9)] == [second.number, third.number]
        assert protocols.performed(territory_code=world.CITY)[0].number == run.number

    def test_a_preview_has_no_public_protocol(self, town):
        town.applies()

        assert protocols.protocol(preview(town).number) is None

    def test_the_same_preview_is_performed_once(self, town):
        town.applies()
        run = preview(town)

        for _ in range(2):
            distribution.perform_previewed(run_number=run.number, actor=town.officer, now=NOW)

        assert Voucher.objects.count() == 1
        assert JournalEntry.objects.filter(act="run-performed").count() == 1

    def test_runs_of_others_are_not_there(self, town):
        town.applies()
        run, other = preview(town), stranger()

        for name in ("officer.run", "officer.run-perform", "officer.run-progress"):
            assert other.get(reverse(name, args=[run.number])).status_code == 404, name
        assert other.post(reverse("officer.run-perform", args=[run.number])).status_code == 404
        assert other.post(reverse("officer.runs"), {"territory": world.CITY, "limit": ""}).status_code == 404
        assert town.as_officer().get(reverse("officer.run", args=[10**9])).status_code == 404
        assert "кезек жоқ" in text(other.get(reverse("officer.runs")))


def work(town: Town, run: DistributionRun) -> None:
    """What the worker does with the order."""
    officer = town.officer
    tasks.perform_run(
        run_number=run.number,
        account_id=officer.account_id,
        person_id=officer.person_id,
        territory_code=officer.territory_code,
    )


class TestLine:
    def test_shows_the_line_in_its_order_with_masked_names(self, town):
        second = town.applies(surname="МЫСАЛОВ", given_name="ТИМУР")
        first = town.applies(now=NOW - timedelta(days=3))
        page = text(town.as_officer().get(reverse("officer.queue")))

        assert page.index(first.number) < page.index(second.number)
        assert "Мысалов" not in page

    def test_a_filter_does_not_change_the_places(self, town):
        town.applies(now=NOW - timedelta(days=3), born_on=date(2022, 3, 3))
        second = town.applies()
        page = text(town.as_officer().get(reverse("officer.queue"), {"birth_year": "2023"}))

        row = page[page.index(second.number) :]
        assert "<b>2</b>" in row[:400]

    @pytest.mark.parametrize(
        "query",
        [
            {"category": "21"},
            {"language": "en"},
            {"tier": "PRIORITY"},
            {"kind": "SPECIAL"},
            {"number": "999"},
        ],
    )
    def test_filters_leave_others_out(self, town, query):
        case = town.applies()

        assert case.number not in text(town.as_officer().get(reverse("officer.queue"), query))

    @pytest.mark.parametrize(
        "query", [{"category": "abc"}, {"page": "999"}, {"sort": "-moment"}, {"sort": "x"}, {"kind": "x"}]
    )
    def test_nonsense_in_the_address_harms_nothing(self, town, query):
        case = town.applies()

        assert case.number in text(town.as_officer().get(reverse("officer.queue"), query))

    def test_a_foreign_line_is_not_there(self, town):
        town.applies()

        assert stranger().get(reverse("officer.queue"), {"territory": world.CITY}).status_code == 404

    @pytest.mark.parametrize("waiting", [2, 12])
    def test_costs_the_same_however_long_the_line(self, town, waiting, django_assert_max_num_queries):
        for _ in range(waiting):
            town.applies()
        officer = town.as_officer()

        # Three of them are the numbers in the menu, one asks the door of the waiting room.
        with django_assert_max_num_queries(27):
            officer.get(reverse("officer.queue"))


class TestCases:
    def test_finds_a_case_by_its_number(self, town):
        case = town.applies()
        officer = town.as_officer()

        found = officer.get(reverse("officer.journal"), {"number": f" {case.number} "})
        assert found["Location"] == reverse("officer.case", args=[case.number])
        assert "бақылау" in text(officer.get(reverse("officer.journal")))
        assert "Нөмір дұрыс емес" in text(officer.get(reverse("officer.journal"), {"number": "12345678"}))
        assert "мұндай өтініш жоқ" in text(stranger().get(reverse("officer.journal"), {"number": case.number}))

    def test_tells_everything_that_was_decided_in_plain_words(self, town):
        case = town.applies()
        town.run()
        case.chooses().is_sent().signs()
        page = text(town.as_officer().get(reverse("officer.case", args=[case.number]), {"tab": "history"}))

        for said in ("Өтініш берілді", "Ваучер берілді", "Орын таңдалды", "Шарт жіберілді", "Отбасы шартқа қол қойды"):
            assert said in page
        assert "Балдырған" in page
        assert JournalEntry.objects.filter(act="case-opened", application_id=case.id).count() == 1

    @pytest.mark.parametrize("prefix", ["", "/ru", "/en"])
    def test_speaks_three_languages(self, town, prefix):
        case = claim(town)
        officer = town.as_officer()

        for name, arguments in (
            ("officer.home", []),
            ("officer.contracts", []),
            ("officer.checks", []),
            ("officer.check", [case.number]),
            ("officer.queue", []),
            ("officer.runs", []),
            ("officer.journal", []),
            ("officer.case", [case.number]),
        ):
            with translation.override("kk"):
                address = reverse(name, args=arguments)
            text(officer.get(prefix + address))

    def test_every_act_of_a_case_has_its_words(self):
        acts = {move.name for lifecycle in _lifecycles() for move in lifecycle.moves}
        missing = {act for act in acts if not texts.knows(f"event.{act}")}

        assert missing == set()


def _lifecycles():
    from balabaqsha.applications.states import LIFECYCLES

    return LIFECYCLES.values()
