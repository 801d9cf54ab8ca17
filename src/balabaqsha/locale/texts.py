"""Finds a text by its key and fills its blanks; the language is an argument.

Facts may be typed: a moment fills {due}, {due_long} and {due_iso} alike, a day {date} and {date_long},
a number gets the separators of the language. Text stays as it is.
"""

import gettext
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from balabaqsha.locale import written
from balabaqsha.locale.compiled import path_of

LANGUAGES = ("kk", "ru", "en")
# Numbers that name something are never grouped by thousands.
_NAMES = frozenset({"number", "code", "decision", "category", "ref", "year"})
_COUNTED = re.compile(
    r"\{(?P<blank>hours|days)\} (?P<noun>часа|часов|рабочих дней|календарных дней|hours|working days|calendar days|days)"
)


class MissingText(LookupError):
    """No language has a text under this key."""


def say_in(language: str, key: str, **facts: Any) -> str:
    """The text of the key in this language, its blanks filled.

    A text that Russian or English lacks is said in Kazakh. Raises MissingText for an unknown key and
    KeyError for a blank without a fact.
    """
    text = _find(language, key)
    return fill(text, language=language, key=key, facts=facts) if "{" in text else text


def say_count_in(language: str, key: str, n: float | Decimal, **facts: Any) -> str:
    """The counted text in the form that `n` needs; {n} is the number as it is written in the language."""
    # A fraction takes the form of two in Russian and of many in English.
    count = int(n) if n == int(n) else 2
    text = _catalogue(language).ngettext(key, key, count)
    if text == key:
        raise MissingText(key)
    return text.format_map({"n": written.number(n, language), **written_facts(language, key, facts)})


def unfilled_in(language: str, key: str) -> str:
    """The text of the key with its blanks as they are; raises MissingText for an unknown key."""
    return _find(language, key)


def knows(key: str) -> bool:
    """Whether the key has a Kazakh text."""
    # The empty key is where a catalogue keeps its header.
    return bool(key) and _catalogue("kk").gettext(key) != key


def fill(text: str, *, language: str, key: str, facts: Mapping[str, Any]) -> str:
    """The text with its blanks filled by the facts, nouns after a number of hours or days in their right form."""
    blanks = written_facts(language, key, facts)
    text = _COUNTED.sub(lambda found: _agree(found, facts), text)
    return text.format_map(blanks)


def written_facts(language: str, key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as texts, a moment or a day in every form that a blank may ask for."""
    blanks: dict[str, Any] = {}
    for name, value in facts.items():
        blanks.update(_forms(language, key, name, value))
    return blanks


def _forms(language: str, key: str, name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, datetime):
        stem = name.removesuffix("_long").removesuffix("_iso")
        return {
            stem: written.moment(value),
            f"{stem}_long": written.moment_long(value, language),
            f"{stem}_iso": written.moment_iso(value),
        }
    if isinstance(value, date):
        if name == "month":
            return {name: f"{value:%m.%Y}" if key.endswith(".sms") else written.month(value, language)}
        stem = name.removesuffix("_long")
        return {
            stem: written.day(value),
            f"{stem}_long": written.day_long(value, language),
        }
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and name not in _NAMES:
        return {name: written.number(value, language)}
    return {name: value}


_NOUNS = {
    "часа": ("час", "часа", "часов"),
    "часов": ("часа", "часов", "часов"),
    "рабочих дней": ("рабочий день", "рабочих дня", "рабочих дней"),
    "календарных дней": ("календарный день", "календарных дня", "календарных дней"),
    "hours": ("hour", "hours", "hours"),
    "days": ("day", "days", "days"),
    "working days": ("working day", "working days", "working days"),
    "calendar days": ("calendar day", "calendar days", "calendar days"),
}


def _agree(found: re.Match[str], facts: Mapping[str, Any]) -> str:
    """The noun of a text agrees with the number that fills the blank before it (glossary, section 7)."""
    n = facts.get(found["blank"])
    if not isinstance(n, int):
        return found[0]
    one, few, many = _NOUNS[found["noun"]]
    english = found["noun"].isascii()
    noun = (one if n == 1 else many) if english else (one, few, many)[written.russian_form(n)]
    return f"{{{found['blank']}}} {noun}"


def _find(language: str, key: str) -> str:
    for tongue in (language, "kk"):
        text = _catalogue(tongue).gettext(key)
        if key and text != key:
            return text
    raise MissingText(key)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    with path_of(language).open("rb") as file:
        return gettext.GNUTranslations(file)
