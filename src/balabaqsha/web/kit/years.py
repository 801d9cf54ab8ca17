"""School years of groups in words."""

from datetime import date

from balabaqsha.law import rules as law_rules
from balabaqsha.web.kit import texts


def of_group(opens_for: int | None, *, on: date) -> int:
    """The school year that a free place of a group is for on this day: the current one, or one to come."""
    return max(opens_for or 0, law_rules.school_year(on))


def said(year: int) -> str:
    """2026/2027"""
    return f"{year}/{year + 1}"


def note(opens_for: int | None, *, on: date) -> str:
    """From when a place of a group that is still to open takes the child; nothing for one that is open."""
    if opens_for is None or opens_for <= law_rules.school_year(on):
        return ""
    return texts.say("school-year.opens", date=law_rules.school_year_begins(opens_for), years=said(opens_for))
