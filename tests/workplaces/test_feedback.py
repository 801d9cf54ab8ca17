"""What visitors write reaches the department, and its answer reaches them: inbox, SMS, e-mail, or the page of the message."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from balabaqsha.accounts import queries as accounts
from balabaqsha.gateways import registry
from balabaqsha.gateways.email.fake import InMemoryEmail
from balabaqsha.gateways.sms.fake import InMemorySms
from balabaqsha.kernel.actor import Role
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications import queries as inboxes
from balabaqsha.notifications.models import Delivery
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
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
