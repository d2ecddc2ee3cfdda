"""Corrections of the index of a case file: who states what of which pages, and how it is taken back."""

from dataclasses import replace
from datetime import date

import pytest
from tests.factories.world import PAPER, World

from imr.case.chain import public_view, to_record
from imr.case.decide import offered_steps
from imr.case.digests import digest
from imr.case.file import CorrectionAction, FiledRecord
from imr.case.state import Case, Stage
from imr.case.steps.corrections import StatedDocument, Wording
from imr.errors import Refused
from imr.law.terms import RecordKind, Role

FILE = "b" * 64
IMAGING = StatedDocument(
    first=3, last=5, record=RecordKind.IMAGING, dated_on=date(2014, 11, 3), author="Invented Reader, MD"
)


@pytest.fixture
def world():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", records=(FiledRecord(digest=FILE, kind=RecordKind.OTHER, pages=9),))
    return world


def correct(world, *documents, action=CorrectionAction.RETYPE, role=Role.COORDINATOR, **said) -> Case:
    return world.do("correct-document", role, action=action, file=said.pop("file", FILE), documents=documents, **said)


def refused(world, *documents, **said) -> set[str]:
    with pytest.raises(Refused) as caught:
        correct(world, *documents, **said)
    return {finding.rule for finding in caught.value.findings}


def test_a_correction_is_an_event_that_names_pages_and_kind_and_none_of_the_words(world):
    case = correct(world, IMAGING)
    (made,) = case.standing_corrections
    assert (made.number, made.action, made.file) == (len(world.chain), CorrectionAction.RETYPE, FILE)
    assert (made.parts[0].first, made.parts[0].last, made.parts[0].record) == (3, 5, RecordKind.IMAGING)
    assert made.parts[0].words == digest(Wording(author="Invented Reader, MD"))
    assert "Reader" not in str(to_record(world.chain[-1]))
    assert "Reader" not in str(to_record(public_view(world.chain[-1])))


def test_a_document_without_words_keeps_no_paper(world):
    assert correct(world, replace(IMAGING, author=" ")).standing_corrections[0].parts[0].words == ""


def test_a_split_gives_documents_that_follow_one_another(world):
    parts = (replace(IMAGING, last=3), replace(IMAGING, first=4))
    assert correct(world, *parts, action=CorrectionAction.SPLIT).standing_corrections[0].parts[1].first == 4
    assert refused(world, IMAGING, action=CorrectionAction.SPLIT) == {"correction has its documents"}
    assert refused(world, *parts) == {"correction has its documents"}
    gap = (replace(IMAGING, last=3), replace(IMAGING, first=5))
    assert refused(world, *gap, action=CorrectionAction.SPLIT) == {"pages follow one another"}


def test_pages_that_the_file_does_not_have_are_refused(world):
    assert refused(world, replace(IMAGING, last=10)) == {"pages are in the file"}
    assert refused(world, replace(IMAGING, first=0)) == {"pages follow one another"}
    assert refused(world, replace(IMAGING, last=2)) == {"pages follow one another"}
    assert refused(world, IMAGING, undoes=3) == {"correction has its documents"}


def test_a_file_whose_pages_nobody_counted_takes_any(world):
    assert correct(world, replace(IMAGING, last=400), file=PAPER).standing_corrections[0].file == PAPER


def test_a_file_of_another_case_is_refused(world):
    assert refused(world, IMAGING, file="c" * 64) == {"file is in the case file"}


def undo(world, number, **said):
    return correct(world, action=CorrectionAction.UNDO, undoes=number, **said)


def test_an_undo_is_a_correction_and_what_it_takes_back_stays_in_the_history(world):
    first = correct(world, IMAGING).corrections[-1].number
    second = correct(world, replace(IMAGING, record=RecordKind.LABORATORY)).corrections[-1].number
    taken_back = undo(world, second)
    assert [one.number for one in taken_back.standing_corrections] == [first]
    assert len(taken_back.corrections) == 3, "nothing is taken out of the history"
    assert refused(world, action=CorrectionAction.UNDO, undoes=second) == {"correction is in force"}
    assert refused(world, action=CorrectionAction.UNDO) == {"correction is in force"}
    assert refused(world, IMAGING, action=CorrectionAction.UNDO, undoes=first) == {"correction is in force"}
    assert refused(world, action=CorrectionAction.UNDO, undoes=first, file=PAPER) == {"correction is in force"}
    assert refused(world, action=CorrectionAction.UNDO, undoes=len(world.chain)) == {"correction is in force"}


def test_the_office_and_the_reviewer_correct_and_nobody_else(world):
    for role in (Role.INTAKE, Role.COORDINATOR):
        correct(world, IMAGING, role=role)
    for role in (Role.CLAIMS_ADMINISTRATOR, Role.QUALITY, Role.DIVISION, Role.EMPLOYEE):
        assert "role may take the step" in refused(world, IMAGING, role=role)
    world.until(Stage.UNDER_REVIEW)
    assert correct(world, IMAGING, role=Role.REVIEWER).stage is Stage.UNDER_REVIEW


def test_a_case_without_a_file_offers_no_correction():
    world = World()
    with_file = world.do("receive-application")
    without = replace(with_file, filing=replace(with_file.filing, ur_decision=""))
    offered = {
        case: [step.name for step in offered_steps(case, world.actor(Role.INTAKE))] for case in (with_file, without)
    }
    assert "correct-document" in offered[with_file]
    assert "correct-document" not in offered[without]


def test_the_certification_of_a_threat_is_in_the_case_file(world):
    assert world.do("convert-to-expedited", certification="d" * 64).file[1] == "d" * 64
