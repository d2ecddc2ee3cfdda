"""Every value that a person states has its limit: the length and the characters of a text, the entries of a list, a number."""

import sys
import unicodedata
from dataclasses import replace
from enum import Enum
from types import SimpleNamespace
from typing import get_args, get_type_hints

import pytest
from tests.factories.world import FORM, World

from imr.case import text_limits
from imr.case.application import Application
from imr.case.marks import Input, marks
from imr.case.steps import STEPS
from imr.case.text_limits import CODE, LINE, LONGEST_RAW, PAPER, REASON, Characters, composed, is_stacked
from imr.case.value_limits import LARGEST, problems
from imr.errors import Refused


def changed(**values):
    return replace(FORM, **values)


def employee(**values):
    return changed(employee=replace(FORM.employee, **values))


def treated(description):
    return changed(treatments=(replace(FORM.treatments[0], description=description),))


BEYOND = {
    "a treatment of 60,000 letters": (treated("a" * 60_000), "it has 60,000 characters, and at most 1,000 are possible"),
    "a name of 201 letters": (employee(last_name="a" * 201), "it has 201 characters, and at most 200"),
    "a control": (changed(employer="Offices\x07"), "remove U+0007"),
    "a second line": (changed(employer="Offices\nForged: line"), "must be one line"),
    "a separator of lines": (changed(employer="Offices\u2028Forged"), "remove U+2028"),
    "a turned direction": (employee(last_name="\u202eadA"), "remove U+202E"),
    "private use": (employee(first_name="\ue000"), "remove U+E000"),
    "an unassigned character": (employee(first_name="\u0378"), "remove U+0378"),
    "a tower of accents": (employee(last_name="a" + "\u0301" * 40), "more than 6 accents on one letter"),
    "a claim number of another script": (changed(claim_number="WC-\u0661"), "letters A to Z, digits"),
    "a telephone number with a line": (employee(phone="916\n555"), "letters A to Z, digits"),
    "an address as mail that no mail has": (employee(email=f"{'a' * 250}@example.org"), "at most 254"),
}  # fmt: skip


@pytest.mark.parametrize("which", BEYOND)
def test_a_value_beyond_its_limit_is_refused_with_its_title_and_never_shown(which):
    form, words = BEYOND[which]
    with pytest.raises(Refused, match="Application for independent medical review, ") as caught:
        World(form=form).do("receive-application", application=form)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "form",
    [
        treated("a" * 1_000),
        employee(last_name="\u674e", first_name="\U0001f600"),
        employee(last_name="Nguy\u1ec5n", first_name="\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"),
        employee(last_name="a" + "\u0301" * 6),
        changed(claim_number="WC-00/1 (a) #7", employer="a" * 200),
    ],
)
def test_a_value_within_its_limit_is_taken_in_any_script(form):
    World(form=form).do("receive-application", application=form)


def test_lists_and_numbers_have_limits():
    mark = Input("Treatments already under review")
    assert not [*problems(tuple(range(500)), mark)]
    assert [*problems(tuple(range(501)), mark)] == [
        ("Treatments already under review", "501 were given, and at most 500 are possible")
    ]
    assert [*problems((1, LARGEST + 1), mark)] == [
        ("Treatments already under review 2", "the number is too large: at most 2,147,483,647 is possible")
    ]
    assert not [*problems(LARGEST, mark)]
    assert [*problems({"a" * 300: 1}, mark)]


def test_a_reason_has_lines_and_a_line_has_none():
    assert REASON.problem("One.\n\tTwo.\r\n") == ""
    assert "U+000A" in LINE.problem("One.\nTwo.")
    assert "U+0000" in PAPER.problem("\x00")
    assert CODE.problem("A-1 (2)") == ""
    assert "U+00E9" in CODE.problem("\u00e9")


@pytest.mark.parametrize("pair", ["\u0315\u0323", "\u05b4\u0591", "\u0f73\u0f74", "\U0001e8d0\u0301"])
def test_a_text_is_never_composed_where_its_marks_would_take_long_to_sort(pair, monkeypatch):
    assert unicodedata.normalize("NFC", "a" + pair) == composed("a" + pair)
    never = SimpleNamespace(combining=unicodedata.combining, normalize=lambda *_: pytest.fail("it is sorted"))
    monkeypatch.setattr(text_limits, "unicodedata", never)
    assert is_stacked("a" + pair * 4)
    for text in ("a" + pair * 500_000, "a" + pair * 4, "a" * (LONGEST_RAW + 1)):
        with pytest.raises(ValueError, match=r"shorten it|write the letter with its own accents"):
            composed(text)


def test_every_letter_that_is_sorted_as_a_mark_counts_as_one():
    for letter in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.combining(unicodedata.normalize("NFKD", letter)[0]):
            assert is_stacked(letter * 7), f"U+{ord(letter):04X}"
    assert not is_stacked("\u05e9\u05bc\u05c1\u05b8\u0591\u05bd" * 1_000), "a Hebrew letter with all its marks"


def texts(cls: type, seen: set[type]):
    """Give each text of a value that a person states, through its parts, with its mark; None where it has none."""
    for name, kind in get_type_hints(cls, include_extras=True).items():
        mark = next((one for one in getattr(kind, "__metadata__", ()) if isinstance(one, Input)), None)
        for part in parts(kind):
            if part is str:
                yield f"{cls.__name__}.{name}", mark
            elif hasattr(part, "__dataclass_fields__") and part not in seen:
                seen.add(part)
                yield from texts(part, seen)


def parts(kind):
    inner = [part for part in get_args(kind) if not isinstance(part, Input)]
    return [kind] if not inner else [found for part in inner for found in parts(part)]


def test_the_limit_of_every_text_of_an_application_and_of_a_step_is_declared_and_small():
    for name, mark in texts(Application, {Application}):
        assert mark is not None, name
        assert mark.limit.longest <= REASON.longest, name
    for step in STEPS.values():
        for name, (kind, mark) in marks(step.facts).items():
            if isinstance(mark, Input) and str in parts(kind):
                assert mark.limit.longest <= REASON.longest, (step.name, name)
    declared = {value for value in vars(text_limits).values() if isinstance(value, text_limits.TextLimit)}
    assert max(limit.longest for limit in declared) == PAPER.longest == 100_000
    assert issubclass(Characters, Enum)
