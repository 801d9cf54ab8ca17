"""«Арнайы бағыттағы»: the type, the conclusion from Arkotek or as a paper, the check, and the other line."""

from datetime import date

import pytest
from django.urls import reverse

from balabaqsha.applications.models import Application, ArkotekAnswer, Conclusion, Draft, KeptBeside
from balabaqsha.gateways import registry
from balabaqsha.gateways.arkotek.fake import InMemoryArkotek
from balabaqsha.journeys import contracts
from balabaqsha.journeys import special as journeys
from balabaqsha.kindergartens.models import Hold
from balabaqsha.law.lists import CaseRejection, CorrectionType
from balabaqsha.notifications import actions as notifications
from balabaqsha.record.models import JournalEntry
from balabaqsha.sandbox.authority import signing
from tests.families import home as homes
from tests.families import special
from tests.families.home import picture, says
from tests.signatures import making
from tests.workplaces import world


@pytest.fixture
def arkotek(home):
    fake = InMemoryArkotek(special.three(home.child.iin))
    with registry.replaced(arkotek=fake):
        yield fake


def told(home, number):
    return Conclusion.objects.get(child=home.child, number=number).id


class TestWizard:
    def test_makes_an_application_that_waits_for_its_check(self, home, arkotek):
        special.group_of(home)
        number = special.applies(home)

        made = home.application
        assert (made.kind, made.state, made.correction) == ("SPECIAL", "DOCUMENTS_CHECK", "SPEECH_SEVERE")
        check = made.documents_check
        assert check.decider == "PMPK"
        assert check.conclusion.number == "PMPK-2026-1"
        # Five working days from Wednesday.
        assert check.due_at == world.NOW.replace(day=25)
        sent = home.get("application.sent", number)
        assert says(sent, "Құжаттарды растауды күту")
        page = home.get("application.page", number)
        assert says(page, "Құжаттарды растауды күту")
        assert says(page, "Өтінішті ПМПК маманы")
        assert says(page, "Сөйлеу тілінің ауыр бұзылыстары")
        assert says(page, "№ PMPK-2026-1")
        # Health is no matter for the list of cards.
        assert not says(home.get("parent.applications"), "Сөйлеу тілінің ауыр бұзылыстары")
        assert says(home.get("parent.applications"), "Құжаттарды растауды күту")

    def test_asks_nothing_without_consent_and_keeps_consent_and_answer(self, home, arkotek):
        token = special.answers_up_to_conclusion(home)
        refused = home.answers(token, "conclusion", fetch="1")
        assert says(refused, "құсбелгі")
        assert arkotek.asked == []
        assert not ArkotekAnswer.objects.exists()

        home.answers(token, "conclusion", fetch="1", consent="on")
        assert arkotek.asked == [home.child.iin]
        kept = ArkotekAnswer.objects.get()
        assert (kept.child_id, kept.asked_by_id, kept.consented_at) == (home.child.id, home.mother.person_id, home.now)
        assert kept.reference == "fake-1"
        acts = list(JournalEntry.objects.filter(act__startswith="conclusion").order_by("id").values("act", "facts"))
        assert [one["act"] for one in acts] == ["conclusion-consent", "conclusion-told"]
        assert acts[1]["facts"] == {"child": home.child.id, "reference": "fake-1", "found": 3}

    def test_shows_what_was_told_and_resumes(self, home, arkotek):
        token = special.answers_up_to_conclusion(home)
        home.answers(token, "conclusion", fetch="1", consent="on")
        page = home.get("apply.step", token, "conclusion")

        for words in ("PMPK-2026-1", "PMPK-2026-2", "PMPK-2024-3", "Мерзімі өткен", "басқа түрі ұсынылған", "№ 2 ПМПК"):
            assert says(page, words)
        # One fits: no paper is asked beside it.
        assert not says(page, "Қорытындының файлы")
        home.later(minutes=1)
        assert says(home.get("apply.step", token, "conclusion"), "PMPK-2026-1")
        again = home.get("apply.step", token, "conclusion", query="?again")
        assert says(again, "Arkotek жүйесінен жүктеу")

    @pytest.mark.parametrize(
        ("number", "said"),
        [("PMPK-2026-2", "түзетудің басқа түрі ұсынылған"), ("PMPK-2024-3", "Қорытындының мерзімі 31.08.2025")],
    )
    def test_refuses_one_that_does_not_fit_beside_the_field(self, home, arkotek, number, said):
        token = special.answers_up_to_conclusion(home)
        home.answers(token, "conclusion", fetch="1", consent="on")
        refused = home.answers(token, "conclusion", conclusion=told(home, number))

        assert refused.status_code == 200
        assert says(refused, said)
        assert says(refused, 'id="id_conclusion-err"')

    def test_refuses_another_childs_conclusion_and_an_unknown_one_alike(self, home, arkotek):
        token = special.answers_up_to_conclusion(home)
        home.answers(token, "conclusion", fetch="1", consent="on")
        own = home.child
        home.another_child("АЙЫМ")
        arkotek.records.append(special.conclusion(home.child.iin, number="PMPK-OTHER"))
        other = special.answers_up_to_conclusion(home)
        home.answers(other, "conclusion", fetch="1", consent="on")

        foreign = home.answers(token, "conclusion", conclusion=told(home, "PMPK-OTHER"))
        unknown = home.answers(token, "conclusion", conclusion=999_999)
        for refused in (foreign, unknown):
            assert says(refused, "Бұл қорытынды басқа бала туралы")
        assert own.id != home.child.id

    def test_takes_a_paper_when_arkotek_is_silent(self, home, arkotek):
        arkotek.silent = True
        token = special.answers_up_to_conclusion(home)
        home.answers(token, "conclusion", fetch="1", consent="on")
        page = home.get("apply.step", token, "conclusion")
        assert says(page, "Arkotek жүйесі қазір жауап бермейді")

        empty = home.answers(token, "conclusion", conclusion="PAPER")
        assert says(empty, "Бұл өрісті толтырыңыз")
        stale = home.answers(
            token,
            "conclusion",
            conclusion="PAPER",
            paper=picture(),
            number="17",
            issued_on="01.10.2024",
            last_day="01.10.2025",
        )
        assert says(stale, "Қорытындының мерзімі 01.10.2025")
        assert says(stale, 'id="id_last_day-err"')
        assert says(stale, 'value="17"')
        early = home.answers(
            token, "conclusion", conclusion="PAPER", paper=picture(), number="17", issued_on="01.10.2027"
        )
        assert says(early, "әлі келген жоқ")
        backwards = home.answers(
            token,
            "conclusion",
            conclusion="PAPER",
            paper=picture(),
            number="17",
            issued_on="01.10.2026",
            last_day="01.09.2026",
        )
        assert says(backwards, "берілген күнінен бұрын")
        good = home.answers(
            token, "conclusion", conclusion="PAPER", paper=picture(), number="17", issued_on="01.10.2026"
        )
        assert good.status_code == 302
        special.answers_the_rest(home, token)
        assert home.post("apply.check", token).status_code == 302
        kept = home.application.documents_check.conclusion
        assert (kept.number, kept.answer, kept.upload_id is not None) == ("17", None, True)

    def test_without_any_conclusion_a_case_of_the_pmpk_is_not_taken(self, home, arkotek):
        arkotek.records = []
        token = special.answers_up_to_conclusion(home)
        home.answers(token, "conclusion", fetch="1", consent="on")
        page = home.get("apply.step", token, "conclusion")
        assert says(page, "қорытынды табылмады")
        assert not says(page, "Қорытынды жоқ")
        assert says(home.answers(token, "conclusion", conclusion="NONE"), "Тізімдегі нұсқалардың бірін таңдаңыз")
        assert says(home.answers(token, "conclusion"), "Бұл өрісті толтырыңыз")

    def test_the_phthisiatrician_needs_none(self, home, arkotek):
        arkotek.records = []
        special.applies(home, correction="TUBERCULOSIS")

        assert home.application.documents_check.decider == "PHTHISIATRICIAN"
        assert home.application.documents_check.conclusion is None

    def test_another_type_asks_for_the_conclusion_anew(self, home, arkotek):
        token = special.answers_up_to_conclusion(home)
        home.answers(token, "conclusion", fetch="1", consent="on")
        home.answers(token, "conclusion", conclusion=told(home, "PMPK-2026-1"))
        home.answers(token, "correction", correction="LOW_VISION")

        assert Draft.objects.get().answers["conclusion"] is None
        assert home.get("apply.check", token).url == reverse("apply.step", args=[token, "conclusion"])

    def test_one_that_ran_out_since_is_refused_at_sending(self, home, arkotek):
        token = special.answers_up_to_conclusion(home)
        home.answers(token, "conclusion", fetch="1", consent="on")
        home.answers(token, "conclusion", conclusion=told(home, "PMPK-2026-1"))
        special.answers_the_rest(home, token)
        Conclusion.objects.update(valid_until=date(2026, 11, 18))

        assert says(home.post("apply.check", token), "Қорытындының мерзімі 17.11.2026")
        assert not Application.objects.exists()

    def test_a_conclusion_of_the_other_parent_is_none(self, home, arkotek):
        token = special.answers_up_to_conclusion(home)
        home.answers(token, "conclusion", fetch="1", consent="on")
        fetched = told(home, "PMPK-2026-1")
        other = homes.relative()[0].person_id
        ArkotekAnswer.objects.update(asked_by_id=other)

        home.answers(token, "conclusion", conclusion=fetched)

        assert Draft.objects.get().answers["conclusion"] is None

    def test_wishes_only_kindergartens_with_groups_of_the_type(self, home, arkotek):
        own = f'<option value="{home.town.kindergarten.id}"'
        token = special.answers_up_to_conclusion(home)
        home.answers(token, "conclusion", fetch="1", consent="on")
        home.answers(token, "conclusion", conclusion=told(home, "PMPK-2026-1"))
        special.group_of(home, CorrectionType.LOW_VISION, name="Көру")
        special.answers_the_rest(home, token)
        page = home.get("apply.step", token, "wishes")
        assert own not in page.content.decode()
        assert says(page, "тобы бар балабақша әзірге жоқ")
        special.group_of(home)
        assert own in home.get("apply.step", token, "wishes").content.decode()

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_tells_of_every_type_who_decides_and_from_which_age(self, home, arkotek, language):
        token = special.answers_up_to_conclusion(home)
        prefix = "" if language == "kk" else f"/{language}"
        page = home.client.get(prefix + reverse("apply.step", args=[token, "correction"])).content.decode()
        assert page.count('name="correction"') == 13
        said = {
            "kk": ("фтизиатр-дәрігер", "3 жастан"),
            "ru": ("врач-фтизиатр", "с 3 лет"),
            "en": ("phthisiatrician", "3 years"),
        }
        assert all(words in page for words in said[language])


