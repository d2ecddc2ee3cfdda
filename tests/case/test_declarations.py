"""A step that does not declare all of itself, a document without readers and a fact without a source are refused at the start."""

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, get_args

import pytest

from imr.case import steps
from imr.case.answers import ConcernAnswers
from imr.case.document_types import AS_SENT, ENGLISH, DocumentType, Retention
from imr.case.events import DraftReturned, Event
from imr.case.marks import Attachment, Input, Provided, RecordUploads, marks
from imr.case.player import MemoryPlayer
from imr.case.provider import FactProvider, require_sources
from imr.case.sources import FactSource
from imr.case.state import Stage
from imr.case.step import DOCUMENT_VALUES, Step, step
from imr.case.steps import STEPS
from imr.errors import ImrError
from imr.law.disclosure import Thing, may_see
from imr.law.rule import labor_code
from imr.law.terms import Role

LAW = labor_code("139.5(d)(3)")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCall:
    """What a call was about."""

    note: Annotated[str, Attachment("Note of the call", DocumentType.NOTICE)]


def declare(facts, **changed):
    def note_call(case, context, facts):
        raise NotImplementedError

    note_call.__annotations__ = {"facts": facts, "return": changed.pop("gives", DraftReturned)}
    whole = {"title": "Note a call", "roles": (Role.COORDINATOR,), "stages": (Stage.ASSIGNED,), "under": (LAW,)}
    return step(**whole | changed)(note_call)


def test_name_facts_and_events_come_from_the_signature():
    made = declare(NoteCall)
    assert (made.name, made.facts, made.events) == ("note-call", NoteCall, (DraftReturned,))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"title": ""}, "title"),
        ({"roles": ()}, "roles"),
        ({"stages": ()}, "stages"),
        ({"under": ()}, "under"),
        ({"gives": Event}, "events"),
        ({"gives": None}, "events"),
    ],
)
def test_a_step_that_is_not_whole_is_refused(changed, named):
    with pytest.raises(ImrError, match=f"note-call does not declare {named}"):
        declare(NoteCall, **changed)


def test_a_fact_without_a_mark_or_without_its_kind_of_document_is_refused():
    @dataclass(frozen=True, kw_only=True)
    class Unmarked:
        on: date

    @dataclass(frozen=True, kw_only=True)
    class Unkept:
        answers: Annotated[ConcernAnswers, Input("Answers")]

    for facts, name in ((Unmarked, "on"), (Unkept, "answers")):
        with pytest.raises(ImrError, match=f"the fact {name}"):
            declare(facts)
    with pytest.raises(TypeError, match="kept_as"):
        Attachment("Note of the call")


def test_a_kind_of_document_without_readers_cannot_be_declared():
    with pytest.raises(TypeError, match="disclosed_as"):
        type(DocumentType.NOTICE).__new_member__(DocumentType, "note of a call")
    with pytest.raises(TypeError, match="'retention' and 'language'"):
        type(DocumentType.NOTICE).__new_member__(DocumentType, "note of a call", Thing.NOTICE)
    assert DocumentType.find("note of a call") is None
    for kind in DocumentType:
        assert isinstance(kind.retention, Retention)
        assert kind.language in (ENGLISH, AS_SENT)
        assert kind.readers == tuple(role for role in Role if may_see(role, kind.disclosed_as)), kind
        assert isinstance(kind.disclosed_as, Thing)
        assert any(may_see(role, kind.disclosed_as) for role in Role), kind
        assert DocumentType.titled(kind.value) is kind


def test_the_kind_of_a_document_does_not_follow_from_the_name_of_its_fact():
    """On f6a33d1 a fact called `note` was kept as a note of the quality review, whichever step brought it."""
    assert marks(NoteCall)["note"][1].kept_as is DocumentType.NOTICE
    assert marks(STEPS["return-draft"].facts)["note"][1].kept_as is DocumentType.QUALITY_NOTE


def test_every_fact_that_is_a_document_says_as_what_it_is_kept():
    for one in STEPS.values():
        for name, (kind, mark) in marks(one.facts).items():
            is_value = isinstance(mark, Input) and any(part in DOCUMENT_VALUES for part in (kind, *get_args(kind)))
            if is_value or isinstance(mark, Attachment | RecordUploads):
                assert isinstance(mark.kept_as, DocumentType), (one.name, name)


def test_the_list_of_steps_leaves_no_declared_step_out():
    declared = {
        value.name
        for module in iter_modules(steps.__path__, f"{steps.__name__}.")
        for value in vars(import_module(module.name)).values()
        if isinstance(value, Step)
    }
    assert declared == set(STEPS)
    assert len(STEPS) == 43


def test_every_source_has_a_method_of_the_type_of_the_facts_that_it_feeds():
    require_sources(STEPS.values())
    assert {source.value for source in FactSource} == set(FactProvider.__abstractmethods__)
    fed = {mark.source for one in STEPS.values() for _, mark in marks(one.facts).values() if isinstance(mark, Provided)}
    assert fed == set(FactSource), "no source is left over"

    @dataclass(frozen=True, kw_only=True)
    class Mistaken:
        draft: Annotated[str, Provided(FactSource.DRAFT)]

    with pytest.raises(ImrError, match="draft of note-call is not what DRAFT supplies"):
        require_sources([declare(Mistaken)])


def test_a_provider_that_lacks_a_source_cannot_be_made():
    methods = {name: method for name, method in vars(MemoryPlayer).items() if name != FactSource.DRAFT.value}
    half = type("Half", (FactProvider,), methods)
    with pytest.raises(TypeError, match="draft"):
        half("X", None)
    assert not MemoryPlayer.__abstractmethods__
