"""Case files made once for the tests that read them."""

import pytest
from benchmarks import casefile_generator

from imr.records import index
from imr.records.model import Page
from imr.records.pdf import text_layers


def pages_of(pdf: bytes) -> list[Page]:
    """The pages of a PDF by its text layer, read in this process."""
    return [
        Page(
            number=n, file="made.pdf", source_page=n, width=one.width, height=one.height, words=one.words, text=one.text
        )
        for n, one in enumerate(text_layers(pdf), 1)
    ]


@pytest.fixture(scope="session")
def packet(reports_folder):
    """A case file of the half that no rule was written on."""
    return casefile_generator.packet(reports_folder, 7, half=1, clinical=10)


@pytest.fixture(scope="session")
def casefile(packet):
    return index.casefile([pages_of(packet.pdf)])
