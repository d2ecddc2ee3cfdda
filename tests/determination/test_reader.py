"""What the reader does with letters that are damaged, scattered, strange, or no letters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.determinations import determinations, extracted

from imr.determination import Decision, Outcome, ReviewType, read
from imr.determination import reader as reader_module
from imr.determination.template import OF_2014, PRESENT
from imr.determination.writer import write

HEADER = """Case Number: CM16-0000001
Date Assigned: 11/17/2016 Date of Injury: 10/12/2015
Decision Date: 12/16/2016 UR Denial Date: 11/08/2016
Priority: Standard Application 11/15/2016
Received:
"""
BEFORE = """HOW THE IMR FINAL DETERMINATION WAS MADE
Example Review sent the complete case file to an expert reviewer.
The Expert Reviewer has the following credentials:
State(s) of Licensure: Texas,New York
Certification(s)/Specialty: Pain Management
CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the
case file, including all medical records:
Neck pain.
IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
"""
FIRST = """MRI of the neck: Upheld
Claims Administrator guideline: None.
MAXIMUS guideline: Decision based on MTUS.
Decision rationale: It is not medically necessary.
"""
SECOND = """Six visits: Overturned
Claims Administrator guideline: None.
MAXIMUS guideline: Decision based on MTUS.
Decision rationale: It is medically necessary.
"""
LETTER = HEADER + BEFORE + FIRST + SECOND


def found(text):
    return read(text).determination


def test_a_letter_is_read_whole():
    reading = read(LETTER)
    assert reading.problems == ()
    assert reading.unread == ()
    assert reading.unread_share == 0
    assert reading.layout == "2014-2017"
    d = reading.determination
    assert d.case_number == "CM16-0000001"
    assert d.review_type is ReviewType.STANDARD
    assert (d.injured_on, d.ur_decided_on, d.received_on) == (date(2015, 10, 12), date(2016, 11, 8), date(2016, 11, 15))
    assert (d.assigned_on, d.decided_on) == (date(2016, 11, 17), date(2016, 12, 16))
    assert d.licensure == ("Texas", "New York")
    assert d.organization == "Example Review"
    assert d.outcome is Outcome.PARTIALLY_OVERTURNED
    assert [issue.heading for issue in d.issues] == ["MRI of the neck", "Six visits"]
    assert [issue.decision for issue in d.issues] == [Decision.UPHELD, Decision.OVERTURNED]


DAYS = {
    "injured_on": date(2015, 10, 12),
    "ur_decided_on": date(2016, 11, 8),
    "received_on": date(2016, 11, 15),
    "assigned_on": date(2016, 11, 17),
    "decided_on": date(2016, 12, 16),
}


HEADERS = {
    "labels of a column, then its values": """Case Number:
Date Assigned:
Decision Date:
Priority:

CM16-0000001
11/17/2016
12/16/2016
Standard

Date of Injury:
UR Denial Date:
Application
Received:

10/12/2015
11/08/2016
11/15/2016""",
    "values before their labels": """Case Number:
Date Assigned:
Decision Date:
Priority:

CM16-0000001
11/17/2016
12/16/2016
Standard

10/12/2015
Date of Injury:
UR Denial Date: 11/08/2016
11/15/2016
Application
Received:""",
    "all labels, then all values": """Case Number: Date Assigned: Date of Injury: Decision Date: UR Denial Date: Priority:
Application Received: CM16-0000001 11/17/2016 10/12/2015 12/16/2016 11/08/2016 Standard 11/15/2016""",
    "kinds apart from each other": """Case Number: Priority: CM16-0000001 Date Assigned: Standard Date of Injury: Decision Date:
UR Denial Date: Application Received: 11/17/2016 10/12/2015 12/16/2016 11/08/2016 11/15/2016""",
    "a letterhead with numbers, the rules of the table, a day with a space": """Example Review, P.O. Box 12345
