"""The national terms: every number of the rules as dated data with its source. No Django.

A term is never edited: a new edition of the rules adds a line above the old one. `source` is a code whose words
are the text `source.<code>`; `paragraph` is the heading or the item of that source, as it prints it. `assumed`
says that every source is silent on the value, its unit or its reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from balabaqsha.law.lists import SANATORIUM, CaseDecider, CorrectionType


class Unit(StrEnum):
    """What a value is counted in; label keys `unit.WORKING_DAYS` and so on."""

    WORKING_DAYS = "WORKING_DAYS"
    CALENDAR_DAYS = "CALENDAR_DAYS"
    HOURS = "HOURS"
    MINUTES = "MINUTES"
    SECONDS = "SECONDS"
    MONTHS = "MONTHS"
    YEARS = "YEARS"
    COUNT = "COUNT"
    CHILDREN = "CHILDREN"
    WORD = "WORD"
    RATIO = "RATIO"
    CHARACTERS = "CHARACTERS"
    PERIOD = "PERIOD"
    DAY_OF_YEAR = "DAY_OF_YEAR"


@dataclass(frozen=True)
class Term:
    """One number of the rules from one day on; `territory` is None where it holds for the whole country."""

    code: str
    value: int | str
    unit: Unit
    in_force_from: date
    source: str
    paragraph: str = ""
    assumed: bool = False
    territory: str | None = None

    @property
    def identity(self) -> str:
        """What a decision stores to say under which term it was made."""
        identity = f"{self.code}@{self.in_force_from.isoformat()}"
        return identity if self.territory is None else f"{identity}#{self.territory}"


class UnknownTerm(KeyError):
    """No term has this code."""

    def __str__(self) -> str:
        return f"the rulebook has no term {self.args[0]!r}"


class TermNotInForce(KeyError):
    """The term exists, but not yet on the day asked for."""

    def __str__(self) -> str:
        return f"the term {self.args[0]!r} is not in force on {self.args[1]}"


# No source gives a day of force for its numbers. The rulebook begins here, before any application it has to judge.
_START = date(2020, 1, 1)


def _since_start(
    code: str, value: int | str, unit: Unit, source: str, paragraph: str, *, assumed: bool = False
) -> Term:
    return Term(code, value, unit, _START, source=source, paragraph=paragraph, assumed=assumed)


_VOUCHER = "Ваучерді алу үдерісі"
_REFERRAL = "Электрондық жолдаманы балабақшада тіркеу және Шартты жасасу"

# Section 2 of the rules, in its order; newest first within a code.
_SECTION_2 = (
    _since_start("voucher.confirm", 2, Unit.WORKING_DAYS, "001", _VOUCHER),
    _since_start("voucher.choose_and_sign", 5, Unit.WORKING_DAYS, "001", _VOUCHER),
    _since_start("voucher.extension", 2, Unit.WORKING_DAYS, "001", _VOUCHER, assumed=True),
    _since_start(
        "voucher.min_age", 18, Unit.MONTHS, "public", "balbobek-egin-akm.edu.kz 15753736; primeminister.kz 29595"
    ),
    _since_start("voucher.restore_within", 28, Unit.CALENDAR_DAYS, "ministry-2025", "kazpravda.kz, 2025"),
    _since_start("voucher.refusal_by_kindergarten", "full_term", Unit.WORD, "assumed", "", assumed=True),
    _since_start("turn.min_age", 2, Unit.YEARS, "003", "6-суретке ескертпе"),
    _since_start("turn.choose", 3, Unit.WORKING_DAYS, "003", "9-тармаққа ескертпе"),
    _since_start("free_choice.mode", "first_come", Unit.WORD, "003", "9-тармаққа ескертпе"),
    _since_start("free_choice.collect", 1, Unit.WORKING_DAYS, "assumed", "", assumed=True),
    _since_start("referral.validity", 5, Unit.WORKING_DAYS, "003-004", "14-тармаққа ескертпе; " + _REFERRAL),
    _since_start("referral.give_back", 24, Unit.HOURS, "003", "14-тармаққа ескертпе"),
    _since_start("referral.pause_after_give_back", 1, Unit.WORKING_DAYS, "assumed", "", assumed=True),
    _since_start("referral.extension_max", 30, Unit.CALENDAR_DAYS, "003-004", "14-тармаққа ескертпе; " + _REFERRAL),
    _since_start("referral.papers_time", 5, Unit.WORKING_DAYS, "004", _REFERRAL, assumed=True),
    _since_start("stop_list.length", 10, Unit.WORKING_DAYS, "003", "14-тармаққа ескертпе"),
    _since_start("referral.misses_to_remove", 2, Unit.COUNT, "003", "14-тармаққа ескертпе"),
    _since_start("private_place.min_age", 3, Unit.YEARS, "003", "кіріспе шарттар"),
    _since_start("line.priority_cycle", "1:3", Unit.RATIO, "public", "bilim.astana.kz 49434"),
    _since_start("waiting_list.answer", 1, Unit.CALENDAR_DAYS, "public", "qazaqyia.kz, 2026"),
    _since_start("contract.with_kindergarten", 2, Unit.WORKING_DAYS, "assumed", "", assumed=True),
    _since_start("contract.least_time_with_family", 1, Unit.WORKING_DAYS, "assumed", "", assumed=True),
    _since_start("certificate.validity", 1, Unit.MONTHS, "gov.kz", "services/3042"),
    _since_start("benefit.proof_check", 5, Unit.WORKING_DAYS, "public", "bilim.astana.kz 49453, 49457"),
    _since_start("login.code_resend_after", 80, Unit.SECONDS, "001", "Растау коды"),
    _since_start("login.code_life", 5, Unit.MINUTES, "assumed", "", assumed=True),
    _since_start("login.remembered", 30, Unit.CALENDAR_DAYS, "assumed", "", assumed=True),
    _since_start("password.length", "8-40", Unit.CHARACTERS, "001", "Тіркелу"),
    _since_start("line.freeze", "08-01..08-31", Unit.PERIOD, "public", "bilim.astana.kz 49379"),
    _since_start("service.max_age", "09-01", Unit.DAY_OF_YEAR, "egov", "037pass_mon", assumed=True),
    _since_start("queue.renewal", "06-30", Unit.DAY_OF_YEAR, "public", "balbobek-egin-akm.edu.kz 15753736"),
)


def _decided_by(correction: CorrectionType) -> Term:
    decider = CaseDecider.PHTHISIATRICIAN if correction in SANATORIUM else CaseDecider.PMPK
    return _since_start(
        correction.term_code, decider.value, Unit.WORD, "001", "Арнайы кезекке өтініш беру", assumed=True
    )


# The largest groups of the building code ҚР ЕЖ 3.02-110-2012, table Л.1: children under three years, and from three on.
# None: no such group. The table leaves deaf children and complex disorders blank; theirs are assumed.
_GROUP_MOST = {
    CorrectionType.SPEECH_SEVERE: (10, 12),
    CorrectionType.SPEECH_PHONETIC: (10, 12),
    CorrectionType.DEAF: (10, 10),
    CorrectionType.HARD_OF_HEARING: (10, 12),
    CorrectionType.BLIND: (10, 10),
    CorrectionType.LOW_VISION: (10, 15),
    CorrectionType.MUSCULOSKELETAL: (10, 12),
    CorrectionType.INTELLECTUAL: (None, 10),
    CorrectionType.DEVELOPMENT_DELAY: (None, 10),
    CorrectionType.INTELLECTUAL_SEVERE: (None, 10),
    CorrectionType.TUBERCULOSIS: (10, 15),
    CorrectionType.OFTEN_ILL: (10, 15),
    CorrectionType.COMPLEX: (10, 10),
}
_LEFT_BLANK = frozenset({CorrectionType.DEAF, CorrectionType.COMPLEX})


def _group_most() -> Iterator[Term]:
    for correction, (nursery, preschool) in _GROUP_MOST.items():
        for age, most in (("nursery", nursery), ("preschool", preschool)):
            if most is not None:
                code = f"special.{age}_most.{correction.value}"
                assumed = correction in _LEFT_BLANK
                yield _since_start(code, most, Unit.CHILDREN, "building-code", "Л.1-кесте", assumed=assumed)


# Terms that other sections of the rules name without a line in section 2.
_ELSEWHERE = (
    _since_start("service.max_age_notice", 30, Unit.CALENDAR_DAYS, "assumed", "", assumed=True),
    _since_start("line.group_year_from", "01-01", Unit.DAY_OF_YEAR, "assumed", "", assumed=True),
    _since_start("line.categories", "21", Unit.WORD, "assumed", "", assumed=True),
    _since_start("certificate.warning", 7, Unit.CALENDAR_DAYS, "assumed", "", assumed=True),
    _since_start("benefit.out_of_turn_officers", 2, Unit.COUNT, "assumed", "", assumed=True),
    _since_start("term.lengthening", 5, Unit.WORKING_DAYS, "assumed", "", assumed=True),
    _since_start("appeal.file", 10, Unit.WORKING_DAYS, "assumed", "", assumed=True),
    _since_start("appeal.decide", 5, Unit.WORKING_DAYS, "assumed", "", assumed=True),
    _since_start("special.check", 5, Unit.WORKING_DAYS, "assumed", "", assumed=True),
    *(_decided_by(correction) for correction in CorrectionType),
    *_group_most(),
    # The table of the sanitary rules could not be read; 26 is the one figure that an authority has named.
    _since_start("group.nursery_most", 20, Unit.CHILDREN, "assumed", "", assumed=True),
    _since_start("group.preschool_most", 26, Unit.CHILDREN, "public", "elordainfo.kz, 2026", assumed=True),
    _since_start("trust.longest", 36, Unit.MONTHS, "civil-code", "168-бап"),
    _since_start("feedback.answer", 15, Unit.WORKING_DAYS, "admin-code", "76-бап"),
    _since_start("readiness.reminder", "04-01", Unit.DAY_OF_YEAR, "assumed", "", assumed=True),
)

# Every territory sets these for itself; the value here holds where it has not.
_OF_TERRITORIES = (_since_start("bulletin.hour", 9, Unit.HOURS, "public", "qazaly.kz 1301", assumed=True),)

TERMS = _SECTION_2 + _ELSEWHERE + _OF_TERRITORIES

CODES = frozenset(term.code for term in TERMS)

# Words that a territory or a story may choose from; every other word or pattern is the same for the whole country.
CHOICES = {"free_choice.mode": ("first_come", "sealed"), "line.freeze": ("08-01..08-31", "off")}

# How long a browser is remembered is the portal's alone.
_OF_THE_PORTAL = frozenset({"login.remembered"})
# What a story or a territory may set to another whole number.
NUMERIC_TERMS = frozenset(term.code for term in _SECTION_2 + _OF_TERRITORIES if isinstance(term.value, int))
NUMERIC_TERMS -= _OF_THE_PORTAL
OVERRIDABLE = NUMERIC_TERMS | frozenset(CHOICES)


def national_term(code: str, on: date) -> Term:
    """The term of this code that holds for the whole country on the day.

    Raises UnknownTerm for a code that the rulebook does not have, TermNotInForce before its first day.
    """
    in_force = [term for term in TERMS if term.code == code and term.in_force_from <= on]
    if in_force:
        return max(in_force, key=lambda term: term.in_force_from)
    if code not in CODES:
        raise UnknownTerm(code)
    raise TermNotInForce(code, on)


def unit_of(code: str) -> Unit:
    """The unit of the newest national term of this code. Raises UnknownTerm."""
    return national_term(code, date.max).unit


class WrongValue(ValueError):
    """The text or number cannot be a value of this term; `reason` is one of: code, number, word."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def parse_value(code: str, value: object) -> int | str:
    """The value that an override of this term may have: a whole number from 0, or one of its words.

    Raises WrongValue for a code that cannot be overridden, a value that is no such number, or an unknown word.
    """
    if code in CHOICES:
        if value not in CHOICES[code]:
            raise WrongValue(code, "word")
        return str(value)
    if code not in NUMERIC_TERMS:
        raise WrongValue(code, "code")
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST.get(code, _LARGEST):
        raise WrongValue(code, "number")
    return value


# A term longer than this is a slip of the hand, and dates would run out of the calendar.
_LARGEST = 10_000
_MOST = {"bulletin.hour": 23}


@dataclass(frozen=True)
class Rulebook:
    """The terms of one territory: its own and its ancestors' overrides above the national ones."""

    territory_code: str | None = None
    # Nearest territory first; within it newest first.
    overrides: tuple[Term, ...] = ()

    def term(self, code: str, *, on: date) -> Term:
        """The term in force on the day: the nearest territory that has one wins, within it the newest.

        Raises UnknownTerm for a code that the rulebook does not have, TermNotInForce before its first day.
        """
        for override in self.overrides:
            if override.code == code and override.in_force_from <= on:
                return override
        return national_term(code, on)

    def all(self, *, on: date) -> tuple[Term, ...]:
        """Every term in force on the day, in the order of the rules."""
        codes = dict.fromkeys(term.code for term in TERMS if term.in_force_from <= on)
        return tuple(self.term(code, on=on) for code in codes)
