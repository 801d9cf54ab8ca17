"""The plain writing: what is not a link within the portal, a list or a term is text."""

import pytest

from balabaqsha.law.terms import CODES
from balabaqsha.notices import rules
from balabaqsha.notices.first_questions import QUESTIONS
from balabaqsha.notices.rules import Blank, Block, Link, Wrong


def test_paragraphs_lists_links_and_terms():
    found = list(rules.blocks("Бірінші\nжол\r\n\r\n- [Тізім](/refusable/) көріңіз\n- Мерзімі {voucher.confirm}\nсоңы"))

    assert found == [
        Block((("Бірінші",), ("жол",)), bullets=False),
        Block(((Link("Тізім", "/refusable/"), " көріңіз"), ("Мерзімі ", Blank("voucher.confirm"))), bullets=True),
        Block((("соңы",),), bullets=False),
    ]


@pytest.mark.parametrize(
    "page", ["/", "/feedback/?topic=MONEY", "/queue/#line", "/catalogue/garden-1/", "/free-places.csv"]
)
def test_a_link_leads_to_a_page_of_the_portal(page):
    assert rules.wrong(f"[сөз]({page})", terms=CODES) is None


@pytest.mark.parametrize(
    "page",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert", "evil", "", '/"onclick='],
)
def test_a_link_leads_nowhere_else(page):
    assert rules.wrong(f"мәтін [сөз]({page})", terms=CODES) == Wrong("link", page)


def test_a_term_is_one_of_the_rulebook():
    assert rules.wrong("{no.such}", terms=CODES) == Wrong("term", "no.such")
    assert rules.wrong("{voucher.confirm} {жоқ} { } [жай] (сөз)", terms=CODES) is None


def test_what_comes_with_the_portal_is_printable():
    texts = [answer for _, *languages in QUESTIONS for _, answer in languages]

    assert len(QUESTIONS) >= 12
    assert [found for text in texts if (found := rules.wrong(text, terms=CODES))] == []
    assert all(
        len(asked) <= rules.TITLE_LONGEST and len(answered) <= rules.TEXT_LONGEST
        for _, *languages in QUESTIONS
        for asked, answered in languages
    )
