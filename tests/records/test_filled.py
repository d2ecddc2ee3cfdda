"""What a filled PDF form says is read, found and seen: in fields with an appearance and without one, and in notes over the page."""

import hashlib
import io

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tests.factories.filled_forms import PLACES, VALUES, form, scripted

from imr.errors import Unreadable
from imr.records import index, pdf_forms, safety, search, typesetting
from imr.records.pdf import Pdf, page_texts


def ink(data, place, number=0):
    """How many dark points the picture of a page has in a rectangle of the page (as it stands unturned)."""
    with Pdf(data) as pdf:
        image = pdf.image(number, 72)
    left, bottom, right, top = place
    return int(np.count_nonzero(image[int(792 - top) : int(792 - bottom), int(left) : int(right)] < 128))


def squeezed(text):
    return "".join(text.split())


def heights(data):
    """How high the first value stands."""
    with Pdf(data) as pdf:
        return next(word.box.bottom - word.box.top for word in pdf.layer(0).words if word.text == "Nightingham,")


def text_of(data):
    with Pdf(data) as pdf:
        return pdf.layer(0).text


EMPTY = dict.fromkeys(VALUES, "")


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(("looks", "renewed"), [(False, False), (False, True), (True, True)])
def test_every_value_is_text_and_stands_in_the_picture(looks, renewed, rotate):
    data = form(looks=looks, renewed=renewed, rotate=rotate)
    text = text_of(data)
    for value in VALUES.values():
        assert squeezed(value) in squeezed(text), value
    if rotate == 0:
        blank = form(EMPTY)
        for name, place in PLACES.items():
            assert ink(data, place) > ink(blank, place), name


def test_an_appearance_that_is_not_out_of_date_stands():
    only = {"employee": "Nightingham, Tobias"}
    kept, made = form(only, looks=True), form(only)
    assert "Nightingham, Tobias" in text_of(kept)
    assert heights(kept) < heights(made), "eight points as its program set it, where we would have set ten"


def test_a_value_stands_beside_its_printed_word():
    lines = text_of(form()).splitlines()
    assert any("employee of the request:" in line and "Nightingham, Tobias" in line for line in lines)
    assert any("injured of the request:" in line and "03/12/2021" in line for line in lines)


def test_nothing_of_a_long_value_is_cut_off():
    data = form()
    left, bottom, right, top = PLACES["reason"]
    with Pdf(data) as pdf:
        words = pdf.layer(0).words
    inside = [
        word
        for word in words
        if left <= word.box.left
        and word.box.right <= right + 1
        and 792 - top - 1 <= word.box.top
        and word.box.bottom <= 792 - bottom + 1
    ]
    assert squeezed(VALUES["reason"]) in squeezed(" ".join(word.text for word in inside))


def test_a_line_without_spaces_is_cut_and_each_letter_measured_once_a_size(monkeypatch):
    """Forms are filled with underscores too: 2,000 of them took over a minute, since each cut measured all that was left."""
    measured = []
    monkeypatch.setattr(typesetting, "_thousandths", lambda letter: measured.append(letter) or 556)
    size, rows = typesetting._fitted("_" * 2000, 246, 70, 10.0, lines=True)
    assert "".join(rows) == "_" * 2000
    assert all(len(row) * 556 * size / 1000 <= 246 for row in rows)
    assert len(measured) < 25 * 2100


def test_letters_that_the_font_lacks_are_frames_in_the_picture_and_letters_in_the_text():
    name = "Đặng Thị Hồng 李小明"
    data = form({"employee": name})
    assert name in text_of(data)
    assert ink(data, PLACES["employee"]) > 20


def test_what_a_page_does_not_show_of_a_field_is_said(tmp_path):
    def stale(made, fields):
        fields[0].V = String("Somebody Else")

    path = tmp_path / "form.pdf"
    path.write_bytes(form({"employee": "Nightingham, Tobias"}, looks=True, spoil=stale))
    read = index.read(path, scans=False)
    assert any("holds “Somebody Else”, which the page does not show" in remark for remark in read.remarks)
    assert "Nightingham" in read.pages[0].text


def test_hidden_fields_and_passwords_stay_unseen():
    def spoil(made, fields):
        fields[0].F = 2
        fields[1].Ff = 1 << 13

    text = text_of(form(spoil=spoil))
    assert "Nightingham" not in text
    assert "03/12/2021" not in text


