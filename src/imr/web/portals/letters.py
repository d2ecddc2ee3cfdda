"""Letters as PDF, made when they are asked for: the same determination gives the same bytes each time."""

from imr.determination import Determination, Letter
from imr.determination.pdf import render
from imr.determination.writer import compose


def letter_pdf(determination: Determination) -> bytes:
    """The letter of a determination, or of a draft as far as it is written."""
    return render(compose(determination))


def notice_pdf(notice: Letter) -> bytes:
    """A notice of a step."""
    return render(notice)
