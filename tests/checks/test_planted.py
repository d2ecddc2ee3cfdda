"""Every check on drafts with its fault planted in them and on their twins without: recall and precision, with a floor."""

import pytest

from imr.checks import CHECKS, Severity, run
from imr.examples.faults import FAULTS, TRIALS, Trial

#: The least of the planted faults that each check must find; a figure here only rises.
FLOOR = {"absence-contradicted": 18, "unknown-used": 20, "redaction": 22}


def raised(name: str, trial: Trial) -> bool:
    found = run(trial.draft, trial.file, trial.context)
    return any(c.check == name and not (name == "redaction" and c.severity is Severity.NOTE) for c in found)


@pytest.mark.parametrize(("name", "what"), [(name, what) for name, what, _ in FAULTS])
def test_a_check_finds_its_planted_fault_and_is_silent_on_the_twin(name: str, what: str) -> None:
    plant = next(plant for other, said, plant in FAULTS if (other, said) == (name, what))
    pairs = [plant(n) for n in range(TRIALS)]
    found = sum(raised(name, faulty) for faulty, _ in pairs)
    false = [n for n, (_, twin) in enumerate(pairs) if raised(name, twin)]
    assert found >= FLOOR.get(name, TRIALS), f"{what}: {found} of {TRIALS}"
    assert false == []


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
