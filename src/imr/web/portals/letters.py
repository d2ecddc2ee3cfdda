"""Letters as PDF, made when they are asked for: the same determination gives the same bytes each time."""

from dataclasses import replace
from datetime import date

from imr.determination import Determination, Letter
from imr.determination.letter import Note
from imr.determination.pdf import render
from imr.determination.writer import compose


def letter_pdf(determination: Determination, *, set_aside_on: date | None = None) -> bytes:
    """The letter of a determination, or of a draft as far as it is written; one that was set aside says so before all else."""
    letter = compose(determination)
    if set_aside_on is not None:
        note = Note(
            title=f"Set aside on {set_aside_on:%B} {set_aside_on.day}, {set_aside_on.year}",
            text="This determination was reversed on appeal (Labor Code section 4610.6(h), (i)) and is no longer in force.",
        )
        letter = replace(letter, blocks=(note, *letter.blocks))
    return render(letter)


def notice_pdf(notice: Letter) -> bytes:
    """A notice of a step."""
    return render(notice)
