from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr.errors import ImrError
from imr.law.terms import RecordKind
from imr.plain import canonical, from_plain, stored_as, to_plain
from imr.records.duplicates import Sketch
from imr.records.model import Document


class Side(Enum):
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Part:
    side: Side
    seen_on: date | None
    share: float = 0.0


@dataclass(frozen=True)
class Whole:
    name: str
    parts: tuple[Part, ...]
    at: datetime
    hour: time
    cost: Decimal
    pair: tuple[int, str]
    tags: frozenset[str]
    notes: dict[str, list[int]]
    either: int | str
    anything: Any = None
    sure: bool = True


parts = st.builds(Part, side=st.sampled_from(Side), seen_on=st.none() | st.dates(), share=st.floats(0, 1))
wholes = st.builds(
    Whole,
    name=st.text(),
    parts=st.lists(parts).map(tuple),
    at=st.datetimes(),
    hour=st.times(),
    cost=st.decimals(allow_nan=False, allow_infinity=False),
    pair=st.tuples(st.integers(), st.text()),
    tags=st.frozensets(st.text()),
    notes=st.dictionaries(st.text(), st.lists(st.integers())),
    either=st.integers() | st.text(),
    sure=st.booleans(),
)


@given(wholes)
def test_what_was_made_plain_comes_back_the_same(whole):
    assert from_plain(Whole, to_plain(whole)) == whole


@given(wholes)
def test_the_canonical_line_is_one_line_and_does_not_depend_on_the_order_of_keys(whole):
    plain = to_plain(whole)
    line = canonical(whole)
    assert "\n" not in line
    assert canonical(dict(reversed(plain.items()))) == line


GOOD = {"side": "left", "seen_on": None}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({**GOOD, "colour": "red"}, "Part: no field is called colour"),
        ({"seen_on": None}, "Part: side must be given"),
        ({**GOOD, "side": "up"}, "Part.side: Side is expected, not 'up'; one of left, right"),
        ({**GOOD, "seen_on": "2015-02-30"}, "Part.seen_on: date is expected"),
        ({**GOOD, "seen_on": "2015-02-03T10:00:00"}, "Part.seen_on: date is expected"),
        ({**GOOD, "share": True}, "Part.share: float is expected"),
        ({**GOOD, "share": "much"}, "Part.share: float is expected"),
        ([], "Part: an object is expected"),
    ],
)
def test_data_that_does_not_fit_is_refused_with_its_path(data, says):
    with pytest.raises(ImrError) as refusal:
        from_plain(Part, data)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("parts", "none", "Whole.parts: a list is expected"),
        ("parts", [{"side": "left", "seen_on": 3}], "Whole.parts[0].seen_on: date is expected"),
        ("pair", [1], "Whole.pair: 2 values are expected, not 1"),
        ("notes", [], "Whole.notes: an object is expected"),
        ("cost", "dear", "Whole.cost: Decimal is expected"),
        ("either", [], "Whole.either: str is expected"),
    ],
)
def test_nested_data_that_does_not_fit_is_refused_with_its_path(field, value, says):
    whole = Whole(
        name="w",
        parts=(),
        at=datetime(2015, 2, 4, 10),  # noqa: DTZ001 - a test value
        hour=time(9),
        cost=Decimal(1),
        pair=(1, "a"),
        tags=frozenset(),
        notes={},
        either=1,
    )
    with pytest.raises(ImrError) as refusal:
        from_plain(Whole, {**to_plain(whole), field: value})
    assert says in str(refusal.value)


def test_a_value_may_stand_among_plain_data():
    part = Part(Side.LEFT, None)
    assert from_plain(Part, part) is part


def test_what_has_no_plain_form_says_so():
    with pytest.raises(TypeError, match="complex has no plain form"):
        to_plain(1j)


def test_every_error_has_an_exit_code_of_its_own():
    from imr import errors

    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, ImrError)]
    assert len({c.exit_code for c in classes}) == len(classes)
    assert errors.Refused("no", ["because"]).findings == ("because",)
    assert errors.Infeasible("nobody", ["A-1"]).cases == ("A-1",)
    assert errors.Damaged("broken", 3).place == 3


@dataclass(frozen=True)
class Renamed:
    now: int
    other: str = field(default="", metadata=stored_as("before"))


def test_a_renamed_field_keeps_its_stored_name():
    assert to_plain(Renamed(1, "x")) == {"now": 1, "before": "x"}
    assert from_plain(Renamed, {"now": 1, "before": "x"}) == Renamed(1, "x")
    assert from_plain(Renamed, {"now": 1}) == Renamed(1)
    with pytest.raises(ImrError, match="no field is called other; there are now, before"):
        from_plain(Renamed, {"now": 1, "other": "x"})


def test_what_is_stored_of_a_document_and_of_a_page_keeps_its_names():
    document = Document(id="d1", kind=RecordKind.IMAGING, first=1, last=2, confidence=0.5)
    assert to_plain(document)["sure"] == 0.5
    assert to_plain(Sketch(image_hash=7))["look"] == 7


def test_a_text_of_a_class_of_its_own_is_the_text():
    class Words(str):
        __slots__ = ()

    assert to_plain(Words("as it is")) == "as it is"
