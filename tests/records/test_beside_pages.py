"""Every text of a document that is screened: its pages by text and by OCR, and what it has beside them."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from tests.factories import story

from imr.records import images, ocr, sandbox
from imr.records.pdf import Pdf
from imr.records.pdf_structure import earlier_versions, texts_beside_pages

needs_ocr = pytest.mark.skipif(ocr.missing_language_data() is not None, reason=ocr.missing_language_data() or "")


def drawn(*lines: str) -> Image.Image:
    """A white page with lines of large letters on it."""
    picture = Image.new("L", (1700, 2200), "white")
    for place, line in enumerate(lines):
        ImageDraw.Draw(picture).text((150, 200 + 120 * place), line, fill="black", font=ImageFont.load_default(60))
    return picture


def saved(picture: Image.Image, form: str, **said) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, form, dpi=(200, 200), **said)
    return buffer.getvalue()


def resaved(data: bytes, change) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        buffer = BytesIO()
        pdf.save(buffer, static_id=True)
        return buffer.getvalue()


def in_properties(pdf):
    pdf.docinfo["/Author"] = "Liesel Lorngarth"


def in_the_packet(pdf):
    with pdf.open_metadata(set_pikepdf_as_editor=False) as packet:
        packet["dc:creator"] = ["Liesel Lorngarth"]


def in_an_outline(pdf):
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Dr. Lorngarth's answer", 0))


def in_a_note(pdf):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 20, 20], Contents="see", T="L. Lorngarth"
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))


@pytest.mark.parametrize("place", [in_properties, in_the_packet, in_an_outline, in_a_note])
def test_every_text_beside_the_pages_of_a_pdf_is_found(place):
    plain = story.typed("Please send the X-ray.")
    assert not any("Lorngarth" in text for text in texts_beside_pages(plain))
    assert any("Lorngarth" in text for text in texts_beside_pages(resaved(plain, place)))


def test_an_earlier_version_that_saving_left_in_the_file_is_found():
    first = resaved(story.typed("Dictated by Dr. Lorngarth"), in_properties)
    later = story.typed("Please send the X-ray.")
    # What a program that only adds leaves: the whole first file, then objects that replace its own.
    grown = first + later[later.index(b"\n") + 1 :]
    assert len(earlier_versions(grown)) == 1
    assert sum("Lorngarth" in text for text in texts_beside_pages(grown)) >= 2, "the properties, and the page"
    assert earlier_versions(later) == []


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_what_a_picture_says_beside_its_page_is_found(form, tmp_path):
    exif = Image.Exif()
    exif[0x013B] = "Liesel Lorngarth"  # the artist
    file = tmp_path / "scan"
    file.write_bytes(saved(drawn("A page"), form, exif=exif))
    assert any("Lorngarth" in text for text in images.texts_beside_pages(file))


def test_a_page_of_text_alone_is_told_from_one_that_shows_more(tmp_path):
    with Pdf(story.typed("Please send the X-ray.")) as pdf:
        assert pdf.is_text_alone(0)
    for change in (in_a_note, lambda pdf: pdf.pages[0].contents_add(b"0 0 50 50 re f")):
        with Pdf(resaved(story.typed("Please send the X-ray."), change)) as pdf:
            assert not pdf.is_text_alone(0)


def everything(data: bytes, folder: Path, most: int = 3):
    file = folder / "document.pdf"
    file.write_bytes(data)
    (first, _), *pages = sandbox.run_task("everything", file, most=most)
    return first["beside"], [(page["text"], page["whole"]) for page, _ in pages]


def test_a_page_of_text_needs_no_ocr_and_an_empty_page_counts_as_not_read(tmp_path):
    beside, ((text, whole),) = everything(resaved(story.typed("Please send the X-ray."), in_properties), tmp_path, 0)
    assert "Liesel Lorngarth" in beside
    assert "Please send the X-ray." in text
    assert whole
    assert everything(story.pdf("nothing"), tmp_path)[1] == [("\n", False)]


@needs_ocr
def test_a_picture_is_read_as_a_page_and_as_part_of_one(tmp_path):
    scan = saved(drawn("Please send the X-ray of the neck.", "Reviewed by Liesel Lorngarth, M.D."), "PDF")
    _, ((text, whole),) = everything(scan, tmp_path)
    assert "Lorngarth" in text
    assert whole
    assert not everything(scan, tmp_path, 0)[1][0][1], "a page beyond the most that are read by OCR"
    _, ((text, whole),) = everything(saved(drawn("Dr. Lorngarth asks for the X-ray."), "PNG"), tmp_path)
    assert "Lorngarth" in text
    assert whole


@needs_ocr
def test_a_drawing_that_cannot_be_read_does_not_count_as_read(tmp_path):
    picture = drawn()
    pen = ImageDraw.Draw(picture)
    for place in range(40):
        pen.arc(
            (300 + 20 * place, 800, 500 + 25 * place, 1100 + 5 * place),
            20 * place,
            200 + 30 * place,
            fill="black",
            width=6,
        )
    assert [whole for _, whole in everything(saved(picture, "PDF"), tmp_path)[1]] == [False]
