"""The grammar of citations, both ways: the forms of the letters, round trips, and nothing lost."""

import csv
import re
from collections import Counter
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr.errors import Unwritable
from imr.guidelines.citation import Basis, GuidelineCitation, GuidelineSource, PageRange, Statement, read_basis
from imr.guidelines.citation_format import write_basis
from imr.guidelines.citation_mentions import find_citations


def mtus(chapter: str = "", year: int | None = None, *sections: str, **more: object) -> GuidelineCitation:
    return GuidelineCitation(source=GuidelineSource.MTUS, chapter=chapter, year=year, sections=sections, **more)


def odg(chapter: str = "", *sections: str, **more: object) -> GuidelineCitation:
    return GuidelineCitation(source=GuidelineSource.ODG, chapter=chapter, sections=sections, **more)


FORMS = [
    ("Decision based on MTUS Low Back Complaints 2004.", [mtus("Low Back Complaints", 2004)]),
    (
        ("Decision based on MTUS Shoulder Complaints 2004, Section(s): Initial Care, and Forearm, Wrist, and Hand "
        "Complaints 2004, Section(s): Special Studies, Diagnostic Criteria."),
        [
            mtus("Shoulder Complaints", 2004, "Initial Care"),
            mtus("Forearm, Wrist, and Hand Complaints", 2004, "Special Studies", "Diagnostic Criteria"),
        ],
    ),
    (
        ("Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 300,Chronic Pain Treatment Guidelines "
        "exercise Page(s): 46-47."),
        [
            mtus("Low Back Complaints", number=12, pages=(PageRange(300, 300),)),
            mtus("Chronic Pain Treatment Guidelines", None, "exercise", pages=(PageRange(46, 47),)),
        ],
    ),
    (
        ("Decision based on MTUS Chronic Pain Treatment Guidelines Opioids, criteria for use, Weaning of Medications "
        "Page(s): 76-78, 124."),
        [
            mtus(
                "Chronic Pain Treatment Guidelines", None, "Opioids, criteria for use", "Weaning of Medications",
                pages=(PageRange(76, 78), PageRange(124, 124)),
            )
        ],
    ),
    (
        "Decision based on MTUS General Approaches 2004, Section(s): Initial Approaches to Treatment, and Eye 2004.",
        [mtus("General Approaches", 2004, "Initial Approaches to Treatment"), mtus("Eye", 2004)],
    ),
    (
        "Decision based on MTUS Something Not Known 2011, Section(s): Any, Other.",
        [mtus("Something Not Known", 2011, "Any", "Other")],
    ),
    ("Decision based on MTUS ACOEM.", [mtus("ACOEM")]),
    ("Decision based on MTUS.", [mtus()]),
    (
        ("Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Knee & Leg (updated 11/22/16) "
        "Chapter: Home Health Services: Criteria."),
        [odg("Knee & Leg", "Home Health Services: Criteria", updated_on=date(2016, 11, 22))],
    ),
    (
        ("Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Work Loss Data Institute (21th Annual "
        "Edition), 2016, Neck and Upper Back (Acute & Chronic) Chapter."),
        [odg("Neck and Upper Back (Acute & Chronic)", year=2016, edition="Work Loss Data Institute (21th Annual Edition)")],
    ),
    (
        "Decision based on Non-MTUS Citation ODG, Shoulder, Physical therapy; ODG Elbow (updated 11/23/16), Splinting.",
        [odg("Shoulder", "Physical therapy"), odg("Elbow", "Splinting", updated_on=date(2016, 11, 23))],
    ),
    ("Decision based on Non-MTUS Citation ODG, Neck and Upper Back; Low Back.", [odg("Neck and Upper Back"), odg("Low Back")]),
    ("Decision based on Non-MTUS Citation ODG MRI Elbow.", [odg("Elbow", "MRI")]),
    ("Decision based on Non-MTUS Citation ODG Pain Chapter, Antidepressants for Chronic Pain.", [odg("Pain", "Antidepressants for Chronic Pain")]),
    (
        "Decision based on Non-MTUS Citation Shoulder (Acute & Chronic), Physical Therapy, ODG Preface – Physical Therapy.",
        [odg("Shoulder (Acute & Chronic)", "Physical Therapy"), odg("", "Preface – Physical Therapy")],
    ),
    (
        ("Decision based on Non-MTUS Citation ODG Hip and Other Medical Treatment Guidelines ACOEM Hip and Groin "
        "Disorders, MRI and Other Medical Treatment Guideline or Medical Evidence: https://example.org/a?b=1."),
        [
            odg("Hip"),
            GuidelineCitation(source=GuidelineSource.ACOEM, chapter="Hip and Groin Disorders", sections=("MRI",)),
            GuidelineCitation(source=GuidelineSource.OTHER, chapter="https://example.org/a?b=1", link="https://example.org/a?b=1"),
        ],
    ),
    (
        ("Decision based on Non-MTUS Citation ACOEM Occupational Medicine Practice Guidelines, 3rd ed., Low Back "
        "Disorders, pg. 607."),
        [GuidelineCitation(source=GuidelineSource.ACOEM, chapter="Low Back Disorders", edition="3rd ed.", pages=(PageRange(607, 607),))],
    ),
    (
        "Decision based on Non-MTUS Citation Doe J. A study of rest. J Rest. 2011;3:4-9.",
        [GuidelineCitation(source=GuidelineSource.OTHER, chapter="Doe J. A study of rest. J Rest. 2011;3:4-9")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "citations"), FORMS, ids=[text[:60] for text, _ in FORMS])
def test_a_form_reads_as_its_citations_and_what_is_written_reads_the_same(
    text: str, citations: list[GuidelineCitation]
) -> None:
    basis = read_basis(text)
    assert basis == Basis(statement=Statement.CITED, citations=tuple(citations))
    assert read_basis(write_basis(basis)) == basis
    assert read_basis(text.replace(" ", "\n ")) == basis


def test_no_evidence_and_outside_of_the_mtus_are_statements() -> None:
    none = read_basis("The Claims Administrator did not cite any medical evidence for its decision.")
    assert none == Basis(statement=Statement.NONE, by="Claims Administrator")
    assert write_basis(none) == "The Claims Administrator did not cite any medical evidence for its decision."
    outside = read_basis(
        "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. "
        "Decision based on Non-MTUS Citation ODG, Head, CT."
    )
    assert outside == Basis(statement=Statement.OUTSIDE, by="Expert Reviewer", citations=(odg("Head", "CT"),))
    assert read_basis(write_basis(outside)) == outside


def test_what_is_not_understood_is_kept_and_said() -> None:
    assert read_basis("See the attached list.") == Basis(statement=Statement.UNREAD, unread=("See the attached list.",))
    assert write_basis(read_basis("See the attached list.")) == "See the attached list."
    assert read_basis("") == Basis(statement=Statement.UNREAD)
    assert read_basis("Also noted: nothing. Decision based on MTUS Eye 2004.").unread == ("Also noted: nothing",)


def test_a_basis_that_would_read_back_otherwise_is_refused() -> None:
    with pytest.raises(Unwritable, match="reads back the same"):
        write_basis(mtus("Eye", 2004, "A, B"))
    with pytest.raises(Unwritable):
        write_basis(replace(odg("Head"), chapter="Not a chapter at all"))


TITLE = st.sampled_from(
    ["Neck and Upper Back Complaints", "Low Back Complaints", "Forearm, Wrist, and Hand Complaints", "Chronic Pain Medical Treatment", "Opioid Treatment"]
)  # fmt: skip
SECTION = st.sampled_from(
    ["Special Studies", "Initial Care", "NSAIDs, GI symptoms & cardiovascular risk", "TENS, chronic pain (transcutaneous, electrical)",
     "Ultrasound, therapeutic", "Physical medicine treatment", "3.3.6 Opioids for Chronic Pain: Use of Urine Drug Testing (UDT)", "Massage therapy"]
)  # fmt: skip
PAGES = st.lists(st.builds(lambda a, n: PageRange(a, a + n), st.integers(1, 900), st.integers(0, 40)), max_size=3).map(
    tuple
)
SECTIONS = st.lists(SECTION, max_size=3, unique=True).map(tuple)
YEAR = st.none() | st.integers(1997, 2026)
MTUS = st.builds(
    GuidelineCitation, source=st.just(GuidelineSource.MTUS), chapter=TITLE, year=st.integers(2004, 2026), sections=SECTIONS, pages=PAGES
)  # fmt: skip
NUMBERED = st.builds(
    GuidelineCitation,
    source=st.just(GuidelineSource.MTUS),
    chapter=TITLE,
    number=st.integers(1, 16),
    pages=PAGES,
    sections=SECTIONS,
)
ODG = st.builds(
    GuidelineCitation, source=st.just(GuidelineSource.ODG), chapter=st.sampled_from(["Low Back", "Knee & Leg (Acute & Chronic)", "Head", ""]),
    year=YEAR, sections=SECTIONS, pages=PAGES, updated_on=st.none() | st.dates(date(2000, 1, 1), date(2026, 1, 1)),
    link=st.sampled_from(["", "https://example.org/x"]), edition=st.sampled_from(["", "20th Edition", "Treatment Index, 11th Edition (web)"]),
)  # fmt: skip
ACOEM = st.builds(
    GuidelineCitation, source=st.just(GuidelineSource.ACOEM), chapter=st.sampled_from(["Hip and Groin Disorders", "Low Back Disorders"]),
    number=st.none() | st.integers(1, 16), year=YEAR, edition=st.sampled_from(["", "3rd ed."]), sections=SECTIONS, pages=PAGES,
)  # fmt: skip


@given(st.lists(MTUS | NUMBERED | ODG | ACOEM, min_size=1, max_size=4), st.booleans())
def test_what_is_written_reads_back_the_same(citations: list[GuidelineCitation], outside: bool) -> None:
    basis = Basis(
        statement=Statement.OUTSIDE if outside else Statement.CITED,
        by="Expert Reviewer" if outside else "",
        citations=tuple(citations),
    )
    assert read_basis(write_basis(basis)) == basis


@given(
    st.text() | st.lists(st.sampled_from([f for f, _ in FORMS] + [",", " and ", "ODG ", "2004", "(", ")"])).map("".join)
)
def test_reading_never_raises_and_settles(text: str) -> None:
    basis = read_basis(text)
    try:
        written = write_basis(basis)
    except Unwritable:
        return
    assert write_basis(read_basis(written)) == written


#: Words of the form itself: they say nothing that a field would have to keep.
TEMPLATE = {
    *[
        "the",
        "decision",
        "based",
        "on",
        "mtus",
        "non",
        "citation",
        "official",
        "disability",
        "guidelines",
        "guideline",
        "odg",
        "section",
        "sections",
        "s",
        "page",
        "pages",
    ],
    *[
        "pg",
        "chapter",
        "and",
        "updated",
        "claims",
        "administrator",
        "expert",
        "reviewer",
        "their",
        "its",
        "recommendation",
        "outside",
        "of",
        "did",
        "not",
        "cite",
        "any",
    ],
    *["medical", "evidence", "for", "other", "treatment", "acoem", "occupational", "medicine", "practice", "no"],
}


def tokens(text: str) -> Counter[str]:
    return Counter(re.findall(r"[a-z]+|\d+", text.lower()))


def said(basis: Basis) -> Counter[str]:
    """Every word and number of every field, the dates as two-digit parts, without knowledge of the grammar."""
    words = [basis.by, *basis.unread]
    for citation in basis.citations:
        for field in fields(citation):
            value = getattr(citation, field.name)
            if isinstance(value, date):
                words.append(f"{value.month} {value.day} {value.year % 100} {value.year}")
            elif isinstance(value, tuple):
                words += [f"{v.first} {v.last}" if isinstance(v, PageRange) else v for v in value]
            elif value is not None and not isinstance(value, GuidelineSource):
                words.append(str(value))
    return tokens(" ".join(words))


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "citations.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.letters
def test_every_word_and_number_of_every_published_citation_stands_in_a_field(letters_folder: Path) -> None:
    lost = {}
    for row in rows(letters_folder):
        missing = {word for word in tokens(row["text"]) - said(read_basis(row["text"])) if word not in TEMPLATE}
        if missing:
            lost[row["text"]] = missing
    assert lost == {}


@pytest.mark.letters
def test_every_published_citation_is_understood_and_can_be_written(letters_folder: Path) -> None:
    seen = rows(letters_folder)
    assert len(seen) == 280
    for row in seen:
        basis = read_basis(row["text"])
        assert basis.statement is not Statement.UNREAD
        assert not basis.unread
        assert read_basis(write_basis(basis)) == basis
        assert bool(basis.citations) == (basis.statement is not Statement.NONE)


@pytest.mark.letters
def test_no_chapter_swallows_another(letters_folder: Path) -> None:
    """Each chapter followed by its year, and each ODG chapter word after the organization's name, has its own citation."""
    for row in rows(letters_folder):
        basis = read_basis(row["text"])
        chapters = re.findall(r"(?:MTUS|, and) ((?:[A-Z][\w-]*,? ?(?:and )?)+?) ((?:19|20)\d\d)\b", row["text"])
        found = [(c.chapter, str(c.year)) for c in basis.citations if c.source is GuidelineSource.MTUS]
        assert found == chapters
        for citation in basis.citations:
            for section in citation.sections:
                assert not re.search(r"\bComplaints (?:19|20)\d\d|\bODG\b|Non-MTUS|Section\(s\)", section)


@pytest.mark.letters
def test_the_seed_gives_every_citation_with_its_pages(letters_folder: Path) -> None:
    letter = (letters_folder / "seed-2015.txt").read_text(encoding="utf-8")
    found = [m.citation for m in find_citations(letter)]
    assert [(c.chapter, c.number, c.sections, c.pages) for c in found if c.pages] == [
        (
            "Chronic Pain Treatment Guidelines",
            None,
            ("Myofascial therapy & Physical therapy (PT)",),
            (PageRange(60, 60),),
        ),
        ("Chronic Pain Treatment Guidelines", None, ("Massage therapy",), (PageRange(60, 60),)),
        ("Chronic Pain Medical Treatment Guidelines", None, (), (PageRange(60, 60),)),
        ("Chronic Pain Treatment Guidelines", None, ("Exercise",), (PageRange(46, 46),)),
        ("Low Back Complaints", 12, (), (PageRange(309, 309),)),
        ("Chronic Pain Treatment Guidelines", None, ("exercise",), (PageRange(46, 47),)),
        ("", 12, (), (PageRange(309, 309),)),
        ("Chronic Pain Medical Treatment Guidelines", None, (), (PageRange(46, 47),)),
    ]
    assert [c.chapter for c in found if c.source is GuidelineSource.ODG] == ["Neck and Upper Back (Acute and Chronic)"]


def test_citations_inside_sentences_are_found_with_their_place() -> None:
    letter = (
        "As page 82 of the MTUS Chronic Pain Medical Treatment Guidelines notes, and ACOEM Chapter 12, page 300 too, "
        "the California MTUS 2016 Chronic Pain Guidelines agree. ODG, Low Back chapter, says so. ACOEM, Third Edition. "
    )
    found = find_citations(letter)
    assert [(m.citation.source.value, m.citation.chapter, m.citation.number, m.citation.year) for m in found] == [
        ("MTUS", "Chronic Pain Medical Treatment Guidelines", None, None),
        ("ACOEM", "", 12, None),
        ("MTUS", "Chronic Pain Guidelines", None, 2016),
        ("ODG", "Low Back", None, None),
        ("ACOEM", "", None, None),
    ]
    assert [m.citation.pages for m in found][:2] == [(PageRange(82, 82),), (PageRange(300, 300),)]
    assert found[-1].citation.edition == "Third Edition"
    assert letter[found[0].start : found[0].end].startswith("page 82 of the MTUS")


def test_the_schedule_by_its_whole_name_is_found() -> None:
    words = "California Medical Treatment Utilization Schedule 2009 Acupuncture Guidelines state this."
    (mention,) = find_citations(words)
    assert (mention.citation.source, mention.citation.year) == (GuidelineSource.MTUS, 2009)
    assert mention.citation.chapter == "Acupuncture Guidelines"


#: Forms that the sample does not show: what is read of each, field by field.
UNSEEN = [
    ("Decision based on Non-MTUS Citation ODG (Web, 2016), Low Back, Facet joint injections.",
     [odg("Low Back", "Facet joint injections", year=2016, edition="Web")]),
    ("Decision based on Non-MTUS Citation ODG-TWC, Pain Chapter, Insomnia treatment.",
     [odg("Pain", "Insomnia treatment", edition="TWC")]),
    ("Decision based on Non-MTUS Citation Official Disability Guidelines, Pain (Chronic); http://www.odg-twc.com/odgtwc/pain.htm.",
     [odg("Pain (Chronic)", link="http://www.odg-twc.com/odgtwc/pain.htm")]),
    ("Decision based on Non-MTUS Citation ACOEM Guidelines, 2nd Edition (2004), Chapter 7, page 127.",
     [GuidelineCitation(source=GuidelineSource.ACOEM, number=7, year=2004, edition="2nd Edition", pages=(PageRange(127, 127),))]),
    ("Decision based on MTUS Chronic Pain Treatment Guidelines Section Opioids Page(s): 76-80.",
     [mtus("Chronic Pain Treatment Guidelines", None, "Opioids", pages=(PageRange(76, 80),))]),
    ("Decision based on MTUS Hip and Groin Disorders, Section(s): Exercise, and Cervical and Thoracic Spine Disorders 2016.",
     [mtus("Hip and Groin Disorders", None, "Exercise"), mtus("Cervical and Thoracic Spine Disorders", 2016)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "citations"), UNSEEN, ids=[text[18:60] for text, _ in UNSEEN])
def test_a_form_that_the_sample_does_not_show_is_read_field_by_field(text, citations) -> None:
    basis = read_basis(text)
    assert list(basis.citations) == citations
    assert basis.unread == ()
    assert read_basis(write_basis(basis)) == basis


KEPT = (
    "Cochrane Database Syst Rev. 2014 Jan 29;(1):CD009917. doi: 10.1002/14651858.CD009917.pub2",
    "AHRQ National Guideline Clearinghouse; Preoperative evaluation",
    "Blue Cross Clinical UM Guideline: Durable Medical Equipment, CG-DME-10",
    "Doe J, Roe A. An invented trial. Invented Journal (City). 2012 Mar 1;37(5):E292-303",
    "http://www.ncbi.nlm.nih.gov/pubmed/0000000",
    "FDA (Cyclobenzaprine)",
    "N/A",
)


@pytest.mark.parametrize("words", KEPT)
def test_a_source_of_another_kind_is_kept_letter_by_letter(words: str) -> None:
    (citation,) = read_basis(f"Decision based on Non-MTUS Citation {words}.").citations
    assert (citation.source, citation.chapter) == (GuidelineSource.OTHER, words)
    assert read_basis(write_basis(citation)).citations == (citation,)


def test_who_based_a_decision_on_what_is_read_in_the_older_form_too() -> None:
    basis = read_basis(
        "The Expert Reviewer based his/her decision on the MTUS Chronic Pain Medical Treatment 2009, pages 78-80."
    )
    assert (basis.statement, basis.by) == (Statement.CITED, "Expert Reviewer")
    assert basis.citations == (mtus("Chronic Pain Medical Treatment", 2009, pages=(PageRange(78, 80),)),)
    assert read_basis(write_basis(basis)) == basis
    more = read_basis(
        "The Claims Administrator cited the following evidence based criteria for its decision: ODG Low Back."
    )
    assert more.citations == (odg("Low Back"),)
    assert read_basis(write_basis(more)) == more
    none = read_basis("The Claims Administrator did not cite any evidence-based criteria for its decision.")
    assert (none.statement, none.by) == (Statement.NONE, "Claims Administrator")


def test_a_label_of_any_organization_ends_the_basis_before_it() -> None:
    letter = (
        "Claims Administrator guideline: Decision based on MTUS Eye 2004.\n"
        "Invented Review Group guideline: Decision based on MTUS Knee Complaints 2004, Section(s): Special Studies."
    )
    assert [m.citation for m in find_citations(letter)] == [
        mtus("Eye", 2004),
        mtus("Knee Complaints", 2004, "Special Studies"),
    ]
