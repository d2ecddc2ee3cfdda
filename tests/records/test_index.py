"""Files become a case file: scans and digital pages, in order, on disk, with one PDF of all."""

import io
import json
from itertools import pairwise

import numpy as np
import pikepdf
import pytest
from benchmarks import casefile_generator
from click.testing import CliRunner

from imr.cli import imr
from imr.errors import Damaged, Unreadable
from imr.law.terms import RecordKind
from imr.records import bundle_pdf, index, ocr, page_codec, page_store, sandbox, search, second_ocr
from imr.records.model import Box, Document, Page, PageWords, TextSource, Word
from imr.records.page_store import PlainPageFile
from imr.records.pdf import Pdf

needs_ocr = pytest.mark.skipif(ocr.missing_language_data() is not None, reason=ocr.missing_language_data() or "")

NOTE = ["Sierra Vista Medical Group", "PROGRESS NOTE", "Date of service: 03/04/2015", "",
        "The patient has completed six visits of physical therapy and takes ibuprofen 800 mg.",
        "There is no numbness of the left hand, and the neck is less stiff than before."]  # fmt: skip
LETTER = ["Dear Claims Examiner:", "", "Enclosed please find the reports of the treating physician."]


@pytest.fixture(scope="module")
def digital():
    return casefile_generator.draw([NOTE, LETTER])


def test_a_digital_file_becomes_pages_documents_and_facts(digital, tmp_path):
    path = tmp_path / "records.pdf"
    path.write_bytes(digital)
    seen = []
    built = index.build([path, path], progress=lambda done, pages: seen.append((done, pages)))
    assert [(page.number, page.source_page, page.source) for page in built.pages] == [
        (1, 1, TextSource.TEXT_LAYER),
        (2, 2, TextSource.TEXT_LAYER),
        (3, 1, TextSource.TEXT_LAYER),
        (4, 2, TextSource.TEXT_LAYER),
    ]
    assert [document.first for document in built.documents] == [1, 2, 3, 4]
    assert built.documents[2].duplicate_of == "d1"
    assert {fact.value for fact in built.facts if fact.page == 3} >= {
        "ibuprofen 800 mg",
        "6 visits of physical therapy",
    }
    assert [hit.page for hit in search(built, "left hand")] == [1, 3]
    assert built.pages[-1].number == 4
    assert [page.number for page in built.pages[1:3]] == [2, 3]
    with pytest.raises(IndexError):
        built.pages[4]


@needs_ocr
@pytest.mark.parametrize("quarter", [0, 1, 2])
def test_a_scan_is_read_and_its_boxes_stand_over_the_ink(digital, tmp_path, quarter):
    path = tmp_path / "scan.pdf"
    path.write_bytes(casefile_generator.scan(digital, 1, skewed=2.0))
    if quarter:
        with pikepdf.open(path, allow_overwriting_input=True) as made:
            for page in made.pages:
                page.Rotate = 90 * quarter
            made.save(path)
    read = index.read(path)
    page = read.pages[0]
    assert page.source is TextSource.OCR
    assert page.confidence > 80
    assert "ibuprofen 800 mg" in " ".join(page.text.split())
    with Pdf(path) as pdf:
        image = pdf.image(0, 144)
    for word in page.words:
        inside = image[
            int(word.box.top * 2) : int(word.box.bottom * 2) + 1, int(word.box.left * 2) : int(word.box.right * 2) + 1
        ]
        assert (inside < 140).mean() > 0.05, word


@needs_ocr
def test_images_are_read_and_blank_pages_are_called_blank(digital, tmp_path):
    from PIL import Image

    with Pdf(digital) as pdf:
        written = Image.fromarray(pdf.image(0, 200))
    blank = Image.fromarray(np.full_like(np.asarray(written), 250))
    path = tmp_path / "fax.tiff"
    written.save(path, save_all=True, append_images=[blank], dpi=(200, 200))
    read = index.read(path)
    assert [page.source for page in read.pages] == [TextSource.OCR, TextSource.BLANK]
    assert read.pages[0].width == pytest.approx(612, abs=1)
    png = tmp_path / "page.png"
    written.save(png)
    assert "PROGRESS NOTE" in index.read(png).pages[0].text


@needs_ocr
def test_a_page_of_figures_is_read_again_by_the_second_engine_and_says_so(digital, tmp_path):
    """Each figure of a table faxed badly is read, and its box stands over it; a page of prose stays with the first engine."""
    table = casefile_generator.results(3)
    path = tmp_path / "fax.pdf"
    path.write_bytes(casefile_generator.scan(casefile_generator.draw([table, NOTE * 3]), 1, fax=True, noise=30.0))
    first, second = index.read(path).pages
    assert (first.engine, second.engine) == ("RapidOCR", "Tesseract")
    figures = [word for line in table[5:] for word in line.split() if word[0].isdigit()]
    read = first.text.replace("-", " ").split()
    assert sum(figure in read for figure in figures) >= 0.98 * len(figures)
    with Pdf(path) as pdf:
        image = pdf.image(0, 144)
    for word in first.words:
        if word.text[0].isdigit():
            box = word.box
            ink = image[int(box.top * 2) : int(box.bottom * 2) + 1, int(box.left * 2) : int(box.right * 2) + 1] < 140
            assert ink.mean() > 0.05, word
    assert [page.engine for page in index.read(path, again=False).pages] == ["Tesseract", "Tesseract"]


