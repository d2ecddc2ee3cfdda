"""Renders letters as PDF. The renderer runs in separate processes, which `pool` manages.

Each PDF is tagged for screen readers (PDF/UA-1), fit for archives (PDF/A-2a), and byte for byte the same for the same
letter. The letter is passed as data; nothing in it is read as markup.
"""

import atexit
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from typing import Any

from imr.determination.letter import FOOTER, Block, Letter, Table
from imr.determination.pool import Pool, RenderLimits
from imr.determination.typography import LONGEST, is_unusual, settable, visible
from imr.errors import Unwritable

#: The moment of a letter without a day: the PDF needs one, and does not use the clock.
_UNDATED = datetime(2013, 1, 1, tzinfo=UTC)
_WHITE = re.compile(r"[\t\v\f\r\x1c-\x1f\x85\u2028\u2029]")
#: The processes that render the letters of this process; the first letter starts the first. The settings of a site limit them.
POOL = Pool("imr.determination.renderer", RenderLimits())
atexit.register(POOL.close)
os.register_at_fork(after_in_child=POOL.forget)


@dataclass(frozen=True, slots=True)
class Typeset:
    """A letter as a PDF.

    `lacking` are the characters that no font of the letter has; the PDF shows a stand-in for each. `looked` is the
    result of the `look` function that inspected it in the rendering process.
    """

    data: bytes
    lacking: str
    looked: Any = None


def render(letter: Letter) -> bytes:
    """Render the letter as a PDF, in any thread and process. Raises Unavailable if it cannot be rendered now."""
    return typeset(letter).data


def typeset(letter: Letter, look: str = "") -> Typeset:
    """Render the letter as a PDF, with the characters that its fonts lack. Raises Unavailable if it cannot be rendered now.

    `look` names a function (`module:function`) that gets the PDF in the rendering process, and returns JSON-ready data.
    """
    moment = datetime.combine(letter.dated_on, time(), UTC) if letter.dated_on else _UNDATED
    head, made = POOL.ask({"moment": int(moment.timestamp()), "look": look}, _json(letter).encode())
    if "refused" in head:
        raise Unwritable(f"this letter cannot be rendered as PDF: {head['refused']}")
    return Typeset(made, head["lacking"], head["looked"])


def _json(letter: Letter) -> str:
    """Give the letter as data. No line breaks after a hyphen: a reader of the page would take it for a broken word."""
    blocks = [_block(block) for block in letter.blocks]
    data = {
        "title": _plain(letter.title),
        "author": _plain(letter.sender),
        "sender": settable(_plain(letter.sender)),
        "description": _plain(f"{letter.title} {letter.reference}").strip(),
        "language": letter.language,
        "footer": FOOTER.format(reference=_plain(letter.reference), page="{page}", pages="{pages}"),
        "blocks": blocks,
        "unusual": is_unusual("\n".join(_texts(blocks))),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("- ", "-\u00a0")


def _block(block: Block) -> dict[str, Any]:
    """Give a block with its texts as its column can show them."""
    longest = max(4, 36 // len(block.columns)) if isinstance(block, Table) else LONGEST
    shown: dict[str, Any] = _each(asdict(block), lambda text: settable(_plain(text), longest))
    return {"kind": type(block).__name__.lower(), **shown}


def _plain(text: str) -> str:
    """Give `text` without invisible characters, and with no white space but blanks and line feeds."""
    return text if text.isascii() and text.isprintable() else _WHITE.sub(" ", visible(text))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """Give a value with every text in it changed, at any depth."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each(part, change) for name, part in value.items()}
    return [_each(part, change) for part in value] if isinstance(value, list | tuple) else value


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
