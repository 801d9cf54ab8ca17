"""Stories told in lines of plain words, for tests: what is done, and what is then seen.

Each line is ``DAY TIME ACT words`` in national time; ``-> code`` says that the act is refused. After ``|`` stands what is
seen after the step, parted by ``;``: ``A1 STATE``, with ``because REASON``, ``due DAY TIME``, ``in GROUP``, ``line N`` (each
that is not said must be null, ``misses N`` nought), or ``K1.a N free``.
"""

import json
from typing import Any

from balabaqsha.commands.rehearsal.story import STEPS

_CLAUSES = {"because": "reason", "due": "due", "in": "place", "line": "line_place", "misses": "misses"}
_NUMBERS = {"line_place", "misses"}
LINEAR = {"code": "553600000", "regime": "linear"}
_NAMED_ONLY = {"kind", "benefit", "correction", "wished_from", "settlement", "limit", "days"}


def group(
    name: str,
    birth_year: int = 2021,
    places: int = 1,
    *,
    capacity: int | None = None,
    correction: str | None = None,
    settlement: str | None = None,
    ownership: str = "state",
) -> dict[str, Any]:
    """A kindergarten with one group of so many published places; its id is what stands before the dot."""
    made = {"id": name, "birth_year": birth_year, "language": "kk", "capacity": capacity or places or 1}
    made |= {"correction": correction, "published": places}
    kindergarten: dict[str, Any] = {"id": name.split(".", maxsplit=1)[0], "ownership": ownership, "groups": [made]}
    return kindergarten | ({"settlement": settlement} if settlement else {})


def story(lines: str, kindergartens: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """The lines as the JSON of a story; `more` are the other keys of a story, such as terms."""
    return {
        "territory": {"code": "551010000", "regime": "voucher"},
        "kindergartens": kindergartens,
        "steps": [_step(line) for line in _of(lines)],
        **more,
    }


def check(lines: str, told: dict[str, Any]) -> None:
    """Compare what was told with what the lines say was to be seen."""
    for line, step in zip(_of(lines), told["steps"], strict=True):
        act, _, seen = line.partition("|")
        _, _, refusal = act.partition("->")
        assert step["refusal"] == (refusal.strip() or None), line
        assert step["ok"] is (step["refusal"] is None), line
        if "misses" not in lines:
            assert all(shown["misses"] == 0 for shown in step["applications"].values()), line
        for clause in filter(None, map(str.strip, seen.split(";"))):
            _check_clause(clause, step, line)


def _of(lines: str) -> list[str]:
    return [line.strip() for line in lines.strip().splitlines() if line.strip()]


def _step(line: str) -> dict[str, Any]:
    day, time, do, *words = line.partition("|")[0].partition("->")[0].split()
    step: dict[str, Any] = {"at": _moment(day, time), "do": do}
    in_order = (key for key in STEPS[do] if key not in _NAMED_ONLY)
    for word in words:
        key, named, value = word.partition("=")
        step |= {key: _value(key, value)} if named else {(key := next(in_order)): _value(key, word)}
    return ({"kind": "general"} | step) if do == "apply" else step


def _value(key: str, word: str) -> str | int:
    return int(word) if key in {"limit", "days", "places"} else word


def _moment(day: str, time: str) -> str:
    return f"{day}T{time if time.count(':') == 2 else f'{time}:00'}+05:00"


def _check_clause(clause: str, step: dict[str, Any], line: str) -> None:
    name, *words = clause.split()
    if words[-1] == "free":
        assert step["groups"][name] == {"free": int(words[0])}, line
        return
    wanted: dict[str, Any] = {"state": words.pop(0), "reason": None, "due": None, "place": None, "line_place": None}
    while words:
        key = _CLAUSES[words.pop(0)]
        value = words.pop(0)
        wanted[key] = _moment(value, words.pop(0)) if key == "due" else int(value) if key in _NUMBERS else value
    assert step["applications"][name] == {"misses": 0} | wanted, line


def written(told: dict[str, Any]) -> str:
    """A story as the text of its file."""
    return json.dumps(told, ensure_ascii=False)
