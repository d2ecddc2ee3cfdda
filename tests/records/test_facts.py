"""Every fact's words stand in the box that it cites, and only what is said plainly is offered."""

import io
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from benchmarks import casefile_generator, casefiles_style_b
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.record_pages import pages_of

from imr.records import index
from imr.records.model import FactKind, PageWords, TextSource


def facts_of(text, kind=None):
    return [(fact.value, fact.words) for fact in index.from_texts([text]).facts if kind in (None, fact.kind)]


def test_the_library_itself_finds_each_facts_words_in_its_box(packet, casefile):
    """An independent reader, asked for the text inside the box, gives the words: for every fact of a whole case file."""
    assert len(casefile.facts) > 50
    with pypdfium2.PdfDocument(packet.pdf) as pdf:
        for fact in casefile.facts:
            page = pdf[fact.page - 1]
            box = fact.box
            inside = page.get_textpage().get_text_bounded(
                box.left - 0.5, page.get_height() - box.bottom - 0.5, box.right + 0.5, page.get_height() - box.top + 0.5
            )
            assert "".join(fact.words.split()) in "".join(inside.split()), fact


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_on_a_turned_page_the_same_facts_stand_in_the_turned_boxes(rotate):
    made = casefile_generator.draw(casefiles_style_b.packet(3).pages)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for page in pdf.pages:
            page.Rotate = rotate
        pdf.save(turned := io.BytesIO())
    upright, shown = (index.casefile([pages_of(data)]) for data in (made, turned.getvalue()))
    assert len(upright.facts) > 30
    for one, other in zip(upright.facts, shown.facts, strict=True):
        assert (one.kind, one.value, one.words, one.page) == (other.kind, other.value, other.words, other.page)
        box = one.box
        wide, high = upright.pages[one.page - 1].width, upright.pages[one.page - 1].height
        left, top, right, bottom = {
            90: (high - box.bottom, box.left, high - box.top, box.right),
            180: (wide - box.right, high - box.bottom, wide - box.left, high - box.top),
            270: (box.top, wide - box.right, box.bottom, wide - box.left),
        }[rotate]
        assert (other.box.left, other.box.top) == pytest.approx((left, top), abs=0.01)
        assert (other.box.right, other.box.bottom) == pytest.approx((right, bottom), abs=0.01)


@given(
    st.lists(
        st.sampled_from(
            [
                "Date of injury: 02/03/2014",
                "DOB 1/2/1960",
                "Diagnosis: neck strain",
                "ibuprofen 800 mg",
                "completed six visits",
                "Impression:",
                "left shoulder",
                "1. cervical strain",
                "PROCEDURE: fusion",
                "",
                "and he was seen",
                "Sodium 130 mg/dL",
            ]
        ),
        max_size=12,
    )
)
def test_the_words_of_a_fact_are_those_of_its_page_inside_its_box(lines):
    file = index.from_texts(["\n".join(lines)])
    for fact in file.facts:
        page = file.pages[fact.page - 1]
        assert isinstance(page.words, PageWords)
        inside = [
            word.text
            for word in page.words
            if word.box.left >= fact.box.left
            and word.box.right <= fact.box.right
            and word.box.top >= fact.box.top
            and word.box.bottom <= fact.box.bottom
        ]
        assert "".join(fact.words.split()) in "".join(inside)
        assert "\n" not in fact.words
        assert file.document_on(fact.page).id == fact.document


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("DOI: 2/3/14", FactKind.INJURED_ON, "2014-02-03"),
        ("He was injured on February 3, 2014 at work.", FactKind.INJURED_ON, "2014-02-03"),
        ("Date of birth - 12/31/1961", FactKind.BORN_ON, "1961-12-31"),
        ("Ibuprofen 800mg three times a day", FactKind.MEDICATION, "ibuprofen 800 mg"),
        ("hydrocodone 10/325 mg", FactKind.MEDICATION, "hydrocodone 10/325 mg"),
        ("She has completed 8 sessions of physical therapy", FactKind.VISITS, "8 visits of physical therapy"),
        ("Visit 3 of 12", FactKind.VISITS, "3 of 12 visits"),
        ("DIAGNOSES:\n1. Cervical strain\n2. Left arm pain", FactKind.DIAGNOSIS, "Cervical strain"),
        ("OPERATIVE REPORT\n\nPROCEDURE PERFORMED: Carpal tunnel release", FactKind.PROCEDURE, "Carpal tunnel release"),
        ("LABORATORY REPORT\n\nSodium   130   mg/dL   reference range", FactKind.TEST_RESULT, "Sodium 130 mg/dL"),
        ("Pain of the LEFT shoulder", FactKind.BODY_PART, "left shoulder"),
    ],
)
def test_what_is_said_plainly_is_offered(line, kind, value):
    assert value in [found for found, _ in facts_of(line, kind)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Date of report: 2/3/14", FactKind.INJURED_ON),
        ("DOI: 13/45/2014", FactKind.INJURED_ON),
        ("Allergies: ibuprofen 800 mg", FactKind.MEDICATION),
        ("He stopped tramadol 50 mg", FactKind.MEDICATION),
        ("weight 80 mg of something", FactKind.MEDICATION),
        ("We request 6 additional visits", FactKind.VISITS),
        ("He should have completed 12 visits", FactKind.VISITS),
        ("next visit 4/23/07", FactKind.VISITS),
        ("Diagnosis: same", FactKind.DIAGNOSIS),
        ("PROCEDURE: Carpal tunnel release was discussed", FactKind.PROCEDURE),
        ("Arms and legs", FactKind.BODY_PART),
    ],
)
def test_what_is_not_sure_is_not_offered(line, kind):
    assert facts_of(line, kind) == []


