"""The chain of events: it replays, it verifies, and it finds whatever was changed, left out, put in or put elsewhere."""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.budgets import examples
from tests.factories.world import NUMBER, REVIEWERS, START, World

from imr.case.chain import (
    SEAL,
    confidential_fields,
    from_lines,
    from_record,
    public_view,
    record,
    replay,
    to_lines,
    to_record,
    verify,
)
from imr.case.context import Actor, StepContext
from imr.case.events import KINDS, Confidential, DraftSaved, Event
from imr.case.state import Case, Stage
from imr.errors import Damaged
from imr.law.terms import Role


@pytest.fixture(scope="module")
def world() -> World:
    return World().until(Stage.PASSED)


def test_lines_give_the_chain_back(world):
    lines = to_lines(world.chain)
    assert from_lines(lines) == tuple(world.chain)
    assert to_lines(from_lines(lines)) == lines
    verify(from_lines(lines))
    assert replay(from_lines(lines)) == world.case


def test_outsiders_see_neither_who_acted_nor_who_reviews(world):
    shown = from_lines(to_lines(map(public_view, world.chain)))
    verify(shown)
    text = to_lines(shown)
    for reviewer in REVIEWERS:
        assert reviewer.id not in text
    assert all(item.by.id.startswith(SEAL) and not item.key for item in shown)
    assert [item.by.role for item in shown] == [item.by.role for item in world.chain]
    assert replay(shown).stage is world.case.stage
    assert replay(shown).reviewer.startswith(SEAL)
    assert shown[-1].digest == world.chain[-1].digest
    assert tuple(map(public_view, shown)) == shown


def test_a_seal_is_different_in_every_event_and_for_every_place_in_a_list():
    context = StepContext(actor=Actor(role=Role.REVIEWER, id="R1"), at=START)
    event = DraftSaved(draft="d", issues=0, on=context.on)
    first = record(event, NUMBER, context, None, "1" * 32)
    second = record(event, NUMBER, context, first, "2" * 32)
    assert public_view(first).by.id != public_view(second).by.id
    reversed_case = World().until(Stage.ISSUED)
    reversed_case.do("receive-appeal")
    earlier = replace(reversed_case.do("reverse-determination"), earlier_reviewers=("R9", "R9"))
    again = World(number="CM15-0000009", earlier=earlier, at=reversed_case.at)
    again.do("open-remand")
    barred = public_view(again.chain[0]).event.barred
    assert len(set(barred)) == 3
    assert all(item.startswith(SEAL) for item in barred)


def test_whoever_has_the_key_can_check_a_seal(world):
    assigned = next(item for item in world.chain if item.event.kind == "reviewer-assigned")
    shown = public_view(assigned)
    opened = replace(shown, key=assigned.key, by=assigned.by, event=assigned.event)
    verify((replace(opened, number=1, previous="", digest=record_digest(opened)),))
    other = replace(opened, event=replace(opened.event, reviewer="R9"))
    assert public_view(other).event != shown.event


def record_digest(item):
    context = StepContext(actor=item.by, at=item.at)
    return record(item.event, item.case, context, None, item.key).digest


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda chain: [*chain[:3], replace(chain[3], at=chain[4].at), *chain[4:]], 4),
        (lambda chain: [*chain[:3], replace(chain[3], by=replace(chain[3].by, id="other")), *chain[4:]], 4),
        (lambda chain: [*chain[:3], replace(chain[3], by=replace(chain[3].by, role=Role.CLOCK)), *chain[4:]], 4),
        (lambda chain: [*chain[:3], replace(chain[3], event=chain[4].event), *chain[4:]], 4),
        (lambda chain: [*chain[:3], replace(chain[3], key="0" * 31 + "f"), *chain[4:]], 4),
        (lambda chain: [*chain[:3], replace(chain[3], previous=chain[1].digest), *chain[4:]], 4),
        (lambda chain: [*chain[:3], replace(chain[3], case="CM15-0000002"), *chain[4:]], 4),
        (lambda chain: [*chain[:3], *chain[4:]], 4),
        (lambda chain: [*chain[:3], chain[2], *chain[3:]], 4),
        (lambda chain: chain[1:], 1),
        (lambda chain: [chain[1], chain[0], *chain[2:]], 1),
    ],
    ids=["when", "who", "role", "what", "key", "link", "case", "left out", "put in", "no first", "swapped"],
)
def test_verify_says_where_the_chain_is_broken(world, change, place):
    with pytest.raises(Damaged) as caught:
        verify(change(world.chain))
    assert caught.value.place == place


def test_the_head_kept_elsewhere_proves_that_nothing_was_cut_off(world):
    verify(world.chain, world.chain[-1].digest)
    with pytest.raises(Damaged, match="not its last"):
        verify(world.chain[:-1], world.chain[-1].digest)


@given(data=st.data())
@examples(150)
def test_a_flipped_byte_is_always_found(world, data):
    lines = bytearray(to_lines(world.chain).encode())
    place = data.draw(st.integers(0, len(lines) - 1))
    lines[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((Damaged, UnicodeDecodeError)):
        verify(from_lines(lines.decode()))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not a line of JSON"),
        ("[]", "an object is expected"),
        ('{"kind":"approved"}', "no kind of event is called 'approved'"),
        ('{"kind":"draft-saved","data":{}}', "must be given"),
    ],
)
def test_what_is_no_event_is_refused_with_its_place(world, line, message):
    good = to_lines(world.chain[:1])
    with pytest.raises(Damaged, match=message) as caught:
        from_lines(f"{good}{line}\n")
    assert caught.value.place == 2


def test_an_event_alone_is_refused_without_a_place():
    with pytest.raises(Damaged, match="this event cannot be read") as caught:
        from_record({"kind": "approved"})
    assert caught.value.place is None


def test_a_line_that_is_cut_off_or_written_otherwise_is_refused(world):
    text = to_lines(world.chain[:2])
    with pytest.raises(Damaged, match="cut off") as caught:
        from_lines(text[:-1])
    assert caught.value.place == 2
    with pytest.raises(Damaged, match="not written as it was recorded"):
        from_lines(text.replace('":', '": '))


def test_no_events_are_a_case_that_has_not_begun():
    verify(())
    assert replay((), NUMBER) == Case(number=NUMBER)
    assert from_lines("") == ()


def test_a_field_added_later_changes_no_digest_of_before():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Grown(DraftSaved):
        kind: ClassVar[str] = "draft-saved"
        added_later: str = ""

    context = StepContext(actor=Actor(role=Role.REVIEWER, id="R1"), at=START)
    values = {"draft": "d", "issues": 1, "on": date(2015, 3, 1)}
    before = record(DraftSaved(**values), NUMBER, context, None, "1" * 32)
    after = record(Grown(**values), NUMBER, context, None, "1" * 32)
    assert before.digest == after.digest
    assert to_record(before) == to_record(after)


def test_what_is_sealed_stands_in_the_annotation():
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Told(Event):
        kind: ClassVar[str] = "told"
        shown: Annotated[str, "a mark of something else"]
        hidden: Annotated[str, Confidential()]

        def apply(self, case: Case) -> Case:
            return case

    assert tuple(confidential_fields(Told)) == ("hidden",)
    assert {kind for kind, cls in KINDS.items() if confidential_fields(cls)} == {
        "reviewer-assigned",
        "independence-attested",
        "identity-settled",
        "determination-signed",
        "determination-published",
        "remand-opened",
        "consent-exclusion-marked",
    }


def test_a_record_is_one_plain_object(world):
    for item in world.chain:
        assert from_record(json.loads(json.dumps(to_record(item)))) == item
