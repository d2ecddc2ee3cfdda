"""Invented values for properties, shared by the whole suite."""

from datetime import date, timedelta
from textwrap import wrap

from hypothesis import strategies as st

from imr.determination import Decision, Determination, Issue, ReviewedDocument, ReviewType
from imr.determination.headings import partial_heading
from imr.law.terms import RecordKind

WORDS = [
    "the",
    "employee",
    "reports",
    "pain",
    "of",
    "neck",
    "and",
    "left",
    "arm",
    "after",
    "lifting",
    "at",
    "work",
    "therapy",
    "visits",
    "were",
    "completed",
    "with",
    "some",
    "relief",
    "range",
    "motion",
    "strength",
    "grip",
    "test",
    "negative",
    "record",
    "does",
    "not",
    "say",
    "how",
    "many",
    "sessions",
    "exercise",
    "kit",
    "home",
    "program",
    "physician",
    "asks",
    "for",
    "more",
    "treatment",
    "guideline",
    "recommends",
    "no",
    "(two)",
    "8/28/13",
    "1-12-17",
    "L4-5",
    "C5-C6",
    "50mg",
    "#60",
    "2.5%",
    "x-ray",
    "self-directed",
    "and/or",
    "-",
    "e.g.",
    "α",
    "µg",
    "20°C",
    "“quoted”",
    "it's",
    "3×10",
    "naïve",
    "Muñoz",
    "A&B;",
    "either:",
    "all,",
    "10–12",
]
STATES = ("California", "Oregon", "New York", "Texas", "North Carolina")
SPECIALTIES = (
    "Family Practice",
    "Physical Medicine & Rehabilitation, Pain Management",
    "Preventive Medicine, Occupational Medicine",
)


def prose(least: int = 3, most: int = 120) -> st.SearchStrategy[str]:
    """Running text on one line that ends with a sentence, as a reviewer writes it."""
    return st.lists(st.sampled_from(WORDS), min_size=least, max_size=most).map(
        lambda words: f"The {' '.join(words)} is seen. The request is not medically necessary."
    )


def treatments() -> st.SearchStrategy[str]:
    """What is asked for, in a few words."""
    return st.tuples(
        st.sampled_from(("MRI of the neck", "Physical therapy", "Norco 10-325mg", "DME: exercise kit", "EMG/NCS")),
        st.sampled_from(
            ("", " without contrast", " #60", " two times a week for six weeks (12 sessions)", ", left; right")
        ),
        st.integers(1, 99).map(lambda n: f", {n}"),
    ).map("".join)


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    """One disputed treatment, with or without a partial approval by UR."""
    treatment = draw(treatments())
    original = authorized = None
    heading = treatment
    if draw(st.booleans()):
        original, authorized = draw(treatments()), draw(treatments())
        heading = partial_heading(original, authorized, treatment)
    return Issue(
        heading=heading,
        treatment=treatment,
        original_request=original,
        authorized=authorized,
        decision=draw(st.sampled_from(Decision)),
        administrator_basis=draw(prose(1, 10)),
        reviewer_basis=draw(prose(1, 10)),
        rationale=draw(prose()),
    )


def documents() -> st.SearchStrategy[ReviewedDocument]:
    """A document of the case file."""
    return st.builds(
        ReviewedDocument,
        title=treatments(),
        kind=st.sampled_from(RecordKind),
        dated_on=st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)),
        author=st.none() | st.just("Pat Example, MD"),
        pages=st.none() | st.integers(1, 9999),
    )


@st.composite
def determinations(draw: st.DrawFn, published: bool = False) -> Determination:
    """A determination that the law could have brought forth: its days follow each other.

    A `published` one has every day and a number of the Division's, as each letter of 2014 to 2017 has.
    """
    days = [draw(st.dates(date(1990, 1, 1), date(2028, 1, 1)))]
    for _ in range(4):
        days.append(days[-1] + timedelta(days=draw(st.integers(0, 90))))
    kept = [day if published or draw(st.integers(0, 9)) else None for day in days]
    number = st.integers(0, 9_999_999).map(lambda n: f"CM16-{n:07}")
    return Determination(
        case_number=draw(number if published else st.none() | number | st.just("IMR15-0000001")),
        review_type=draw(st.sampled_from(ReviewType) if published else st.none() | st.sampled_from(ReviewType)),
        injured_on=kept[0],
        ur_decided_on=kept[1],
        received_on=kept[2],
        assigned_on=kept[3],
        decided_on=kept[4],
        licensure=tuple(draw(st.lists(st.sampled_from(STATES), max_size=3, unique=True))),
        specialty=draw(st.sampled_from(SPECIALTIES)),
        summary=draw(prose()),
        issues=tuple(draw(st.lists(issues(), min_size=1, max_size=5))),
        organization=draw(
            st.sampled_from(("Example Review Organization", "MAXIMUS Federal Services", "Sierra Medical Review, Inc."))
        ),
        documents=tuple(draw(st.lists(documents(), max_size=12))),
    )


@st.composite
def extracted(draw: st.DrawFn, text: str) -> str:
    """`text` as an extractor might give it: its lines broken, its empty lines lost or doubled, pages ending anywhere."""
    width = draw(st.integers(60, 110))
    gap = draw(st.sampled_from(("\n", "\n\n", " \n \n")))
    end = draw(st.sampled_from(("\n", " \n", "\r\n")))
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if not paragraph:
            continue
        lines.extend(wrap(paragraph, width, break_long_words=False))
        lines.append("")
    page = draw(st.integers(10, 60))
    given = []
    for number, line in enumerate(lines, 1):
        given.append(line + end if line else gap)
        if number % page == 0:
            given.append("\f")
    return "".join(given)