@needs_ocr
def test_a_page_on_which_the_second_engine_falls_keeps_what_the_first_read(tmp_path, monkeypatch):
    path = tmp_path / "fax.pdf"
    path.write_bytes(
        casefile_generator.scan(casefile_generator.draw([casefile_generator.results(3)]), 1, fax=True, noise=30.0)
    )
    # Enough for the first engine, far too little for the second.
    monkeypatch.setattr(index, "SCAN_LIMITS", sandbox.ProcessLimits(memory=480 * 1024**2, seconds=600, silence=120))
    (page,) = index.read(path, workers=1).pages
    assert (page.source, page.engine) == (TextSource.OCR, "Tesseract")


def test_without_language_data_a_scan_stands_without_text_and_says_what_to_install(digital, tmp_path, monkeypatch):
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    path = tmp_path / "scan.pdf"
    path.write_bytes(casefile_generator.scan(digital, 1))
    read = index.read(path)
    assert {page.source for page in read.pages} == {TextSource.NONE}
    assert "apt install tesseract-ocr" in read.remarks[0]


def test_a_refused_file_leaves_nothing_behind(tmp_path):
    path = tmp_path / "records.pdf"
    path.write_bytes(b"%PDF-1.4 broken")
    with pytest.raises(Unreadable, match=r"records\.pdf: this PDF"):
        index.build([path])
    with pytest.raises(Unreadable):
        index.read(path, shelf=PlainPageFile(tmp_path / "shelf"))
    assert [one.name for one in tmp_path.iterdir()] == ["records.pdf"]


def test_a_shelf_is_opened_again_and_a_broken_one_is_refused(digital, tmp_path):
    path = tmp_path / "records.pdf"
    path.write_bytes(digital)
    kept = tmp_path / "records.pages"
    pages = index.read(path, shelf=PlainPageFile(kept)).pages
    again = page_store.load(PlainPageFile(kept))
    assert list(again) == list(pages)
    assert [page.number for page in again.after(10)] == [11, 12]
    whole = kept.read_bytes()
    for broken in (whole[:-5], whole[:40], b"", whole[:-8] + b"notpages"):
        kept.write_bytes(broken)
        with pytest.raises(Damaged, match="read the file again"):
            page_store.load(PlainPageFile(kept))
    with pytest.raises(Damaged):
        page_store.load(PlainPageFile(tmp_path / "nowhere"))


def test_a_shelf_with_a_missing_page_is_not_closed():
    writer = page_store.PageStoreWriter()
    writer.put(Page(number=2, file="x", source_page=2, width=1, height=1))
    with pytest.raises(Damaged, match="was not read"):
        writer.close()


def test_what_a_child_that_went_astray_sends_is_refused():
    page = Page(number=1, file="x", source_page=1, width=9, height=9, words=(Word("a", Box(0, 0, 1, 1)),), text="a")
    head, blob = page_codec.page_to_frame(page)
    assert page_codec.page_from_frame(head, blob) == page
    for wrong in ({**head, "words": 9}, {**head, "text": ""}, {**head, "source": "hearsay"}, {}):
        with pytest.raises(Damaged):
            page_codec.page_from_frame(wrong, blob)
    for stream in (
        b"\x01",
        b"\xff" * 20,
        b"\x02\x00\x00\x00\x00\x00\x00\x00[]",
        b"\x02\x00\x00\x00\x00\x00\x00\x00{x",
        b"\x09\x00\x00\x00\x00\x00\x00\x00{}",
    ):
        with pytest.raises(Damaged):
            page_codec.read_frame(io.BytesIO(stream))


def test_words_are_packed_and_come_back():
    words = (Word("one", Box(1, 2, 3, 4), 90.0), Word("two", Box(5, 2, 7, 4), 80.0))
    packed = PageWords.placed(words)
    assert packed == words
    assert packed[-1] == words[1]
    assert packed[0:2] == words
    assert packed.box(0, 1) == Box(1, 2, 7, 4)
    assert list(packed.within(2, 5)) == [0, 1]
    assert packed != words[:1]
    assert "2 of" in repr(packed)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_whole_case_file_is_one_pdf_with_index_bookmarks_and_stamps(digital, tmp_path, rotate):
    path = tmp_path / "records.pdf"
    with pikepdf.open(io.BytesIO(digital)) as made:
        for page in made.pages:
            page.Rotate = rotate
        made.save(path)
    original = path.read_bytes()
    built = index.build([path], scans=False)
    whole = bundle_pdf.build([path], built.documents, case="CM15-0000001")
    assert whole.digest == bundle_pdf.build([path], built.documents, case="CM15-0000001").digest
    assert path.read_bytes() == original
    with Pdf(whole.pdf) as pdf:
        assert len(pdf) == whole.index_pages + 2
        assert "Case file CM15-0000001" in pdf.text(0)
        assert "Progress report" in pdf.text(0)
        layer = pdf.layer(1)
        assert "ibuprofen 800 mg" in pdf.text(1)
        stamp = [word for word in layer.words if word.text == "CM15-0000001"]
        assert len(stamp) == 1
        assert stamp[0].box.top > layer.height - 30
    with pikepdf.open(io.BytesIO(whole.pdf)) as made:
        with made.open_outline() as outline:
            assert [item.title for item in outline.root] == [
                "Index",
                "2015-03-04 Progress report (PR-2)",
                "not dated Correspondence",
            ]
        assert str(made.Root.PageLabels.Nums[1].S) == "/r"
        assert len(made.pages[0].Annots) == 2


