"""The fast reader of lines of a chain beside the slow one: it takes no line that the slow one refuses, and reads nothing else."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from tests.factories.world import World

from imr.case import chain
from imr.case.chain import from_lines, public_view, to_lines, verify
from imr.case.lean import lean_reader
from imr.case.state import Stage
from imr.errors import Damaged
from imr.examples import play, seed_case
from imr.law.terms import Role

GOLDEN = Path(__file__).parents[1] / "golden" / "events"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Lines as they were recorded: of every golden event, of an invented case, and what outsiders get of it."""
    golden = [
        json.dumps(
            json.loads(file.read_text(encoding="utf-8")), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        for file in sorted(GOLDEN.glob("*.json"))
    ]
    played = play(seed_case()).recorded
    return [*golden, *to_lines(played).splitlines(), *to_lines(map(public_view, played)).splitlines()]


def slowly(line: str) -> chain.Recorded | None:
    """Read a line by its typed value alone; None where the slow reader refuses it."""
    try:
        item = chain.from_record(json.loads(line))
    except (Damaged, ValueError):
        return None
    return item if chain.canonical(chain.to_record(item)) == line else None


def same(line: str) -> bool:
    """Say whether the fast reader read a line, which the slow one then reads alike. Neither may take what the other refuses."""
    fast = chain._read_line(line)
    if fast is None:
        return False
    slow = slowly(line)
    assert slow == fast
    assert slow is not None
    assert chain._digest(slow) == fast.read_digest
    return True


def test_every_line_that_was_recorded_is_read_fast_and_alike(lines):
    read = [same(line) for line in lines]
    opened = [line for line in lines if '"opened":' in line]
    assert sum(read) == len(lines) - len(opened)


class Draw:
    """Choices that are the same in every run."""

    def __init__(self) -> None:
        self.drawn = 0

    def choice(self, of):
        self.drawn += 1
        return of[int.from_bytes(sha256(str(self.drawn).encode()).digest()[:8]) % len(of)]


def _mutations(line, draw):
    at = draw.choice(range(len(line)))
    other = draw.choice('{}[]",:\\ 0123456789abcdefnulltrue.-_é')
    yield line[:at] + other + line[at + 1 :]
    yield line[:at] + line[at + 1 :]
    yield line[:at] + other + line[at:]


def _values(data, draw):
    """Forms that are near to a recorded one: other types, keys in another place, a default written out."""
    other = draw.choice([None, True, False, 0, 1.0, "", "x", [], {}, "2015-02-06", "20150206", '"', "\\", "\u2028"])
    for held in (data, data["data"], data["by"]):
        name = draw.choice(sorted(held) or ["none"])
        yield {**held, name: other}, held
        yield {**held, "more": other}, held
        yield {key: value for key, value in held.items() if key != name}, held


def _rewritten(line, draw):
    data = json.loads(line)
    for changed, held in _values(data, draw):
        whole = changed if held is data else {**data, ("data" if held is data["data"] else "by"): changed}
        yield json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize("rounds", [2, pytest.param(60, marks=pytest.mark.long)])
def test_no_changed_line_is_taken_that_the_slow_reader_refuses(lines, rounds):
    draw = Draw()
    taken = sum(
        same(changed)
        for _ in range(rounds)
        for line in lines
        for changed in (*_mutations(line, draw), *_rewritten(line, draw))
    )
    assert taken, "some changes give another line that is well written: its digest no longer fits"


def test_a_changed_copy_of_a_line_that_was_read_is_proved_by_its_value():
    read = from_lines(to_lines(World().until(Stage.ASSIGNED).chain))
    verify(read)
    assert all(item.read_digest == item.digest for item in read)
    first = replace(read[0], at=read[0].at.replace(microsecond=1))
    assert first.read_digest == ""
    with pytest.raises(Damaged, match="event 1 was changed"):
        verify((first, *read[1:]))


@dataclass(frozen=True)
class Measured:
    """A value of kinds that no event holds, and of one that events do."""

    words: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    moment: datetime | None = None
    share: float = 0.0
    pair: tuple[int, str] = (0, "")


def test_what_no_event_holds_is_left_to_the_slow_reader():
    assert lean_reader(Measured)({"words": ["a"]}) == Measured(words=("a",))
    for data in (
        {"share": 0.5},
        {"pair": [1, "a"]},
        {"words": "a"},
        {"words": []},
        {"words": [1]},
        {"roles": [1]},
        [],
        {"other": 1},
    ):
        with pytest.raises((TypeError, KeyError)):
            lean_reader(Measured)(data)
    with pytest.raises(ValueError, match="20150206"):
        lean_reader(Measured)({"moment": "20150206T080000"})
