"""Letters as PDF, rendered on request: the same determination gives the same bytes each time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from imr.determination import Determination, Letter
from imr.determination.letter import Note, Paragraph
from imr.determination.pdf import render, typeset
from imr.determination.writer import compose
from imr.plain import to_plain
from imr.records.letter_verification import verified_pdf
from imr.web.platform.formatting import long_date


def letter_pdf(determination: Determination, *, set_aside_on: date | None = None) -> bytes:
    """Render the letter of a determination, or of an unfinished draft; one that was set aside says so first."""
    letter = compose(determination)
    if set_aside_on is not None:
        note = Note(
            title=f"Set aside on {long_date(set_aside_on)}",
            text="This determination was reversed on appeal (Labor Code section 4610.6(h), (i)) and is no longer in force.",
        )
        letter = replace(letter, blocks=(note, *letter.blocks))
    return render(letter)


def stood_in(*values: object) -> tuple[str, ...]:
    """Return the characters in these values that no font of the letters has: letters show a replacement character instead."""
    texts = [text for value in values for text in _texts(to_plain(value)) if max(text, default="") > "\u024f"]
    if not texts:
        return ()
    lacking = typeset(Letter(title="T", sender="", blocks=tuple(map(Paragraph, texts)))).lacking
    return tuple(f"{character} (U+{ord(character):04X})" for character in lacking)


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a value of plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def notice_pdf(notice: Letter) -> bytes:
    """Render the notice of a step."""
    return verified_pdf(notice)
