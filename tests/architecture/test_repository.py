"""The repository stands alone: pinned requirements without addresses, no path of a machine, nothing from outside."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import sources

# Built from pieces, so that this file does not name what it forbids.
REGISTRIES = re.compile(
    "|".join(["py" + r"pi\.org", "python" + "hosted", r"registry\.n" + "pmjs", "n" + r"pmjs\.com", r"deb\.debi" + "an"])
)
MACHINE_PATHS = re.compile(
    r"(?<![\w./-])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + r"me/\w", "fa" + "rm"]) + r")/"
)
OUTSIDE = re.compile(r"\.\./sha" + "red")
TEXTS = frozenset(
    {
        ".py",
        ".md",
        ".html",
        ".js",
        ".mjs",
        ".css",
        ".txt",
        ".in",
        ".toml",
        ".cfg",
        ".ini",
        ".yml",
        ".json",
        ".po",
        ".typ",
        ".svg",
        "",
    }
)
REQUIREMENTS = sorted((sources.ROOT / "requirements").glob("*.txt"))


def _files() -> list[Path]:
    """The files of the repository, as far as they are texts."""
    skipped = {".git", ".venv", "var", "node_modules", "__pycache__"}
    found = []
    for path in sources.ROOT.iterdir():
        if path.name in skipped or (path.name.startswith(".") and path.is_dir() and path.name != ".ci"):
            continue
        found += [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return [path for path in found if path.suffix in TEXTS and not skipped & set(path.parts) and not _is_hidden(path)]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(sources.ROOT).parts[1:])


def _found(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(sources.ROOT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_requirements_name_no_address(file):
    text = file.read_text(encoding="utf-8")

    assert not re.search(r"index-url|find-links|trusted-host|://", text)


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_every_requirement_is_pinned_with_hashes(file):
    entries = re.split(r"\n(?=\S)", file.read_text(encoding="utf-8").replace("\\\n", " "))
    pins = [entry for entry in entries if entry and not entry.lstrip().startswith("#")]

    assert pins
    assert [pin.split()[0] for pin in pins if "==" not in pin.split()[0] or "--hash=sha256:" not in pin] == []


def test_no_registry_is_named():
    assert _found(REGISTRIES, _files()) == []


def test_no_path_of_a_machine_is_named():
    assert _found(MACHINE_PATHS, _files()) == []


def test_the_product_reads_nothing_outside_the_repository():
    product = [path for path in _files() if path.is_relative_to(sources.PACKAGE) and "tests" not in path.parts]

    assert _found(OUTSIDE, product) == []


def test_the_tests_are_collected_in_a_copy_without_its_neighbours(tmp_path):
    copy = tmp_path / "somewhere" / "clone"
    copy.mkdir(parents=True)
    ignored = shutil.ignore_patterns("node_modules", "__pycache__", "*.pyc")
    for name in ("src", "tests", "docs", "benchmarks", "requirements"):
        shutil.copytree(sources.ROOT / name, copy / name, ignore=ignored)
    for name in ("conftest.py", "pyproject.toml", "Makefile", "README.md"):
        shutil.copy(sources.ROOT / name, copy / name)

    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=copy,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )

    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-2000:]
