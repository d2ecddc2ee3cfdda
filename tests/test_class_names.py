"""One name, one class: no public class name of the product occurs twice."""

import ast
from collections import defaultdict
from pathlib import Path

SRC = Path(__file__).resolve().parent.parent / "src" / "imr"

#: Names that Django gives: a command of `manage.py`, the options of a model or a form, a migration.
OF_DJANGO = {"Command", "Meta", "Migration"}


def test_no_public_class_name_occurs_twice() -> None:
    found = defaultdict(list)
    for path in sorted(SRC.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(f"{path.relative_to(SRC)}:{node.lineno}")
    assert len(found) > 500
    assert {name: places for name, places in found.items() if len(places) > 1 and name not in OF_DJANGO} == {}
