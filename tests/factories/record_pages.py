"""The pages of a PDF as the reader of records gets them."""

from imr.records.model import Page
from imr.records.pdf import Pdf


def pages_of(pdf: bytes) -> list[Page]:
    """The pages of a PDF by its text layer, read in this process."""
    with Pdf(pdf) as opened:
        layers = [opened.layer(number) for number in range(len(opened))]
    return [
        Page(
            number=n, file="made.pdf", source_page=n, width=one.width, height=one.height, words=one.words, text=one.text
        )
        for n, one in enumerate(layers, 1)
    ]
