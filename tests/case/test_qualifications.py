"""What a letter states of its reviewer fits several of the panel, wherever the reviewer's record allows it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.budgets import examples
from tests.factories.world import REVIEWERS

from imr.case.qualifications import FEWEST, Qualified, Stated, stated, to_state
from imr.examples import panel
from imr.examples.clinic import PMR
from imr.law.reviewers import LicenceStatus

STATES = ("Arizona", "California", "Nevada", "Oregon", "Texas")
SPECIALTIES = ("Pain Management", "Physical Medicine & Rehabilitation", "Sleep Medicine", "Urology")


def who(specialties, states):
    return Qualified(specialties=tuple(specialties), states=tuple(states))


def test_what_a_letter_may_state_is_in_the_record_and_in_force():
    record = REVIEWERS[0]
    found = Qualified.of(record)
    assert set(record.specialties) <= set(found.specialties)
    assert all(board.specialty in found.specialties for board in record.boards)
    assert set(found.states) == {one.state for one in record.licences}
    lapsed = tuple(replace(one, status=LicenceStatus.EXPIRED) for one in record.licences)
    assert Qualified.of(replace(record, licences=lapsed)).states == ()


def test_names_of_specialties_and_states_are_compared_as_words():
    one = who([PMR], ["California"])
    assert one.fits(["physical medicine  and rehabilitation"], ["CALIFORNIA"])
    assert not one.fits(["Urology"], ["California"])
    assert stated([one, one], f"{PMR}, Urology", ["California"]).shared_by == 0
    assert stated([one, one], PMR, []).shared_by == 2


def test_a_state_that_would_single_the_reviewer_out_is_not_stated():
    panel = [who(["Urology"], ["California", "Nevada"])] * FEWEST
    mine = who(["Urology"], ["Texas", "Nevada", "California"])
    found = to_state(mine, [*panel, mine])
    assert found == Stated(specialty="Urology", states=("California", "Nevada"), shared_by=FEWEST + 1)
    assert not found.identifies


def test_the_specialty_that_the_case_asks_for_comes_first_if_enough_share_it():
    panel = [who(SPECIALTIES[:3], ["California"])] * FEWEST
    mine = who(SPECIALTIES, ["California"])
    assert to_state(mine, panel).specialty == "Pain Management"
    assert to_state(mine, panel, ("Sleep Medicine",)).specialty == "Sleep Medicine"
    assert to_state(mine, panel, ("Urology",)).specialty == "Pain Management", "nobody else has the one that was asked"


def test_where_nothing_is_shared_by_enough_the_most_shared_is_stated_and_warned_of():
    mine = who(["Sleep Medicine", "Urology"], ["Oregon", "Texas"])
    panel = [mine, who(["Urology"], ["Texas"]), who(["Urology"], ["Nevada"])]
    found = to_state(mine, panel)
    assert found == Stated(specialty="Urology", states=("Texas",), shared_by=2)
    assert found.identifies
    assert to_state(who([], []), panel) == Stated(specialty="", states=(), shared_by=0)


records = st.builds(who, st.lists(st.sampled_from(SPECIALTIES), min_size=1, unique=True), st.lists(st.sampled_from(STATES), min_size=1, unique=True))  # fmt: skip


@given(panel=st.lists(records, min_size=1, max_size=30), place=st.integers(0, 29))
@examples(100)
def test_what_is_stated_is_true_and_fits_enough_wherever_anything_does(panel, place):
    mine = panel[place % len(panel)]
    found = to_state(mine, panel)
    assert mine.fits([found.specialty], found.states)
    assert found.shared_by == sum(one.fits([found.specialty], found.states) for one in panel)
    able = [(name, state) for name in mine.specialties for state in mine.states
            if stated(panel, name, (state,)).shared_by >= FEWEST]  # fmt: skip
    assert found.identifies is (not able)


@pytest.mark.parametrize("size", [32, 400])
def test_of_an_invented_panel_far_fewer_are_alone_with_what_is_stated_than_with_their_record(size):
    on = REVIEWERS[0].licences[0].since.replace(year=2026)
    everybody = [Qualified.of(one) for one in panel(size, on)]
    whole = [stated(everybody, ", ".join(one.specialties), one.states).shared_by for one in everybody]
    shown = [to_state(one, everybody).shared_by for one in everybody]
    assert whole.count(1) > 0
    assert shown.count(1) <= whole.count(1) * 2 // 3
    assert sum(shared < FEWEST for shared in shown) <= sum(shared < FEWEST for shared in whole)