class TestAfterTheCheck:
    def test_confirmed_it_stands_in_line_and_the_words_are_those_of_001(self, home, arkotek):
        special.applies(home)
        doctor = special.decider()
        journeys.decide(
            application_id=home.application.id, verdict=journeys.Verdict(confirm=True), actor=doctor, now=home.now
        )
        notifications.tell_untold(now=home.now)

        assert home.state == "WAITING"
        assert says(home.get("parent.messages"), "Сіздің ваучер алу өтініміңіз расталды. Кезектегі орныңыз: 1")
        assert says(home.get("application.page", home.number), "Кезектегі орныңыз")

    def test_rejected_the_family_reads_why_and_by_whom(self, home, arkotek):
        number = special.applies(home)
        doctor = special.decider()
        verdict = journeys.Verdict(False, because=CaseRejection.NO_INDICATION, note="Логопедке қайта барыңыз.")
        journeys.decide(application_id=home.application.id, verdict=verdict, actor=doctor, now=home.now)
        notifications.tell_untold(now=home.now)

        assert (home.state, home.application.reason) == ("ARCHIVED", "REJECTED")
        inbox = home.get("parent.messages")
        assert says(inbox, "Сіздің ваучер алу өтініміңіз қызметкер тарапынан қабылданбады: ")
        assert says(inbox, "Мұндай топқа көрсетілім жоқ: Логопедке қайта барыңыз.")
        page = home.get("application.page", number)
        assert says(page, "Мұндай топқа көрсетілім жоқ: Логопедке қайта барыңыз.")
        assert says(page, "Шешім шығарған қызметкер")
        # Mended, it may be sent again.
        special.applies(home)
        assert home.state == "DOCUMENTS_CHECK"


