"""Words stand where the page shows them, on every rotation, and a layer that cannot be trusted is known."""

import io

import numpy as np
import pikepdf
import pytest

from imr.errors import Unreadable
from imr.records.pdf import Pdf, page_texts

SENTENCE = "The patient was seen on 02/03/2015 for pain of the left shoulder."


def one_page(content: str, *, rotate: int = 0, crop: tuple[int, int, int, int] | None = None) -> bytes:
    made = pikepdf.new()
    made.add_blank_page(page_size=(612, 792))
    page = made.pages[0]
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = made.make_stream(content.encode("latin-1"))
    if rotate:
        page.Rotate = rotate
    if crop:
        page.CropBox = pikepdf.Array(crop)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def line(text: str, x: float, y: float, size: float = 12) -> str:
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (50, 60, 600, 780)])
def test_the_ink_of_a_word_stands_in_its_box(rotate, crop):
    with Pdf(one_page(line(SENTENCE, 90, 700), rotate=rotate, crop=crop)) as pdf:
        layer = pdf.layer(0)
        shown = pdf.image(0, 144)
    assert layer.words.text == layer.text
    assert layer.text == SENTENCE
    ink = np.argwhere(shown < 128) / 2.0
    for top, left in ink[::7]:
        assert any(
            w.box.left - 1 <= left <= w.box.right + 1 and w.box.top - 1 <= top <= w.box.bottom + 1 for w in layer.words
        )
    for word in layer.words:
        box = word.box
        assert 0 <= box.left < box.right <= layer.width
        assert 0 <= box.top < box.bottom <= layer.height
        assert (shown[int(box.top * 2) : int(box.bottom * 2), int(box.left * 2) : int(box.right * 2)] < 128).any()


def test_wide_gaps_part_cells_and_lines_part_lines():
    page = one_page(line("Patient", 72, 700) + line("Claim", 400, 700) + line("below", 72, 680) + line("far", 72, 500))
    with Pdf(page) as pdf:
        assert pdf.layer(0).text == "Patient   Claim\nbelow\n\nfar"


def test_rows_drawn_out_of_order_are_read_from_the_top():
    rows = [(0, "first"), (1, "second"), (2, "third"), (3, "fourth"), (4, "fifth"), (5, "sixth"), (6, "last")]
    drawn = "".join(line(word, 72, 700 - 20 * n) for n, word in reversed(rows))
    with Pdf(one_page(drawn)) as pdf:
        assert pdf.layer(0).text.split() == [word for _, word in rows]


def test_a_page_without_text_is_not_trusted():
    with Pdf(one_page("")) as pdf:
        layer = pdf.layer(0)
    assert (layer.text, layer.trusted, len(layer.words)) == ("", False, 0)


def test_a_lost_encoding_is_not_trusted():
    nonsense = " ".join(["xkrtz", "pqsdf", "wrtpl", "mnbgh", "qwrt", "zxcvb"] * 9)
    text = "".join(line(nonsense[n : n + 60], 72, 700 - n / 4) for n in range(0, len(nonsense), 60))
    with Pdf(one_page(text)) as pdf:
        assert not pdf.layer(0).trusted


def test_what_is_no_pdf_says_what_to_do():
    with pytest.raises(Unreadable, match="not a PDF"):
        page_texts(b"hello")
    with pytest.raises(Unreadable, match="broken"):
        page_texts(b"%PDF-1.4 and nothing else")
    with pytest.raises(Unreadable, match="no text layer"):
        page_texts(one_page(""))
    assert page_texts(one_page(line(SENTENCE, 72, 700))) == (SENTENCE,)
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(one_page(line("x", 72, 700)))) as made:
        made.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(Unreadable, match="password"):
        page_texts(locked.getvalue())


def test_an_image_never_grows_beyond_its_bound():
    with Pdf(one_page("")) as pdf:
        assert pdf.image(0, 100000, most=10_000).size <= 11_000
        assert pdf.image(0, 72, grey=False).shape == (792, 612, 3)
        assert pdf.size(0) == (612, 792)


@pytest.mark.parametrize(
    ("matrix", "place"), [("0 1 -1 0", "300 100"), ("-1 0 0 -1", "500 400"), ("0 -1 1 0", "300 700")]
)
def test_lines_that_run_another_way_are_read_along_their_run(matrix, place):
    with Pdf(one_page(f"BT /F1 12 Tf {matrix} {place} Tm ({SENTENCE}) Tj ET")) as pdf:
        assert pdf.layer(0).text == SENTENCE
