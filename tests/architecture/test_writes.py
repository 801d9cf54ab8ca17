"""Writes stand where everybody looks for them, and begin their transactions as agreed."""

import ast

from tests.architecture import sources
from tests.architecture.sources import Source

WRITERS = frozenset({"actions.py", "_steps.py"})
ALWAYS = frozenset({"bulk_create", "bulk_update", "get_or_create", "update_or_create"})
OF_ROWS = frozenset({"save", "create", "update", "delete"})
QUERYSETS = frozenset({"objects", "filter", "exclude", "all", "select_for_update", "select_related", "order_by"})

# path -> why it may write
ALLOWED: dict[str, str] = {
    "commands/rehearsal/stage.py": "sets the stage of a story in a scratch database: territories that no classifier has",
    "territories/seed.py": "the first filling of the table, called by its migration",
}
ALLOWED_PLACES = {"sandbox/town/": "loads the demonstration town in bulk, the only other writer"}


def _is_writer(source: Source) -> bool:
    return source.name in WRITERS or source.path in ALLOWED or source.path.startswith(tuple(ALLOWED_PLACES))


def test_only_actions_and_steps_write():
    found = [
        f"{source.path}:{call.lineno}: .{name}(...)"
        for source in sources.product()
        if not _is_writer(source)
        for call, name in sources.calls(source.tree)
        if name in ALWAYS or (name in OF_ROWS and _is_of_rows(call.func.value))
    ]

    assert not found


def _is_of_rows(receiver: ast.expr) -> bool:
    """Whether the receiver is a query set or a manager, as far as its own expression tells."""
    return any(isinstance(node, ast.Attribute) and node.attr in QUERYSETS for node in ast.walk(receiver))


def test_each_allowed_writer_exists():
    paths = {source.path for source in sources.product()}

    assert set(ALLOWED) <= paths


def test_every_transaction_says_whether_it_is_durable_or_an_inner_step():
    bare = [
        f"{source.path}:{node.lineno}"
        for source in sources.product()
        for node in ast.walk(source.tree)
        if _is_bare_atomic(node, source.tree)
    ]

    assert not bare


def _is_bare_atomic(node: ast.AST, tree: ast.Module) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "atomic":
        return not any(keyword.arg in {"durable", "savepoint"} for keyword in node.keywords)
    if isinstance(node, ast.FunctionDef):
        return any(isinstance(mark, ast.Attribute) and mark.attr == "atomic" for mark in node.decorator_list)
    return False
