"""The tests that a document names as `tests/FILE.py::NAME`, and whether the tree has them."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def named_tests(text: str) -> list[str]:
    """Each test that a text names, as often as it does."""
    return [f"{file}::{name}" for file, name in _NAMED.findall(text)]


@cache
def tests_of(file: str) -> frozenset[str]:
    """The functions of tests in a file of the tree; none where there is no such file."""
    path = ROOT / file
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing(names: list[str]) -> list[str]:
    """Those that are not in the tree."""
    return [name for name in names if name.partition("::")[2] not in tests_of(name.partition("::")[0])]
