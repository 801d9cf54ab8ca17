"""The sentence that a person reads when an act is refused."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit import texts

# Facts that are codes, and the texts that name them.
_NAMED = {
    "status": "state",
    "state": "state",
    "system": "system",
    "document": "paper",
    "benefit": "benefit",
    "regime": "regime",
    "reason": "reason",
    "term": "rulebook",
}

_TIMES = frozenset({"date", "due", "day"})


def explain(request: HttpRequest | None, refusal: Refusal) -> str:
    """The sentence of the refusal in the language in force; every sentence says what to do next.

    The number of the request fills {ref}. Raises MissingText for a detail without a sentence and KeyError
    for a sentence whose blank has no fact: both are faults of the program that tests look for.
    """
    ref = getattr(request, "ref", "")
    return sentence(refusal.detail, {"ref": ref} | refusal.facts)


def sentence(detail: str, facts: Mapping[str, Any]) -> str:
    """The text `refusal.<detail>` with codes among the facts replaced by their words."""
    if "state" in facts and "status" not in facts:
        # The sentence names the status; programs know it as the state.
        facts = {**facts, "status": facts["state"]}
    return texts.say(
        f"refusal.{detail}",
        **{name: _named(name, value) for name, value in facts.items()},
    )


def _named(name: str, value: Any) -> Any:
    if name == "regime" and value is None:
        return texts.say("regime.NONE")
    key = f"{_NAMED[name]}.{getattr(value, 'value', value)}" if name in _NAMED else ""
    if key and texts.knows(key):
        return texts.say(key)
    return _moment(value) if name in _TIMES and isinstance(value, str) else value


def _moment(text: str) -> date | str:
    """The day or moment behind its machine form, as facts for the journal carry it; another text as it is."""
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text