def test_a_fact_without_a_day_of_its_own_has_that_of_its_document():
    (fact,) = index.from_texts(["PROGRESS NOTE\nDate of service: 03/04/2015\nibuprofen 800 mg"]).facts
    assert fact.dated_on.isoformat() == "2015-03-04"


def _scanned(text: str):
    """The facts of a page of this text as OCR read it, each with its words where they stand."""
    (page,) = index.from_texts([text]).pages
    return index.casefile([[replace(page, source=TextSource.OCR)]]).facts


@pytest.mark.parametrize(
    ("read", "kind", "value", "words"),
    [
        ("DO!: 10/24/2012", FactKind.INJURED_ON, "2012-10-24", "DO!: 10/24/2012"),
        ("The date. of injury was May 22, 2012.", FactKind.INJURED_ON, "2012-05-22", "date. of injury was May 22, 2012"),
        ("Sex M   D.0.B. 06/03/1965", FactKind.BORN_ON, "1965-06-03", "D.0.B. 06/03/1965"),
        ("DOB:.03/04/1960", FactKind.BORN_ON, "1960-03-04", "DOB:.03/04/1960"),
        ("ibuprofen. 600 mg twice daily", FactKind.MEDICATION, "ibuprofen 600 mg", "ibuprofen. 600 mg"),
        ("He has completed-7 sessions of physical therapy.", FactKind.VISITS, "7 visits of physical therapy",
         "has completed-7 sessions of physical therapy"),
        ("Diagnoses:\n1, Carpal tunnel syndrome\n", FactKind.DIAGNOSIS, "Carpal tunnel syndrome", "Carpal tunnel syndrome"),
        ("._Diagnosis: Lumbar sprain", FactKind.DIAGNOSIS, "Lumbar sprain", "Lumbar sprain"),
    ],
)  # fmt: skip
def test_specks_of_a_scan_hide_no_fact_and_stand_in_its_words_as_read(read, kind, value, words):
    (fact,) = _scanned(read)
    assert (fact.kind, fact.value, fact.words) == (kind, value, words)


@pytest.mark.parametrize(
    "read",
    ["DOI: 09/45/2012", "DOT: 03/11/2013", "DOK: 05/22/2012", "ibuprofan 600 mg", "He stopped. ibuprofen 600 mg"],
)
def test_what_a_scan_does_not_say_surely_is_not_offered(read):
    assert not _scanned(read)


def test_a_typed_page_has_no_specks():
    """A stop before a small letter is a stop where nothing was scanned."""
    assert not index.from_texts(["Other date. of injury was May 22, 2012"]).facts
