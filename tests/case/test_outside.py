"""The chain of outsiders: what it leaves out and seals, and that whoever gets it can still verify it."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from tests.factories.outsiders import PLAIN_DIGESTS, RECEIVERS, check_outside, told_outside
from tests.factories.world import REVIEWERS, World

from imr.case.chain import from_lines, public_view, replay, to_lines, verify
from imr.case.digests import digest
from imr.case.events import KINDS, DocumentCorrected, LetterServed, RecordsReceived, ReviewerAssigned
from imr.case.outside import has_hour, outside_chain, outside_events, outside_numbers, outside_view
from imr.case.state import Stage
from imr.errors import Damaged, ImrError
from imr.law.roles import PARTIES
from imr.law.terms import Decision, Role

IDS = [reviewer.id for reviewer in REVIEWERS]


@pytest.fixture(scope="module")
def world() -> World:
    """A case with nearly everything that outsiders learn only in part: a returned draft, a corrected index, an appeal."""
    world = World().until(Stage.RECORDS_COMPLETE)
    world.do("correct-document")
    world.do("bind-case-file")
    world.do("withhold-record")
    world.do("mark-consent-exclusion")
    world.do("settle-identity")
    world.until(Stage.UNDER_REVIEW)
    world.through("ask-records", "submit-draft", "return-draft", "submit-draft", "pass-draft")
    world.until(Stage.PUBLISHED)
    world.do("receive-appeal")
    return world


def test_every_party_and_the_division_get_it():
    assert set(RECEIVERS) == {*PARTIES, Role.DIVISION}


def test_a_plain_digest_is_of_a_document_that_every_receiver_may_read():
    for (kind, place), paper in PLAIN_DIGESTS.items():
        assert kind in KINDS
        if paper is not None:
            assert set(RECEIVERS) <= set(paper.readers), (kind, place)


def test_it_tells_nothing_that_is_inside(world):
    check_outside(world.chain, IDS)
    kinds = [item.event.kind for item in outside_chain(world.chain)]
    assert "draft-returned" in {item.event.kind for item in world.chain}
    assert not [kind for kind in kinds if kind.startswith("draft-")]
    assert replay(outside_chain(world.chain)).stage is world.case.stage


def test_what_outsiders_got_before_told_all_of_this(world):
    told = told_outside([public_view(item) for item in world.chain])
    for what in ("an inner event: draft-returned", "records-received: a plain digest in records.digest",
                 "determination-signed: a plain digest in draft", "case-file-bound: a plain digest in files"):  # fmt: skip
        assert what in told
    assert any("the hour of the reviewer" in one for one in told)


def test_a_party_that_guesses_an_earlier_draft_finds_no_digest_to_test_it(world):
    text = to_lines(outside_chain(world.chain))
    draft = world.finished_draft(world.case)
    turned = {Decision.UPHELD: Decision.OVERTURNED, Decision.OVERTURNED: Decision.UPHELD}
    for dated in (draft, replace(draft, decided_on=None)):
        for length in range(len(dated.issues) + 1):
            for flipped in range(-1, length):
                issues = tuple(
                    replace(one, decision=turned[one.decision]) if place == flipped else one
                    for place, one in enumerate(dated.issues[:length])
                )
                assert digest(replace(dated, issues=issues)) not in text
    assert world.case.draft not in text
    assert world.case.draft in to_lines(map(public_view, world.chain))


def test_how_many_reviewers_were_passed_over_and_why_is_not_told(world):
    place = next(n for n, item in enumerate(world.chain) if isinstance(item.event, ReviewerAssigned))
    chosen = replace(world.chain[place].event, passed_over=3, reason="b" * 64)
    chain = [*world.chain[:place], replace(world.chain[place], event=chosen), *world.chain[place + 1 :]]
    (shown,) = [item.event for item in outside_chain(chain) if isinstance(item.event, ReviewerAssigned)]
    assert shown.passed_over == 0
    assert shown.reason.startswith("sealed:")


def test_the_number_of_an_event_does_not_count_what_is_inside(world):
    numbers = outside_numbers(world.chain)
    assert list(numbers.values()) == list(range(1, len(numbers) + 1))
    assert len(numbers) < len(world.chain)
    shown = {item.number: item.event for item in outside_chain(world.chain)}
    served = [event for event in shown.values() if isinstance(event, LetterServed)]
    assert len(served) > 2
    for event in served:
        letter = next(made for made in world.case.letters if numbers[made.number] == event.letter)
        assert letter.kind is event.what


def test_a_correction_that_is_undone_has_its_number_in_the_chain_of_outsiders(world):
    made = next(item for item in world.chain if isinstance(item.event, DocumentCorrected))
    undone = replace(made, number=len(world.chain) + 1, event=replace(made.event, undoes=made.number, parts=()))
    last = outside_view([*world.chain, undone])[-1]
    assert last.event.undoes == outside_numbers(world.chain)[made.number]


def test_the_message_of_a_letter_of_the_reviewer_tells_the_day_alone(world):
    asked = next(item for item in world.chain if item.event.kind == "records-asked")
    assert asked.by.role is Role.REVIEWER
    served = next(i for i in world.chain if isinstance(i.event, LetterServed) and i.event.letter == asked.number)
    assert served.event.received_at is not None
    shown = next(
        item
        for original, item in zip(outside_events(world.chain), outside_chain(world.chain), strict=True)
        if original is served
    )
    assert shown.event.received_at is None
    assert not has_hour(shown)
    assert has_hour(served)
    first = outside_chain(world.chain)[0]
    assert has_hour(first) is (first.at == world.chain[0].at)


def test_whoever_may_open_a_document_can_check_its_seal(world):
    received = next(item.event for item in world.chain if isinstance(item.event, RecordsReceived))
    wanted = received.records[1].digest
    shown = outside_chain(world.chain, {wanted})
    verify(from_lines(to_lines(shown)))
    opened = [(item.event.kind, one.field, one.value) for item in shown for one in item.opened]
    assert ("records-received", "records[1].digest", wanted) in opened
    assert {value for _, _, value in opened} == {wanted}
    assert [item.digest for item in shown] == [item.digest for item in outside_chain(world.chain)]
    place = next(n for n, item in enumerate(shown) if item.opened)
    forged = replace(shown[place].opened[0], value="c" * 64)
    with pytest.raises(Damaged, match=r"holds no seal of the value that is given for records\[1\].digest") as caught:
        verify([*shown[:place], replace(shown[place], opened=(forged,)), *shown[place + 1 :]])
    assert caught.value.place == place + 1


def test_before_the_issue_outsiders_get_nothing_of_the_signature():
    signed = World().until(Stage.SIGNED)
    kinds = [item.event.kind for item in outside_chain(signed.chain)]
    assert "determination-signed" not in kinds
    signed.through("issue-determination")
    assert (
        outside_chain(signed.chain)[: len(kinds)] == outside_chain(signed.chain[: len(signed.chain) - 2])[: len(kinds)]
    )
    assert "determination-signed" in {item.event.kind for item in outside_chain(signed.chain)}


def test_the_first_event_has_the_digest_of_the_receipt(world):
    assert outside_chain(world.chain)[0].digest == world.chain[0].digest
    assert outside_chain(world.chain)[0].at == world.chain[0].at


def test_a_chain_of_outsiders_is_not_sealed_again(world):
    with pytest.raises(ImrError, match="has no key to seal it with"):
        outside_chain(outside_chain(world.chain))


def test_a_day_of_the_reviewer_is_the_day_in_california(world):
    item = next(item for item in world.chain if item.event.kind == "independence-attested")
    late = replace(item, at=item.at.astimezone(UTC).replace(hour=5) + timedelta(days=1))
    place = world.chain.index(item)
    shown = outside_view([*world.chain[:place], late])[-1]
    assert shown.at.isoformat()[10:] in ("T00:00:00-08:00", "T00:00:00-07:00")
    assert shown.at.date() == (late.at - timedelta(hours=12)).date()
