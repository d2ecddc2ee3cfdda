"""What people corrected stands over every reading of a file, whatever that reading finds."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from imr.law.terms import RecordKind
from imr.records.corrections import CorrectedDocument, apply_corrections
from imr.records.index import FileContents, analyze, from_texts
from imr.records.model import Box, Document, Fact, FactKind, Page

PAGES = 12
BLANK = [Page(number=n, file="f", source_page=n, width=612, height=792) for n in range(1, PAGES + 1)]
DAY = date(2014, 11, 3)


def reading(*starts: int, kind=RecordKind.PROGRESS_REPORT) -> FileContents:
    """A reading that finds a document beginning on each of these pages, and a fact on every page."""
    firsts = sorted({1, *starts})
    documents = tuple(
        Document(id=f"d{n}", kind=kind, first=first, last=end - 1, dated_on=date(2015, 1, n), title=f"read {n}")
        for n, (first, end) in enumerate(pairwise([*firsts, PAGES + 1]), 1)
    )
    facts = tuple(
        Fact(
            kind=FactKind.DIAGNOSIS, value=f"on page {page}", document=document.id, page=page, box=Box(0, 0, 1, 1),
            words="w", dated_on=document.dated_on,
        )
        for document in documents
        for page in range(document.first, document.last + 1)
    )  # fmt: skip
    return FileContents(PAGES, documents, facts, ())


def stated(first: int, last: int, kind=RecordKind.IMAGING, **said) -> CorrectedDocument:
    return CorrectedDocument(file="f", first=first, last=last, kind=kind, **said)


def spans(understood: FileContents):
    return [(one.first, one.last) for one in understood.documents]


def test_nothing_stated_changes_nothing():
    found = reading(4, 9)
    assert apply_corrections(found, (), BLANK) is found


def test_pages_stated_to_be_one_document_are_cut_out_of_whatever_was_found():
    made = apply_corrections(reading(4, 9), [stated(3, 5, dated_on=DAY, author="Invented Reader", title="MRI")], BLANK)
    assert spans(made) == [(1, 2), (3, 5), (6, 8), (9, 12)]
    one = made.documents[1]
    assert (one.kind, one.dated_on, one.author, one.facility, one.title, one.confidence) == (
        RecordKind.IMAGING, DAY, "Invented Reader", None, "MRI", 1.0,
    )  # fmt: skip
    assert [document.title for document in made.documents] == ["read 1", "MRI", "read 2", "read 3"]
    assert [document.id for document in made.documents] == ["d1", "d2", "d3", "d4"]


def test_a_merge_joins_and_a_later_word_wins_over_an_earlier():
    made = apply_corrections(reading(4, 9), [stated(1, 12), stated(1, 6, RecordKind.LABORATORY)], BLANK)
    assert [(one.first, one.last, one.kind) for one in made.documents] == [
        (1, 6, RecordKind.LABORATORY),
        (7, 12, RecordKind.IMAGING),
    ]


def test_a_fact_goes_with_its_page_and_has_the_day_of_its_document_now():
    found = reading(4, 9)
    own = Fact(
        kind=FactKind.PROCEDURE, value="own day", document="d2", page=5, box=Box(0, 0, 1, 1), words="w",
        dated_on=date(2013, 2, 2),
    )  # fmt: skip
    said = [stated(5, 5, RecordKind.PROGRESS_REPORT, dated_on=DAY)]
    made = apply_corrections(FileContents(PAGES, found.documents, (*found.facts, own), ()), said, BLANK)
    on_page = {(fact.page, fact.value): fact for fact in made.facts}
    assert on_page[5, "on page 5"].dated_on == DAY
    assert on_page[5, "own day"].dated_on == date(2013, 2, 2)
    assert made.documents[2].id == on_page[5, "on page 5"].document == on_page[5, "own day"].document
    assert on_page[6, "on page 6"].dated_on == date(2015, 1, 2)


def test_pages_that_a_shorter_reading_does_not_have_are_left_out():
    made = apply_corrections(reading(4), [stated(10, 40), stated(30, 40)], BLANK)
    assert spans(made)[-1] == (10, 12)


@given(
    one=st.sets(st.integers(2, PAGES)),
    other=st.sets(st.integers(2, PAGES)),
    said=st.lists(
        st.tuples(st.integers(1, PAGES), st.integers(0, 5), st.sampled_from(RecordKind)).map(
            lambda drawn: stated(drawn[0], min(PAGES, drawn[0] + drawn[1]), drawn[2])
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_a_reading_with_another_segmentation_keeps_every_correction(one, other, said):
    for starts in (one, other):
        made = apply_corrections(reading(*starts, kind=RecordKind.OTHER), said, BLANK)
        assert [page for a, b in spans(made) for page in range(a, b + 1)] == list(range(1, PAGES + 1))
        last = said[-1]
        assert any((d.first, d.last, d.kind) == (last.first, last.last, last.kind) for d in made.documents)
        for page in range(1, PAGES + 1):
            told = next((word for word in reversed(said) if word.first <= page <= word.last), None)
            document = next(d for d in made.documents if d.first <= page <= d.last)
            found = next(d for d in reading(*starts).documents if d.first <= page <= d.last)
            assert document.kind is (RecordKind.OTHER if told is None else told.kind)
            assert document.title == (found.title if told is None else "")


def test_a_real_reading_is_corrected_too():
    pages = [
        Page(number=n, file="f", source_page=n, width=612, height=792, text=f"LABORATORY REPORT\nPage {n} of 3")
        for n in range(1, 4)
    ]
    assert spans(apply_corrections(analyze(pages), [stated(2, 2)], pages)) == [(1, 1), (2, 2), (3, 3)]


STUDY = """Oak Knoll Imaging Center
{title}
Patient: Invented Name
Date of study: 03/04/2015

