"""What a visitor may do without signing in: choose a region, write to the staff, check a paper."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from balabaqsha.accounts import rules
from balabaqsha.documents.models import MadeDocument, StoredFile
from balabaqsha.insight.tests import town
from balabaqsha.kernel.actor import ANONYMOUS
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.transparency import actions, feedback
from balabaqsha.transparency.models import Feedback

pytestmark = pytest.mark.django_db
MESSAGE = {"topic": "UNLAWFUL_DEMAND", "text": "Балабақша артық қағаз сұрады.", "contact": "a@example.kz"}
TOKEN = "Ab3_dEf6hIjKlMnOpQrStU"


class TestTheRegion:
    def test_is_the_first_city_until_another_is_chosen(self):
        client = Client()
        before = client.get("/").content.decode()

        answer = client.post("/location/", {"territory": "553200000", "next": "/queue/?kind=special"})

        assert "Павлодар қ. бүгін" in before
        assert answer["Location"] == "/queue/?kind=special"
        assert "Ақтоғай ауданы бүгін" in client.get("/").content.decode()

    @pytest.mark.parametrize(
        "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""]
    )
    def test_never_leads_elsewhere(self, target):
        answer = Client().post("/location/", {"territory": "551000000", "next": target})

        assert answer["Location"] == "/"

    def test_unknown_is_refused_and_a_forged_cookie_forgotten(self):
        client = Client()
        client.cookies["location"] = "999999999"

        assert client.post("/location/", {"territory": "999999999"}).status_code == 404
        assert "Павлодар қ. бүгін" in client.get("/").content.decode()


class TestFeedback:
    def test_reaches_the_staff_of_the_region_and_the_journal(self):
        answer = Client().post("/feedback/", MESSAGE, follow=True)

        [kept] = feedback.to_settle(Feedback.objects.filter(territory="551000000"))
        assert kept.number in answer.content.decode()
        assert (kept.topic, kept.text, kept.contact) == tuple(MESSAGE.values())
        [entry] = JournalEntry.objects.filter(act="feedback-sent")
        assert entry.facts == {"feedback": kept.number, "topic": "UNLAWFUL_DEMAND"}
        assert kept.token in answer.request["PATH_INFO"]

    def test_sent_twice_is_kept_once(self):
        client = Client()

        for _ in range(2):
            client.post("/feedback/", MESSAGE)

        assert Feedback.objects.count() == 1
        assert JournalEntry.objects.filter(act="feedback-sent").count() == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"text": ""},
            {"text": "қысқа"},
            {"topic": "X"},
            {"text": "х" * 3001},
            {"contact": "c" * 121},
            {"contact": "маған қоңырау шалыңыз"},
            {"website": "x"},
        ],
    )
    def test_with_a_mistake_keeps_what_was_typed(self, wrong):
        typed = MESSAGE | wrong

        html = Client().post("/feedback/", typed).content.decode()

        assert "errors" in html
        assert not Feedback.objects.exists()
        assert typed["contact"] in html
        assert typed["text"] in html

    def test_is_taken_only_so_often_from_one_address(self, monkeypatch):
        strict = rules.Limit(
            "messages-address", 1, rules.MESSAGES_OF_ADDRESS.window, rules.TooManyMessages, shared=True
        )
        monkeypatch.setattr(rules, "MESSAGES_OF_ADDRESS", strict)
        Client().post("/feedback/", MESSAGE)

        html = Client().post("/feedback/", MESSAGE | {"text": "Тағы бір хабар мәтіні"}).content.decode()

        assert "тым көп хабар" in html
        assert "Тағы бір хабар мәтіні" in html
        assert Feedback.objects.count() == 1

    @pytest.mark.parametrize(
        ("typed", "kept"), [("8 (701) 000-00-01", "+77010000001"), (" a@example.kz ", "a@example.kz"), ("", "")]
    )
    def test_keeps_a_contact_to_which_an_answer_can_be_sent(self, typed, kept):
        Client().post("/feedback/", MESSAGE | {"contact": typed})

        assert Feedback.objects.get().contact == kept

    def test_shows_its_answer_to_whoever_holds_its_address_alone(self):
        address = Client().post("/ru/feedback/", MESSAGE)["Location"]
        before = Client().get(address)
        kept = Feedback.objects.get()

        actions.settle_feedback(number=kept.number, answer="Мы ответили.", actor=town.OFFICER, now=datetime.now(UTC))

        assert "Мы ответили." not in before.content.decode()
        assert kept.contact in before.content.decode()
        assert "no-store" in before["Cache-Control"]
        assert '<div lang="ru"><p>Мы ответили.' in Client().get(address).content.decode()
        assert Client().get(f"/feedback/{'a' * 22}/").status_code == 404
        assert Client().get(f"/feedback/{kept.number}/").status_code == 404

    def test_is_settled_once(self):
        Client().post("/feedback/", MESSAGE)
        number = Feedback.objects.get().number

        first = actions.settle_feedback(number=number, answer="", actor=town.OFFICER, now=datetime.now(UTC))
        again = actions.settle_feedback(number=number, answer="Кеш жауап", actor=ANONYMOUS, now=datetime.now(UTC))

        assert (again.settled_at, again.answer) == (first.settled_at, "")
        assert again.settled_by_account_id == town.OFFICER.account_id
        assert JournalEntry.objects.filter(act="feedback-settled").count() == 1
        assert not OutboxFact.objects.exists()


class TestAPaper:
    @pytest.fixture
    def paper(self):
        stored = StoredFile.objects.create(sha256="a" * 64, size=1, media_type="application/pdf", created_at=town.NOW)
        return MadeDocument.objects.create(
            token=TOKEN,
            number="10-2026-1000014",
            kind="CONTRACT",
            file=stored,
            made_at=town.NOW,
            public_facts={"initials": "Ү. А. Н.", "masked_iin": "2306******23"},
        )

    def test_in_force_is_told_with_initials_by_its_token(self, paper):
        html = Client().get(f"/check/{TOKEN}").content.decode()

        assert "ол күшінде" in html
        assert "Ү. А. Н." in html
        assert "2306******23" in html

    def test_is_told_by_its_number_without_whose_it_is(self, paper):
        html = Client().get("/check/", {"document": " № 10-2026-1000014 "}).content.decode()

        assert "ол күшінде" in html
        assert "Ү. А. Н." not in html
        assert "2306" not in html

    def test_typed_as_an_address_leads_to_its_page(self, paper):
        answer = Client().get("/check/", {"document": f"https://portal.example/check/{TOKEN}"})

        assert answer["Location"] == f"/check/{TOKEN}"

    def test_that_ended_is_told_so(self, paper):
        paper.void_at = town.NOW
        paper.save()

        assert "күші жойылған" in Client().get(f"/check/{TOKEN}").content.decode()

    @pytest.mark.parametrize("address", [f"/check/{'x' * 22}", "/check/short", "/check/?document=xx", "/check/%00"])
    def test_unknown_is_told_clearly(self, address):
        answer = Client().get(address)

        assert answer.status_code == 404
        assert "мұндай құжат жасаған жоқ" in answer.content.decode()
