"""The case file is bound once for what is in it, and nothing is recorded that is not the case file."""

from dataclasses import replace

import pytest
from tests.factories.world import PAPER, World

from imr.case.decide import offered_steps
from imr.case.file import CorrectionAction, FiledRecord
from imr.case.state import Stage
from imr.case.steps.bundle import CaseFileBundle
from imr.case.steps.corrections import StatedDocument
from imr.case.steps.records import kinds_in
from imr.errors import Refused
from imr.law.terms import RecordKind, Role


def is_offered(world: World) -> bool:
    return "bind-case-file" in {step.name for step in offered_steps(world.case, world.actor(Role.CLOCK))}


def test_it_is_bound_when_it_is_complete_and_anew_where_more_comes():
    world = World().until(Stage.ASSIGNED)
    assert not is_offered(world)
    world.until(Stage.RECORDS_COMPLETE)
    assert is_offered(world)
    case = world.do("bind-case-file")
    assert (case.bound, case.bound_of, case.stage) == (PAPER, case.file, Stage.RECORDS_COMPLETE)
    assert not is_offered(world)
    world.do("receive-records")
    assert is_offered(world)


def test_a_correction_binds_it_anew_until_a_reviewer_has_it():
    world = World().until(Stage.RECORDS_COMPLETE)
    world.do("bind-case-file")
    world.do("correct-document")
    assert is_offered(world)
    world.do("bind-case-file")
    world.through("assign-reviewer", "attest-independence")
    world.do("correct-document")
    assert not is_offered(world), "what the reviewer was sent stays what it was"


def test_a_file_that_changed_meanwhile_is_not_recorded():
    world = World().until(Stage.RECORDS_COMPLETE)
    files = world.case.file
    for bound in (
        CaseFileBundle(file=PAPER, certificate=PAPER, files=files[:-1], pages=7),
        CaseFileBundle(file=PAPER, certificate=PAPER, files=(), left_out=files, pages=7),
    ):
        with pytest.raises(Refused, match="has changed since"):
            world.do("bind-case-file", bound=bound)
    unread = CaseFileBundle(file=PAPER, certificate=PAPER, files=files[:-1], left_out=files[-1:], pages=7)
    world.do("bind-case-file", bound=unread)
    assert not is_offered(world)


def test_a_correction_decides_what_kind_of_paper_there_is():
    world = World().until(Stage.ASSIGNED)
    world.do(
        "receive-records",
        records=(
            FiledRecord(digest="b" * 64, kind=RecordKind.PROGRESS_REPORT, pages=3),
            FiledRecord(digest="c" * 64, kind=RecordKind.IMAGING),
        ),
    )

    def say(file, first, last, kind):
        one = StatedDocument(first=first, last=last, record=kind)
        world.do("correct-document", action=CorrectionAction.RETYPE, file=file * 64, documents=(one,))

    assert [*kinds_in(world.case)] == [RecordKind.PROGRESS_REPORT, RecordKind.IMAGING]
    say("b", 1, 2, RecordKind.UR_DECISION)
    assert [*kinds_in(world.case)] == [RecordKind.PROGRESS_REPORT, RecordKind.UR_DECISION, RecordKind.IMAGING]
    say("b", 1, 3, RecordKind.UR_DECISION)
    say("c", 1, 1, RecordKind.UR_DECISION)
    assert [*kinds_in(world.case)] == [RecordKind.UR_DECISION, RecordKind.IMAGING, RecordKind.UR_DECISION]


def test_a_report_that_was_a_ur_decision_all_along_does_not_go_to_a_reviewer():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", records=(FiledRecord(digest="b" * 64, kind=RecordKind.PROGRESS_REPORT, pages=1),))
    one = StatedDocument(first=1, last=1, record=RecordKind.UR_DECISION)
    before = replace(world.case)
    world.do("correct-document", action=CorrectionAction.RETYPE, file="b" * 64, documents=(one,))
    with pytest.raises(Refused):
        world.do("complete-records")
    coordinator = world.actor(Role.COORDINATOR)
    assert "complete-records" in {step.name for step in offered_steps(before, coordinator)}
