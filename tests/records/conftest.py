"""Case files made once for the tests that read them."""

import pytest
from benchmarks import casefile_generator
from tests.factories.record_pages import pages_of

from imr.records import index


@pytest.fixture(scope="session")
def packet(reports_folder):
    """A case file of the half that no rule was written on."""
    return casefile_generator.packet(reports_folder, 7, half=1, clinical=10)


@pytest.fixture(scope="session")
def casefile(packet):
    return index.casefile([pages_of(packet.pdf)])
