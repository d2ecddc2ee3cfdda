"""What the documents of security promise is held by tests that exist."""

import re
from pathlib import Path

from tests.factories.named_tests import missing, named_tests

ROOT = Path(__file__).parents[1]
THREATS = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")


def test_every_threat_names_tests_that_exist():
    rows = re.findall(r"^\| .* \|$", THREATS.split("## Threats")[1].split("## What is not stopped")[0], re.MULTILINE)[
        2:
    ]
    assert len(rows) > 20
    assert [row for row in rows if not named_tests(row.rsplit(" | ", 1)[1])] == []
    assert missing(named_tests(THREATS)) == []


def test_the_model_of_threats_stays_two_pages():
    assert len(re.sub(r"`[^`]*`", "", THREATS).split()) < 1_200


def test_a_name_that_is_not_in_the_tree_is_found():
    assert missing(["tests/test_security_documents.py::test_nothing", "tests/none.py::test_x"]) == [
        "tests/test_security_documents.py::test_nothing",
        "tests/none.py::test_x",
    ]
