"""What the checks left standing stands in the way of the submission and of the signature; answers are kept by digest."""

import pytest
from tests.factories.world import World, refusal, rules

from imr.case.answers import Checked, ConcernAnswer, ConcernAnswers
from imr.case.digests import digest
from imr.case.state import Stage

STEPS = [("submit-draft", Stage.UNDER_REVIEW), ("sign-determination", Stage.PASSED)]


def ready(stage: Stage) -> World:
    return World().until(stage)


@pytest.mark.parametrize(("step", "stage"), STEPS)
def test_a_stop_is_mended_and_not_answered(step: str, stage: Stage) -> None:
    answers = ConcernAnswers(given=(ConcernAnswer(concern="verdict-1", reason="it is right"),))
    refused = refusal(ready(stage), step, checked=Checked(stops=("verdict-1",)), answers=answers)
    assert rules(refused) == {"no check stops the draft"}
    assert "(verdict)" in str(refused)


@pytest.mark.parametrize(("step", "stage"), STEPS)
def test_an_ask_needs_its_own_answer_in_words(step: str, stage: Stage) -> None:
    world, checked = ready(stage), Checked(asks=("limits-1", "earlier-2"))
    some = ConcernAnswers(
        given=(ConcernAnswer(concern="limits-1", reason="seen"), ConcernAnswer(concern="earlier-2", reason="  "))
    )
    refused = refusal(world, step, checked=checked, answers=some)
    assert rules(refused) == {"every question of the checks is answered"}
    assert "open questions of the checks: 1 (earlier)" in str(refused)
    every = ConcernAnswers(given=(*some.given[:1], ConcernAnswer(concern="earlier-2", reason="the file was searched")))
    case = world.do(step, checked=checked, answers=every)
    assert case.answers == digest(every)
    assert world.chain[-1].event.answers == digest(every)
    assert "searched" not in str(world.chain[-1])


def test_without_questions_nothing_is_kept() -> None:
    world = ready(Stage.UNDER_REVIEW)
    assert world.do("submit-draft").answers == ""


def test_a_draft_that_passed_can_still_be_returned() -> None:
    world = World().until(Stage.PASSED)
    assert world.do("return-draft").stage is Stage.UNDER_REVIEW
