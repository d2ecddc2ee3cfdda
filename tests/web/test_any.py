"""The site is typed: what a value is can be read where it is used, and `Any` is left to what only its library can say."""

import ast
import contextlib
from collections import Counter
from pathlib import Path

import imr.web

WEB = Path(imr.web.__file__).parent
#: Uses of `Any` that are left, each with what its library cannot say.
LEFT = {
    "access/parties.py": (1, "a row with a column that its query adds"),
    "api/cases.py": (1, "the fields that pydantic makes a model of"),
    "api/steps.py": (1, "the fields that pydantic makes a model of"),
}
#: What the project allows itself at most.
MOST = 19


def uses(source: str) -> int:
    """How often a module says `Any`, in annotations that are written as strings too."""
    found = 0
    for node in ast.walk(ast.parse(source)):
        found += isinstance(node, ast.Name) and node.id == "Any"
        found += isinstance(node, ast.Attribute) and node.attr == "Any"
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            for text in ast.walk(part) if part is not None else ():
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    with contextlib.suppress(SyntaxError):  # a label that comes with an annotation
                        found += uses(text.value)
    return found


def test_a_use_is_found_in_every_form():
    assert uses("def f(a: Any, *b: typing.Any) -> 'dict[str, Any]': ...") == 3
    assert uses("from typing import Any\nx: 'list[int]' = 'Any'\n\ndef many(): 'Any of these.'") == 0


def test_any_is_said_only_where_it_is_accounted_for():
    counts = Counter()
    for module in WEB.rglob("*.py"):
        counts[module.relative_to(WEB).as_posix()] = uses(module.read_text(encoding="utf-8"))
    assert +counts == {module: count for module, (count, _) in LEFT.items()}, (
        "say the type, or say here why it cannot be said"
    )
    assert counts.total() <= MOST
