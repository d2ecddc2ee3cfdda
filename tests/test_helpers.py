"""Helpers of the tests live in `tests.factories`: no test module imports another, and nothing else is imported by a bare name."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
#: What the suite itself is made of, beside the test modules and the factories.
OF_THE_SUITE = {
    "budgets.py", "conftest.py", "coverage_floor.py", "gate.py", "golden/write.py", "measured.py", "web/site_settings.py",
    "wording.py",
}  # fmt: skip
MODULES = sorted(TESTS.rglob("*.py"))


def imported(module: Path) -> set[str]:
    """The modules that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(TESTS).as_posix())
def test_no_module_imports_a_test_module_or_a_conftest(module):
    tests = {one.stem for one in MODULES if one.name.startswith("test_") or one.name == "conftest.py"}
    assert [name for name in imported(module) if name.rpartition(".")[2] in tests and not name.startswith("imr.")] == []


def test_helpers_live_in_the_factories():
    placed = {
        one.relative_to(TESTS) for one in MODULES if not one.name.startswith("test_") and one.name != "__init__.py"
    }
    strangers = {one.as_posix() for one in placed if one.parts[0] != "factories" and one.name != "conftest.py"}
    assert strangers == OF_THE_SUITE - {"conftest.py"}
