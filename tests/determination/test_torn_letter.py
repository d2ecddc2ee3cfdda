"""A letter that ends before its disputed treatments says that they cannot be told."""

import pytest
from tests.factories.world import World

from imr.case.state import Stage
from imr.determination import read, write


@pytest.mark.parametrize("last", ["CLINICAL", "IMR ISSUES"])
def test_where_the_treatments_stand_cannot_be_told_in_a_torn_letter(last):
    whole = write(World().until(Stage.PUBLISHED).signed())
    torn = read(whole[: whole.index(last)])
    assert torn.determination is None
    assert "the place of the disputed treatments cannot be determined" in map(str, torn.problems)
