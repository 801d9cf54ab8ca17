"""What the special line rests on: who checks a case, from which age a group of a type exists, how large it may be."""

from datetime import date

from balabaqsha.law.lists import CORRECTION_FROM_YEARS, CaseCheck, CaseDecider, CorrectionType, case_check
from balabaqsha.law.terms import Rulebook, Term

_SCHOOL_YEAR_BEGINS = 9
# Nursery groups are of children who turn two or less in the calendar year in which the school year begins (assumed).
_PRESCHOOL_FROM = 3


def check_of(correction: str | None, rulebook: Rulebook, *, on: date) -> CaseCheck:
    """Who decides a case of this type on the day, and what is asked. A type outside the closed list: the PMPK's."""
    try:
        code = CorrectionType(correction or "").term_code
    except ValueError:
        return case_check(CaseDecider.PMPK)
    return case_check(str(rulebook.term(code, on=on).value))


def is_nursery(birth_year: int, *, on: date) -> bool:
    """Whether a group of the birth year is a nursery group in the school year of the day."""
    school_year = on.year if on.month >= _SCHOOL_YEAR_BEGINS else on.year - 1
    return birth_year > school_year - _PRESCHOOL_FROM


def group_most(correction: CorrectionType, birth_year: int, rulebook: Rulebook, *, on: date) -> Term | None:
    """The term with the most children of a group of this type and age; None where there is no such group.

    Source: building code ҚР ЕЖ 3.02-110-2012, table Л.1.
    """
    nursery = is_nursery(birth_year, on=on)
    if nursery and correction in CORRECTION_FROM_YEARS:
        return None
    return rulebook.term(f"special.{'nursery' if nursery else 'preschool'}_most.{correction.value}", on=on)


def norm(correction: str | None, birth_year: int, rulebook: Rulebook, *, on: date) -> Term | None:
    """The term with the most children of any group: with a correction as `group_most` says, else by age alone.

    None where there is no such group, or where the type stands outside the closed list.
    """
    if correction is None:
        return rulebook.term(f"group.{'nursery' if is_nursery(birth_year, on=on) else 'preschool'}_most", on=on)
    try:
        known = CorrectionType(correction)
    except ValueError:
        return None
    return group_most(known, birth_year, rulebook, on=on)
