"""The papers beside an application: made with sending and on request, shown, checked by anybody, ended with the case."""

import io

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.documents import queries as documents
from balabaqsha.documents.models import MadeDocument
from balabaqsha.documents.papers import PaperHasWarnings
from balabaqsha.journeys import papers
from balabaqsha.law.lists import DocumentKind
from balabaqsha.record.models import JournalEntry
from tests.families import home as homes
from tests.families.home import says

EXTRACT, CARD, NOTICE = DocumentKind.REGISTER_EXTRACT, DocumentKind.CHILD_CARD, DocumentKind.VOUCHER_NOTICE


def newest(home, kind):
    return documents.made_of(application_id=home.application.id, kind=kind)[0]


def words(home, made):
    answer = home.get("parent.made", made.token)
    pages = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


class TestSending:
    def test_brings_the_notices_and_the_extract(self, home):
        number = home.applies()

        made = documents.made_of(application_id=home.application.id)
        assert {one.kind for one in made} == set(papers.AT_SENDING)
        page = home.get("application.page", number)
        for one in made:
            assert says(page, one.number)
            text = words(home, one)
            assert number in text
            assert home.child.iin in text

    def test_says_which_papers_were_received(self, home):
        home.applies(benefit={"benefit": "TEACHER", "paper": homes.picture("work")})

        text = words(home, newest(home, DocumentKind.RECEIPT_NOTICE))

        assert "work.png" in text
        assert "Справка с места работы" in text

    def test_stands_even_when_no_paper_can_be_made(self, home, monkeypatch):
        def fail(*_, **__):
            raise PaperHasWarnings("a face is missing")

        monkeypatch.setattr(papers.papers, "make", fail)

        number = home.applies()

        assert home.state == "WAITING"
        assert not MadeDocument.objects.exists()
        assert says(home.get("application.page", number), reverse("application.paper", args=[number, EXTRACT]))


class TestGive:
    def test_makes_a_newer_extract_in_the_place_of_the_older(self, home):
        number = home.applies()
        older = newest(home, EXTRACT)
        home.later(hours=1)

        home.post("application.paper", number, EXTRACT)

        assert newest(home, EXTRACT).id != older.id
        assert not documents.check(older.token).valid
        assert documents.check(newest(home, EXTRACT).token).valid

    def test_gives_the_registration_notice_once(self, home):
        number = home.applies()
        only = newest(home, DocumentKind.REGISTRATION_NOTICE)
        home.later(hours=1)

        home.post("application.paper", number, DocumentKind.REGISTRATION_NOTICE)

        assert newest(home, DocumentKind.REGISTRATION_NOTICE) == only

    def test_makes_the_card_with_child_and_applicant(self, home):
        number = home.chooses()

        home.post("application.paper", number, CARD)

        text = words(home, newest(home, CARD))
        for fact in (home.child.iin, home.town.group.name, "мать", "+7 (701) 000-00-01"):
            assert fact in text

    def test_makes_the_voucher_notice_while_there_is_a_voucher(self, home):
        number = home.applies()
        assert home.post("application.paper", number, NOTICE).status_code == 302
        assert not documents.made_of(application_id=home.application.id, kind=NOTICE)
        home.town.run(now=home.now)

        home.post("application.paper", number, NOTICE)

        assert "Крайний срок подтверждения" in words(home, newest(home, NOTICE))

    def test_makes_no_contract_and_no_referral_where_none_was_issued(self, home):
        number = home.applies()

        for kind in (DocumentKind.CONTRACT, "FORM_027", "x"):
            assert home.post("application.paper", number, kind).status_code == 404
        home.post("application.paper", number, DocumentKind.REFERRAL)
        assert {one.kind for one in documents.made_of(application_id=home.application.id)} == set(papers.AT_SENDING)

    def test_refuses_what_is_no_longer_true(self, home):
        number = home.applies()
        home.post("application.withdraw", number)

        with pytest.raises(papers.PaperNotDue):
            papers.give(
                application_id=home.application.id,
                kinds=[EXTRACT],
                press=papers.Press("https://portal.example", demonstration=False),
                actor=home.mother,
                now=home.now,
            )

    def test_keeps_what_was_typeset_only_if_it_is_still_true(self, home, monkeypatch):
        """The family withdraws in another tab while the paper is being typeset."""
        number = home.applies()
        typeset = papers.papers.make

        def withdraw_meanwhile(frame, facts):
            if home.state == "WAITING":
                home.post("application.withdraw", number)
            return typeset(frame, facts)

        monkeypatch.setattr(papers.papers, "make", withdraw_meanwhile)

        home.post("application.paper", number, CARD)

        assert not documents.made_of(application_id=home.application.id, kind=CARD)


class TestAnEndedCase:
    def test_ends_the_papers_that_told_of_it(self, home):
        number = home.has_voucher()
        for kind in (NOTICE, CARD):
            home.post("application.paper", number, kind)

        home.post("application.withdraw", number)

        valid = {one.kind: one.in_force for one in documents.made_of(application_id=home.application.id)}
        assert valid == {
            DocumentKind.REGISTRATION_NOTICE: True,
            DocumentKind.RECEIPT_NOTICE: True,
            EXTRACT: False,
            CARD: False,
            NOTICE: False,
        }
        assert JournalEntry.objects.filter(act="papers_voided", application_id=home.application.id).count() == 3

    def test_ends_the_voucher_notice_when_the_offer_lapses_before_anybody_looked(self, home):
        number = home.has_voucher()
        home.post("application.paper", number, NOTICE)
        token = newest(home, NOTICE).token
        home.later(days=30)

        page = Client().get(reverse("public.check", args=[token])).content.decode()

        assert "күші жойылған" in page
        assert not documents.check(token).valid

    def test_shows_the_public_no_more_than_initials(self, home):
        home.applies()

        page = Client().get(reverse("public.check", args=[newest(home, EXTRACT).token])).content.decode()

        assert home.child.iin not in page
        assert home.child.surname not in page
