"""How findings are said: what is wrong, what to do, and which row it is. For pages and for the command."""

from datetime import datetime
from typing import Any

from balabaqsha.checks import catalogue
from balabaqsha.checks.models import Finding
from balabaqsha.locale import texts

# What to do, where a check has no advice of its own.
_ADVICE = (
    ("findings.do-case", catalogue.OF_CASES),
    ("findings.do-place", catalogue.OF_PLACES),
    ("findings.do-work", catalogue.OF_WORK),
    ("findings.do-record", catalogue.OF_THE_RECORD),
)
# Facts that a finding tells, in this order, each with a text `found.<fact>`.
_TOLD = ("number", "group_id", "place", "state", "voucher", "fact", "task", "position", "n", "since")


def title(code: str, *, language: str) -> str:
    """What is wrong, by the code of the check."""
    return texts.say_in(language, f"finding.{code}")


def advice(code: str, *, language: str) -> str:
    """What it means for the officer and what to do."""
    if texts.knows(f"finding.{code}.do"):
        return texts.say_in(language, f"finding.{code}.do")
    key = next(key for key, checks in _ADVICE if code in map(catalogue.code, checks))
    return texts.say_in(language, key)


def row(finding: Finding, *, language: str, groups: dict[int, str] | None = None) -> str:
    """The row in one line: what it is and the facts that were found. `groups` gives names to ids of groups."""
    told = [_fact(name, finding.facts[name], language, groups or {}) for name in _TOLD if name in finding.facts]
    return ", ".join(told) or finding.subject


def _fact(name: str, value: Any, language: str, groups: dict[int, str]) -> str:
    if name == "since":
        return texts.say_in(language, "found.since", due=datetime.fromisoformat(value))
    if name == "group_id":
        return groups.get(value) or texts.say_in(language, "found.group", code=value)
    prefix, suffix = {"state": ("state.", ""), "voucher": ("voucher-state.", ""), "fact": ("message.", ".subject")}.get(
        name, ("", "")
    )
    key = f"{prefix}{value}{suffix}"
    return texts.say_in(
        language, f"found.{name}", value=texts.say_in(language, key) if texts.knows(key) else value or "–"
    )
