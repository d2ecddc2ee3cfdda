"""What cannot be said in a letter is refused, with the way out; data in and out of files."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from tests.factories.determinations import determinations

from imr.determination import Decision, Issue, ReviewedDocument, compose, from_data, normalize, read, to_data, write
from imr.determination.documents import read_documents
from imr.determination.headings import partial_heading, treatment_of
from imr.determination.template import OF_2014
from imr.errors import ImrError, Unwritable
from imr.examples import determination as example

ISSUE = Issue(
    heading="MRI of the neck",
    treatment="MRI of the neck",
    decision=Decision.UPHELD,
    administrator_basis="None.",
    reviewer_basis="MTUS.",
    rationale="It is not medically necessary.",
)
GOOD = replace(example(1), issues=(ISSUE,), documents=())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"issues": ()}, "there is no disputed treatment"),
        ({"case_number": "nine"}, "the case number comes back as"),
        ({"decided_on": date(1999, 1, 1)}, "which cannot be"),
        ({"licensure": ("A, B",)}, "the licensure comes back as “A; B”: use other words"),
        (
            {"summary": "CLINICAL CASE SUMMARY HOW TO APPEAL IMR ISSUES, DECISIONS AND RATIONALES"},
            "summary says “CLINICAL CASE SUMMARY”, which is a heading of the letter: use other words there; the summary says",
        ),
        (
            {"documents": (ReviewedDocument(title="a", author="x; 3 pages"),)},
            "the author of document 1 comes back as “x”",
        ),
        ({"organization": "Independent Medical Review: Final Determination"}, "cannot be sent|came back"),
        ({"issues": (replace(ISSUE, treatment="CT"),)}, "do not agree with the items"),
        ({"issues": (replace(ISSUE, heading=""),)}, "item 1 has no heading"),
    ],
)
def test_what_does_not_read_back_is_not_sent(change, says):
    with pytest.raises(Unwritable, match=says):
        write(replace(GOOD, **change))


def test_an_item_inside_an_item_is_not_sent():
    inside = "x. CT: Upheld Claims Administrator guideline: a MAXIMUS guideline: b Decision rationale: c"
    with pytest.raises(Unwritable, match=r"cannot be sent|came back"):
        write(replace(GOOD, issues=(replace(ISSUE, rationale=inside),)), OF_2014)


def test_paragraphs_are_for_the_eye_and_characters_that_nobody_sees_go():
    rationale = "One\u200b.\r\n\r\nTwo\n of  it.\n\n\n\nThe ﬁrst is not medically necessary."
    written = write(replace(GOOD, issues=(replace(ISSUE, rationale=rationale),)))
    assert "Decision rationale: One.\n\nTwo of it.\n\nThe first is not" in written
    assert read(written).determination.issues[0].rationale == "One. Two of it. The first is not medically necessary."


def test_the_letter_has_what_the_law_asks_and_no_more_persons_than_it_must():
    text = write(GOOD)
    for part in (
        "30 days of the day",
        "clear and convincing evidence",
        "DOCUMENTS REVIEWED",
        "HOW TO APPEAL",
        GOOD.organization,
    ):
        assert part in text
    assert "By law the reviewer's name is confidential." in text


def test_each_letter_says_its_decisions_in_short():
    def said(*decisions):
        return write(replace(GOOD, issues=tuple(replace(ISSUE, decision=decision) for decision in decisions)))

    up, over = Decision.UPHELD, Decision.OVERTURNED
    assert "One treatment was in dispute." in said(up)
    assert "None of the 2 disputed treatments is medically necessary." in said(up, up)
    assert "All 2 disputed treatments are medically necessary." in said(over, over)
    assert "Of the 3 disputed treatments 1 is medically necessary." in said(up, over, up)
    assert "Of the 3 disputed treatments 2 are medically necessary." in said(over, over, up)


def test_decisions_in_short_that_do_not_agree_are_a_problem():
    text = write(GOOD).replace("not medically necessary. The UR decision is upheld.", "medically necessary.")
    assert read(text).problems == ("the decisions in short at the top do not agree with the items below",)


def test_a_page_that_is_lost_from_our_letter_is_noticed():
    text = write(replace(GOOD, issues=(ISSUE, replace(ISSUE, heading="CT", treatment="CT"))))
    start, end = text.index("Disputed treatment 1 of 2"), text.index("Disputed treatment 2 of 2")
    reading = read(text[:start] + text[end:])
    assert reading.determination is None
    assert "“Disputed treatment 2 of 2” is in the place of item 1 of 1: an item is missing" in reading.problems
    assert read(text.replace("Disputed treatment 2 of 2", "")).determination is None


def test_a_list_of_documents_that_breaks_off_in_a_line_full_of_brackets_has_no_such_line():
    """Each bracket was tried with all that follows it: half a minute for these 76 kB."""
    text = "1. " + "x [other; by " * 5800
    assert not list(read_documents(text, 0, len(text)))
    assert [found.author for *_, found in read_documents(f"{text} y]", 0, len(text) + 3)] == ["y"]


def test_a_list_of_documents_that_is_damaged_is_a_problem():
    whole = replace(GOOD, documents=(ReviewedDocument(title="a"), ReviewedDocument(title="b", pages=1)))
    text = write(whole)
    assert read(text).determination.documents == whole.documents
    for damage in ("1. a [other]", "2. b [other; 1 page]"):
        assert read(text.replace(damage, "")).determination.documents != whole.documents
    assert "the list of documents reviewed is missing" in read(text.replace("1. a [other]\n", "")).problems
    for inner in ("", "[picture]", "[other; red]", "[other; dated soon]", "[other; dated 02/30/2015]"):
        assert read(text.replace("[other; 1 page]", inner)).determination.documents == whole.documents[:1]


def test_numbers_in_a_title_do_not_begin_a_document():
    whole = replace(GOOD, documents=(ReviewedDocument(title="a [b] 7. c"), ReviewedDocument(title="d")))
    assert read(write(whole)).determination == whole


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        (partial_heading("12 visits", "6 visits", "6 visits"), ("6 visits", "12 visits", "6 visits")),
        (
            "12 visits was the original request. The Claims Administrator authorized a consultation only. The original request, 12 visits is",
            ("12 visits", "12 visits", "a consultation only"),
        ),
        ("12 visits was the original request. The remaining portion of the original request, 3 visits", ("3 visits", "12 visits", None)),
        ("12 visits was the original request. And then nothing", ("12 visits was the original request. And then nothing", None, None)),
        ("DME: exercise kit", ("DME: exercise kit", None, None)),
    ],
)  # fmt: skip
def test_a_heading_says_what_ur_had_authorized(heading, parts):
    assert treatment_of(heading) == parts


@given(determinations())
def test_data_comes_back_the_same(determination):
    assert from_data(to_data(determination)) == determination


def test_a_letter_read_and_written_settles():
    once = read(write(GOOD, OF_2014)).determination
    again = read(write(once)).determination
    assert again == once
    assert write(again) == write(once)


@pytest.mark.letters
def test_every_published_letter_settles(letters_folder):
    from tests.factories.published_letters import texts

    for text in texts(letters_folder, "raw").values():
        once = read(text).determination
        assert read(write(once)).determination == normalize(once) == once


DATA = to_data(GOOD)


def test_of_a_heading_and_a_treatment_one_is_enough():
    issue = {"decision": "upheld"}
    assert from_data({"issues": [{**issue, "treatment": "CT"}]}).issues[0].heading == "CT"
    assert from_data({"issues": [{**issue, "heading": "CT"}]}).issues[0].treatment == "CT"
    partial = from_data({"issues": [{**issue, "treatment": "3", "original_request": "9", "authorized": "6"}]}).issues[0]
    assert partial.heading == partial_heading("9", "6", "3")
    assert from_data({"issues": [{**issue, "heading": partial.heading}]}).issues[0] == partial


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"issues": []}, "issues: a list of at least one"),
        ({"issues": "none"}, "issues: a list of at least one"),
        ({"issues": [{"treatment": "CT"}]}, r"issues\[0\].decision must be given"),
        ({"issues": [{"decision": "upheld"}]}, "heading, treatment must be given"),
        ({"outcome": "overturned"}, "outcome: 'overturned' is given, and the decisions make it 'upheld'"),
        ({"decided_on": "soon"}, "Determination.decided_on: date is expected"),
        ({"reviewer": "Dr. Who"}, "no field is called reviewer"),
    ],
)
def test_data_that_does_not_fit_is_refused(change, says):
    with pytest.raises(ImrError, match=says):
        from_data({**DATA, **change})


def test_compose_gives_the_blocks_of_the_same_letter():
    assert compose(GOOD).reference == GOOD.case_number
    assert compose(replace(GOOD, case_number=None)).reference == "Not stated"


def test_signs_of_the_list_of_documents_may_stand_in_its_texts():
    documents = (
        ReviewedDocument(title="Report; of 01/01/2026, 3 pages, by X; Report B", author="A, B; C", pages=3),
        ReviewedDocument(title="Films [copy]", author="Z [radiology]; by Y"),
    )
    assert read(write(replace(GOOD, documents=documents))).determination.documents == documents


def test_everything_that_cannot_be_said_is_told_at_once_with_its_field():
    wrong = replace(
        GOOD,
        licensure=("A, B",),
        summary="See HOW TO APPEAL.",
        issues=(replace(ISSUE, rationale="It said: “Decision rationale: none.” It is upheld."),),
    )
    with pytest.raises(Unwritable) as refused:
        write(wrong)
    assert "the summary says “HOW TO APPEAL”" in str(refused.value)
    assert "the rationale of disputed treatment 1 says “Decision rationale:”" in str(refused.value)
