"""What this code does without: signals, model forms, towers of views, surprises in models."""

import ast
import re

import pytest

from tests.architecture import sources

FORBIDDEN_IMPORTS = {
    "django.db.models.signals": "consequences are called, not signalled",
    "django.dispatch": "consequences are called, not signalled",
    "django.views.generic": "a view is a function",
    "django.forms.models": "a form knows no model",
}
FORBIDDEN_NAMES = {"ModelForm": "a form knows no model", "GenericForeignKey": "a key says what it points to"}


def test_nothing_forbidden_is_imported():
    found = [
        f"{source.path}:{node.lineno}: {name}"
        for source in sources.product()
        for node in ast.walk(source.tree)
        for name in _imported(node)
        if name.startswith(tuple(FORBIDDEN_IMPORTS)) or name.rsplit(".", 1)[-1] in FORBIDDEN_NAMES
    ]

    assert not found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _models() -> list[sources.Source]:
    return [source for source in sources.product() if source.name == "models.py"]


@pytest.mark.parametrize("source", _models(), ids=lambda source: source.path)
def test_models_have_no_save_and_no_ordering(source):
    found = [
        f"def {function.name}" for function in sources.functions(source.tree) if function.name in {"save", "delete"}
    ]
    found += [
        "ordering"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and node.name == "Meta"
        for part in node.body
        if isinstance(part, ast.Assign) and any(getattr(target, "id", "") == "ordering" for target in part.targets)
    ]

    assert not found


CLOCKS = {"now", "utcnow", "today"}
# The edge: what may look at a clock, and why.
MAY_READ_THE_CLOCK = {
    "accounts/clock.py": "the clocks of the edge",
    "commands/": "the edge",
    "config/": "the edge",
    "sandbox/": "stands outside the portal and lives on real time",
}


def test_nothing_below_the_edge_reads_a_clock():
    found = [
        f"{source.path}:{call.lineno}: {ast.unparse(call.func)}"
        for source in sources.product()
        if not source.path.startswith(tuple(MAY_READ_THE_CLOCK))
        for call, name in sources.calls(source.tree)
        if name in CLOCKS and ast.unparse(call.func.value) in {"datetime", "date", "timezone", "datetime.datetime"}
    ]

    assert not found


def test_nothing_is_put_off():
    words = re.compile(
        r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3 + r"(?! XX)", "NotImplemented" + "Error"]) + r")\b"
    )
    found = [
        f"{source.path}:{number}: {line.strip()}"
        for source in sources.product()
        for number, line in enumerate(source.text.splitlines(), 1)
        if words.search(line)
    ]

    assert not found