def test_images_stand_in_the_whole_too(digital, tmp_path):
    from PIL import Image

    path = tmp_path / "page.png"
    with Pdf(digital) as pdf:
        Image.fromarray(pdf.image(0, 100)).save(path, dpi=(100, 100))
    built = index.build([path], scans=False)
    out = io.BytesIO()
    assert bundle_pdf.write([path], built.documents, "X", out) == 1
    with Pdf(out.getvalue()) as pdf:
        assert pdf.size(1) == pytest.approx((612, 792), abs=1)
        assert (pdf.image(1, 50) < 128).any()


def test_the_command_prints_an_index_and_writes_the_whole(digital, tmp_path):
    path = tmp_path / "records.pdf"
    path.write_bytes(digital)
    out = tmp_path / "case-file.pdf"
    ran = CliRunner().invoke(imr, ["index", str(path), "--json", "--out", str(out), "--case", "CM15-1"])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert [document["kind"] for document in found["documents"]] == ["progress report (PR-2)", "correspondence"]
    assert found["pages"][0]["source"] == "text layer"
    assert out.read_bytes().startswith(b"%PDF")
    ran = CliRunner().invoke(imr, ["index", str(path), "--no-ocr"])
    assert "2 documents" in ran.stdout


def test_skew_is_measured_and_undone():
    from imr.records import images

    with Pdf(casefile_generator.draw([NOTE * 6])) as pdf:
        straight = pdf.image(0, 150)
    for angle in (-4.0, -1.0, 0.0, 2.5):
        assert ocr.skew(images.rotate(straight, angle)) == pytest.approx(-angle, abs=0.15)
    assert ocr.skew(np.full((500, 400), 255, np.uint8)) == 0


@needs_ocr
def test_a_child_reads_scans_of_every_way_up_and_says_what_is_blank(digital, tmp_path):
    """What runs in the child, asked for in this process: a page on its head, and one without ink."""
    from PIL import Image

    from imr.records import images, sandbox_tasks

    with Pdf(digital) as pdf:
        upright = pdf.image(0, 150)
    path = tmp_path / "scan.tiff"
    pages = [Image.fromarray(np.ascontiguousarray(np.rot90(upright, 2))), Image.new("L", (1275, 1650), 255)]
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(150, 150))
    layers = list(sandbox_tasks.layers(path, name="scan.tiff"))
    assert layers[0][0]["pages"] == 2
    assert {head["source"] for head, _ in layers[1:]} == {TextSource.NONE.value}
    read = [page_codec.page_from_frame(*frame) for frame in sandbox_tasks.scans(path, name="scan.tiff", numbers=[1, 2])]
    assert [page.source for page in read] == [TextSource.OCR, TextSource.BLANK]
    assert "ibuprofen 800 mg" in " ".join(read[0].text.split())
    told, *shown = images.render_pages(path, questions=[{"page": 2}, {"page": 1}], width=300)
    assert told == ({"pages": 2}, b"")
    assert [head["page"] for head, _ in shown] == [2, 1]


def test_a_page_is_parted_between_its_lines_for_the_second_engine():
    """Each row of points stands in one part, no part is much higher than the engine's memory allows, and no cut goes through ink."""
    page = np.full((1280, 990), 255, np.uint8)
    for top in range(40, 1240, 24):
        page[top : top + 15, 60:900] = 0
    cut = second_ocr.page_strips(page)
    assert cut[0][0] == 0
    assert cut[-1][1] == 1280
    assert all(one[1] == other[0] for one, other in pairwise(cut))
    assert all(bottom - top <= 400 for top, bottom in cut)
    assert all(page[top].min() == 255 for top, _ in cut)
    assert second_ocr.page_strips(page[:300]) == [(0, 300)]


def test_a_case_file_of_very_many_documents_is_bound(tmp_path):
    """More than one argument of a program may hold: their names go to the child by its pipe, where nobody else sees them."""
    path = tmp_path / "many.pdf"
    path.write_bytes(casefile_generator.draw([NOTE]))
    documents = [Document(id=f"d{n}", kind=RecordKind.OTHER, first=1, last=1, title=f"{n} " * 30) for n in range(1500)]
    whole = bundle_pdf.build([path], documents, case="CM15-0000001")
    with pikepdf.open(io.BytesIO(whole.pdf)) as pdf:
        assert len(pdf.pages) > 1