class TestTheRun:
    def test_gives_by_type_of_correction_and_tells_the_department_so(self, home, arkotek):
        special.group_of(home, places=1)
        special.applies(home)
        served = home.application
        home.another_child("АЙЫМ")
        arkotek.records.append(
            special.conclusion(home.child.iin, number="PMPK-V", correction=CorrectionType.LOW_VISION)
        )
        special.applies(home, correction="LOW_VISION")
        passed, doctor, confirm = home.application, special.decider(), journeys.Verdict(confirm=True)
        for one in (served, passed):
            journeys.decide(application_id=one.id, verdict=confirm, actor=doctor, now=home.now)

        officer = home.town.as_officer()
        made = officer.post(reverse("officer.runs"), {"territory": world.CITY, "limit": ""})
        page = officer.get(made.url)
        assert says(page, "2023, Сөйлеу тілінің ауыр бұзылыстары")
        assert says(page, f">{served.number}<")
        assert says(officer.get(made.url + "?list=passed"), f">{passed.number}<")
        home.town.run(now=home.now)
        served.refresh_from_db()
        passed.refresh_from_db()
        assert (served.state, passed.state) == ("VOUCHER_OFFERED", "WAITING")

    def test_in_a_linear_territory_the_confirmed_have_their_turn_by_type(self, home, arkotek):
        home.linear()
        special.group_of(home, places=1)
        number = special.applies(home)
        assert home.state == "DOCUMENTS_CHECK"
        journeys.decide(
            application_id=home.application.id,
            verdict=journeys.Verdict(confirm=True),
            actor=special.decider(),
            now=home.now,
        )
        assert Application.objects.get(number=number).state == "TURN_OFFERED"


