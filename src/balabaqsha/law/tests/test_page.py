"""The page for officials, and the words of every code of the law."""

from datetime import date

import pytest

from balabaqsha.law import lists, page, terms
from balabaqsha.law.ages import AgeBand
from balabaqsha.law.terms import Unit
from balabaqsha.locale import glossary
from balabaqsha.territories.kato import Level
from balabaqsha.territories.regimes import Regime

LABELS = {
    "benefit": lists.BenefitStatus,
    "paper": lists.DocumentKind,
    "correction": lists.CorrectionType,
    "decider": lists.CaseDecider,
    "return": lists.ReturnReason,
    "refusal-ground": lists.RefusalGround,
    "leaving": lists.LeavingReason,
    "absence": lists.AbsenceReason,
    "extension": lists.ExtensionReason,
    "tier": lists.Tier,
    "age-band": AgeBand,
    "unit": Unit,
    "regime": Regime,
    "territory-level": Level,
}

pytestmark = pytest.mark.skipif(not glossary.GLOSSARY.exists(), reason="the glossary is not on this machine")


@pytest.fixture(scope="module")
def words():
    return glossary.read()


def test_the_page_for_officials_is_what_the_terms_and_the_glossary_say(words):
    newest = max(term.in_force_from for term in terms.TERMS)

    assert page.PAGE.read_text(encoding="utf-8") == page.render(words, on=newest)


def test_the_page_names_every_term_in_three_languages(words):
    text = page.render(words, on=date(2026, 11, 1))

    assert all(text.count(f"`{code}`") == 3 for code in terms.CODES)


@pytest.mark.parametrize("prefix", LABELS)
def test_every_code_of_a_closed_list_has_its_words(words, prefix):
    assert not [code.value for code in LABELS[prefix] if f"{prefix}.{code.value}" not in words]


def test_every_closed_list_of_the_glossary_has_its_codes(words):
    for prefix in ("benefit", "paper", "correction", "return", "refusal-ground", "leaving", "absence", "extension"):
        codes = {key.partition(".")[2] for key in words if key.startswith(f"{prefix}.") and key.isascii()}
        upper = {code for code in codes if code.isupper()}
        assert upper == {code.value for code in LABELS[prefix]}
