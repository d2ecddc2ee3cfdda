"""The seed's defects each with its sentence; what a check needs and lacks; answers; what would change a decision."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from imr.checks import Concern, Context, Severity, as_paragraph, run, unanswered, would_change
from imr.determination import Decision, Determination, Issue, ReviewType, read
from imr.guidelines import known_guidelines, read_licensed
from imr.law.terms import RecordKind
from imr.records import index
from imr.records.model import Box, CaseFile, Fact, FactKind
from tools.planted_faults.trials import base, record


def draft(
    heading: str = "MRI of the low back", rationale: str = "The request is not medically necessary.", **more: object
) -> Determination:
    issue = Issue(
        heading=heading, treatment=heading, decision=Decision.UPHELD, administrator_basis="Decision based on MTUS Low Back Complaints 2004.",
        reviewer_basis="Decision based on MTUS Low Back Complaints 2004, Section(s): Special Studies.", rationale=rationale,
    )  # fmt: skip
    sound = Determination(
        case_number="CM15-0000001", review_type=ReviewType.STANDARD, injured_on=date(2014, 3, 3), ur_decided_on=date(2015, 2, 4),
        received_on=date(2015, 2, 10), assigned_on=date(2015, 2, 20), decided_on=date(2015, 3, 20), licensure=("California",),
        specialty="Family Practice", summary="The injured worker is a 30 year old male with low back pain.", issues=(issue,),
    )  # fmt: skip
    return replace(sound, **more)


def by_name(found: tuple[Concern, ...], name: str) -> list[Concern]:
    return [concern for concern in found if concern.check == name]


@pytest.mark.letters
def test_the_seed_gives_its_six_defects_each_with_its_sentence(letters_folder: Path) -> None:
    text = (letters_folder / "seed-2015.txt").read_text(encoding="utf-8")
    letter = read(text).determination
    assert letter is not None
    found = run(letter, None, Context(text=text, public=True))
    (chapter,) = by_name(found, "chapter-mismatch")
    assert chapter.issue == 2
    assert "ACOEM Chapter 12" in chapter.sentence
    (unknown,) = by_name(found, "unknown-used")
    assert "exceeds" in unknown.sentence
    assert "were not documented" in unknown.evidence[0].words
    (counts,) = by_name(found, "counts-conflict")
    assert "4-6 myofascial sessions" in counts.sentence
    assert "6 myofascial therapy sessions" in counts.evidence[0].words
    (part,) = by_name(found, "part-undecided")
    assert "physical therapy" in part.says
    assert "massage alone" in part.says
    assert any("list of documents reviewed" in c.says for c in by_name(found, "content-missing"))
    holes = by_name(found, "redaction")
    assert any("exercise kit (" in item.words.lower() for c in holes for item in c.evidence)
    assert sum("Two spaces" in c.says for c in holes) == 3
    assert not [c for c in found if c.severity is Severity.STOP]


def test_a_check_that_lacks_what_it_needs_is_silent() -> None:
    silent = {"document-ignored", "document-missing", "no-records", "reviewer", "taken-over", "earlier", "quotation"}
    assert silent.isdisjoint(c.check for c in run(draft()))
    assert run(replace(draft(), decided_on=None, summary="")) is not None


def test_an_ask_needs_an_answer_in_words_and_a_stop_cannot_be_answered() -> None:
    wrong = draft(rationale="The request is medically necessary.")
    found = run(wrong)
    assert [c.check for c in found if c.severity is Severity.STOP] == ["verdict"]
    asks = [c for c in found if c.severity is Severity.ASK]
    everything = {c.id: "seen, and right as it stands" for c in found}
    assert {c.id for c in unanswered(found, {})} == {c.id for c in found if c.severity is not Severity.NOTE}
    assert [c.check for c in unanswered(found, everything)] == ["verdict"]
    assert unanswered(tuple(asks), {asks[0].id: "  "}) == tuple(asks)


def test_the_name_of_a_concern_stays_while_its_words_stay() -> None:
    one = run(draft(rationale="The request is medically necessary."))
    two = run(draft(rationale="The  request is medically necessary.", specialty="Neurology"))
    assert {c.id for c in by_name(one, "verdict")} == {c.id for c in by_name(two, "verdict")}


def test_evidence_of_the_file_has_its_document_and_page() -> None:
    letter = draft(
        "6 physical therapy sessions for the low back",
        "There is no documentation of functional improvement. The request is not medically necessary.",
    )
    file = record(0, "With therapy he has improved range of motion of the low back.")
    (concern,) = by_name(run(letter, file), "absence-contradicted")
    assert concern.evidence[0].page == 3
    assert concern.evidence[0].document == "d3"
    assert "improved range of motion" in concern.evidence[0].words
    assert "McAtee" in str(concern.reversals[0])


def test_what_the_request_says_is_no_evidence_of_what_was_done() -> None:
    letter = draft(
        "6 physical therapy sessions for the low back",
        "There is no documentation of functional improvement. The request is not medically necessary.",
    )
    file = index.from_texts(
        ["UTILIZATION REVIEW DECISION\nDate of decision: 02/04/2015\nHe has improved range of motion of the low back."]
    )
    assert not by_name(run(letter, file), "absence-contradicted")
    assert by_name(run(letter, file), "no-records")


def test_a_request_in_the_file_for_another_side_or_treatment_is_found() -> None:
    file = record(
        2, kinds=("ur", "rfa", "pr2"), asked="MRI of the right knee\n1. Acupuncture for the right knee, 6 visits"
    )
    letter = base(2, "MRI of the left knee", "The employee has pain of the left knee.")
    found = run(letter, file)
    assert any("right side" in c.says for c in by_name(found, "request-mismatch"))
    assert any("acupuncture" in c.says for c in by_name(found, "part-undecided"))
    levels = record(0, asked="Epidural steroid injection at L2-3")
    other = base(0, "Epidural steroid injection at L4-5", "The request is for an injection at L4-5.")
    assert any("L2-L3" in c.says for c in by_name(run(other, levels), "request-mismatch"))


def test_a_day_that_differs_from_the_header_is_found() -> None:
    letter = draft(
        summary="The injured worker is a 30 year old male with an industrial injury of March 3, 2013. Utilization review dated 02/01/2015 denied it."
    )
    said = [c.says for c in by_name(run(letter), "request-mismatch")]
    assert any("2014-03-03 as the day of the injury; this sentence 2013-03-03" in words for words in said)
    assert any("2015-02-04 as the day of the UR decision; this sentence 2015-02-01" in words for words in said)


def test_what_was_authorized_and_what_remains_must_add_up() -> None:
    letter = draft()
    issue = replace(
        letter.issues[0],
        original_request="Baclofen 10mg #30",
        authorized="Baclofen 10mg #20",
        treatment="Baclofen 10mg #5",
    )
    (concern,) = by_name(run(replace(letter, issues=(issue,))), "counts-conflict")
    assert concern.says.startswith("30 were requested and 20 authorized; 5 remain")
    course = draft("Physical therapy 2 times a week for 6 weeks (10 sessions) for the low back")
    assert by_name(run(course), "counts-conflict")[0].says == "2 times a week for 6 weeks comes to 12, not 10."
    remains = replace(course.issues[0], treatment="Therapy 2 times a week for 6 weeks, 8 sessions")
    (concern,) = by_name(run(replace(course, issues=(remains,))), "counts-conflict")
    assert concern.sentence == remains.heading


def test_visits_of_the_facts_of_the_file_count_for_the_limits() -> None:
    fact = Fact(
        kind=FactKind.VISITS,
        value="22 physical therapy visits",
        document="d1",
        page=1,
        box=Box(0, 0, 1, 1),
        words="22 visits of therapy",
    )
    file = CaseFile(pages=record(0).pages, documents=record(0).documents, facts=(fact,))
    letter = draft("6 physical therapy sessions for the low back", "The request is medically necessary.")
    letter = replace(letter, issues=(replace(letter.issues[0], decision=Decision.OVERTURNED),))
    (concern,) = by_name(run(letter, file), "limits")
    assert "22 visits done and 6 asked for come to 28, over the 24" in concern.says
    assert concern.evidence[0].page == 1


def test_visits_after_surgery_have_no_cap_of_the_statute() -> None:
    told = "The injured worker is a 30 year old male. He has completed 20 physical therapy visits."
    words = "The request is medically necessary."
    for heading, capped in (
        ("12 physical therapy sessions for the knee", True),
        ("12 postoperative physical therapy sessions for the knee", False),
    ):
        letter = draft(heading, words, summary=told)
        letter = replace(letter, issues=(replace(letter.issues[0], decision=Decision.OVERTURNED),))
        assert bool(by_name(run(letter), "limits")) is capped


def test_parties_of_the_case_are_looked_for_by_name() -> None:
    letter = draft(rationale="Invented Foods was told. The request is not medically necessary.")
    (concern,) = [
        c
        for c in by_name(run(letter, None, Context(names=("Invented Foods", ""))), "redaction")
        if c.severity is Severity.STOP
    ]
    assert concern.says == "The letter names a party of the case."


@pytest.mark.parametrize(
    "words",
    [
        "See claim no. WC-123456.",
        "See claim no. 123456.",
        "See claim no.\nWC-123456.",
        "Medical record #12345-6 was read.",
        "His DOB: 1/2/1970.",
    ],
)
def test_a_number_of_a_person_is_found_also_where_it_looks_like_a_sentence_of_its_own(words: str) -> None:
    letter = draft(rationale=f"Pain is told. {words} The request is not medically necessary.")
    found = by_name(run(letter, None, Context(public=True)), "redaction")
    assert [c.severity for c in found if c.says.startswith("The letter holds a")] == [Severity.STOP]


def test_a_letter_that_says_it_had_no_records_is_stopped() -> None:
    letter = draft(summary="No medical records were submitted for review.")
    assert by_name(run(letter), "no-records")[0].severity is Severity.STOP
    listed = replace(draft(), documents=(replace_kind(RecordKind.UR_DECISION),))
    assert by_name(run(listed), "no-records")


def replace_kind(kind: RecordKind):
    from imr.determination import ReviewedDocument

    return ReviewedDocument(title="UR decision", kind=kind)


def test_what_would_change_an_upheld_decision_is_listed_for_the_next_request() -> None:
    letter = draft(
        rationale="There is no documentation of functional improvement. The number of visits completed is unknown. The treating physician "
        "did not provide a clear plan for use of the device at home. The request exceeds the guideline. The request is not medically necessary.",
    )
    missing = would_change(letter, 1)
    assert [one.what for one in missing] == [
        "what the employee can do now that was not possible before the treatment",
        "how many visits of this treatment were done, and when",
        "a clear plan for use of the device at home",
        "why more than the guideline recommends is necessary for this employee",
    ]
    assert as_paragraph(missing).startswith("A new request would be judged on its own.")
    assert as_paragraph(()) == ""
    for opening in ("A new request would be judged on its own.", "A new request would be judged anew."):
        issue = replace(letter.issues[0], rationale=f"{letter.issues[0].rationale} {opening}")
        assert would_change(replace(letter, issues=(issue,)), 1) == ()
    overturned = replace(letter, issues=(replace(letter.issues[0], decision=Decision.OVERTURNED),))
    assert would_change(overturned, 1) == ()


@pytest.mark.letters
def test_no_check_falls_over_a_published_letter_in_any_extraction(letters_folder: Path) -> None:
    for file in sorted((letters_folder / "text").glob("*/CM16-02[34]*.txt")):
        text = file.read_text(encoding="utf-8")
        letter = read(text).determination
        if letter is not None:
            assert run(letter, None, Context(text=text, public=True))


OWN = """
[[guideline]]
id = "own"
source = "other"
title = "Invented Injection Guideline"
body = ["low back"]

