"""Tests in a browser wait for what they ask: a page that was looked at once, before it had loaded, failed a whole submission."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent / "browser"
#: What answers at once about the page that is open at that moment; `expect` of Playwright asks until it is true or too late.
AT_ONCE = {"count", "is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "input_value", "text_content"}
#: The queries of the database share one of these names.
OTHERS = {"objects"}


def looked_at_once(source):
    """Lines of what asks a page at once, as (line, method)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in AT_ONCE:
            asked = node.func.value
            if not (isinstance(asked, ast.Attribute) and asked.attr in OTHERS):
                found.append((node.lineno, node.func.attr))
    return found


@pytest.mark.parametrize("path", sorted(TESTS.glob("*.py")), ids=lambda path: path.name)
def test_no_test_looks_at_a_page_only_once(path):
    assert looked_at_once(path.read_text()) == [], "use expect(...), which waits"


def test_a_look_at_once_is_found():
    assert looked_at_once('assert page.get_by_text("Sent").count() == 1\nExample.objects.count()') == [(1, "count")]
