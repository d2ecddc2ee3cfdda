"""Every check on drafts with its fault planted in them and on their twins without: recall and precision, with a floor."""

import pytest

from imr.checks import CHECKS, run
from tools.checks_document import raised
from tools.planted_faults import FAULTS, HELD_BACK, TRIALS, WORKED

#: The least of the planted faults that a check must find, where it does not find all; a figure here only rises.
FOUND = {"holes, names, numbers, second half": 23}


@pytest.mark.parametrize("planted", [*FAULTS, *WORKED, *HELD_BACK], ids=lambda planted: f"{planted[0]}: {planted[1]}")
def test_a_check_finds_its_planted_fault_and_is_silent_on_the_twin(planted) -> None:
    name, what, plant = planted
    pairs = [plant(n) for n in range(TRIALS)]
    found = sum(raised(name, faulty) for faulty, _ in pairs)
    false = sum(raised(name, twin) for _, twin in pairs)
    assert found >= FOUND.get(what, TRIALS), f"{what}: {found} of {TRIALS}"
    assert false == 0, f"{what}: {false} false alarms"


def test_every_check_has_a_planted_fault_and_every_number_of_the_field_a_check() -> None:
    assert {check.name for check in CHECKS} == {name for name, _, _ in FAULTS}
    assert {check.number for check in CHECKS} == set(range(1, 20))


def test_every_concern_says_what_it_found_and_what_to_do_and_has_a_name_of_its_own() -> None:
    for _, _, plant in FAULTS:
        faulty, _ = plant(1)
        found = run(faulty.draft, faulty.file, faulty.context)
        assert len({c.id for c in found}) == len(found)
        for concern in found:
            assert concern.id.startswith(concern.check)
            assert concern.says[-1] in ".:'\""
            assert concern.do
            assert concern.under
            assert found == run(faulty.draft, faulty.file, faulty.context)
            for reversal in concern.reversals:
                assert str(reversal).endswith("Panel decisions are not binding precedent.")
