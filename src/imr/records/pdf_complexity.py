"""Count of the forms and patterns that a page of a PDF draws: ten forms of ten forms of ten forms are a bomb in a few lines."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf

#: The depth of nested forms that is followed. No program nests them deeper, or in a ring.
DEEPEST = 25
#: A pattern that is repeated more often than this on a square of 1/72 inch counts as endless.
_DENSEST = 1_000.0
#: A count that no page reaches.
ENDLESS = 1 << 62
_Known = dict[tuple[tuple[int, int], tuple[int, int]], int]

_EDGE = rb"[^\s\0()<>\[\]{}/%]"
_DRAWS = re.compile(rb"(?<!%s)(?:Do|scn|SCN)(?!%s)" % (_EDGE, _EDGE))
_NAME = re.compile(rb"/(%s{1,127})$" % _EDGE)
_NUMBER = re.compile(rb"[0-9.]$")
_SPELLED = re.compile(rb"#([0-9A-Fa-f]{2})")


def may_nest(thing: Any) -> bool:
    """Say whether an object of a PDF is a form or pattern that draws others, or a pattern that repeats without end."""
    if not isinstance(thing, pikepdf.Stream):
        return False
    if thing.get("/PatternType") == 1:
        return _is_dense(thing) or _has_children(thing)
    return thing.get("/Subtype") == "/Form" and _has_children(thing)


def _has_children(thing: pikepdf.Stream) -> bool:
    own = thing.get("/Resources")  # a form without its own uses those of the page or form that draws it
    return not isinstance(own, pikepdf.Dictionary) or bool(_named(own))


def _is_dense(pattern: pikepdf.Stream) -> bool:
    wide, high = abs(float(pattern.get("/XStep", 1))), abs(float(pattern.get("/YStep", 1)))
    matrix = pattern.get("/Matrix")
    a, b, c, d = [float(each) for each in matrix][:4] if isinstance(matrix, pikepdf.Array) else (1.0, 0.0, 0.0, 1.0)
    area = wide * high * abs(a * d - b * c)
    return 0 < area < 1 / _DENSEST


def _named(resources: Any) -> dict[bytes, Any]:
    """Give the forms and patterns of these resources, by their names."""
    found = {}
    for kind in ("/XObject", "/Pattern"):
        entries = resources.get(kind) if isinstance(resources, pikepdf.Dictionary) else None
        if isinstance(entries, pikepdf.Dictionary):
            for name in entries.keys():  # noqa: SIM118 - a PDF dictionary is not a mapping
                each = entries.get(name)
                if isinstance(each, pikepdf.Stream) and (
                    each.get("/Subtype") == "/Form" or each.get("/PatternType") == 1
                ):
                    found[_plain(name[1:].encode("utf-8", "surrogateescape"))] = each
    return found


def _plain(name: bytes) -> bytes:
    """Decode the escapes of a name: #46 is F."""
    return _SPELLED.sub(lambda found: bytes([int(found[1], 16)]), name) if b"#" in name else name


def heaviest(pdf: pikepdf.Pdf) -> int:
    """Give the most forms and patterns that a page of this file draws; ENDLESS if one draws itself."""
    known: _Known = {}
    most = 0
    for number, page in enumerate(pdf.pages):
        contents = page.obj.get("/Contents")
        parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        data = b"\n".join(part.read_bytes() for part in parts if isinstance(part, pikepdf.Stream))
        most = max(most, _drawn(data, page.resources, (-1, number), known, 0))
        if most >= ENDLESS:
            break
    return most


def _drawn(data: bytes, resources: Any, scope: tuple[int, int], known: _Known, depth: int) -> int:
    """Count the forms and patterns that a content stream draws.

    `scope` identifies the owner of the resources by its object number.
    """
    named = _named(resources)
    if not named:
        return 0
    counted = Counter(_names(data))
    unsaid = counted.pop(None, 0)
    weights = {
        name: _weight(one, resources, scope, known, depth + 1)
        for name, one in named.items()
        if unsaid or name in counted
    }
    # An unusual notation counts as the heaviest that it could be.
    total = sum(counted[name] * weight for name, weight in weights.items()) + unsaid * max(weights.values(), default=0)
    return min(total, ENDLESS)


def _names(data: bytes) -> Iterator[bytes | None]:
    """Yield the name of each thing that a content stream draws; None if it cannot be determined."""
    for found in _DRAWS.finditer(data):
        at = found.start()
        before = data[max(0, at - 140) : at].rstrip(b"\0\t\n\f\r ")
        line = before[max(before.rfind(b"\n"), before.rfind(b"\r")) + 1 :]
        name = _NAME.search(before)
        if b"%" in line:  # the text may be a comment, and the name may be before it
            yield None
        elif name is not None:
            yield _plain(name[1])
        elif found[0] == b"Do" or not _NUMBER.search(before):
            yield None


def _weight(thing: pikepdf.Stream, above: Any, scope: tuple[int, int], known: _Known, depth: int) -> int:
    """Count the forms and patterns that are drawn when this one is drawn once, itself included."""
    if depth > DEEPEST or (thing.get("/PatternType") == 1 and _is_dense(thing)):
        return ENDLESS
    own = thing.get("/Resources")
    if isinstance(own, pikepdf.Dictionary):
        above, scope = own, thing.objgen
    if not _named(above):
        return 1
    key = (thing.objgen, scope)  # with other resources it draws something else
    if key not in known:
        known[key] = ENDLESS  # if it is met again on the way, it draws itself
        known[key] = min(ENDLESS, 1 + _drawn(thing.read_bytes(), above, scope, known, depth))
    return known[key]
