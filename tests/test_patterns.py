"""Every regular expression of the project against hostile texts: the time of a search grows with the text, never with its square.

Time is the processor time of this thread, so that other processes do not count. A pattern fails where a search takes long
and twice the text takes more than thrice as long, at the best of several tries.
"""

import ast
import importlib
import math
import pkgutil
import re
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import imr

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sre_parse

Search = Callable[[str], object]

#: Repeated, each of these leads some kind of pattern to try many beginnings or many lengths.
UNITS = (
    " ", "\n", "\t ", "a", "A", "1", "a ", "A ", "Aa ", "1 ", "A. ", "a, ", ", ", ". ", "- ", "-", "/", "1/", "(", ")", "( ", "a-",
    "a/", "a.", "1.", "'", '"', ":", ": ", "and ", "of ", "the ", "Dr. A ", "x\n", "A\n", "1\n", "\n \n", " \n", "a;", "a and ",
    "A, M.D. ", "1-1-", "10/10/", "1,", "$1", "é", "a'", "_", "[", "]a[",
)  # fmt: skip
#: Characters of a text; a search of it that takes no longer than `AT_ONCE` seconds is not measured further.
LENGTH, AT_ONCE = 4_000, 0.008
#: Twice the text may take so many times as long: 2 is linear, 4 is quadratic.
GROWTH = 3.0
TRIES = 3
#: A search that takes longer, in seconds, is measured once: what disturbs it is small beside it.
LONG = 0.1


def modules() -> Iterator[object]:
    for found in pkgutil.walk_packages(imr.__path__, "imr."):
        if ".migrations" not in found.name and not found.name.startswith(
            ("imr.web.wsgi", "imr.web.management.commands")
        ):
            yield importlib.import_module(found.name)


def in_values(value: object, where: str, depth: int = 0) -> Iterator[tuple[re.Pattern[str], str]]:
    """Give the patterns of a value of a module, also in its tables."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value, where
    elif depth < 4 and isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from in_values(one, where, depth + 1)
    elif depth < 4 and isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from in_values(one, where, depth + 1)
    elif depth < 4 and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from in_values(getattr(value, field.name, None), where, depth + 1)


#: Patterns that are only searched in so many characters, which their callers cut out: long texts never reach them.
WINDOWS = {"imr.determination.reader._DECIDED": 60, "imr.records.dates._MONTH": 24}

#: The methods of a pattern by where they begin: everywhere, or at the first character alone.
ANCHORED = ("match", "fullmatch")


def methods() -> dict[str, set[str]]:
    """Give the methods that the source calls on each name of a pattern."""
    called: dict[str, set[str]] = {}
    for file in Path(imr.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and hasattr(re.Pattern, node.attr):
                owner = node.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                called.setdefault(name, set()).add(node.attr)
    return called


def in_calls(file: Path) -> Iterator[tuple[re.Pattern[str], str, str]]:
    """Give the patterns that a module writes in a call, such as `re.sub("...", ...)`, with the method."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "compile"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield re.compile(node.args[0].value), f"{file.name}:{node.lineno}", node.func.attr


def patterns() -> dict[tuple[str, int], tuple[str, str]]:
    """Give every pattern with its place, and the method to measure it by: the one that the source calls, else `search`."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    called = methods()
    for module in modules():
        for name, value in list(vars(module).items()):
            used = called.get(name, set()) if isinstance(value, re.Pattern) else set()
            method = next((one for one in ANCHORED if used == {one}), "match" if used == set(ANCHORED) else "search")
            for pattern, where in in_values(value, f"{module.__name__}.{name}"):
                found.setdefault((pattern.pattern, pattern.flags), (where, method))
    for file in sorted(Path(imr.__file__).parent.rglob("*.py")):
        for pattern, where, used in in_calls(file):
            found.setdefault((pattern.pattern, pattern.flags), (where, used if used in ANCHORED else "search"))
    return found


def literals(pattern: re.Pattern[str]) -> list[str]:
    """Give the runs of literal text of a pattern, to begin or to repeat a hostile text with."""
    runs, run = [], ""

    def walk(parsed) -> None:
        nonlocal run
        for operation, argument in parsed:
            name = str(operation)
            if name == "LITERAL":
                run += chr(argument)
                continue
            if run:
                runs.append(run)
                run = ""
            if name == "SUBPATTERN":
                walk(argument[3])
            elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                walk(argument[2])
            elif name == "BRANCH":
                for branch in argument[1][:6]:
                    walk(branch)
        if run:
            runs.append(run)
            run = ""

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        walk(sre_parse.parse(pattern.pattern, pattern.flags))
    return [run for run in dict.fromkeys(runs) if run.strip()][:8]


def seconds(search: Search, text: str, tries: int = 1) -> float:
    best = math.inf
    for _ in range(tries):
        start = time.thread_time()
        search(text)
        best = min(best, time.thread_time() - start)
        if best > LONG:
            break
    return best


def hostile(start: str, unit: str, length: int) -> str:
    return f"{start}{unit * (length // len(unit))}\x00!"


def grows(search: Search, start: str, unit: str, length: int = LENGTH) -> float:
    """Return how many times as long a search of twice the text takes; 0 where it is done at once."""
    if length > LENGTH // 8 and (slow := grows(search, start, unit, length // 8)) > GROWTH:
        return slow  # a cubic pattern is not tried at full length
    text = hostile(start, unit, length)
    if seconds(search, text) < AT_ONCE or (once := seconds(search, text, TRIES)) < AT_ONCE:
        return 0.0
    return seconds(search, hostile(start, unit, 2 * length), TRIES) / once


def slow_shapes(starts: int) -> list[str]:
    """Give the patterns that are too slow for a shape, each with the first such shape."""
    slow = []
    for (text, flags), (where, method) in patterns().items():
        if where in WINDOWS:
            continue
        pattern = re.compile(text, flags)
        search = getattr(pattern, method)
        runs = literals(pattern)
        units = (*UNITS, *runs, *(f"{run} " for run in runs))
        for start, unit in ((start, unit) for start in ("", *runs[:starts]) for unit in units):
            if (growth := grows(search, start, unit)) > GROWTH:
                slow.append(
                    f"{where} ({method}, {text[:60]!r}): {growth:.1f} times for twice the text, {start!r} and then {unit!r} repeated"
                )
                break
    return slow


def test_the_measure_finds_what_is_quadratic_and_cubic_and_nothing_linear():
    assert grows(re.compile(r"\s+$").search, "", " \n") > GROWTH
    assert grows(re.compile(r"a*a*b").search, "", "a") > GROWTH
    assert grows(re.compile(r"\s{1,20}$").search, "", " \n") < GROWTH
    assert len(UNITS) >= 45
    assert set(WINDOWS) <= {where for where, _ in patterns().values()}


@pytest.mark.long
def test_no_pattern_grows_with_the_square_of_a_hostile_text(record_property):
    assert len(patterns()) > 450
    record_property("patterns", len(patterns()))
    record_property("shapes, beside the words of each", len(UNITS))
    assert slow_shapes(starts=0) == []


@pytest.mark.long
def test_no_pattern_grows_with_the_square_of_a_hostile_text_after_its_own_words():
    assert slow_shapes(starts=6) == []
