"""The national terms and the rulebook of a territory."""

from datetime import date

import pytest

from balabaqsha.law import lists, terms
from balabaqsha.law.terms import Rulebook, Term, Unit

# Section 2 of the rules, copied by hand.
SECTION_2 = {
    "voucher.confirm": (2, Unit.WORKING_DAYS),
    "voucher.choose_and_sign": (5, Unit.WORKING_DAYS),
    "voucher.extension": (2, Unit.WORKING_DAYS),
    "voucher.min_age": (18, Unit.MONTHS),
    "voucher.restore_within": (28, Unit.CALENDAR_DAYS),
    "turn.min_age": (2, Unit.YEARS),
    "turn.choose": (3, Unit.WORKING_DAYS),
    "free_choice.mode": ("first_come", Unit.WORD),
    "free_choice.collect": (1, Unit.WORKING_DAYS),
    "referral.validity": (5, Unit.WORKING_DAYS),
    "referral.give_back": (24, Unit.HOURS),
    "referral.pause_after_give_back": (1, Unit.WORKING_DAYS),
    "referral.extension_max": (30, Unit.CALENDAR_DAYS),
    "referral.papers_time": (5, Unit.WORKING_DAYS),
    "stop_list.length": (10, Unit.WORKING_DAYS),
    "referral.misses_to_remove": (2, Unit.COUNT),
    "private_place.min_age": (3, Unit.YEARS),
    "line.priority_cycle": ("1:3", Unit.RATIO),
    "waiting_list.answer": (1, Unit.CALENDAR_DAYS),
    "contract.with_kindergarten": (2, Unit.WORKING_DAYS),
    "contract.least_time_with_family": (1, Unit.WORKING_DAYS),
    "certificate.validity": (1, Unit.MONTHS),
    "benefit.proof_check": (5, Unit.WORKING_DAYS),
    "login.code_resend_after": (80, Unit.SECONDS),
    "login.code_life": (5, Unit.MINUTES),
    "login.remembered": (30, Unit.CALENDAR_DAYS),
    "password.length": ("8-40", Unit.CHARACTERS),
}
DAY = date(2024, 9, 30)


class TestNationalTerms:
    @pytest.mark.parametrize("code", SECTION_2)
    def test_have_the_values_of_the_rules(self, code):
        term = terms.national_term(code, DAY)

        assert (term.value, term.unit) == SECTION_2[code]

    @pytest.mark.parametrize("code", sorted(terms.CODES))
    def test_are_in_force_from_2020_and_say_their_source(self, code):
        term = terms.national_term(code, date(2020, 1, 1))

        assert term.source
        assert term.assumed or term.paragraph
        assert term.source != "assumed" or term.assumed

    def test_are_written_once_for_a_day(self):
        identities = [term.identity for term in terms.TERMS]

        assert len(identities) == len(set(identities))

    def test_say_under_what_a_decision_was_made(self):
        assert terms.national_term("voucher.confirm", DAY).identity == "voucher.confirm@2020-01-01"

    def test_are_numbers_where_a_story_may_change_them(self):
        words = {"line.priority_cycle", "password.length", "service.max_age", "queue.renewal"}

        assert not terms.OVERRIDABLE & words
        assert all(isinstance(terms.national_term(code, DAY).value, int) for code in terms.NUMERIC_TERMS)
        assert terms.OVERRIDABLE - terms.NUMERIC_TERMS == {"free_choice.mode", "line.freeze"}
        assert "service.max_age_notice" not in terms.OVERRIDABLE

    def test_name_who_decides_every_correction_type(self):
        checks = {
            correction: lists.case_check(terms.national_term(correction.term_code, DAY).value)
            for correction in lists.CorrectionType
        }

        assert {correction for correction, check in checks.items() if not check.conclusion_required} == lists.SANATORIUM
        assert checks["OFTEN_ILL"].decided_by is lists.CaseDecider.PHTHISIATRICIAN
        assert checks["DEAF"].decided_by is lists.CaseDecider.PMPK

    def test_refuse_an_unknown_code_by_name(self):
        with pytest.raises(terms.UnknownTerm, match=r"no term 'voucher\.confrim'"):
            terms.national_term("voucher.confrim", DAY)

    def test_refuse_a_day_before_the_rulebook(self):
        with pytest.raises(terms.TermNotInForce, match=r"'voucher\.confirm' is not in force on 2019-12-31"):
            terms.national_term("voucher.confirm", date(2019, 12, 31))

    def test_prefer_the_newest_in_force(self, monkeypatch):
        newer = Term("voucher.confirm", 3, Unit.WORKING_DAYS, date(2027, 1, 1), source="new act")
        monkeypatch.setattr(terms, "TERMS", (newer, *terms.TERMS))

        assert terms.national_term("voucher.confirm", date(2026, 12, 31)).value == 2
        assert terms.national_term("voucher.confirm", date(2027, 1, 1)).value == 3


class TestParseValue:
    @pytest.mark.parametrize(
        ("code", "value", "parsed"),
        [
            ("turn.choose", 3, 3),
            ("turn.choose", "10", 10),
            ("turn.choose", 0, 0),
            ("free_choice.mode", "sealed", "sealed"),
        ],
    )
    def test_takes_a_number_or_a_word_of_the_term(self, code, value, parsed):
        assert terms.parse_value(code, value) == parsed

    @pytest.mark.parametrize(
        ("code", "value", "reason"),
        [
            ("turn.choose", -1, "number"),
            ("turn.choose", "three", "number"),
            ("turn.choose", "٣", "number"),
            ("turn.choose", True, "number"),
            ("turn.choose", 1.5, "number"),
            ("turn.choose", None, "number"),
            ("turn.choose", 10**9, "number"),
            ("free_choice.mode", "lottery", "word"),
            ("free_choice.mode", 1, "word"),
            ("password.length", "1-2", "code"),
            ("line.priority_cycle", 3, "code"),
            ("no.such", 1, "code"),
        ],
    )
    def test_refuses_everything_else(self, code, value, reason):
        with pytest.raises(terms.WrongValue) as refusal:
            terms.parse_value(code, value)

        assert refusal.value.reason == reason


class TestRulebook:
    def test_prefers_the_nearest_territory_and_in_it_the_newest(self):
        def override(territory, value, year):
            return Term("turn.choose", value, Unit.WORKING_DAYS, date(year, 1, 1), source="act", territory=territory)

        book = Rulebook(
            "551010000",
            overrides=(override("551000000", 6, 2026), override("551000000", 5, 2025), override("550000000", 9, 2024)),
        )

        values = {year: book.term("turn.choose", on=date(year, 6, 1)).value for year in (2023, 2024, 2025, 2026)}
        assert values == {2023: 3, 2024: 9, 2025: 5, 2026: 6}
        assert book.term("turn.choose", on=DAY).identity == "turn.choose@2024-01-01#550000000"

    def test_lists_every_term_in_force(self):
        assert {term.code for term in Rulebook().all(on=DAY)} == terms.CODES
        assert Rulebook().all(on=date(2019, 1, 1)) == ()

    def test_refuses_an_unknown_code(self):
        with pytest.raises(KeyError):
            Rulebook().term("no.such", on=DAY)
