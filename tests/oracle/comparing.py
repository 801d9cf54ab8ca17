"""Both tellings of a story side by side, the first difference, and the shortest story that still differs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.oracle import simulator


def difference(story: dict[str, Any]) -> list[str]:
    """The first step that the oracle and the system tell differently, in lines of words; none when they agree."""
    expected, got = simulator.play(story), told(story)
    for number, (wanted, seen) in enumerate(zip(expected["steps"], got["steps"], strict=True)):
        if wanted != seen:
            return [
                f"step {number}: {json.dumps(story['steps'][number], ensure_ascii=False)}",
                *_lines(wanted, seen, ""),
            ]
    return []


def _lines(expected: Any, got: Any, path: str) -> Iterator[str]:
    if not isinstance(expected, dict) or not isinstance(got, dict):
        yield f"  {path}: the oracle says {expected!r}, the system {got!r}"
        return
    for key in sorted({*expected, *got}):
        if expected.get(key) != got.get(key):
            yield from _lines(expected.get(key), got.get(key), f"{path}.{key}".strip("."))


@contextmanager
def scratch() -> Iterator[None]:
    """A scratch database in which stories are told one after another, each undone after it."""
    from balabaqsha.config import databases

    with databases.scratch_database():
        yield


def told(story: dict[str, Any]) -> dict[str, Any]:
    """What the system tells, in a transaction that is undone: nothing of it is there for the next story."""
    from django.db import connection, transaction

    from balabaqsha.commands.rehearsal import play
    from balabaqsha.commands.rehearsal import story as stories

    with TemporaryDirectory() as folder:
        file = Path(folder) / "story.json"
        file.write_text(json.dumps(story), encoding="utf-8")
        read = stories.read(file)
    around = transaction.atomic()
    # As around a test of Django: what wants to be durable may run inside.
    around._from_testcase = True
    with around:
        try:
            outcome = play.play(read)
            connection.check_constraints()
        finally:
            transaction.set_rollback(True)
    return outcome


def shortest(story: dict[str, Any]) -> dict[str, Any]:
    """Drop steps, terms, days and groups for as long as the two still differ."""
    story = _without_tail(story)
    size = max(1, len(story["steps"]) // 2)
    while size:
        for start in range(len(story["steps"]) - size, -1, -size):
            shorter = story | {"steps": story["steps"][:start] + story["steps"][start + size :]}
            if _still_differs(shorter):
                story = shorter
        size //= 2
    for key in list(story["terms"]):
        simpler = story | {"terms": {code: value for code, value in story["terms"].items() if code != key}}
        story = simpler if _still_differs(simpler) else story
    simpler = story | {"calendar": {"days_off": [], "working_days": []}}
    story = simpler if _still_differs(simpler) else story
    for name in [kindergarten["id"] for kindergarten in story["kindergartens"]]:
        simpler = story | {"kindergartens": [k for k in story["kindergartens"] if k["id"] != name]}
        story = simpler if _still_differs(simpler) else story
    return story


def _without_tail(story: dict[str, Any]) -> dict[str, Any]:
    number = int(difference(story)[0].split()[1].rstrip(":"))
    return story | {"steps": story["steps"][: number + 1]}


def _still_differs(story: dict[str, Any]) -> bool:
    """A story that names what is no longer there is no story."""
    applied: set[str] = set()
    groups = {group["id"] for kindergarten in story["kindergartens"] for group in kindergarten["groups"]}
    for step in story["steps"]:
        if step["do"] == "apply":
            applied.add(step["application"])
        if step.get("application", "") not in {"", *applied} or step.get("group", "") not in {"", *groups}:
            return False
    return bool(story["steps"]) and bool(difference(story))
