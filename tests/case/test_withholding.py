"""A record that was sent without its mark is withheld from the employee later: by the review organization."""

import pytest
from tests.factories.world import World

from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import Role


@pytest.fixture
def world():
    return World().until(Stage.RECORDS_COMPLETE)


def test_a_record_is_withheld_and_shown_again(world):
    file = world.case.records[0].record.digest
    world.do("withhold-record", Role.INTAKE, file=file, withheld=True)
    assert world.case.withheld == (file,)
    world.do("withhold-record", Role.COORDINATOR, file=file, withheld=True)
    assert world.case.withheld == (file,)
    world.do("withhold-record", Role.COORDINATOR, file=file, withheld=False)
    assert world.case.withheld == ()


def test_nobody_withholds_what_was_not_sent_and_no_party_what_another_sent(world):
    file = world.case.records[0].record.digest
    with pytest.raises(Refused, match="choose a record"):
        world.do("withhold-record", Role.COORDINATOR, file="f" * 64, withheld=True)
    for role in (Role.CLAIMS_ADMINISTRATOR, Role.EMPLOYEE, Role.REQUESTING_PHYSICIAN, Role.REVIEWER):
        with pytest.raises(Refused):
            world.do("withhold-record", role, file=file, withheld=True)