Case Number: | CM16-0000001
Date Assigned: 11/17/2016 Date of Injury: | 10/12/2015
Decision Date: 12/ 16/2016 UR Denial Date: 11/08/2016
Priority: Standard
Application 11/15/2016
Received:""",
    "damaged labels": """Case Number: CM16-0000001 Date Assiqned: 11/17/2016 Date of Injury: 10/12/2015
Declsion Date: 12/16/2016 UR Denial Date: 11/08/2016 Priority: Standard Application Received: 11/15/2016""",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_table_is_put_together_however_it_was_scattered(header):
    d = found(header + "\n" + BEFORE + FIRST)
    assert {name: getattr(d, name) for name in DAYS} == DAYS
    assert d.case_number == "CM16-0000001"
    assert d.review_type is ReviewType.STANDARD


def test_where_a_day_is_missing_only_what_stands_behind_its_label_is_taken():
    reading = read(HEADER.replace("Date Assigned: 11/17/2016", "Date Assigned:") + BEFORE + FIRST)
    assert reading.determination.assigned_on is None
    assert reading.determination.injured_on == date(2015, 10, 12)
    assert reading.determination.decided_on == date(2016, 12, 16)
    assert reading.problems == ("the header table has no Date Assigned that is surely its own",)


def test_where_a_day_is_missing_and_cells_are_scattered_no_day_is_taken():
    header = "Date of Injury:\nUR Denial Date:\nApplication Received:\n\n10/12/2015\n11/08/2016\n"
    reading = read(header + BEFORE + FIRST)
    assert reading.determination.injured_on is reading.determination.ur_decided_on is None
    assert any("Date of Injury" in problem for problem in reading.problems)


def test_scattered_days_that_cannot_follow_each_other_are_not_taken():
    header = (
        "Case Number:\nDate Assigned:\nDate of Injury:\nUR Denial Date:\nApplication Received:\nDecision Date:\nPriority:\n"
        "CM16-0000001\n11/08/2016\n11/17/2016\nStandard\n10/12/2015\n12/16/2016\n11/15/2016\n"
    )
    reading = read(header + BEFORE + FIRST)
    assert reading.determination.decided_on is reading.determination.injured_on is None
    assert (
        "the cells of the header table are scattered, so the days cannot be assigned to their labels"
        in reading.problems
    )


def test_a_letter_without_a_header_table_says_so():
    reading = read(BEFORE + FIRST)
    assert reading.problems == ("the header table is missing",)
    assert reading.determination.case_number is None


def test_a_header_that_never_ends_is_read_no_further_than_a_header_goes():
    reading = read(HEADER + "x " * 2000 + "01/01/2001 " + BEFORE + FIRST)
    assert reading.determination.decided_on == date(2016, 12, 16)
    assert 0 < reading.unread_share < 1


def test_a_day_that_no_calendar_has_is_a_problem():
    reading = read(LETTER.replace("12/16/2016", "02/30/2016"))
    assert reading.problems == ("the header table: Decision Date is 02/30/2016, which is not a calendar date",)
    assert reading.determination.decided_on is None


def test_days_that_cannot_follow_each_other_are_a_problem():
    reading = read(LETTER.replace("12/16/2016", "10/09/2015"))
    assert reading.determination.decided_on == date(2015, 10, 9)
    assert reading.problems == (
        "the decision (2015-10-09) is before the assignment (2016-11-17), which cannot be; see the letter as it was sent",
    )


@pytest.mark.parametrize(
    "damage", ["MRI of the neck\n", "MRI of the neck: Modified\n", "MRI of the neck: upheld in part\n"]
)
def test_an_item_without_a_decision_is_a_problem_and_never_a_guess(damage):
    reading = read(LETTER.replace("MRI of the neck: Upheld\n", damage))
    assert reading.determination is None
    assert "has no decision; it must end with" in reading.problems[0]
    assert reading.layout == "2014-2017"


@pytest.mark.parametrize("decision", ["UPHELD", "upheld.", "Upheid", "Uphe1d"])
def test_a_decision_that_a_scan_damaged_is_known_where_it_can_be_only_one(decision):
    assert found(LETTER.replace(": Upheld", f": {decision}")).issues[0].decision is Decision.UPHELD


def test_a_decision_without_its_colon_is_still_the_decision():
    assert found(LETTER.replace("neck: Upheld", "neck Upheld")).issues[0].heading == "MRI of the neck"


def test_a_heading_that_was_glued_to_the_rationale_before_it_begins_behind_the_verdict():
    glued = LETTER.replace("It is not medically necessary.\n", "One line.\nIt is not medically necessary. ")
    assert found(glued).issues[1].heading == "Six visits"
    assert found(glued).issues[0].rationale == "One line. It is not medically necessary."


PARTIAL = "9 visits was the original request. 6 was authorized by the Claims Administrator. The remaining IMR eligible portion of the original request, 3 visits is"


def test_a_rationale_that_repeats_a_partial_approval_keeps_it():
    repeated = LETTER.replace("It is not medically necessary.", PARTIAL + " not medically necessary.")
    assert found(repeated).issues[1].heading == "Six visits"
    both = repeated.replace("Six visits:", PARTIAL + ":")
    assert found(both).issues[1].heading == PARTIAL
    assert found(both).issues[1].treatment == "3 visits"
    assert found(" ".join(both.split())).issues == found(both).issues


ENDS = [
    "It is not medically necessary.",
    "It is not medically necessary based on the guidelines and the records provided for\nreview.",
    "It is not medically necessary\n(per ODG).",
    "It is not medically necessary",
    "Therefore, the UR decision is\nupheld.",
    "Medical necessity is not established.",
    "It is not a medical necessity at this time.",
    PARTIAL + " not medically necessary, as per MTUS.",
]
HEADINGS = [
    "Six visits",
    "6 visits",
    "omeprazole 20mg #60",
    "Shoulder surgery, 2 times a week for 6 weeks.\nTotal 12 visits",
    "Follow-up visit with Dr.\nExample vs. another at St. John's",
    "Retro: cream 10% (date of service 10/12/16): 30 grams",
    PARTIAL,
    "omeprazole #60 was the Original Request. omeprazole #40 has been certified by UR.\nThe remaining portion of the original request, omeprazole #20, is",
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_begins_where_the_rationale_before_it_ends(end, heading):
    rationale = "The guideline asks for a documented gain in function, and the report shows none of it since. " + end
    text = HEADER + BEFORE + FIRST.replace("It is not medically necessary.", rationale)
    text += SECOND.replace("Six visits", heading)
    expected = [" ".join(part.split()) for part in (rationale, heading)]
    issues = found(text).issues
    assert [issues[0].rationale, issues[1].heading] == expected


def test_a_treatment_in_small_letters_begins_behind_a_sentence_that_is_no_verdict():
    text = LETTER.replace("It is not medically necessary.", "It is not. The employee should see Dr. Example.")
    assert found(text.replace("Six visits", "omeprazole 20mg #60")).issues[1].heading == "omeprazole 20mg #60"


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("heading", [heading for heading in HEADINGS if not heading.startswith("ome")])
def test_a_text_without_lines_has_headings_too(end, heading):
    rationale = "The guideline asks for a documented gain in function, and the report shows none of it since. " + end
    text = HEADER + BEFORE + FIRST.replace("It is not medically necessary.", rationale)
    text += SECOND.replace("Six visits", heading)
    issues = found(" ".join(text.split())).issues
    assert issues[1].heading == " ".join(heading.split())


def test_a_text_without_lines_may_say_more_behind_its_verdict():
    text = LETTER.replace("necessary.\nSix", "necessary. The physician should read on. Six")
    assert found(" ".join(text.split())).issues[1].heading == "Six visits"


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        (PARTIAL, ("3 visits", "9 visits", "6")),
        (HEADINGS[-1].replace("\n", " "), ("omeprazole #20", "omeprazole #60", "omeprazole #40")),
        (
            "A was the original request. The Claims Administrator certified B. The remaining part of the original request, C",
            ("C", "A", "B"),
        ),
        (
            "A was the original request for authorization. B were approved by UR. The original request for C is",
            ("C", "A", "B"),
        ),
        ("A was the original request. The remaining balance of the original request, C are", ("C", "A", None)),
        ("A was the original request. B came", ("A was the original request. B came", None, None)),
    ],
)
def test_what_ur_had_approved_is_known_in_each_wording(heading, parts):
    issue = found(LETTER.replace("Six visits", heading)).issues[1]
    assert (issue.treatment, issue.original_request, issue.authorized) == parts


def test_a_sentence_that_an_extractor_moved_above_the_title_of_its_section_belongs_to_no_blank():
    moved = LETTER.replace("CLINICAL CASE SUMMARY\n", "").replace(
        "medical records:\n", "medical records:\nCLINICAL CASE SUMMARY\n"
    )
    moved = moved.replace("IMR ISSUES, DECISIONS AND RATIONALES\n", "").replace(
        "forth below:\n", "forth below:\nIMR ISSUES, DECISIONS AND RATIONALES\n"
    )
    reading = read(moved)
    assert reading.determination == found(LETTER)
    assert reading.unread == ()


def test_a_hyphen_at_the_end_of_a_line_is_kept_and_the_word_made_whole():
    text = LETTER.replace("Six visits", "X-\nray of the non\ufffedominant and/\nor other hand")
    assert found(text).issues[1].heading == "X-ray of the non-dominant and/or other hand"


def test_where_nothing_shows_the_end_of_a_rationale_it_is_a_problem():
    text = HEADER + BEFORE + FIRST.replace("It is not medically necessary.\n", "it was so ") + SECOND
    reading = read(text)
    assert "where the heading of item 2 begins cannot be determined from the item before it" in reading.problems
    empty = read(HEADER + BEFORE + FIRST.replace("It is not medically necessary.\n", "") + SECOND[len("Six visits") :])
    assert "item 2 has no heading" in empty.problems
    nothing = read(
        HEADER
        + BEFORE
        + FIRST.replace("It is not medically necessary.\n", "")
        + SECOND[len("Six visits: Overturned") :]
    )
    assert nothing.determination is None


def test_no_items_is_a_problem():
    reading = read(HEADER + BEFORE)
    assert reading.determination is None
    assert "there is no disputed treatment" in reading.problems


def test_an_item_without_a_heading_is_a_problem():
    reading = read(HEADER + BEFORE + FIRST.replace("MRI of the neck", ""))
    assert reading.problems == ("item 1 has no heading",)


@pytest.mark.parametrize("label", ["MAXIMUS guideline", "Decision rationale"])
def test_a_label_that_is_missing_is_a_problem(label):
    reading = read(LETTER.replace(f"{label}:", "", 1))
    assert reading.problems[0] == f"item 1 has no “{label}”"
    assert len(reading.determination.issues) == 2


@pytest.mark.parametrize("number", [0, 1])
def test_a_first_label_that_a_scan_damaged_still_begins_its_item(number):
    parts = LETTER.split("Claims Administrator guideline:")
    text = "Claims Administrator guideline:".join(parts[: number + 1]) + "Claims Adminlstrator guidellne:" + parts[-1]
    if number == 0:
        text = parts[0] + "Claims Adminlstrator guidellne:" + parts[1] + "Claims Administrator guideline:" + parts[2]
    assert [issue.heading for issue in found(text).issues] == ["MRI of the neck", "Six visits"]


def test_a_first_label_that_is_missing_leaves_no_half_determination():
    reading = read(HEADER + BEFORE + FIRST + SECOND.replace("Claims Administrator guideline: None.\n", ""))
    assert reading.determination is None
    assert "a treatment has no Claims Administrator guideline, so its heading cannot be determined" in reading.problems


def test_words_of_the_form_that_a_scan_damaged_are_known():
    text = LETTER.replace("CLINICAL CASE SUMMARY", "CLINICAI CASE SUMMARV").replace("IMR ISSUES,", "lMR lSSUES.")
    reading = read(text)
    assert reading.determination == found(LETTER)
    assert reading.unread == ()


def test_a_blank_whose_end_is_missing_is_not_read():
    reading = read(LETTER.replace("Certification(s)/Specialty: Pain Management", "Board certified in pain medicine"))
    assert reading.determination.licensure == ()
    assert reading.determination.specialty == ""
    assert "the words “Certification(s)/Specialty:” are missing" in reading.problems
    assert reading.unread == ("Texas,New York\nBoard certified in pain medicine",)


def test_a_second_word_in_capitals_is_not_lost():
    reading = read("Dear reader,\n" + LETTER)
    assert reading.unread == ("Dear reader,",)
    assert reading.unread_share == len("Dear reader,\n") / len("Dear reader,\n" + LETTER)


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("NOTICE OF INDEPENDENT MEDICAL REVIEW DETERMINATION\nDear ...", "2013 notice"),
        ("Medical Professional Review\nIMR DECISION(S) AND RATIONALE(S)", "2013-2014 Medical Professional Review"),
        ("Final Determination CM19-0000001", "after 2017"),
        ("A recipe for bread.", None),
        ("", None),
        (" \n\f", None),
    ],
)
def test_what_is_not_read_is_named_where_it_is_known(text, layout):
    reading = read(text)
    assert reading.determination is None
    assert reading.layout == layout
    assert len(reading.problems) == 1
    assert reading.unread_share == (1.0 if text.strip() else 0.0)


def test_a_text_too_long_for_a_letter_is_not_searched():
    reading = read(LETTER + " " * reader_module.LONGEST)
    assert reading.determination is None
    assert "no letter has more than 1,000,000" in reading.problems[0]


PIECES = [
    HEADER, BEFORE, FIRST, SECOND, *HEADER.split("\n"), *BEFORE.split("\n"), *FIRST.split("\n"), ": Upheld", ": Overturned",
    "Independent Medical Review: Final Determination", "THE DECISION IN SHORT", "DOCUMENTS REVIEWED", "1. a [other]",
    "Disputed treatment 1 of 2", "Disputed treatment 2 of 2", "Expert Reviewer guideline:", "WHAT HAPPENS NOW", "HOW TO APPEAL",
    "was the original request.", "original request, x is: Upheld", "Not stated", "13/45/2016", "99999999999999999999",
    "Independent Medical Review · x · Page 1 of 2", "\f", "\n\n", "\ufffe", "-\n", "•", "]  2. b [UR decision; by x]",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=40).map("\n".join) | st.text())
def test_it_never_raises_and_every_character_has_its_place(text):
    reading = read(text)
    assert "".join(text[piece.start : piece.end] for piece in reading.pieces) == text
    assert all(a.end == b.start for a, b in zip(reading.pieces, reading.pieces[1:], strict=False))
    assert 0 <= reading.unread_share <= 1
    assert reading.determination is not None or reading.problems


@given(determinations(), st.data(), st.sampled_from([PRESENT, OF_2014]))
def test_damage_anywhere_never_raises(determination, data, edition):
    text = data.draw(extracted(write(determination, edition)))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 200)))
    damaged = text[:start] + data.draw(st.text(max_size=20)) + text[end:]
    reading = read(damaged)
    assert "".join(damaged[piece.start : piece.end] for piece in reading.pieces) == damaged


@pytest.mark.parametrize(
    "part",
    [
        "Claims Administrator guideline: ",
        "a: Upheld\nClaims Administrator guideline: x\nMAXIMUS guideline: y\nDecision rationale: z.\n",
        "was the original request. ",
        "Disputed treatment 1 of 1 ",
        "Independent Medical Review · x · Page 1 of 2 ",
        "a-\n",
        "11/11/2016 ",
        " ",
    ],
)
def test_no_text_takes_more_than_a_few_passes(part):
    # Quadratic work on so long a text would take minutes, and the suite would not end.
    text = LETTER + part * (100_000 // len(part))
    assert sum(piece.end - piece.start for piece in read(text).pieces) == len(text)
