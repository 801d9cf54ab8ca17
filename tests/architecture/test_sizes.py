"""Small modules, small functions; an exception says why."""

import ast

from tests.architecture import sources

MODULE_LINES = 400
FUNCTION_LINES = 40

LONG_MODULES: dict[str, str] = {}
# "path::function" -> why it is longer
LONG_FUNCTIONS: dict[str, str] = {}


def test_modules_are_small():
    lengths = {source.path: len(source.text.splitlines()) for source in sources.modules() if not source.is_migration}
    long = {path: length for path, length in lengths.items() if length > MODULE_LINES}

    assert {path: length for path, length in long.items() if path not in LONG_MODULES} == {}


def test_exceptions_are_still_needed():
    paths = {source.path for source in sources.modules()}
    names = {
        f"{source.path}::{function.name}" for source in sources.product() for function in sources.functions(source.tree)
    }

    assert set(LONG_MODULES) <= paths
    assert set(LONG_FUNCTIONS) <= names


def test_functions_are_small():
    long = {
        f"{source.path}::{function.name}": length
        for source in sources.product()
        for function in sources.functions(source.tree)
        if (length := _lines(function)) > FUNCTION_LINES
    }

    assert {name: length for name, length in long.items() if name not in LONG_FUNCTIONS} == {}


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The function's lines without its docstring."""
    first = function.body[0]
    is_docstring = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring
