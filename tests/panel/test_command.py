"""`imr panel` as its users call it."""

import json

import pytest
from click.testing import CliRunner
from tests.factories.panel import ON, member, request

from imr.cli import imr
from imr.errors import Damaged, ImrError, Infeasible
from imr.law.reviewers import screen
from imr.panel import assign
from imr.panel.assignment import AssignmentRecord, check_record
from imr.panel.commitment import commit
from imr.panel.proof import DualCertificate
from imr.panel.roster_csv import write_roster
from imr.plain import from_plain, to_plain

DAY = ("--on", "2015-02-27")


def run(*arguments):
    return CliRunner().invoke(imr, ["panel", *map(str, arguments)], catch_exceptions=True)


@pytest.fixture
def files(tmp_path):
    """A register of two and a file of two cases."""
    roster, cases = tmp_path / "roster.csv", tmp_path / "cases.json"
    roster.write_text(write_roster([member("R1"), member("R2", languages=("Spanish",))]), encoding="utf-8")
    cases.write_text(json.dumps(to_plain([request("C1"), request("C2")])), encoding="utf-8")
    return cases, roster


def test_an_invented_day_is_assigned_and_its_proof_checked_anew(tmp_path):
    assert run("example", "--cases", 12, "--reviewers", 20, "--out", tmp_path, *DAY).exit_code == 0
    given = (tmp_path / "cases.json", tmp_path / "roster.csv")
    assert run("check", given[1], *DAY).output == "20 reviewers, 0 warnings\n"
    answer = tmp_path / "answer.json"
    done = run("assign", *given, *DAY, "--seed", "spring", "--out", answer)
    assert "proved: none costs less" in done.output
    assert json.loads(answer.read_text())["seed"] == "spring"
    proved = run("prove", answer, *given)
    assert proved.exit_code == 0
    assert proved.output.startswith("proved: ")


def test_a_case_without_a_reviewer_ends_the_command_with_the_reasons(files):
    cases, roster = files
    roster.write_text(write_roster([member("R1", is_qme=True)]), encoding="utf-8")
    done = run("assign", cases, roster, *DAY)
    assert isinstance(done.exception, Infeasible)
    assert "case C1: the law clears too few: rev-not-qme (1). Have one of 1 reviewer(s) meet rev-not-qme" in str(
        done.exception
    )


def test_candidates_in_order_and_those_refused(files):
    cases, roster = files
    found = run("candidates", cases, roster, "--case", "C1", *DAY)
    assert [line.split()[1] for line in found.output.splitlines() if line[:4].strip().endswith(".")] == ["R1", "R2"]
    assert "60  language of the records: does not read English" in found.output
    roster.write_text(write_roster([member("R1", is_qme=True), member("R2", capacity=0)]), encoding="utf-8")
    found = run("candidates", cases, roster, "--case", "C1", "--refused", *DAY)
    assert "R1  refused: is a QME (Labor Code 139.5(d)(4))" in found.output
    assert "R2  no place free" in found.output
    assert found.output.endswith("0 available, 1 full or away, 1 refused\n")
    listed = json.loads(run("candidates", cases, roster, "--case", "C1", "--json", *DAY).output)
    assert [one["reviewer"] for one in listed] == ["R2", "R1"]


def test_a_case_must_be_named_where_there_are_several(files):
    assert "2 cases fit" in str(run("candidates", *files, *DAY).exception)
    assert "no case C9" in str(run("candidates", *files, "--case", "C9", *DAY).exception)


def test_history_weighs(files, tmp_path):
    history = tmp_path / "history.json"
    past = {"case": "C0", "reviewer": "R1", "on": "2015-02-20", "is_open": True}
    history.write_text(json.dumps([past]), encoding="utf-8")
    found = run("candidates", *files, "--case", "C1", "--history", history, *DAY)
    assert "1 case(s) in the last 90 days, room for 1 more" in found.output


def test_warnings_say_what_runs_out(files):
    roster = files[1]
    told = run("check", roster, "--on", "2016-01-15")
    assert "R1: the California license expires, 2016-01-31\n" in told.output
    assert "(past)" in run("check", roster, "--on", "2016-02-15").output


@pytest.mark.parametrize("content", [b"not JSON", b"\xff\xfe", b'{"a": 1}'])
def test_a_file_that_is_not_what_it_must_be(files, content):
    cases, roster = files
    cases.write_bytes(content)
    assert isinstance(run("assign", cases, roster, *DAY).exception, ImrError)


def test_a_register_that_is_not_text(files):
    roster = files[1]
    roster.write_bytes(b"\xff\xfe\x00")
    assert "save the sheet as CSV in UTF-8" in str(run("check", roster).exception)


def test_what_was_sealed_is_disclosed_and_verified(tmp_path):
    who, matter = member("R1").reviewer, request().matter
    sealed = commit("C1", ON, who, matter, screen(who, matter, ON), bytes(32))
    kept, shown = tmp_path / "kept.json", tmp_path / "shown.json"
    kept.write_text(json.dumps(to_plain(sealed)), encoding="utf-8")
    shown.write_text(run("disclose", kept).output, encoding="utf-8")
    assert who.name not in shown.read_text()
    proved = run("verify", shown, "--root", sealed.root)
    assert proved.output.startswith("case: C1\nday: 2015-02-27\nrule: ")
    assert proved.output.endswith("proved under the published root; 2 fact(s) are not shown\n")
    assert "give --root" in run("verify", shown).output
    assert isinstance(run("verify", shown, "--root", "0" * 64).exception, Damaged)
    shown.write_text(run("disclose", kept, "--all").output, encoding="utf-8")
    assert who.name in run("verify", shown).output


class TestAnAnswerKept:
    cases = (request("C1", together="one"), request("C2", together="one"), request("C3"))
    panel = (member("R1", capacity=3), member("R2", capacity=3))
    answer = assign(cases, panel, ON).answer()

    def changed(self, **changes) -> AssignmentRecord:
        return from_plain(AssignmentRecord, to_plain(self.answer) | to_plain(changes))

    def test_goes_through_json_and_proves_itself(self):
        kept = from_plain(AssignmentRecord, json.loads(json.dumps(to_plain(self.answer))))
        assert kept == self.answer
        check_record(kept, self.cases, self.panel)

    @pytest.mark.parametrize("changes", [{"proof": None}, {"proof": DualCertificate((0, 0))}, {"pairs": ()}], ids=str)
    def test_a_proof_that_does_not_hold(self, changes):
        with pytest.raises(Damaged, match="does not hold"):
            check_record(self.changed(**changes), self.cases, self.panel)

    def test_facts_that_are_not_those_it_was_made_from(self):
        with pytest.raises(Damaged, match="is not in the register"):
            check_record(self.answer, self.cases, [member("R9")])
        with pytest.raises(Damaged, match="is not among the cases"):
            check_record(self.answer, self.cases[1:], self.panel)

    def test_consolidated_cases_apart(self):
        one = next(pair for pair in self.answer.pairs if pair.case == "C1")
        other = "R2" if one.reviewer == "R1" else "R1"
        apart = tuple(p if p.case != "C1" else type(p)("C1", other, p.points, 0) for p in self.answer.pairs)
        with pytest.raises(Damaged, match="do not share a reviewer"):
            check_record(self.changed(pairs=apart), self.cases, self.panel)
