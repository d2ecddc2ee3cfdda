"""What the player of cases says where a case cannot be played on."""

import pytest

from imr.case.player import MemoryPlayer
from imr.case.step import step
from imr.errors import ImrError
from imr.law.rule import labor_code
from imr.law.terms import Role


def test_a_supplied_fact_that_nobody_stated_is_named():
    player = MemoryPlayer("CM15-0000001")
    with pytest.raises(ImrError, match="needs the bound: state it"):
        player.bundle()
    with pytest.raises(ImrError, match="needs the sent: state it"):
        player.message()
    with pytest.raises(ImrError, match="needs the to: state it"):
        player.later_case()


def test_a_document_that_no_step_stored_and_a_reviewer_who_is_not_there_are_said():
    player = MemoryPlayer("CM15-0000001")
    with pytest.raises(ImrError, match="not stored: play the steps that make it first"):
        player.draft()
    with pytest.raises(ImrError, match="played without the reviewer 'R9'"):
        player._reviewer("R9")


def test_facts_that_are_no_dataclass_are_refused_with_the_step():
    def note_call(case, context, facts):
        raise NotImplementedError

    note_call.__annotations__ = {"facts": str, "return": None}
    with pytest.raises(ImrError, match=r"does not declare .*the fact class"):
        step(title="Note a call", roles=(Role.COORDINATOR,), stages=(), under=(labor_code("139.5(d)(3)"),))(note_call)
