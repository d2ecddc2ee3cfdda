"""A letter goes out as PDF only where every letter of it stands on a page, and it reads back the same."""

from dataclasses import replace

import pytest

from imr.determination import compose, pdf
from imr.determination.letter import Letter, Paragraph
from imr.determination.pdf import Typeset
from imr.errors import Unwritable
from imr.examples import determination
from imr.records import letter_verification
from imr.records.letter_verification import verified_pdf
from imr.records.pdf import page_texts, words_off_page

CREAM = (
    "Flurbiprofen20%Baclofen5%Dexamethasone2%Menthol2%Camphor2%Capsaicin0.0375%HyaluronicAcid0.20%InCreamBase240grams"
)


def shows(monkeypatch, text):
    found = Typeset(b"", "", {"pages": [text], "outside": []})
    monkeypatch.setattr(letter_verification, "typeset", lambda *_, **__: found)


def said(words):
    found = determination(3)
    return replace(found, issues=(replace(found.issues[0], rationale=words), *found.issues[1:]))


@pytest.mark.parametrize(
    "words", [f"{CREAM} is asked for.", "The employee 王小明 and مريم العلي, 44, came.", "A \ue123 B."]
)
def test_what_a_letter_says_is_proven(words):
    letter = said(f"{words} It is not medically necessary.")
    made = verified_pdf(compose(letter), letter)
    assert words_off_page(made) == []
    assert page_texts(made)


def test_what_runs_off_the_page_is_refused_and_named(monkeypatch):
    monkeypatch.setattr(pdf, "settable", lambda text, *_: text)  # as if nobody had cut it
    with pytest.raises(Unwritable, match=r"“Flurbi.*” does not fit on page 1: break or shorten it"):
        verified_pdf(Letter(title="T", sender="S", blocks=(Paragraph(CREAM + CREAM),)))


def test_what_the_page_does_not_show_is_refused_and_named(monkeypatch):
    shows(monkeypatch, "S T no")
    with pytest.raises(Unwritable, match="does not show every “"):
        verified_pdf(Letter(title="T", sender="S", blocks=(Paragraph("nowhere"),)))


def test_a_pdf_that_says_something_else_is_refused_with_every_field(monkeypatch):
    letter = said("The record shows no red flag. It is not medically necessary.")
    text = "\n".join(page_texts(verified_pdf(compose(letter), letter)))
    other = text.replace("flag", "galf").replace(letter.summary[:12], letter.summary[:12][::-1])
    shows(monkeypatch, other)
    with pytest.raises(Unwritable) as refused:
        verified_pdf(compose(letter), letter)
    assert "the rationale of disputed treatment 1 comes back as" in str(refused.value)
    assert "the summary comes back as" in str(refused.value)
