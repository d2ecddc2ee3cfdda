"""`imr law` as its users call it: answers, exit codes, and what bad input gets."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from imr.cli.law import law_command
from imr.errors import ImrError, NotInForce
from imr.law.register import ENTRIES
from tools.law_document import cases, explain, law

FACTS = """
injured_on = 2014-05-01
ur_decided_on = 2015-02-05
ur_served_on = 2015-02-06
ur_service = "mail"
"""
FILING = (
    FACTS
    + """
received_on = 2015-03-10
filed_by = "employee"
signed_on = 2015-03-02
ur_decision_attached = true
"""
)


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(law_command, list(arguments), input=text)


@pytest.fixture
def facts(tmp_path: Path) -> str:
    file = tmp_path / "case.toml"
    file.write_text(FACTS, encoding="utf-8")
    return str(file)


def test_due_gives_every_deadline_with_its_reasoning(facts: str) -> None:
    done = run("due", facts, "--on", "2015-03-12")
    assert done.exit_code == 0
    assert "Friday, March 13, 2015  Application for IMR, by the employee (1 day left)" in done.stdout
    assert "  4. Served by mail (California): 5 calendar days added (CCP 1013(a))." in done.stdout
    assert "[not verified]" in done.stdout


def test_due_in_brief_counts_the_days_left(facts: str) -> None:
    lines = {
        day: run("due", facts, "--brief", "--on", day).stdout for day in ("2015-03-13", "2015-03-14", "2015-03-20")
    }
    assert "(today)" in lines["2015-03-13"]
    assert "(1 day past)" in lines["2015-03-14"]
    assert "(7 days past)" in lines["2015-03-20"]
    assert "1. Rule" not in lines["2015-03-13"]
    assert run("due", facts, "--brief").exit_code == 0


def test_due_as_json_and_from_standard_input() -> None:
    done = run("due", "-", "--json", "--on", "2015-03-12", text=FACTS + "form_supplied = false\n")
    answer = json.loads(done.stdout)
    assert [deadline["rule"] for deadline in answer["deadlines"]] == ["ur-communication"]
    assert answer["not_running"][0]["rule"] == "app-time-tolling-no-form"
    assert answer["contradictions"] == []


def test_due_from_a_form_and_from_json(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"ur_served_on": "2015-02-06", "form_supplied": false}', encoding="utf-8")
    assert "Not running: app-time-tolling-no-form" in run("due", str(file)).stdout
    done = run("due", str(file), "--form", "form-supplied=true", "--form", "ur_service=personal", "--brief")
    assert done.stdout.startswith("Monday, March 9, 2015")


def test_due_says_where_nothing_is_started() -> None:
    assert "start no deadline" in run("due", "--form", "injured_on=2014-05-01").stdout


def test_due_as_a_calendar(facts: str) -> None:
    done = run("due", facts, "--ical", "--case", "CM15-0000001", "--on", "2015-03-12")
    assert done.stdout.startswith("BEGIN:VCALENDAR")
    assert done.stdout.count("BEGIN:VEVENT") == 2
    assert "CM15-0000001" in done.stdout


def test_facts_that_contradict_each_other_are_named_and_end_with_two(facts: str) -> None:
    done = run("due", facts, "--form", "injured_on=2015-03-01")
    assert done.exit_code == 2
    assert (
        "the UR decision (Thursday, February 5, 2015) is dated before the injury (Sunday, March 1, 2015)" in done.stderr
    )


@pytest.mark.parametrize("command", ["due", "eligible"])
def test_an_empty_file_of_facts_names_each(command: str) -> None:
    done = run(command, "--blank")
    assert '# ur_service = "personal" | "mail"' in done.stdout
    assert "# ur_served_on = 2015-02-06" in done.stdout
    assert "= true | false" in done.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"ur_served_on = 6.2.2015", "one a line"),
        (b'ur_served_on = "6.2.2015"', "date is expected"),
        (b"served = 2015-02-06", "no field is called served"),
        (b'ur_service = "pigeon"', "one of personal, mail"),
        (b"\xff\xfe", "not text in UTF-8"),
    ],
)
def test_bad_facts_get_a_clear_word(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "case.toml"
    file.write_bytes(content)
    done = run("due", str(file))
    assert isinstance(done.exception, ImrError)
    assert words in str(done.exception)


def test_no_file_no_pair_and_half_a_pair(tmp_path: Path) -> None:
    assert isinstance(run("due", str(tmp_path / "none.toml")).exception, ImrError)
    assert "give a file of facts" in run("due").stderr
    assert "write KEY=VALUE" in run("due", "--form", "ur_served_on").stderr


def test_eligible_ends_with_nought_and_not_eligible_with_two(tmp_path: Path) -> None:
    file = tmp_path / "filing.toml"
    file.write_text(FILING, encoding="utf-8")
    done = run("eligible", str(file), "--on", "2015-03-12")
    assert done.exit_code == 0
    assert done.stdout.startswith("Eligible.")
    done = run("eligible", str(file), "--form", "received_on=2015-03-14")
    assert done.exit_code == 2
    assert done.stdout.splitlines()[1].startswith(
        "  NO   app-time-standard: Application for IMR: due Friday, March 13, 2015"
    )
    answer = json.loads(run("eligible", str(file), "--json", "--form", "filed_by=requesting physician").stdout)
    assert answer["eligible"] is False
    assert [finding["rule"] for finding in answer["findings"] if not finding["holds"]] == ["app-who"]


def test_explain_says_what_a_rule_asked_its_versions_and_its_cases() -> None:
    done = run("explain", "elig-info", "--on", "2013-09-03")
    assert "  -> from Tuesday, January 1, 2013: 15 calendar days" in done.stdout
    assert "     from Wednesday, February 12, 2014: 5 normal business days" in done.stdout
    assert "python -m tools.law_document elig-more-information" in done.stdout
    assert explain("elig-info").startswith(f"{len(cases()['elig-more-information'])} cases test it:\n  ")
    newest = run("explain", "elig-info").stdout
    assert "-> from Wednesday, April 1, 2026: 5 normal business days" in newest
    assert "500 dollars a day, at most 5000" in run("explain", "rec-penalty").stdout
    assert "560 dollars" in run("explain", "fee-amount").stdout
    answer = json.loads(run("explain", "rec-ca-documents", "--json").stdout)
    assert answer["in_force"][0]["value"] == "6"
    assert len(explain("rec-ca-documents").splitlines()) == 1 + len(cases()["rec-ca-documents"])


def test_explain_does_not_guess() -> None:
    for rule, day in (
        ("det-time-formulary", "2017-12-31"),
        ("mtus-evidence-2009", "2015-04-20"),
        ("fee-amount", "2016-06-01"),
    ):
        assert isinstance(run("explain", rule, "--on", day).exception, NotInForce)
    assert "did you mean" in str(run("explain", "appeal-tim").exception)


def test_the_list_holds_every_rule() -> None:
    text = run("list").stdout
    assert all(f"  {entry.rule.id}" in text for entry in ENTRIES)
    assert len(json.loads(run("list", "--json").stdout)) == len(ENTRIES)


def test_the_document_names_every_rule_with_its_cases() -> None:
    text = law()
    for entry in ENTRIES:
        assert f"#### `{entry.rule.id}`: {entry.rule.title}" in text
        assert len(cases()[entry.rule.id]) >= 2
    assert "| `fee-amount` | 2014-01-01 | the fees of this time were not seen" in text


def test_the_command_ends_as_its_error_says() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "imr"), "law", "explain", "fee-amount", "--on", "2016-06-01"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("imr: the fee for a review is not known for 2016-06-01")
    assert "Traceback" not in done.stderr
