"""A story as plain values, checked whole before anything is played."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from balabaqsha.commands.rehearsal.reading import LAST_YEAR, MalformedStory, Reader, as_day, load
from balabaqsha.law.lists import STATUS_ORDER
from balabaqsha.law.terms import NUMERIC_TERMS

WORDS_OF_TERMS = {"free_choice.mode": ("first_come", "sealed")}
LANGUAGES = ("kk", "ru", "en")
BENEFITS = tuple(status.value for status in STATUS_ORDER)
REFUSAL_REASONS = ("unvaccinated_share", "group_closed")
KATO_CODE = re.compile(r"[1-9][0-9]{8}")
CORRECTION = re.compile(r"[a-z_]{1,40}")
# More is a slip of the hand, and dates would run out of the calendar.
LONGEST_TERM = 10_000
LARGEST_GROUP = 1_000

# The keys of each step beside `at` and `do`.
STEPS = {
    "apply": ("application", "born", "kind", "benefit", "correction", "wished_from", "settlement"),
    "check_documents": ("application", "verdict"),
    "run_vouchers": ("limit",),
    "confirm_interest": ("application",),
    "decline": ("application",),
    "restore": ("application",),
    "choose": ("application", "group"),
    "unchoose": ("application",),
    "extend": ("application", "days"),
    "publish": ("group", "places"),
    "give_back": ("application",),
    "register": ("application",),
    "grant_papers_time": ("application",),
    "send_contract": ("application",),
    "return_papers": ("application",),
    "refuse_contract": ("application", "reason"),
    "sign_by_parent": ("application",),
    "sign_by_kindergarten": ("application",),
    "join_waiting_list": ("application", "group"),
    "leave_waiting_list": ("application", "group"),
    "accept_offer": ("application", "group"),
    "leave": ("application",),
    "withdraw": ("application",),
    "renew": (),
    "show": (),
}


@dataclass(frozen=True)
class StoryGroup:
    id: str
    birth_year: int
    language: str
    capacity: int
    correction: str | None
    published: int


@dataclass(frozen=True)
class StoryKindergarten:
    id: str
    ownership: str
    settlement: str | None
    groups: tuple[StoryGroup, ...]


@dataclass(frozen=True)
class Step:
    """One step; `keys` hold what belongs to its `do`, absent keys left out."""

    at: datetime
    do: str
    keys: dict[str, Any]


@dataclass(frozen=True)
class Story:
    territory_code: str
    regime: str
    terms: dict[str, int | str]
    days_off: frozenset[date]
    working_days: frozenset[date]
    kindergartens: tuple[StoryKindergarten, ...]
    steps: tuple[Step, ...]


def read(file: Path) -> Story:
    """The story of a file; raises MalformedStory with the path of what is wrong."""
    root = Reader(load(file), "")
    territory = Reader(root.value("territory"), "territory")
    code = territory.text("code")
    if not KATO_CODE.fullmatch(code):
        raise territory.fail("code", "must be a KATO code of nine digits")
    regime = territory.choice("regime", ("voucher", "linear"))
    territory.close()
    days_off, working_days = _calendar(root)
    kindergartens = _kindergartens(root)
    story = Story(
        territory_code=code,
        regime=regime,
        terms=_terms(root),
        days_off=days_off,
        working_days=working_days,
        kindergartens=kindergartens,
        steps=_steps(root, {group.id for kindergarten in kindergartens for group in kindergarten.groups}, regime),
    )
    root.close()
    return story


def _terms(root: Reader) -> dict[str, int | str]:
    if not root.has("terms"):
        return {}
    reader = Reader(root.value("terms"), "terms")
    values: dict[str, int | str] = {}
    for code in reader.keys():  # noqa: SIM118 - a method of Reader
        if code in WORDS_OF_TERMS:
            values[code] = reader.choice(code, WORDS_OF_TERMS[code])
        elif code in NUMERIC_TERMS:
            values[code] = reader.number(code, least=0, most=LONGEST_TERM)
        else:
            raise reader.fail(code, "is not a term that a story can set")
    return values


def _calendar(root: Reader) -> tuple[frozenset[date], frozenset[date]]:
    if not root.has("calendar"):
        return frozenset(), frozenset()
    reader = Reader(root.value("calendar"), "calendar")
    days_off, working_days = (
        frozenset(
            as_day(value, f"{reader.at(key)}[{position}]")
            for position, value in enumerate(reader.items(key) if reader.has(key) else [])
        )
        for key in ("days_off", "working_days")
    )
    reader.close()
    if both := days_off & working_days:
        raise reader.fail("working_days", f"{min(both)} is also a day off")
    return days_off, working_days


def _kindergartens(root: Reader) -> tuple[StoryKindergarten, ...]:
    found: list[StoryKindergarten] = []
    groups_seen: set[str] = set()
    for position, value in enumerate(root.items("kindergartens")):
        reader = Reader(value, f"kindergartens[{position}]")
        name = reader.text("id")
        if name in {kindergarten.id for kindergarten in found}:
            raise reader.fail("id", f"{name!r} is used twice")
        groups = tuple(
            _group(Reader(group, f"{reader.at('groups')}[{number}]"), groups_seen)
            for number, group in enumerate(reader.items("groups"))
        )
        ownership = reader.choice("ownership", ("state", "private"))
        settlement = reader.text("settlement") if reader.has("settlement") else None
        reader.close()
        found.append(StoryKindergarten(id=name, ownership=ownership, settlement=settlement, groups=groups))
    return tuple(found)


def _group(reader: Reader, seen: set[str]) -> StoryGroup:
    group = StoryGroup(
        id=reader.text("id"),
        birth_year=reader.number("birth_year", least=1900, most=LAST_YEAR),
        language=reader.choice("language", LANGUAGES),
        capacity=reader.number("capacity", least=1, most=LARGEST_GROUP),
        correction=_correction(reader),
        published=reader.number("published", least=0),
    )
    reader.close()
    if group.id in seen:
        raise reader.fail("id", f"{group.id!r} is used twice")
    if group.published > group.capacity:
        raise reader.fail("published", "is above the capacity")
    seen.add(group.id)
    return group


def _correction(reader: Reader) -> str | None:
    if not reader.has("correction"):
        return None
    word = reader.text("correction")
    if not CORRECTION.fullmatch(word):
        raise reader.fail("correction", "must be a word of small letters and underscores")
    return word


def _steps(root: Reader, groups: set[str], regime: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    born: dict[str, date] = {}
    for position, value in enumerate(root.items("steps")):
        reader = Reader(value, f"steps[{position}]")
        do = reader.choice("do", tuple(STEPS))
        step = Step(at=reader.moment("at"), do=do, keys={})
        if steps and step.at < steps[-1].at:
            raise reader.fail("at", "goes back in time")
        for key in STEPS[do]:
            _KEYS[key](reader, step.keys)
        if do == "extend" and regime == "linear":
            reader.number("days", least=1)
        reader.close()
        _check_names(reader, step, groups, born)
        steps.append(step)
    return tuple(steps)


def _check_names(reader: Reader, step: Step, groups: set[str], born: dict[str, date]) -> None:
    name, group = step.keys.get("application"), step.keys.get("group")
    if group is not None and group not in groups:
        raise reader.fail("group", f"there is no group {group!r}")
    if step.do == "apply":
        if born.setdefault(step.keys["application"], step.keys["born"]) != step.keys["born"]:
            raise reader.fail("born", f"{name!r} was born on another day in an earlier step")
        if step.keys["kind"] == "special" and step.keys["correction"] is None:
            raise reader.fail("correction", "is required for a special application")
        if step.keys["kind"] == "general" and step.keys["correction"] is not None:
            raise reader.fail("correction", "belongs to special applications only")
    elif name is not None and name not in born:
        raise reader.fail("application", f"no earlier step applies for {name!r}")


def _text(key: str) -> Any:
    def read_into(reader: Reader, keys: dict[str, Any]) -> None:
        keys[key] = reader.text(key)

    return read_into


def _word(key: str, allowed: tuple[str, ...], default: str | None = None) -> Any:
    def read_into(reader: Reader, keys: dict[str, Any]) -> None:
        keys[key] = default if default is not None and not reader.has(key) else reader.choice(key, allowed)

    return read_into


def _count(key: str, *, least: int | None, optional: bool) -> Any:
    def read_into(reader: Reader, keys: dict[str, Any]) -> None:
        keys[key] = reader.number(key, least=least) if reader.has(key) or not optional else None

    return read_into


def _optional(key: str, read: Any) -> Any:
    def read_into(reader: Reader, keys: dict[str, Any]) -> None:
        keys[key] = read(reader) if reader.has(key) else None

    return read_into


def _born(reader: Reader, keys: dict[str, Any]) -> None:
    keys["born"] = reader.birth_date("born")


_KEYS = {
    "application": _text("application"),
    "group": _text("group"),
    "born": _born,
    "kind": _word("kind", ("general", "special")),
    "benefit": _word("benefit", BENEFITS, default="NONE"),
    "correction": _optional("correction", _correction),
    "wished_from": _optional("wished_from", lambda reader: reader.day("wished_from")),
    "settlement": _optional("settlement", lambda reader: reader.text("settlement")),
    "verdict": _word("verdict", ("confirm", "reject")),
    "reason": _word("reason", REFUSAL_REASONS),
    "limit": _count("limit", least=0, optional=True),
    # In the voucher regime the number of days is ignored, whatever it is.
    "days": _count("days", least=None, optional=True),
    "places": _count("places", least=1, optional=False),
}

__all__ = ["MalformedStory", "Step", "Story", "StoryGroup", "StoryKindergarten", "read"]
