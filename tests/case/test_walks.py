"""Any sequence of offered steps: each can be taken, the events replay to the same state, the chain holds."""

from dataclasses import replace

from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tests.budgets import examples
from tests.factories.outsiders import check_outside
from tests.factories.world import FORM, REVIEWERS, World

from imr.case.chain import from_lines, public_view, replay, to_lines, verify
from imr.case.decide import offered_steps
from imr.case.state import Stage
from imr.case.steps import STEPS
from imr.errors import Refused
from imr.law.terms import ReviewType, Role

#: What a step can refuse for the day alone: a time that has not run out yet, an ending that the law of 2015 does not know.
NOT_YET = {
    "time to answer ran out",
    "time for the records ran out",
    "law knows this ending",
    "the employee's side was heard",
}


def offered(world: World) -> list[tuple[str, Role]]:
    return [(step.name, role) for role in Role for step in offered_steps(world.case, world.actor(role))]


@given(data=st.data(), expedited=st.booleans(), overturn=st.booleans())
@examples(60, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_offered_can_be_taken_and_replays_the_same(data, expedited, overturn):
    pace = ReviewType.EXPEDITED if expedited else ReviewType.STANDARD
    world = World(form=replace(FORM, review_type=pace), overturn=overturn)
    state = world.case
    for _ in range(data.draw(st.integers(1, 30))):
        choices = [choice for choice in offered(world) if choice[0] != "open-remand"]
        if not choices:
            break
        name, role = data.draw(st.sampled_from(choices))
        world.wait(data.draw(st.integers(0, 20)))
        before = world.case
        rules: set[str] = set()
        try:
            after = world.do(name, role)
        except Refused as refused:
            rules, after = {finding.rule for finding in refused.findings}, None
        if after is None:
            assert rules <= NOT_YET
            assert world.case == before
            continue
        step = STEPS[name]
        assert type(world.chain[-1].event) in step.events
        assert after.stage in (step.leads_to or (before.stage,))
        state = replace(world.chain[-1].event.apply(state), events=len(world.chain))
        assert state == after
    verify(world.chain)
    assert from_lines(to_lines(world.chain)) == tuple(world.chain)
    shown = from_lines(to_lines(map(public_view, world.chain)))
    verify(shown)
    assert replay(shown).stage is world.case.stage
    check_outside(world.chain, [reviewer.id for reviewer in REVIEWERS])


def test_every_stage_offers_a_way_on_or_is_an_end():
    onward = {
        stage for step in STEPS.values() if step.leads_to and step.name != "reopen-review" for stage in step.stages
    }
    for stage in Stage:
        assert (stage in onward) is not stage.ended


def test_every_stage_can_be_reached():
    assert {after for step in STEPS.values() for after in step.leads_to} | {Stage.NEW} == set(Stage)
