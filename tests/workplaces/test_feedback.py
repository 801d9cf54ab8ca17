"""What visitors write reaches the department, and its answer reaches them: inbox, SMS, e-mail, or the page of the message."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from balabaqsha.accounts import queries as accounts
from balabaqsha.gateways import registry
from balabaqsha.gateways.email.fake import InMemoryEmail
from balabaqsha.gateways.sms.fake import InMemorySms
from balabaqsha.kernel.actor import Role
from balabaqsha.locale import written
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications import queries as inboxes
from balabaqsha.notifications.models import Delivery
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from balabaqsha.transparency import actions as transparency
from balabaqsha.transparency import feedback
from balabaqsha.transparency.models import Feedback
from tests.families import home as homes
from tests.workplaces import world
from tests.workplaces.world import NOW

WORDS = "Балабақша артық қағаз сұрады, не істеймін?"
ANSWER = "Тізімнен тыс қағаз талап етуге болмайды, балабақшаға хабарластық."
BASE = "https://portal.example"


def writes(contact: str = "", *, client: Client | None = None, language: str = "") -> Feedback:
    """Somebody fills in the feedback form."""
    typed = {"topic": "UNLAWFUL_DEMAND", "text": WORDS, "contact": contact}
    with translation.override("kk"):
        answer = (client or Client()).post(f"{language}/feedback/", typed)
    assert answer.status_code == 302, answer.content.decode()
    return Feedback.objects.latest("id")


def answers(town: world.Town, kept: Feedback, words: str = ANSWER, verdict: str = "answer"):
    address = reverse("officer.feedback-message", args=[kept.number])
    return town.as_officer().post(address, {"verdict": verdict, "answer": words}, follow=True)


def delivered() -> tuple[list, list]:
    """What the worker does; returns the short messages and letters that went out."""
    sms, email = InMemorySms(), InMemoryEmail()
    with registry.replaced(sms=sms, email=email):
        notifications.tell_untold(now=NOW)
        notifications.deliver(language_of=accounts.language_of, reply_to=feedback.reply_to, base_url=BASE, now=NOW)
    return sms.sent, email.sent


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


class TestTheDepartment:
    def test_sees_new_messages_without_their_words(self, town):
        kept = writes("701 000 00 01")
        officer = town.as_officer()
        page = text(officer.get(reverse("officer.feedback")))

        assert kept.number in page
        assert "Балабақшаның заңсыз талабы" in page
        assert WORDS not in page
        assert kept.contact not in page
        assert f'<dd><a href="{reverse("officer.feedback")}">1</a></dd>' in text(officer.get(reverse("officer.home")))

    def test_opens_one_and_that_is_journalled(self, town):
        kept = writes("701 000 00 01", language="/ru")
        page = text(town.as_officer().get(reverse("officer.feedback-message", args=[kept.number])))

        assert WORDS in page
        assert "+7 (701) 000-00-01" in page
        assert "орысша" in page
        entry = JournalEntry.objects.get(act="feedback-opened")
        assert (entry.facts["feedback"], entry.actor["account"]) == (kept.number, town.officer.account_id)
        assert kept.contact not in str(entry.facts)

    @pytest.mark.parametrize("words", ["", "  жоқ  ", "х" * 3001])
    def test_answers_nothing_without_words_and_loses_none(self, town, words):
        kept = writes()
        page = text(answers(town, kept, words))

        assert "errors-title" in page
        assert words.strip() in page
        assert Feedback.objects.get().settled_at is None

    def test_finds_what_another_officer_did_first(self, town):
        kept = writes()
        answers(town, kept)

        page = text(answers(town, kept, "Басқа жауап, тым кеш келген."))

        assert "басқа қызметкер қарап қойған" in page
        assert Feedback.objects.get().answer == ANSWER

    def test_closes_what_needs_no_answer(self, town):
        kept = writes("a@example.kz")
        answers(town, kept, "", verdict="close")
        page = text(town.as_officer().get(reverse("officer.feedback"), {"tab": "answered"}))

        assert "Жауапсыз жабылды" in page
        assert delivered() == ([], [])
        assert "жабылды" in text(Client().get(reverse("public.feedback", args=[kept.token])))

    def test_of_another_city_sees_nothing(self, town):
        kept = writes()
        iin = made_up_iin(date(1983, 4, 4), serial=801)
        stranger = world.client_of(world.staff(iin, Role.OFFICER, territory_code=world.OTHER_CITY))

        assert kept.number not in text(stranger.get(reverse("officer.feedback")))
        address = reverse("officer.feedback-message", args=[kept.number])
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {"verdict": "answer", "answer": ANSWER}).status_code == 404
        assert town.as_head().get(reverse("officer.feedback")).status_code == 404


class TestAComplaint:
    def test_goes_to_the_department_of_the_kindergarten_and_not_to_the_kindergarten(self, town):
        row, _ = world.kindergarten_of("elsewhere", "120340009999", "Аққу", world.OTHER_CITY)
        typed = {"topic": "COMPLAINT", "text": WORDS, "kindergarten": row.code}

        answer = Client().post(f"/feedback/?kindergarten={row.code}", typed, follow=True)

        kept = Feedback.objects.get()
        assert (kept.territory_id, kept.kindergarten_id, kept.contact) == (world.OTHER_CITY, row.id, "")
        assert "«Аққу» бөбекжай-бақшасы" in text(answer)
        assert kept.number not in text(town.as_officer().get(reverse("officer.feedback")))
        iin = made_up_iin(date(1983, 4, 4), serial=801)
        theirs = world.client_of(world.staff(iin, Role.OFFICER, territory_code=world.OTHER_CITY))
        assert "«Аққу» бөбекжай-бақшасы" in text(theirs.get(reverse("officer.feedback")))
        head = world.staff(made_up_iin(date(1984, 4, 4), serial=803), Role.KINDERGARTEN_HEAD, kindergarten_id=row.id)
        address = reverse("officer.feedback-message", args=[kept.number])
        assert world.client_of(head).get(address).status_code == 404

    def test_says_beside_the_field_that_the_kindergarten_is_missing(self, town):
        page = text(Client().post("/feedback/", {"topic": "COMPLAINT", "text": WORDS, "kindergarten": ""}))

        assert "Шағым қай балабақшаға қатысты екенін таңдаңыз." in page
        assert WORDS in page
        assert not Feedback.objects.exists()

    def test_of_a_kindergarten_that_is_not_in_the_list_is_refused(self, town):
        page = text(Client().post("/feedback/", {"topic": "COMPLAINT", "text": WORDS, "kindergarten": "no-such"}))

        assert "errors-title" in page
        assert not Feedback.objects.exists()


class TestTheTerm:
    def test_is_fifteen_working_days_by_the_code(self, town):
        kept = writes()

        # From Wednesday 18 November 2026 on; nobody works on 16 December.
        assert kept.due_at == datetime(2026, 12, 9, 5, 0, tzinfo=UTC)
        assert kept.due_term == "feedback.answer@2020-01-01"
        page = text(Client().get(reverse("public.feedback", args=[kept.token])))
        assert f"дейін беріледі: {written.moment(kept.due_at)}" in page
        assert written.moment_long(kept.due_at, "kk") in text(
            town.as_officer().get(reverse("officer.feedback-message", args=[kept.number]))
        )

    def test_once_over_is_told_to_the_ministry_which_saw_nothing_before(self, town, edge):
        kept, late = writes(), writes("a@example.kz")
        answers(town, late)
        minister = world.staff(made_up_iin(date(1981, 4, 4), serial=805), Role.MINISTRY)
        ministry = world.client_of(minister)
        address = reverse("officer.feedback-message", args=[kept.number])
        assert transparency.escalate_feedback(now=kept.due_at) == 0
        assert ministry.get(address).status_code == 404

        edge.moment = kept.due_at + timedelta(seconds=1)
        ministry = world.client_of(minister, moment=edge.moment)
        told = [transparency.escalate_feedback(now=edge.moment) for _ in range(2)]

        assert told == [1, 0]
        assert [entry.facts["feedback"] for entry in JournalEntry.objects.filter(act="feedback-overdue")] == [
            kept.number
        ]
        assert kept.number in text(ministry.get(reverse("officer.feedback")))
        assert WORDS in text(ministry.get(address))
        assert late.number not in text(ministry.get(reverse("officer.feedback"), {"tab": "answered"}))
        assert kept.number in text(
            world.client_of(town.officer, moment=edge.moment).get("/department/feedback/?tab=overdue")
        )

    def test_lists_cost_the_same_however_many_wait(self, town, django_assert_max_num_queries):
        officer = town.as_officer()
        writes()
        text(officer.get(reverse("officer.feedback")))
        with CaptureQueriesContext(connection) as counted:
            text(officer.get(reverse("officer.feedback")))
        few = len(counted)
        for serial in range(5):
            writes(f"a{serial}@example.kz")

        with django_assert_max_num_queries(few):
            text(officer.get(reverse("officer.feedback")))


class TestStatistics:
    def test_are_of_the_territory_and_below_and_public(self, town, edge):
        in_time, late, closed, waits = (writes(f"a{serial}@example.kz") for serial in range(4))
        answers(town, in_time)
        answers(town, closed, "", verdict="close")
        edge.moment = late.due_at + timedelta(days=1)
        officer = world.client_of(town.officer, moment=edge.moment)
        officer.post(reverse("officer.feedback-message", args=[late.number]), {"verdict": "answer", "answer": ANSWER})

        page = text(officer.get(reverse("officer.feedback-statistics")))
        public = text(Client().get("/feedback/statistics/"))

        assert Feedback.objects.get(id=waits.id).settled_at is None
        for shown in (page, public):
            assert "33 % мерзімінде" in shown
            assert "11.2026" in shown
            assert WORDS not in shown
        stranger = world.staff(made_up_iin(date(1983, 4, 4), serial=801), Role.OFFICER, territory_code=world.OTHER_CITY)
        assert "11.2026" not in text(
            world.client_of(stranger, moment=edge.moment).get("/department/feedback/statistics/")
        )
        head = world.client_of(town.head, moment=edge.moment)
        assert head.get("/department/feedback/statistics/").status_code == 404


class TestTheAnswer:
    def test_goes_to_a_telephone_in_the_language_of_the_message(self, town):
        kept = writes("8 701 000 00 01", language="/ru")
        answers(town, kept)

        [sent], letters = delivered()

        assert sent.phone == "+77010000001"
        assert sent.text == f"На Ваше сообщение № {kept.number} дан ответ: {BASE}/feedback/{kept.token}/"
        assert letters == []

    def test_goes_to_an_address_with_its_words(self, town):
        kept = writes("a@example.kz")
        answers(town, kept)

        sent, [letter] = delivered()

        assert sent == []
        assert letter["To"] == "a@example.kz"
        assert ANSWER in letter.get_content()
        assert f"{BASE}/feedback/{kept.token}/" in letter.get_content()

    def test_is_sent_once_however_often_the_worker_runs(self, town):
        answers(town, writes("a@example.kz"))

        assert [len(delivered()[1]) for _ in range(3)] == [1, 0, 0]
        assert Delivery.objects.count() == 1

    def test_comes_to_the_inbox_of_a_parent_who_is_not_asked_for_a_contact(self, town):
        parent, _ = town.family()
        mother = homes.with_account(parent, phone="+77010000009")
        client = world.client_of(mother)
        assert 'name="contact"' not in text(client.get("/feedback/"))
        kept = writes(client=client)
        answers(town, kept)

        [sent], _ = delivered()

        [entry] = inboxes.inbox(mother.person_id, language="kk", base_url=BASE)
        assert entry.text == f"№ {kept.number} хабарыңызға жауап: {ANSWER}"
        assert sent.phone == "+77010000009"

    def test_stays_on_the_page_where_no_contact_was_left(self, town):
        kept = writes()
        answers(town, kept)

        assert delivered() == ([], [])
        assert ANSWER in text(Client().get(reverse("public.feedback", args=[kept.token])))
