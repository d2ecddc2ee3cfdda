"""Nothing that identifies a party is left: not in the value, the text, the PDF, its metadata or its structure."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.budgets import examples

from imr.determination import (
    Determination,
    Identifiers,
    Issue,
    ReviewedDocument,
    compose,
    normalize,
    read,
    redact,
    write,
)
from imr.determination.pdf import render
from imr.law.terms import Decision, ReviewType
from imr.records.pdf import page_texts

PARTY = Identifiers(
    names=("Anna B. Lee", "José De La Cruz, MD", "Will Long", "Sean O'Brien-Smyth", "Le", "Ng", " "),
    organizations=(
        "State Compensation Insurance Fund",
        "Acme Manufacturing, Inc.",
        "Medical Research Institute",
        "The Co.",
    ),
    addresses=("12 Oak Street, Apt 4, Sacramento, CA 95814", "P.O. Box 77, Orange, California"),
    numbers=("WC-2013-00451", "916-555-0100", "123-45-6789", "--"),
    born_on=(date(1990, 3, 4), date(1985, 9, 21)),
)


def public(text: str) -> str:
    issue = Issue(
        heading="x", treatment="x", decision=Decision.UPHELD, administrator_basis="", reviewer_basis="", rationale=""
    )
    return redact(determination(text, issue), [PARTY]).summary


def determination(summary: str, *issues: Issue) -> Determination:
    return Determination(
        case_number="IMR15-0000001",
        review_type=ReviewType.STANDARD,
        injured_on=date(2013, 8, 28),
        ur_decided_on=date(2015, 2, 4),
        received_on=date(2015, 2, 20),
        assigned_on=date(2015, 3, 2),
        decided_on=date(2015, 3, 30),
        licensure=("California",),
        specialty="Pain Management",
        summary=summary,
        issues=issues,
        organization="Sierra Review",
    )


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Mr. Lee's arm, and LEE, ANNA.", "Mr. [name]'s arm, and [name]."),
        ("A. Lee; A.B.L.; A.L.; L E E; lee", "[name]; [name]; [name]; [name]; [name]"),
        ("Anna  Lee, An-na Lee and Anna\nB. Lee", "[name] and [name]"),
        ("Dr. De la Cruz, Jose Cruz MD, delacruz", "Dr. [name] MD, [name]"),
        ("He will be there a long time, said Will Long. LONG!", "He will be there a long time, said [name]. [name]!"),
        ("Sean OBrien Smyth; O’Brien", "[name]; [name]"),
        ("Ng and Le", "[name] and [name]"),
        ("SCIF, the state fund of the state", "[organization], the state fund of the state"),
        ("State Compensation Insurance Fund; ACME; Acme Manufacturing Inc.", "[organization]; [organization]; [organization] Inc."),
        ("MRI of the neck at the Medical Research Institute", "MRI of the neck at the [organization]"),
        ("of 12 Oak St., Apt. 4, Sacramento CA 95814-1234.", "of [address]."),
        ("12 OAK STREET; sacramento; 95814; 958140", "[address]; [address]; [address]; 958140"),
        ("an orange in Orange; PO Box 77", "an orange in [address]; [address]"),
        ("WC 2013 00451, wc201300451, WC-2O13-OO451", "[number], [number], [number]"),
        ("(916) 555-0100, +1 916.555.0100", "[number], [number]"),
        ("123 45 6789, xxx-xx-6789, XXXXX6789", "[number], [number], [number]"),
        ("born 3/4/90, 03-04-1990, 1990-03-04", "born [date of birth], [date of birth], [date of birth]"),
        ("March 4th, 1990; 4 March 1990; Sept. 21, 1985; 4th of Mar '90", "[date of birth]; [date of birth]; [date of birth]; [date of birth]"),
        ("seen 3/4/2015 and 13/4/1990", "seen 3/4/2015 and 13/4/1990"),
        ("a.b@example.org, 415-555-0199, 111-22-3333", "[e-mail], [number], [number]"),
        ("The leeway of the cruzado bloomed.", "The leeway of the cruzado bloomed."),
        ("One.\n\nTwo of Anna.", "One.\n\nTwo of [name]."),
        ("An\u200bna Lee", "[name]"),
        ("Jose Cruz, JOSÉ CRÚZ and Ànna; Ọ", "[name] and [name]; Ọ"),
    ],
)  # fmt: skip
def test_every_form_of_an_identifier_goes_and_nothing_else(said, left):
    assert public(said) == left


def test_without_parties_only_what_gives_anybody_away_goes():
    issue = Issue(
        heading="x", treatment="x", decision=Decision.UPHELD, administrator_basis="", reviewer_basis="", rationale=""
    )
    assert redact(determination("Anna, 111-22-3333", issue), []).summary == "Anna, [number]"


def test_authors_of_documents_go_whoever_they_are():
    issue = Issue(
        heading="x", treatment="x", decision=Decision.UPHELD, administrator_basis="", reviewer_basis="", rationale=""
    )
    whole = replace(
        determination("s", issue),
        documents=(ReviewedDocument(title="Visit of Anna Lee", author="Somebody Unlisted, MD"),),
    )
    assert redact(whole, [PARTY]).documents == (ReviewedDocument(title="Visit of [name]"),)


FIRST = st.sampled_from(["Anna", "José", "Mei-Ling", "Dmitri", "Ximena", "Grant", "Shaniqua", "Thuy"])
LAST = st.sampled_from(["Leebridge", "Muñoz", "O'Hara", "Van Der Berg", "Kowalczyk", "Nguyen", "Whitehorse", "Xuereb"])


@st.composite
def people(draw):
    day = draw(st.dates(date(1940, 1, 1), date(1999, 12, 31)))
    number = draw(st.from_regex(r"[A-Z]{2}-[1-9][0-9]{6}", fullmatch=True))
    return Identifiers(
        names=(f"{draw(FIRST)} {draw(LAST)}",),
        addresses=(f"{draw(st.integers(1, 9999))} Quillback {draw(st.sampled_from(['Street', 'Avenue', 'Road']))}, Zamora, CA 95698",),
        numbers=(number,),
        born_on=(day,),
    )  # fmt: skip


@st.composite
def mentions(draw, person):
    """The ways in which a letter may name a person."""
    name = person.names[0]
    first, _, last = name.partition(" ")
    day = person.born_on[0]
    return draw(
        st.sampled_from([
            name, name.upper(), name.lower(), f"{last}, {first}", f"Ms. {last}'s", f"{first[0]}. {last}", last, first,
            person.addresses[0], person.addresses[0].upper(), person.addresses[0].split(",")[0], person.numbers[0],
            person.numbers[0].replace("-", " "), person.numbers[0].lower(), day.isoformat(), f"{day:%B} {day.day}, {day.year}",
            f"{day.month}/{day.day}/{day.year}", f"{day:%m-%d-%y}", name.replace(" ", "  "),
        ])
    )  # fmt: skip


@st.composite
def cases(draw):
    persons = draw(st.lists(people(), min_size=1, max_size=3))

    def text():
        said = [draw(mentions(draw(st.sampled_from(persons)))) for _ in range(draw(st.integers(1, 5)))]
        return " ".join(f"It says {mention} here." for mention in said) + " The request is not medically necessary."

    issues = tuple(
        Issue(
            heading=f"MRI {n} for {persons[0].names[0]}",
            treatment=f"MRI {n} for {persons[0].names[0]}",
            decision=Decision.UPHELD,
            administrator_basis=text(),
            reviewer_basis=text(),
            rationale=text(),
        )
        for n in range(draw(st.integers(1, 2)))
    )
    documents = (ReviewedDocument(title=f"Visit of {persons[-1].names[0]}", author=persons[-1].names[0]),)
    return replace(determination(text(), *issues), documents=documents), persons


def identifying(person):
    """What must not be found, each as words that a plain search would find."""
    for part in re.split(r"[ ]", person.names[0]):
        if part.lower() not in {"van", "der", "grant"}:
            yield part
    yield from person.numbers
    yield "Quillback"
    yield "Zamora"
    yield "95698"
    day = person.born_on[0]
    yield from (day.isoformat(), f"{day.month}/{day.day}/{day.year}", f"{day:%B} {day.day}, {day.year}")


def assert_gone(person, text):
    for word in identifying(person):
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE), word


def font_files(value):
    """The programs of fonts, in whose bytes any two letters may stand beside each other by chance."""
    if isinstance(value, pikepdf.Dictionary):
        return [value[key] for key in ("/FontFile", "/FontFile2", "/FontFile3") if key in value]
    return []


@examples(15)
@given(cases())
def test_no_identifier_of_any_party_is_left_anywhere(case):
    whole, persons = case
    version = redact(whole, persons)
    text = write(version)
    made = render(compose(version))
    opened = pikepdf.open(BytesIO(made))
    fonts = {stream.objgen for font in opened.objects for stream in font_files(font)}
    inside = [found.unparse() for found in opened.objects if not isinstance(found, pikepdf.Stream)]
    inside += [
        found.read_bytes()
        for found in opened.objects
        if isinstance(found, pikepdf.Stream) and found.objgen not in fonts
    ]
    raw = b"\n".join(inside).decode("latin-1")
    pages = "\n".join(page_texts(made))
    for person in persons:
        for where in (text, " ".join(pages.split()), raw, repr(version)):
            assert_gone(person, where)
    assert read(text).determination == normalize(version)


@examples(15)
@given(cases())
def test_what_is_redacted_stays_redacted(case):
    whole, persons = case
    once = redact(whole, persons)
    assert redact(once, persons) == once


@examples(50)
@given(cases())
def test_no_form_is_left_out_that_could_stand_in_a_letter(case):
    whole, persons = case
    # Beside an item that names every identifier in full, no form is left out.
    everything = " ".join(word for p in persons for word in (*p.names, *p.addresses, *p.numbers))
    issue = replace(whole.issues[0], rationale=everything)
    beside = redact(replace(whole, issues=(*whole.issues, issue)), persons)
    assert replace(beside, issues=beside.issues[:-1]) == redact(whole, persons)
