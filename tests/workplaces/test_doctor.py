"""The workplace of those who decide special applications: lists, a case, the decision, the opinion of a colleague."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.applications.models import Application, ArkotekAnswer, Conclusion, DocumentsCheck, SecondOpinion
from balabaqsha.applications.states import Kind
from balabaqsha.documents.models import Upload
from balabaqsha.journeys import applying, special
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.law.lists import CorrectionType, DocumentKind
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry, OutboxFact
from tests.workplaces import world
from tests.workplaces.world import client_of


@pytest.fixture
def pmpk(town) -> Actor:
    return world.staff(made_up_iin(date(1979, 4, 4), serial=410), Role.PMPK_OFFICER, territory_code=world.CITY)


@pytest.fixture
def phthisiatrician(town) -> Actor:
    return world.staff(made_up_iin(date(1979, 5, 5), serial=420), Role.DOCTOR, territory_code=world.CITY)


def applies(town, correction=CorrectionType.SPEECH_SEVERE, *, says=None, now=world.NOW, **child) -> Application:
    """A family applies for the special line on a paper of its own that says `says`."""
    parent, person = town.family(**child)
    upload = town.upload(parent, person, DocumentKind.PMPK_CONCLUSION, world.picture())
    conclusion = Conclusion.objects.create(
        child=person,
        upload_id=upload,
        number="17",
        correction=(says or correction).value,
        issued_on=date(2026, 10, 1),
        valid_until=date(2027, 10, 1),
        kept_at=now,
    )
    filing = applying.Filing(
        child_id=person.id,
        applicant_id=parent.person_id,
        born_on=person.born_on,
        kind=Kind.SPECIAL,
        territory_code=world.CITY,
        correction=correction.value,
        conclusion_id=conclusion.id,
    )
    return applying.apply(filing=filing, actor=parent, now=now)


def url(name: str, application: Application, *more: str) -> str:
    return reverse(name, args=[application.number, *more])


def text(answer) -> str:
    return answer.content.decode()


class TestTheList:
    def test_holds_the_own_types_only_the_soonest_due_first(self, town, pmpk, phthisiatrician, edge):
        late = applies(town)
        edge.moment += timedelta(minutes=1)
        fresh = applies(town, CorrectionType.DEAF)
        sanatorium = applies(town, CorrectionType.OFTEN_ILL)
        DocumentsCheck.objects.filter(application=late).update(due_at=world.NOW - timedelta(hours=1))

        page = text(client_of(pmpk).get(reverse("doctor.cases")))
        assert page.index(late.number) < page.index(fresh.number)
        assert sanatorium.number not in page
        assert "Мерзімі өткен өтініштер: 1" in page
        assert "ҮЛГІБАЙ" not in page
        other = text(client_of(phthisiatrician).get(reverse("doctor.cases")))
        assert sanatorium.number in other
        assert late.number not in other

    def test_is_filtered(self, town, pmpk):
        one, other = applies(town), applies(town, CorrectionType.DEAF)
        page = text(client_of(pmpk).get(reverse("doctor.cases") + "?correction=DEAF"))
        assert other.number in page
        assert one.number not in page

    def test_asks_as_many_questions_for_many_cases_as_for_one(self, town, pmpk):
        client = client_of(pmpk)
        applies(town)
        with CaptureQueriesContext(connection) as few:
            client.get(reverse("doctor.cases"))
        for _ in range(4):
            applies(town)
        with CaptureQueriesContext(connection) as many:
            client.get(reverse("doctor.cases"))
        assert len(many) <= len(few)


class TestACase:
    def test_shows_what_is_asked_beside_what_the_conclusion_says_and_notes_the_reading(self, town, pmpk):
        made = applies(town, says=CorrectionType.DEAF)
        page = text(client_of(pmpk).get(url("doctor.case", made)))

        assert "Сөйлеу тілінің ауыр бұзылыстары" in page
        assert "Естімейтін балалар" in page
        assert "Сәйкес емес" in page
        assert "Отбасы тіркеген файл" in page
        assert made.child.iin in page
        read = JournalEntry.objects.filter(act="case-opened", application_id=made.id).get()
        assert (read.actor["role"], read.facts) == ("PMPK_OFFICER", {"page": "special-case"})

    def test_says_who_told_it_where_arkotek_did(self, town, pmpk):
        parent, person = town.family()
        answer = ArkotekAnswer.objects.create(
            child=person, asked_by_id=parent.person_id, consented_at=world.NOW, asked_at=world.NOW, reference="r-77"
        )
        told = Conclusion.objects.create(
            child=person,
            answer=answer,
            number="9",
            correction="DEAF",
            issued_on=date(2026, 1, 1),
            issued_by_kk="№ 2 ПМПК",
            issued_by_ru="ПМПК № 2",
            advice_kk="Ұсыныс",
            advice_ru="Совет",
            kept_at=world.NOW,
        )
        filing = applying.Filing(
            child_id=person.id,
            applicant_id=parent.person_id,
            born_on=person.born_on,
            kind=Kind.SPECIAL,
            territory_code=world.CITY,
            correction="DEAF",
            conclusion_id=told.id,
        )
        made = applying.apply(filing=filing, actor=parent, now=world.NOW)
        page = text(client_of(pmpk).get(url("doctor.case", made)))
        assert "r-77" in page
        assert "мерзімсіз" in page
        assert "№ 2 ПМПК" in page

    def test_opens_only_the_papers_that_the_check_needs(self, town, pmpk, phthisiatrician):
        made = applies(town)
        parent = Actor(role=Role.PARENT, person_id=made.applicant_id)
        certificate = town.upload(parent, made.child, DocumentKind.FORM_027, world.picture())
        client = client_of(pmpk)
        conclusion = Upload.objects.get(id=made.documents_check.conclusion.upload_id)
        assert client.get(url("doctor.paper", made, conclusion.token)).status_code == 200
        assert client.get(url("doctor.paper", made, Upload.objects.get(id=certificate).token)).status_code == 404
        # The phthisiatrician looks at the health certificate too; another's case is not found.
        assert client_of(phthisiatrician).get(url("doctor.paper", made, conclusion.token)).status_code == 404
        own = applies(town, CorrectionType.TUBERCULOSIS)
        health = town.upload(
            Actor(role=Role.PARENT, person_id=own.applicant_id), own.child, DocumentKind.FORM_027, world.picture()
        )
        token = Upload.objects.get(id=health).token
        assert client_of(phthisiatrician).get(url("doctor.paper", own, token)).status_code == 200
        assert JournalEntry.objects.filter(facts__page="paper", facts__upload=health).exists()

    def test_is_nobody_elses(self, town, pmpk, phthisiatrician):
        made = applies(town)
        elsewhere = world.staff(
            made_up_iin(date(1979, 6, 6), serial=430), Role.PMPK_OFFICER, territory_code=world.OTHER_CITY
        )
        for who in (phthisiatrician, elsewhere, town.officer, town.head):
            for name in ("doctor.case", "doctor.ask", "doctor.answer"):
                assert client_of(who).get(url(name, made)).status_code == 404
        assert not JournalEntry.objects.filter(act="case-opened").exists()
        # Nor is a case of the department the doctor's.
        assert client_of(pmpk).get(reverse("officer.case", args=[made.number])).status_code == 404
        assert client_of(pmpk).get(reverse("officer.checks")).status_code == 404


class TestTheDecision:
    def test_confirms_and_opens_the_next(self, town, pmpk):
        first, second = applies(town), applies(town)
        answer = client_of(pmpk).post(url("doctor.case", first), {"verdict": "confirm"})

        first.refresh_from_db()
        assert first.state == "WAITING"
        assert answer.url == url("doctor.case", second)
        check = first.documents_check
        assert (check.confirmed, check.decided_by_account_id) == (True, pmpk.account_id)
        assert OutboxFact.objects.get(application_id=first.id, fact="documents-confirmed").facts == {"place": 1}

    def test_rejects_with_a_reason_of_the_list(self, town, pmpk):
        made = applies(town)
        client = client_of(pmpk)
        refused = client.post(url("doctor.case", made), {"verdict": "reject", "note": "Сөз сақталады"})
        assert "Растамау себебін тізімнен таңдаңыз" in text(refused)
        assert "Сөз сақталады" in text(refused)
        assert "Бұл өрісті толтырыңыз" in text(client.post(url("doctor.case", made), {}))

        answer = client.post(url("doctor.case", made), {"verdict": "reject", "because": "OTHER_TYPE", "note": "  "})
        made.refresh_from_db()
        assert (made.state, made.reason) == ("ARCHIVED", "REJECTED")
        assert answer.url == reverse("doctor.cases")
        told = OutboxFact.objects.get(application_id=made.id, fact="documents-rejected").facts
        assert told == {"reason": "OTHER_TYPE", "employee": pmpk.person_id}
        decided = text(client.get(reverse("doctor.decided")))
        assert made.number in decided
        assert "түзетудің басқа түрі" in decided

    def test_of_two_who_decide_the_second_is_told(self, town, pmpk):
        made = applies(town)
        colleague = world.staff(made_up_iin(date(1979, 7, 7), serial=440), Role.PMPK_OFFICER, territory_code=world.CITY)
        client_of(pmpk).post(url("doctor.case", made), {"verdict": "confirm"})
        answer = client_of(colleague).post(url("doctor.case", made), {"verdict": "reject", "because": "INCOMPLETE"})

        assert answer.url == reverse("doctor.cases")
        made.refresh_from_db()
        assert made.state == "WAITING"
        with pytest.raises(special.DecidedAlready):
            special.decide(
                application_id=made.id, verdict=special.Verdict(confirm=False), actor=colleague, now=world.NOW
            )
        assert DocumentsCheck.objects.get(application=made).decided_by_account_id == pmpk.account_id

    def test_of_what_the_family_withdrew_is_told(self, town, pmpk):
        made = applies(town)
        applying.withdraw(
            application_id=made.id, actor=Actor(role=Role.PARENT, person_id=made.applicant_id), now=world.NOW
        )
        client = client_of(pmpk)
        assert client.get(url("doctor.case", made)).url == reverse("doctor.cases")
        assert made.number not in text(client.get(reverse("doctor.cases")))

    def test_ten_cases_go_through_without_a_mouse_or_script(self, town, pmpk):
        """Each decision leads to the next case: a plain form, sent ten times."""
        for _ in range(10):
            applies(town)
        client = client_of(pmpk)
        address = reverse("doctor.case", args=[Application.objects.order_by("id")[0].number])
        for _ in range(10):
            address = client.post(address, {"verdict": "confirm"}).url
        assert address == reverse("doctor.cases")
        assert Application.objects.filter(state="WAITING").count() == 10


class TestTheSecondOpinion:
    @pytest.fixture
    def colleague(self, town) -> Actor:
        return world.staff(
            made_up_iin(date(1979, 8, 8), serial=450), Role.PMPK_OFFICER, territory_code=world.OTHER_CITY
        )

    def ask(self, who, made, colleague, question="Күрделі бұзылыс емес пе?"):
        return client_of(who).post(
            url("doctor.ask", made), {"colleague": colleague.account_id, "question": question}, follow=True
        )

    def test_is_asked_answered_and_does_not_decide(self, town, pmpk, colleague):
        made = applies(town)
        assert "Сұрақ жіберілді" in text(self.ask(pmpk, made, colleague))
        other = client_of(colleague)
        assert made.number in text(other.get(reverse("doctor.opinions")))
        page = text(other.get(url("doctor.answer", made)))
        assert "Күрделі бұзылыс емес пе?" in page
        assert made.child.iin in page
        assert JournalEntry.objects.filter(facts__page="special-opinion", actor__account=colleague.account_id).exists()
        short = other.post(url("doctor.answer", made), {"advice": "reject", "words": "жоқ"})
        assert 'id="id_words-err"' in text(short)

        answer = other.post(
            url("doctor.answer", made), {"advice": "reject", "words": "Күрделі топ керек деп ойлаймын."}
        )
        assert answer.url == reverse("doctor.opinions")
        made.refresh_from_db()
        assert made.state == "DOCUMENTS_CHECK"
        assert "Күрделі топ керек деп ойлаймын." in text(client_of(pmpk).get(url("doctor.case", made)))
        # Answered, the case is no concern of theirs any more.
        assert other.get(url("doctor.answer", made)).status_code == 404
        assert made.number not in text(other.get(reverse("doctor.opinions")))

    def test_the_colleague_may_not_decide(self, town, pmpk, colleague):
        made = applies(town)
        self.ask(pmpk, made, colleague)
        assert client_of(colleague).post(url("doctor.case", made), {"verdict": "confirm"}).status_code == 404
        made.refresh_from_db()
        assert made.state == "DOCUMENTS_CHECK"

    def test_one_question_at_a_time_and_none_to_oneself_or_another_office(self, town, pmpk, colleague, phthisiatrician):
        made = applies(town)
        self.ask(pmpk, made, colleague)
        assert "сұралған" in text(self.ask(pmpk, made, colleague))
        for wrong in (pmpk, phthisiatrician):
            assert "Тізімдегі нұсқалардың бірін таңдаңыз" in text(self.ask(pmpk, made, wrong))
        assert SecondOpinion.objects.count() == 1

    def test_is_refused_below_the_page_too(self, town, pmpk, colleague, phthisiatrician):
        """The act itself looks who is asked: an account without a role, of another office, or the asker."""
        made = applies(town)
        parent = world.staff(made_up_iin(date(1978, 8, 8), serial=460), Role.SUPPORT)
        for wrong in (pmpk, phthisiatrician, parent):
            with pytest.raises(special.NoColleague):
                special.ask(
                    application_id=made.id,
                    colleague_id=wrong.account_id,
                    question="Күрделі бұзылыс емес пе?",
                    decides=partial(accounts.decides, now=world.NOW),
                    actor=pmpk,
                    now=world.NOW,
                )
        assert not SecondOpinion.objects.exists()

    def test_ends_with_the_decision(self, town, pmpk, colleague):
        made = applies(town)
        self.ask(pmpk, made, colleague)
        client_of(pmpk).post(url("doctor.case", made), {"verdict": "confirm"})
        assert client_of(colleague).get(url("doctor.answer", made)).status_code == 404
        with pytest.raises(special.DecidedAlready):
            special.answer(application_id=made.id, confirms=True, words="Иә", actor=colleague, now=world.NOW)

    def test_ends_when_the_family_withdraws(self, town, pmpk, colleague):
        made = applies(town)
        self.ask(pmpk, made, colleague)
        parent = Actor(role=Role.PARENT, person_id=made.applicant_id)
        applying.withdraw(application_id=made.id, actor=parent, now=world.NOW)
        assert client_of(colleague).get(url("doctor.answer", made)).status_code == 404
        assert made.number not in text(client_of(colleague).get(reverse("doctor.opinions")))

    def test_is_told_to_whoever_has_no_colleague(self, town, pmpk):
        made = applies(town)
        assert "Әріптес табылмады" in text(client_of(pmpk).get(url("doctor.ask", made)))
        assert RoleGrant.objects.filter(role="PMPK_OFFICER").count() == 1
