"""The times of a chain go forward, and the clock's steps wait where this machine's clock and the database's disagree."""

from datetime import timedelta

import pytest
from tests.factories import story

from imr.case.chain import verify
from imr.case.state import Stage
from imr.errors import Refused
from imr.web import actions
from imr.web.actions.event_times import BEHIND, ClockSkew
from imr.web.models import EventRow, OutboxRow
from imr.web.platform import clock
from imr.web.store import cases


def eligible(people, number, behind):
    """Take a step on a machine whose clock is that far behind the last event of the case."""
    last = cases.chain(number)[-1].at
    with clock.frozen_at(last - behind):
        return story.decide_eligibility(people["intake"], number)


@pytest.mark.parametrize("behind", [timedelta(seconds=1), BEHIND - timedelta(seconds=1)])
def test_a_step_a_little_behind_takes_the_time_of_the_event_before_it(people, behind):
    number = story.receive(people)
    done = eligible(people, number, behind)
    chain = cases.chain(number)
    assert done.at == chain[0].at == chain[1].at
    verify(chain)


@pytest.mark.parametrize("behind", [BEHIND, timedelta(hours=2)])
def test_a_step_further_behind_is_refused_with_both_times_and_keeps_nothing(people, behind):
    number = story.receive(people)
    last = cases.chain(number)[-1].at
    with pytest.raises(Refused, match="an event cannot be earlier") as refused:
        eligible(people, number, behind)
    for at in (last, last - behind):
        assert f"{at:%B %-d, %Y, %-I:%M:%S %p}" in str(refused.value)
    assert EventRow.objects.filter(case=number).count() == 1


def test_a_step_ahead_takes_its_own_time(people):
    number = story.receive(people)
    assert eligible(people, number, -timedelta(hours=2)).at == cases.chain(number)[0].at + timedelta(hours=2)


def overdue(people) -> str:
    """A case whose records are long overdue."""
    return story.to(Stage.ASSIGNED, people)


@pytest.mark.parametrize("skew", [timedelta(days=60), timedelta(minutes=2)])
def test_the_steps_of_the_clock_wait_for_two_clocks_to_agree_and_mail_does_not(people, settings, caplog, skew):
    settings.CLOCK_SKEW = 60
    number = overdue(people)
    events = EventRow.objects.filter(case=number).count()
    with clock.frozen_at(clock.now() + skew):
        with pytest.raises(ClockSkew, match="no clock step is taken"):
            actions.run_clock_steps(number)
        done = actions.run_maintenance()
    assert done["clock steps"] == 0
    assert done["messages"] == OutboxRow.objects.count() > 0
    assert "Set both by a time server" in caplog.text
    assert EventRow.objects.filter(case=number).count() == events


def test_the_steps_of_the_clock_are_taken_where_the_clocks_agree(people, settings):
    number = overdue(people)
    with clock.frozen_at(clock.now() + timedelta(days=60)):
        assert [item.event.kind for item in actions.run_clock_steps(number)] == ["records-overdue"]
    settings.CLOCK_SKEW = 60
    other = overdue(people)
    assert actions.run_clock_steps(other) == ()  # nothing is due, and no clock is astray
