"""Texts in the language of the request; the words themselves are in `balabaqsha.locale`."""

from decimal import Decimal
from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import get_language

from balabaqsha.locale import texts
from balabaqsha.locale.compiled import compile_catalogues
from balabaqsha.locale.texts import MissingText, knows, say_count_in, say_in

__all__ = [
    "MissingText",
    "compile_catalogues",
    "knows",
    "language",
    "say",
    "say_count",
    "say_count_in",
    "say_in",
    "source",
    "unfilled",
]


def language() -> str:
    """The language in force: kk, ru or en; Kazakh where none is."""
    code = (get_language() or "kk")[:2]
    return code if code in texts.LANGUAGES else "kk"


def say(key: str, **facts: Any) -> str:
    """The text of the key, its blanks filled by the facts.

    With markup among the facts (a SafeString) the answer is markup and everything else in it is escaped;
    otherwise it is plain text, which a template escapes. Raises MissingText for an unknown key.
    """
    if not any(isinstance(value, SafeData) for value in facts.values()):
        return say_in(language(), key, **facts)
    blanks = {name: conditional_escape(value) for name, value in texts.written_facts(language(), key, facts).items()}
    # Every part is escaped above or was markup already.
    return mark_safe(escape(texts.say_in(language(), key, **_itself(blanks))).format_map(blanks))  # noqa: S308 - the text is escaped before the marked blanks enter it


def say_count(key: str, n: float | Decimal, **facts: Any) -> str:
    """The counted text in the form that `n` needs, for example "5 жұмыс күні"."""
    return say_count_in(language(), key, n, **facts)


def source(name: str) -> str:
    """What a rule is based on: the text of a source that the rulebook names, or the words that an officer wrote."""
    key = f"source.{name}"
    return say(key) if knows(key) else name


def unfilled(key: str) -> str:
    """The text with its blanks as they are, for a script that fills them."""
    return texts.unfilled_in(language(), key)


def _itself(blanks: dict[str, Any]) -> dict[str, str]:
    return {name: f"{{{name}}}" for name in blanks}
