"""Every refusal has a sentence in three languages, and is given the facts that the sentence needs."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import balabaqsha
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.locale.texts import knows, unfilled_in
from balabaqsha.web.kit.refusals import explain, sentence

# What `explain` adds by itself.
ADDED = {"ref"}


def all_refusals() -> set[type[Refusal]]:
    for module in pkgutil.walk_packages(balabaqsha.__path__, "balabaqsha."):
        if ".tests" not in module.name and ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, rest = set(), [Refusal]
    while rest:
        for kind in rest.pop().__subclasses__():
            found.add(kind)
            rest.append(kind)
    return {kind for kind in found if kind.__module__.startswith("balabaqsha.") and ".tests." not in kind.__module__}


def test_every_refusal_has_its_sentence() -> None:
    without = {kind.detail: kind.__module__ for kind in all_refusals() if not knows(f"refusal.{kind.detail}")}

    assert without == {}


def test_every_refusal_is_raised_with_the_facts_of_its_sentence() -> None:
    needed = {
        kind.__name__: set(re.findall(r"\{(\w+)\}", unfilled_in("kk", f"refusal.{kind.detail}"))) - ADDED
        for kind in all_refusals()
        if knows(f"refusal.{kind.detail}")
    }
    poor = []
    for path in Path(balabaqsha.__file__).parent.rglob("*.py"):
        for raised in raises(path):
            call = raised if isinstance(raised, ast.Call) else ast.Call(func=raised, args=[], keywords=[])
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            given = {keyword.arg for keyword in call.keywords}
            if "state" in given:
                given.add("status")
            if needed.get(name, set()) - given and None not in given:
                poor.append(f"{path.name}:{raised.lineno} {name} lacks {needed[name] - given}")

    assert poor == []


def raises(path: Path) -> list[ast.expr]:
    if "tests" in path.parts or "node_modules" in path.parts:
        return []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc is not None]


def test_a_day_from_the_journal_is_written_for_people() -> None:
    assert "07.10.2026" in sentence("extension-not-today", {"date": "2026-10-07"})


def test_codes_among_the_facts_become_words() -> None:
    sentence = explain(None, NotInThisState(move="choose", state="WAITING"))

    assert "«Кезекте»" in sentence