@pytest.mark.parametrize("place", [None, Array([1, 2]), Array([Name.A, Name.B, Name.C, Name.D]), String("here")])
def test_a_field_that_lies_nowhere_costs_nothing_else(place, tmp_path):
    """It is shown by no page, and what it holds is said; its neighbors are read, given out and bound."""

    def nowhere(_, fields):
        if place is None:
            del fields[0].Rect
        else:
            fields[0].Rect = place
        fields[4].MaxLen = -3  # as many cells as no field has

    path = tmp_path / "form.pdf"
    path.write_bytes(form(spoil=nowhere))
    built = index.read(path, scans=False)
    assert "03/12/2021" in built.pages[0].text
    assert "WC6179611" in built.pages[0].text
    assert any("Nightingham" in remark for remark in built.remarks)
    assert pdf_forms.unscripted(path)
    index.write_bundle([path], index.casefile([built.pages]), tmp_path / "whole.pdf", case="X26-0001")
    assert "03/12/2021" in "".join(page_texts((tmp_path / "whole.pdf").read_bytes()))


def test_a_box_that_only_its_value_ticks_is_ticked():
    def tick(made, fields):
        box = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Btn,
            T=String("expedited"),
            V=Name.Yes,
            F=4,
            Rect=Array([500, 700, 512, 712]),
        )
        box = made.make_indirect(box)
        made.pages[0].Annots.append(box)
        made.Root.AcroForm.Fields.append(box)

    assert ink(form(spoil=tick), (500, 700, 512, 712)) > ink(form(), (500, 700, 512, 712))


def test_a_note_typed_over_the_page_is_read():
    def note(made, fields):
        free = Dictionary(
            Type=Name.Annot, Subtype=Name.FreeText, F=4, Rect=Array([60, 200, 400, 230]), Contents=String("AMENDED: cauda equina"),
            DA=String("/Helv 10 Tf 0 g"),
        )  # fmt: skip
        made.pages[0].Annots = Array([made.make_indirect(free)])
        del made.Root.AcroForm

    data = form(spoil=note)
    assert "AMENDED: cauda equina" in text_of(data)
    assert ink(data, (60, 200, 400, 230)) > 0


def test_a_form_with_programs_is_taken_and_the_copy_has_none(tmp_path):
    path = tmp_path / "form.pdf"
    path.write_bytes(form(spoil=scripted))
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    found = index.inspect(path)
    assert found.scripted
    assert "a program (JavaScript)" in found.remarks[0]
    given = index.unscripted(path)
    with pikepdf.open(io.BytesIO(given)) as copy:
        assert {"/AcroForm", "/OpenAction", "/Names"}.isdisjoint(copy.Root.keys())
        assert {"/Annots", "/AA"}.isdisjoint(copy.pages[0].keys())
        said = b"".join(
            thing.read_bytes() if isinstance(thing, pikepdf.Stream) else repr(thing).encode() for thing in copy.objects
        )
        for trace in (b"JavaScript", b"AFDate", b"SubmitForm", b"XFA", b"xdp"):
            assert trace not in said
    for value in VALUES.values():
        assert squeezed(value) in squeezed(text_of(given))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_programs_without_a_form_are_refused_still(tmp_path):
    def no_form(made, fields):
        scripted(made, fields)
        made.Root.AcroForm.Fields = Array()
        del made.pages[0].Annots

    path = tmp_path / "form.pdf"
    path.write_bytes(form(spoil=no_form))
    with pytest.raises(Unreadable, match=r"program \(JavaScript\)|XFA"):
        index.inspect(path)


def test_reader_search_and_binder_agree(tmp_path):
    """One form between two plain pages: what is read of it, found in it and bound is the same, and its neighbours are untouched."""
    whole = pikepdf.open(io.BytesIO(form()))
    for _ in range(2):
        whole.add_blank_page(page_size=(612, 792))
    path = tmp_path / "three.pdf"
    whole.save(path)
    copy = pdf_forms.flattened_copy(path)
    assert copy.pages == (0,)
    built = index.build([path], scans=False)
    (hit, *_) = search(built, "epidural steroid injection")
    assert hit.page == 1
    bound = tmp_path / "bound.pdf"
    index.write_bundle([path], built, bound, case="CM26-0000001")
    with Pdf(bound) as pdf:
        text = next(pdf.layer(n).text for n in range(len(pdf)) if "REQUEST FOR AUTHORIZATION" in pdf.layer(n).text)
    for value in VALUES.values():
        assert squeezed(value) in squeezed(text)
    with pikepdf.open(bound) as made:
        assert "/AcroForm" not in made.Root
    assert safety.inspect(bound).pages == 4