class TestBothLines:
    @pytest.fixture
    def both(self, home, arkotek):
        """A place chosen in the general line, an application that waits in the special one."""
        general = home.chooses()
        number = special.applies(home)
        return general, number

    def test_a_place_in_one_asks_what_becomes_of_the_other_and_keeps_both_until_then(self, home, both):
        general, number = both
        page = home.get("application.page", general)
        assert says(page, "Екінші кезекті шешу")
        question = home.get("application.other-line", general)
        assert says(question, f"№ {number}")
        assert says(home.post("application.other-line", general), "Бұл өрісті толтырыңыз")
        assert Application.objects.get(number=number).state == "DOCUMENTS_CHECK"
        # The one without a place asks nothing.
        assert not says(home.get("application.page", number), "Екінші кезекті шешу")

    def test_withdrawing_ends_the_other_only(self, home, both):
        general, number = both
        home.post("application.other-line", general, answer="withdraw")

        assert Application.objects.get(number=number).reason == "WITHDRAWN"
        assert Application.objects.get(number=general).state == "CONTRACT_AWAITED"
        assert home.get("application.other-line", general).status_code == 302

    def test_keeping_is_written_down_and_not_asked_again(self, home, both):
        general, number = both
        home.post("application.other-line", general, answer="keep")

        assert KeptBeside.objects.count() == 1
        assert Application.objects.get(number=number).state == "DOCUMENTS_CHECK"
        assert not says(home.get("application.page", general), "Екінші кезекті шешу")
        assert home.post("application.other-line", general, answer="keep").status_code == 302
        assert KeptBeside.objects.count() == 1

    def test_enrolled_by_the_other_line_too_the_child_leaves_the_first_place(self, home, arkotek):
        group = special.group_of(home)
        special.applies(home)
        case = world.Case(home.town, home.mother, home.application.id)
        general = home.is_enrolled()
        confirm = journeys.Verdict(confirm=True)
        journeys.decide(application_id=case.id, verdict=confirm, actor=special.decider(), now=home.now)
        home.town.run(now=home.now)
        case.chooses(group).is_sent().signs()
        content = case.document()

        contracts.sign_by_kindergarten(
            application_id=case.id,
            sign=lambda contract: making.keep_signature(
                content=content,
                cms=signing.sign(content, world.key(world.HEAD.text, world.BIN), signed_at=home.now),
                expected_bin=world.BIN,
                document_kind="contract",
                document_id=contract.id,
                actor=home.town.head,
                now=home.now,
            ),
            actor=home.town.head,
            now=home.now,
        )

        left = Application.objects.get(number=general)
        assert (case.state, left.state, left.reason) == ("ENROLLED", "ARCHIVED", "LEFT")
        assert not Hold.objects.filter(place__group=home.town.group, ended_at=None).exists()
