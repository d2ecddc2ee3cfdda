import pikepdf
import pytest

from imr.errors import Unreadable
from imr.records import pdf
from imr.records.pdf import page_texts


def document(text: bytes | None, **saving) -> bytes:
    """A PDF of one page that says `text`, made by another library than the one that reads it."""
    from io import BytesIO

    made = pikepdf.new()
    made.add_blank_page(page_size=(612, 792))
    if text is not None:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        made.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=made.make_indirect(font)))
        made.pages[0].Contents = made.make_stream(b"BT /F1 12 Tf 72 700 Td 14 TL " + text + b" ET")
    out = BytesIO()
    made.save(out, **saving)
    return out.getvalue()


def test_the_text_comes_page_by_page_with_plain_line_ends():
    assert page_texts(document(b"(MRI of the neck) Tj T* (is upheld) Tj")) == ("MRI of the neck\nis upheld",)


def test_a_mark_behind_some_bytes_of_a_gateway_is_still_a_pdf():
    assert page_texts(b"\r\n\r\n" + document(b"(here) Tj")) == ("here",)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a PDF"),
        (b"PK\x03\x04 a zip", "not a PDF"),
        (b"%PDF-1.7\n" + b"junk " * 400, "broken"),
        (document(b"(x) Tj", encryption=pikepdf.Encryption(owner="o", user="u")), "locked with a password"),
        (document(None), "no text layer"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data, says):
    with pytest.raises(Unreadable, match=says):
        page_texts(data)


def test_a_file_beyond_the_largest_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(pdf, "LARGEST", 10)
    with pytest.raises(Unreadable, match=r"this file has 12 bytes and the limit is 10; split it"):
        page_texts(b"%PDF-1.7 123")


@pytest.mark.letters
def test_every_published_letter_has_its_text(letters_folder):
    for path in sorted((letters_folder / "pdf").glob("*.pdf")):
        texts = page_texts(path.read_bytes())
        assert texts[0].startswith("Case Number:")
        assert "\r" not in "".join(texts)
        assert "\ufffe" not in "".join(texts)
