"""The product knows nothing of its laboratory: no module of `src` names a file of `tests`, or imports `tools`."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"


def words(file: Path) -> list[str]:
    """The texts of a module but its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in strings if id(node) not in explained]


def test_no_module_reads_the_tests():
    named = {file.name for file in SOURCE.rglob("*.py") for word in words(file) if word == "tests" or "tests/" in word}
    assert named == set()


def test_no_module_imports_the_tools_the_tests_or_the_benchmarks():
    found = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            modules = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            found |= {(file.name, one) for one in modules if one.split(".")[0] in {"tools", "tests", "benchmarks"}}
    assert found == set()
