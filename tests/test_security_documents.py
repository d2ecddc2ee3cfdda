"""What the documents of security promise is held by tests that exist."""

import re
from pathlib import Path

from tests.factories.named_tests import missing, named_tests

ROOT = Path(__file__).parents[1]
THREATS = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
REQUIREMENTS = (ROOT / "docs" / "security-requirements.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "src" / "imr" / "web" / "settings.py").read_text(encoding="utf-8")

#: The requirements of OWASP ASVS 4.0.3 by section, each with the lowest level that asks for it.
LEVELS = {
    "1.1": "1:2 2:2 3:2 4:2 5:2 6:2 7:2",
    "1.2": "1:2 2:2 3:2 4:2",
    "1.4": "1:2 4:2 5:2",
    "1.5": "1:2 2:2 3:2 4:2",
    "1.6": "1:2 2:2 3:2 4:2",
    "1.7": "1:2 2:2",
    "1.8": "1:2 2:2",
    "1.9": "1:2 2:2",
    "1.10": "1:2",
    "1.11": "1:2 2:2 3:3",
    "1.12": "2:2",
    "1.14": "1:2 2:2 3:2 4:2 5:2 6:2",
    "2.1": "1:1 2:1 3:1 4:1 5:1 6:1 7:1 8:1 9:1 10:1 11:1 12:1",
    "2.2": "1:1 2:1 3:1 4:3 5:3 6:3 7:3",
    "2.3": "1:1 2:2 3:2",
    "2.4": "1:2 2:2 3:2 4:2 5:2",
    "2.5": "1:1 2:1 3:1 4:1 5:1 6:1 7:2",
    "2.6": "1:2 2:2 3:2",
    "2.7": "1:1 2:1 3:1 4:1 5:2 6:2",
    "2.8": "1:1 2:2 3:2 4:2 5:2 6:2 7:2",
    "2.9": "1:2 2:2 3:2",
    "2.10": "1:2 2:2 3:2 4:2",
    "3.1": "1:1",
    "3.2": "1:1 2:1 3:1 4:2",
    "3.3": "1:1 2:1 3:2 4:2",
    "3.4": "1:1 2:1 3:1 4:1 5:1",
    "3.5": "1:2 2:2 3:2",
    "3.6": "1:3 2:3",
    "3.7": "1:1",
    "4.1": "1:1 2:1 3:1 5:1",
    "4.2": "1:1 2:1",
    "4.3": "1:1 2:1 3:2",
    "5.1": "1:1 2:1 3:1 4:1 5:1",
    "5.2": "1:1 2:1 3:1 4:1 5:1 6:1 7:1 8:1",
    "5.3": "1:1 2:1 3:1 4:1 5:1 6:1 7:1 8:1 9:1 10:1",
    "5.4": "1:2 2:2 3:2",
    "5.5": "1:1 2:1 3:1 4:1",
    "6.1": "1:2 2:2 3:2",
    "6.2": "1:1 2:2 3:2 4:2 5:2 6:2 7:3 8:3",
    "6.3": "1:2 2:2 3:3",
    "6.4": "1:2 2:2",
    "7.1": "1:1 2:1 3:2 4:2",
    "7.2": "1:2 2:2",
    "7.3": "1:2 3:2 4:2",
    "7.4": "1:1 2:2 3:2",
    "8.1": "1:2 2:2 3:2 4:2 5:3 6:3",
    "8.2": "1:1 2:1 3:1",
    "8.3": "1:1 2:1 3:1 4:1 5:2 6:2 7:2 8:2",
    "9.1": "1:1 2:1 3:1",
    "9.2": "1:2 2:2 3:2 4:2 5:3",
    "10.1": "1:3",
    "10.2": "1:2 2:2 3:3 4:3 5:3 6:3",
    "10.3": "1:1 2:1 3:1",
    "11.1": "1:1 2:1 3:1 4:1 5:1 6:2 7:2 8:2",
    "12.1": "1:1 2:2 3:2",
    "12.2": "1:2",
    "12.3": "1:1 2:1 3:1 4:1 5:1 6:2",
    "12.4": "1:1 2:1",
    "12.5": "1:1 2:1",
    "12.6": "1:1",
    "13.1": "1:1 3:1 4:2 5:2",
    "13.2": "1:1 2:1 3:1 5:2 6:2",
    "13.3": "1:1 2:2",
    "13.4": "1:2 2:2",
    "14.1": "1:2 2:2 3:2 4:2 5:3",
    "14.2": "1:1 2:1 3:1 4:2 5:2 6:2",
    "14.3": "2:1 3:1",
    "14.4": "1:1 2:1 3:1 4:1 5:1 6:1 7:1",
    "14.5": "1:1 2:1 3:1 4:2",
}
#: Every requirement that is not met. It gets shorter; what joins it is said in the notes of a release.
NOT_MET = {"6.4.2", "8.3.6"}


def rows():
    """Each row of a requirement: its number, level, state, what is done and what shows it."""
    found = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([a-z ]+) \| (.*) \| (.*)\|$", REQUIREMENTS, re.MULTILINE)
    return [tuple(cell.strip() for cell in row) for row in found]


def test_every_requirement_has_its_row_with_its_level():
    levels = {
        f"{section}.{number}": level
        for section, each in LEVELS.items()
        for number, level in (one.split(":") for one in each.split())
    }
    found = rows()
    assert len(found) == len(levels) == 278
    assert {number: level for number, level, *_ in found} == levels


def test_what_is_met_names_what_shows_it_and_all_of_it_exists():
    for number, _, state, done, shown in rows():
        assert state in {"met", "operator", "not applicable", "not met"}, number
        assert done, number
        assert state != "met" or named_tests(shown) or "setting `" in shown, number
    assert missing(named_tests(REQUIREMENTS)) == []
    named = re.findall(r"setting `(\w+)`", REQUIREMENTS)
    assert [name for name in named if not re.search(rf"^(?:.*\b)?{name}\b.* = ", SETTINGS, re.MULTILINE)] == []


def test_what_is_not_met_is_counted():
    assert {number for number, _, state, *_ in rows() if state == "not met"} == NOT_MET
    summary = re.search(r"^\| all \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", REQUIREMENTS, re.MULTILINE)
    states = [state for _, _, state, *_ in rows()]
    assert list(map(int, summary.groups())) == [
        states.count(one) for one in ("met", "operator", "not applicable", "not met")
    ]


def test_each_attack_that_was_tried_is_asked_by_a_test():
    asked = re.findall(r"^\| (\d\d[a-z]?) \| .* \| (.*) \|$", REQUIREMENTS, re.MULTILINE)
    assert len(asked) == 44
    assert [attack for attack, shown in asked if not named_tests(shown)] == []


def test_every_way_to_the_reviewers_name_has_a_test_that_exists():
    text = (ROOT / "docs" / "decisions" / "0015-anonymity.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \|$", text, re.MULTILINE)[2:]
    assert len(rows) >= 11
    assert [row for row in rows if not named_tests(row.rsplit(" | ", 1)[1])] == []
    assert missing(named_tests(text)) == []


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
