"""`imr check`: letters as text and PDF, with a case file, as words and as JSON; and what bad input gets."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from imr.cli.checks import check_command
from imr.determination import write
from imr.errors import ImrError, Unreadable
from tools.planted_faults.trials import base

LETTER = """HOW THE IMR FINAL DETERMINATION WAS MADE
MAXIMUS Federal Services sent the complete case file to an expert reviewer. He/she has no affiliation with the employer, employee,
providers or the claims administrator. He/she has been in active clinical practice for more than five years and is currently working at
least 24 hours a week in active practice. The expert reviewer was selected based on his/her clinical experience, education, background,
and expertise in the same or similar specialties that evaluate and/or treat the medical condition and disputed items/Service. He/she is
familiar with governing laws and regulations, including the strength of evidence hierarchy that applies to Independent Medical Review
determinations.
The Expert Reviewer has the following credentials:
State(s) of Licensure: California
Certification(s)/Specialty: Family Practice
CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the case file, including all medical records:
The injured worker is a 30 year old male with low back pain.
IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
6 physical therapy sessions for the low back: Upheld
Claims Administrator guideline: Decision based on MTUS Low Back Complaints 2004.
MAXIMUS guideline: Decision based on MTUS Low Back Complaints 2004, Section(s): Physical Methods.
Decision rationale: There is no documentation of functional improvement. The request is not medically necessary.
"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text(LETTER, encoding="utf-8")
    return path


def test_a_letter_is_checked_against_itself(letter: Path) -> None:
    done = CliRunner().invoke(check_command, [str(letter)])
    assert done.exit_code == 1
    assert (
        "also, as nearly every letter of 2014 to 2017: The letter lacks the list of documents reviewed" in done.output
    )
    assert "ASK  content-missing" not in done.output
    assert "What would change issue 1" in done.output
    assert "what the employee can do now that was not possible before the treatment" in done.output


def test_a_case_file_of_texts_gives_evidence_with_its_page(letter: Path, tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "PROGRESS REPORT (PR-2)\nDate of service: 01/02/2015\nPain.\fPROGRESS REPORT (PR-2)\nDate of service: 01/20/2015\n"
        "He has improved range of motion of the low back.",
        encoding="utf-8",
    )
    done = CliRunner().invoke(check_command, [str(letter), "--case-file", str(folder), "--json"])
    concerns = json.loads(done.output)["concerns"]
    (absence,) = [c for c in concerns if c["check"] == "absence-contradicted"]
    assert absence["evidence"][0]["page"] == 2
    (folder / "b.pdf").write_bytes(b"%PDF-")
    with pytest.raises(ImrError, match="one kind into the folder"):
        CliRunner().invoke(check_command, [str(letter), "--case-file", str(folder)], catch_exceptions=False)


def test_an_empty_case_file_is_a_stop(letter: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = CliRunner().invoke(check_command, [str(letter), "--case-file", str(tmp_path / "empty")])
    assert "STOP no-records" in done.output
    with pytest.raises(ImrError, match="is not a folder"):
        CliRunner().invoke(check_command, [str(letter), "--case-file", str(letter)], catch_exceptions=False)


def test_a_text_of_another_layout_is_said_to_be_unread(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Dear reader, nothing.", encoding="utf-8")
    done = CliRunner().invoke(check_command, [str(other)])
    assert done.exit_code == 1
    assert "not read" in done.output
    as_json = CliRunner().invoke(check_command, [str(other), "--json"])
    assert json.loads(as_json.output)["concerns"] is None


def test_what_is_no_letter_is_refused_with_the_way_out(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes(b"\xff\xfe\xfa")
    for path, says in ((wrong, "neither a PDF nor text in UTF-8"), (tmp_path / "none.txt", "cannot be read")):
        with pytest.raises(Unreadable, match=says):
            CliRunner().invoke(check_command, [str(path)], catch_exceptions=False)


@pytest.mark.letters
def test_a_published_pdf_is_checked(letters_folder: Path) -> None:
    path = letters_folder / "pdf" / "CM17-0001064.pdf"
    done = CliRunner().invoke(check_command, [str(path), "--public", "--json"])
    assert "chapter-mismatch" in {c["check"] for c in json.loads(done.output)["concerns"]}


def test_the_same_words_in_two_issues_are_told_once(tmp_path: Path) -> None:
    sound = base(0, "6 physical therapy sessions for the low back", "There is no pain score.", summary="Pain is 7/10.")
    path = tmp_path / "letter.txt"
    path.write_text(write(replace(sound, issues=sound.issues * 2)), encoding="utf-8")
    told = CliRunner().invoke(check_command, [str(path)]).output
    assert told.count("it says: There is no pain score.") == 1
    assert "absence-contradicted (issues 1, 2)" in told
