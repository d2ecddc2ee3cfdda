"""Letters as PDF. The renderer stands in `renderer`, in processes of its own that `pool` keeps.

Each PDF is tagged for people who listen to it (PDF/UA-1), fit for the archive (PDF/A-2a), and the same byte for byte
for the same letter. The letter goes in as data; nothing in it is read as markup.
"""

import atexit
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any

from imr.determination.letter import FOOTER, Letter
from imr.determination.pool import Bounds, Pool
from imr.errors import Unwritable

# A sign behind which a line may be broken without a hyphen or a slash to show it, or one of these not inside a word.
_UNUSUAL = re.compile(r"[^\w\s.,;:'()\"\[\]#%&+*°@$=<>×“”‘’•·/-]|(?<![\w)])[-/]|[-/](?![\w(])")
#: The moment of a letter that has no day: the PDF needs one, and the clock is not asked.
_UNDATED = datetime(2013, 1, 1, tzinfo=UTC)


#: The processes that set the letters of this process; the first letter starts the first. A site bounds them in its settings.
POOL = Pool("imr.determination.renderer", Bounds())
atexit.register(POOL.close)
os.register_at_fork(after_in_child=POOL.forget)


def render(letter: Letter) -> bytes:
    """The letter as a PDF, in every thread and process.

    Raises Unwritable where it holds a character that no font of the letter has, and Unavailable where it cannot be set now.
    """
    moment = datetime.combine(letter.dated_on, time(), UTC) if letter.dated_on else _UNDATED
    head, made = POOL.ask({"moment": int(moment.timestamp())}, _source(letter).encode())
    if "refused" in head:
        raise Unwritable(f"this letter cannot be set as PDF: {head['refused']}")
    return made


def _source(letter: Letter) -> str:
    """A document that sets the letter. What it says stands in one string, in ASCII, with its quotes escaped.

    Handed in as `sys_inputs` it would change the world of the template, and everything would be worked out anew.
    """
    said = _json(letter).replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "letter.typ": set-letter\n#set-letter(json(bytes("{said}")))'


def _json(letter: Letter) -> str:
    """The letter as data. A line never breaks behind a hyphen: what reads the page would take it for a broken word."""
    data = _data(letter)
    data["unusual"] = _UNUSUAL.search("\n".join(_texts(data["blocks"]))) is not None
    return json.dumps(data, separators=(",", ":")).replace("- ", "-\\u00a0")


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _data(letter: Letter) -> dict[str, Any]:
    return {
        "title": letter.title,
        "sender": letter.sender,
        "description": f"{letter.title} {letter.reference}".strip(),
        "language": letter.language,
        "footer": FOOTER.format(reference=letter.reference, page="{page}", pages="{pages}"),
        "blocks": [{"kind": type(block).__name__.lower(), **asdict(block)} for block in letter.blocks],
    }
