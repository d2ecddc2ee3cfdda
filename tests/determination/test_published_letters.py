"""The reader on the published letters, which stand outside the project."""

import pytest
from tests.factories.published_letters import EXTRACTORS, folded, gold, texts

from imr.determination import Decision, Outcome, read
from imr.determination.fields import one_line

pytestmark = pytest.mark.letters

HEADER = (
    "case_number",
    "injured_on",
    "ur_decided_on",
    "received_on",
    "assigned_on",
    "decided_on",
    "licensure",
    "specialty",
)


@pytest.mark.parametrize("source", ["pdf", *EXTRACTORS])
def test_every_field_of_every_letter_is_exact(letters_folder, source):
    expected = gold(letters_folder)
    read_issues = 0
    for case, text in texts(letters_folder, source).items():
        reading, wanted = read(text), expected.pop(case)
        assert reading.problems == (), case
        assert reading.unread == (), case
        assert reading.layout == "2014-2017"
        found = reading.determination
        assert {name: getattr(found, name) for name in HEADER} == {name: getattr(wanted, name) for name in HEADER}
        assert found.review_type.value == wanted.review_type
        assert found.outcome.value == wanted.outcome
        assert found.organization == "MAXIMUS Federal Services"
        assert len(found.issues) == len(wanted.issues), case
        for issue, gold_issue in zip(found.issues, wanted.issues, strict=True):
            assert folded(issue.heading) == folded(gold_issue.heading)
            assert issue.decision.value == gold_issue.decision
            assert (issue.original_request is not None) == gold_issue.partial
            for basis in ("administrator_basis", "reviewer_basis"):
                if getattr(gold_issue, basis) is not None:
                    assert folded(getattr(issue, basis)) == folded(getattr(gold_issue, basis))
            assert "medically necessary" in issue.rationale[-80:] or issue.rationale.endswith(".")
            read_issues += 1
    assert expected == {}
    assert read_issues == 140


def test_every_decision_is_right_in_the_letters_that_were_scanned(letters_folder):
    expected = gold(letters_folder)
    scanned = texts(letters_folder, "ocr")
    assert len(scanned) == 10
    for case, text in scanned.items():
        found = read(text).determination
        assert [issue.decision.value for issue in found.issues] == [issue.decision for issue in expected[case].issues]
        assert [folded(i.heading) for i in found.issues] == [folded(i.heading) for i in expected[case].issues]
        assert found.decided_on == expected[case].decided_on


@pytest.mark.parametrize("source", ["pdf", *EXTRACTORS, "ocr"])
def test_the_pieces_of_a_reading_cover_the_text_end_to_end(letters_folder, source):
    for text in texts(letters_folder, source).values():
        reading = read(text)
        assert "".join(text[piece.start : piece.end] for piece in reading.pieces) == text
        printed = {piece.field: one_line(text[piece.start : piece.end]) for piece in reading.pieces if piece.field}
        assert printed["summary"] == reading.determination.summary
        for number, issue in enumerate(reading.determination.issues):
            for field in ("heading", "administrator_basis", "reviewer_basis", "rationale"):
                assert printed[f"issues[{number}].{field}"] == getattr(issue, field)


def test_the_letter_that_the_project_started_from(letters_folder):
    reading = read((letters_folder / "seed-2015.txt").read_text(encoding="utf-8"))
    found = reading.determination
    assert reading.problems == ("the header table is missing",)
    assert reading.unread == ()
    assert found.case_number is None
    assert found.decided_on is None
    assert found.licensure == ("California",)
    assert found.specialty == "Physical Medicine & Rehabilitation"
    first, second = found.issues
    assert first.heading == "6 additional physical therapy sessions to include myofascial therapy"
    assert second.heading == "DME: Exercise Kit ( )"
    assert first.decision is second.decision is Decision.UPHELD
    assert found.outcome is Outcome.UPHELD
    for issue in found.issues:
        assert issue.administrator_basis.startswith("Decision based on MTUS Chronic Pain Treatment Guidelines")
        assert issue.reviewer_basis.startswith("Decision based on MTUS")
        assert issue.rationale.startswith("This patient presents with neck")
        assert issue.rationale.endswith("This request IS NOT medically necessary.")
    assert found.summary.startswith("The injured worker is a ")
    assert found.summary.endswith("Therefore the request was non-certified.")
