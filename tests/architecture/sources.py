"""The sources that the tests of conventions read."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "balabaqsha"
_NOT_OURS = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True)
class Source:
    """One module: its path below the package, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def is_test(self) -> bool:
        return "/tests/" in f"/{self.path}" or self.name == "conftest.py"

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in f"/{self.path}"


@cache
def modules() -> tuple[Source, ...]:
    """Every module of the package, tests and migrations too."""
    files = [path for path in sorted(PACKAGE.rglob("*.py")) if not _NOT_OURS & set(path.parts)]
    return tuple(_read(path) for path in files)


def product() -> list[Source]:
    """The modules of the product itself."""
    return [source for source in modules() if not source.is_test and not source.is_migration]


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(PACKAGE).as_posix(), text, ast.parse(text))


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call of an attribute with the attribute's name: `rows.filter(...)` is `filter`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
