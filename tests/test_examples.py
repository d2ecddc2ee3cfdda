"""Invented cases: the same from the same seed, lawful, varied, and nobody's."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.budgets import examples

from imr.case.chain import verify
from imr.case.state import Stage
from imr.determination import Outcome, normalize, read, write
from imr.determination.model import Decision
from imr.errors import ImrError, Refused
from imr.examples import (
    application,
    attorney,
    case,
    designee,
    determination,
    employee,
    ineligible,
    panel,
    physician,
    play,
    reviewer,
    seed_case,
    unfit,
)
from imr.examples.clinic import DRUGS, INJURIES, TREATMENTS
from imr.examples.people import chance, npi
from imr.guidelines import Statement, read_basis
from imr.law.reviewers import Matter, screen

SEEDS = st.integers(0, 10**7)


@given(SEEDS)
def test_the_same_seed_gives_the_same_example(seed):
    assert determination(seed) == determination(seed)
    assert application(seed) == application(seed)
    assert reviewer(seed) == reviewer(seed)
    assert case(seed) == case(seed)
    assert employee(seed) != employee(seed + 1) or employee(seed).phone != employee(seed + 1).phone


@given(SEEDS)
def test_a_determination_is_in_order_and_can_be_written_and_read(seed):
    made = determination(seed)
    days = (made.injured_on, made.ur_decided_on, made.received_on, made.assigned_on, made.decided_on)
    assert list(days) == sorted(days)
    assert made.issues
    for issue in made.issues:
        assert issue.rationale.endswith("medically necessary.")
        verdict = issue.decision is Decision.OVERTURNED
        assert ("is medically necessary." in issue.rationale) is verdict
        assert read_basis(issue.reviewer_basis).statement in (Statement.CITED, Statement.OUTSIDE)
    named = replace(made, organization="Example Review Organization")
    assert read(write(named)).determination == normalize(named)


def test_determinations_are_of_every_kind():
    made = [determination(seed) for seed in range(3000)]
    outcomes = Counter(one.outcome for one in made)
    assert set(outcomes) == set(Outcome)
    assert 0.03 < outcomes[Outcome.OVERTURNED] / len(made) < 0.2
    texts = " ".join(issue.heading for one in made for issue in one.issues)
    assert all(drug.name in texts for drug in DRUGS)
    assert any(issue.authorized for one in made for issue in one.issues)
    assert len({one.specialty for one in made}) > 15
    assert len({one.summary for one in made}) == len(made)
    assert len({len(one.issues) for one in made}) > 4


def test_the_treatments_are_of_the_categories_of_the_division(letters_folder):
    listed = (letters_folder / "dwc_treatment_categories.txt").read_text(encoding="utf-8").splitlines()
    used = {treatment.category for treatment in TREATMENTS} | {
        f"Pharmaceuticals *  * {drug.category}" for drug in DRUGS
    }
    assert used <= set(listed)


@pytest.mark.parametrize("injury", INJURIES, ids=lambda injury: injury.part)
def test_every_injury_has_its_treatments(injury):
    assert [t for t in TREATMENTS if not t.fits or injury.part in t.fits]


@given(SEEDS)
def test_people_can_be_nobody(seed):
    for person in (employee(seed), attorney(seed), physician(seed), designee(seed, date(2015, 1, 1))):
        assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", person.phone)
    number = npi(chance("npi", seed))
    digits = [int(digit) for digit in f"80840{number}"]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(digits))]
    assert sum(doubled) % 10 == 0
    assert len(number) == 10


@given(SEEDS)
def test_reviewers_are_cleared_and_the_unfit_are_not(seed):
    on = date(2015, 1, 1)
    good, (bad, rule) = reviewer(seed, on), unfit(seed, on)
    assert all(screen(good, Matter(specialties=good.specialties), on))
    assert rule in {finding.rule for finding in screen(bad, Matter(specialties=bad.specialties), on) if not finding}


def test_a_panel_is_of_so_many():
    found = panel(40)
    assert len({one.id for one in found}) == 40
    assert len({one.specialties for one in found}) > 5


@given(st.integers(0, 2000))
@examples(15)
def test_any_case_can_be_told_to_its_end(seed):
    told = case(seed)
    played = play(told)
    verify(played.recorded)
    assert played.case.stage is Stage.PUBLISHED
    assert played.determination is not None
    assert len(played.recorded) == len(told.scenes)


@given(st.integers(0, 2000))
@examples(20)
def test_the_ineligible_are_found_so(seed):
    form, rule = ineligible(seed)
    told = case(seed, about=None)
    scenes = [replace(told.scenes[0], facts=told.scenes[0].facts | {"application": form}), told.scenes[1]]
    if not form.ur_decision_attached:
        scenes[0] = replace(scenes[0], facts={k: v for k, v in scenes[0].facts.items() if k != "ur_decision"})
    played = play(replace(told, application=form, scenes=tuple(scenes)))
    assert played.case.stage is Stage.INELIGIBLE
    assert rule in played.case.reasons


def test_the_seed_case_is_told_under_the_law_of_its_day():
    told = seed_case()
    played = play(told)
    made = played.determination
    assert made is not None
    assert [issue.decision for issue in made.issues] == [Decision.UPHELD, Decision.UPHELD]
    assert made.ur_decided_on == date(2015, 2, 6)
    assert all("2009" in issue.reviewer_basis for issue in made.issues)
    assert "neck" in made.summary
    due = {deadline.rule: deadline.due for deadline in played.case.deadlines()}
    assert due["app-time-standard"] == date(2015, 3, 13)
    assert due["rec-elec"] == date(2015, 3, 9)
    assert due["det-time-standard"] == date(2015, 4, 6)
    assert [scene.step for scene in told.scenes].count("submit-draft") == 2


def test_a_story_is_told_as_far_as_a_step():
    told = seed_case().until("assign-organization")
    assert play(told).case.stage is Stage.ASSIGNED
    assert play(told.then(seed_case().scenes[4])).case.stage is Stage.ASSIGNED


@pytest.mark.parametrize("day", range(1, 32))
def test_a_story_goes_forward_in_time_whatever_the_day_of_its_receipt(day):
    times = [scene.at for scene in case(day, date(2027, 12, day)).scenes]
    assert times == sorted(times)


def test_a_story_out_of_order_is_refused():
    told = seed_case()
    with pytest.raises(Refused, match="the case is at the stage"):
        play(replace(told, scenes=(told.scenes[1],)))


def test_a_paper_is_words_and_pages():
    for paper in seed_case().scenes[4].facts["records"]:
        assert paper.title in paper.text
        assert paper.name.endswith(".pdf")
    first = seed_case().scenes[4].facts["records"][0]
    assert first.pdf() == first.pdf()
    assert first.pdf().startswith(b"%PDF")


def test_what_a_story_cannot_bring_is_said():
    told = seed_case()
    scene = replace(
        told.scenes[0],
        step="open-remand",
        facts=dict.fromkeys(("order", "finding"), told.scenes[4].facts["records"][0]),
    )
    with pytest.raises(ImrError, match="played without an earlier case"):
        play(replace(told, scenes=(scene,)))
