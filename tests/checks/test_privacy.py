"""What a public letter may not hold, and our own marks, which it may."""

from datetime import date

import pytest

from imr.checks import Context
from imr.checks.run import run
from imr.determination.data import from_data


def found(rationale: str) -> list[str]:
    issue = {
        "heading": "MRI",
        "decision": "upheld",
        "administrator_basis": "",
        "reviewer_basis": "",
        "rationale": rationale,
    }
    empty = dict.fromkeys(("review_type", "injured_on", "ur_decided_on", "received_on", "assigned_on", "decided_on"))
    letter = from_data(
        {
            **empty,
            "case_number": "CM26-0990001",
            "licensure": [],
            "specialty": "",
            "summary": "Pain.",
            "issues": [issue],
        }
    )
    concerns = run(letter, None, Context(on=date(2015, 1, 1), public=True))
    return [concern.says for concern in concerns if concern.check == "redaction"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. O'Brien agreed.", "Dr. DE LA CRUZ agreed.", "Dr Smith agreed.", "Ms Smith agreed.", "Dr. Muñoz agreed.",
        "Sean O'Brien, M.D., agreed.", "The employee, Thanh Le, agreed.", "SSN 123456789.", "Dr. Phalen agreed.",
    ],
)  # fmt: skip
def test_a_person_or_a_number_that_is_left_is_told(sentence):
    assert found(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. [name] agreed with Mr. [name]'s request.", "[organization] denied it on [date of birth] by [e-mail], [number].",
        "MS Contin was tried.", "Phalen's test is positive.", "The employee, in pain, agreed.",
    ],
)  # fmt: skip
def test_our_own_marks_and_words_of_medicine_are_no_residue(sentence):
    assert found(sentence) == []


def test_a_hole_that_another_hand_left_is_one():
    assert found("Dr. [NAME] agreed.")
    assert found("[name withheld] agreed.")
