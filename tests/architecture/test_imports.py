"""Who imports whom."""

import ast
import subprocess
import sys

from tests.architecture import sources


def test_the_import_contracts_hold():
    told = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=sources.ROOT,
        capture_output=True,
        text=True,
    )

    assert told.returncode == 0, told.stdout + told.stderr


def test_the_environment_is_read_in_one_module_only():
    readers = [source.path for source in sources.product() if _reads_environment(source.tree)]

    # The sandbox is a program of its own and takes its defaults from the same names.
    assert set(readers) - {"sandbox/__main__.py"} == {"config/env.py"}


def _reads_environment(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} for node in ast.walk(tree))


def test_nothing_in_the_product_imports_its_tests():
    found = [
        f"{source.path}: {node.module}"
        for source in sources.product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module and (".tests" in node.module or node.module == "conftest")
    ]

    assert not found
