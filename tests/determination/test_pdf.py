"""What is inside a PDF of the system: tags, title, language, bytes."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest

from imr.determination.letter import (
    Decided,
    Facts,
    Heading,
    Letter,
    Listing,
    Note,
    Paragraph,
    PostalAddress,
    Table,
    plain,
)
from imr.determination.pdf import POOL, render
from imr.errors import Unwritable
from imr.records.pdf import page_texts

LETTER = Letter(
    title="Notice of assignment",
    sender="Example Review Organization",
    reference="IMR15-0000001",
    dated_on=date(2015, 3, 3),
    blocks=(
        PostalAddress(("Pat Example", "1 First Street", "Sacramento, CA 95814")),
        Facts((("Case Number:", "IMR15-0000001"), ("Date:", "03/03/2015"), *(("Label:", "value"),) * 4)),
        Note("IN SHORT", "What to send.", ("the record", "the form")),
        Note("NOTHING MORE"),
        Heading("WHAT IS ASKED"),
        Heading("By whom", 2),
        Paragraph("First paragraph.\n\nSecond paragraph.", "Labelled:"),
        Paragraph("Plain *text* with #markup() and $signs$ that means nothing.\n\nMore."),
        Listing(("one", "two"), numbered=True),
        Listing(("dot",)),
        Decided("Disputed treatment 1 of 1", "MRI of the neck", "Upheld"),
        Table(("When", "What"), (("2015-02-04", "refused"),), "Days"),
        Table(("When",), (("2015-02-04",),)),
    ),
)


def tags(node, path=()):
    """Every structure element of a tagged PDF, as its path of tags from the root."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from tags(child, path)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        path = (*path, str(node.S).lstrip("/"))
        yield path
        if "/K" in node:
            yield from tags(node.K, path)


@pytest.fixture(scope="module")
def made():
    return render(LETTER)


@pytest.fixture(scope="module")
def opened(made):
    return pikepdf.open(BytesIO(made))


def test_the_same_letter_has_the_same_bytes(made):
    assert render(LETTER) == made


def test_what_was_set_before_leaves_no_trace(made):
    # The renderer keeps what it has set: neither another letter nor a new renderer may change a byte.
    other = render(
        replace(LETTER, title="Another", sender="Nobody", reference="IMR15-0000002", blocks=LETTER.blocks[1:])
    )
    again = render(LETTER)
    POOL.close()
    assert again == made == render(LETTER)
    text = "\n".join(page_texts(other))
    assert "Nobody" in text
    assert "Example Review" not in text
    assert "IMR15-0000002 · Page 1 of" in text
    assert "IMR15-0000001 · Page" not in text
    document = pikepdf.open(BytesIO(other))
    assert str(document.docinfo["/Title"]) == "Another"


def test_it_says_what_it_is_and_in_which_language(opened):
    assert str(opened.Root.Lang) == "en"
    assert str(opened.docinfo["/Title"]) == "Notice of assignment"
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(opened.Root.MarkInfo.Marked)
    assert str(opened.docinfo["/CreationDate"]) == "D:20150303000000Z"


def test_its_properties_are_the_sender_the_title_and_the_day(opened):
    said = {name: str(value) for name, value in opened.docinfo.items()}
    assert set(said) <= {"/Title", "/Author", "/Subject", "/CreationDate", "/ModDate", "/Creator", "/Producer"}
    assert said["/Author"] == "Example Review Organization"
    assert {said[name] for name in ("/CreationDate", "/ModDate") if name in said} == {"D:20150303000000Z"}
    with opened.open_metadata() as metadata:
        texts = {str(value) for value in metadata.values()}
    assert not [
        text for text in texts if "T" in text and ":" in text and "T00:00:00" not in text and text[:4].isdigit()
    ]


def test_it_claims_both_standards(opened):
    with opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")


def test_every_part_is_tagged_for_what_it_is(opened):
    found = list(tags(opened.Root.StructTreeRoot.K))
    leaves = [path[-1] for path in found]
    assert leaves.count("Title") == 1
    assert leaves.count("H1") == 3
    assert leaves.count("H2") == 2
    assert leaves.count("L") == 3
    assert leaves.count("LI") == 5
    assert leaves.count("Table") == 3
    assert leaves.count("TH") == 2 + 2 + 1
    assert leaves.count("TD") == 2 * 6 + 2 + 1
    assert all("Table" in path for path in found if path[-1] in {"TR", "TH", "TD"})


def test_data_is_never_read_as_markup(made):
    assert "Plain *text* with #markup() and $signs$ that means nothing." in "\n".join(page_texts(made))


@pytest.mark.parametrize(
    "said", ['a "b" \\ c', "\\u{41} \\n", '")) #panic("read as code")', "\\", '"', "`raw` <label> @see // /* */"]
)
def test_no_text_ends_the_string_it_stands_in(said):
    made = render(Letter(title=said, sender="S", blocks=(Paragraph(said),)))
    assert " ".join(said.split()) in " ".join("\n".join(page_texts(made)).split())
    document = pikepdf.open(BytesIO(made))
    assert str(document.docinfo["/Title"]) == said


def test_the_foot_of_each_page_counts_the_pages(made):
    pages = page_texts(made)
    for number, text in enumerate(pages, 1):
        assert f"Independent Medical Review · IMR15-0000001 · Page {number} of {len(pages)}" in text


def test_a_letter_without_a_day_still_has_the_same_bytes_and_no_sender_is_no_line():
    letter = Letter(title="T", sender="", blocks=(Paragraph("x"),))
    assert render(letter) == render(letter)
    assert plain(letter) == "T\n\nx\n"


def test_the_text_has_every_block_in_its_order():
    assert plain(LETTER).split("\n\n")[:4] == [
        "Example Review Organization\nNotice of assignment",
        "Pat Example\n1 First Street\nSacramento, CA 95814",
        "Case Number: IMR15-0000001\nDate: 03/03/2015\n" + "\n".join(["Label: value"] * 4),
        "IN SHORT\nWhat to send.\n• the record\n• the form",
    ]
    assert plain(LETTER).endswith("Days\nWhen | What\n2015-02-04 | refused\n\nWhen\n2015-02-04\n")
    assert "Disputed treatment 1 of 1\nMRI of the neck: Upheld" in plain(LETTER)
    assert "1. one\n2. two\n\n• dot" in plain(LETTER)


def test_a_letter_that_no_listener_could_find_their_way_in_is_refused():
    with pytest.raises(Unwritable, match="the first heading must be of level 1"):
        render(Letter(title="T", sender="S", blocks=(Heading("By whom", 2),)))