[[guideline.criteria]]
treatment = "epidural steroid injection"
before = ["physical therapy|exercise", "MRI|electrodiagnostic"]

[[guideline.criteria]]
treatment = "acupuncture"
unit = "weeks"
most = 4
"""


def test_what_must_come_first_is_asked_for_where_nothing_speaks_of_it() -> None:
    context = Context(register=known_guidelines() | read_licensed(OWN))
    heading = "Epidural steroid injection of the low back"
    said = base(0, heading, "Exercise did not help.", decision=Decision.OVERTURNED)
    (concern,) = by_name(run(said, None, context), "limits")
    assert "asks for mri or electrodiagnostic first" in concern.says
    file = index.from_texts(["PROGRESS REPORT (PR-2)\nDate of service: 01/02/2015\nMRI showed a bulge."])
    assert by_name(run(said, file, context), "limits") == []
    upheld = base(0, heading, "Nothing was tried.")
    assert by_name(run(upheld, None, context), "limits") == []


def test_weeks_are_held_against_weeks_and_not_against_visits() -> None:
    context = Context(register=known_guidelines() | read_licensed(OWN))
    for heading, over in (
        ("Acupuncture of the low back for six weeks", True),
        ("Acupuncture of the low back for four weeks", False),
        ("6 acupuncture visits for the low back", False),
    ):
        found = by_name(run(base(0, heading, "It helps.", decision=Decision.OVERTURNED), None, context), "limits")
        assert bool(found) is over, heading


def test_a_chapter_called_silent_is_asked_about_where_the_administrator_relied_on_it() -> None:
    outside = "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. Decision based on Non-MTUS Citation Official Disability Guidelines (ODG) Low Back, MRI."
    silent = "MTUS is silent on this request. The request is not medically necessary."
    issue = replace(draft(rationale=silent).issues[0], reviewer_basis=outside)
    (concern,) = by_name(run(draft(issues=(issue,))), "outranked")
    assert "relied on MTUS, chapter 12 Low Back Complaints 2004" in concern.says
    other = replace(issue, administrator_basis="Decision based on MTUS Knee Complaints 2004.")
    assert by_name(run(draft(issues=(other,))), "outranked") == []
    (noted,) = by_name(run(draft(issues=(other,))), "chapter-mismatch")
    assert noted.severity is Severity.NOTE
    assert noted.says.startswith(
        "The claims administrator's guideline: MTUS, chapter 13 Knee Complaints 2004 is about the knee"
    )