FINDINGS: The disc is of normal height.

IMPRESSION: Disc protrusion at L4-L5

Electronically signed by Iris Kwan, MD"""
SECOND = """Delta Reference Laboratory
CLINICAL LABORATORY REPORT
Collected: 05/06/2015

Hemoglobin   12.1   g/dL
IMPRESSION: none of a laboratory"""


def read(*texts: str):
    """The pages of these texts, and what is understood of them."""
    pages = from_texts(texts).pages
    return pages, analyze(pages)


def test_a_document_of_another_kind_says_what_a_reading_with_that_kind_would_have_said():
    pages, mistaken = read(STUDY.format(title="PROGRESS NOTE"))
    _, right = read(STUDY.format(title="MRI OF THE LUMBAR SPINE"))
    results = [fact.words for fact in right.facts if fact.kind is FactKind.TEST_RESULT]
    assert results == ["Disc protrusion at L4-L5"]
    assert not [fact for fact in mistaken.facts if fact.kind is FactKind.TEST_RESULT]
    made = apply_corrections(mistaken, [stated(1, 1, dated_on=DAY, title="MRI")], pages)
    found = [fact for fact in made.facts if fact.kind is FactKind.TEST_RESULT]
    assert [(fact.words, fact.document, fact.dated_on) for fact in found] == [(results[0], "d1", DAY)]
    undone = apply_corrections(right, [stated(1, 1, RecordKind.PROGRESS_REPORT, title="Note")], pages)
    assert not [fact for fact in undone.facts if fact.kind is FactKind.TEST_RESULT]


def test_a_cut_without_a_title_is_described_as_a_reading_describes_it():
    pages, _ = read(STUDY.format(title="MRI OF THE LUMBAR SPINE"), SECOND)
    whole = analyze(pages)
    joined = apply_corrections(whole, [stated(1, 2, title="MRI")], pages)
    assert spans(joined) == [(1, 2)]
    parts = [stated(1, 1, title="MRI", author="Iris Kwan, MD"), stated(2, 2, RecordKind.LABORATORY)]
    first, second = apply_corrections(whole, [stated(1, 2, title="MRI"), *parts], pages).documents
    assert (first.title, first.author) == ("MRI", "Iris Kwan, MD")
    assert (second.kind, second.title, second.facility) == (
        RecordKind.LABORATORY, "CLINICAL LABORATORY REPORT", "Delta Reference Laboratory",
    )  # fmt: skip
    assert second.dated_on == date(2015, 5, 6)
    assert second.confidence == 1.0
    made = apply_corrections(whole, [stated(1, 2, title="MRI"), *parts], pages)
    assert [fact.value for fact in made.facts if fact.document == "d2"] == ["Hemoglobin 12.1 g/dL"]
    given = apply_corrections(whole, [parts[0], stated(2, 2, RecordKind.LABORATORY, dated_on=DAY)], pages)
    assert given.documents[1].dated_on == DAY
