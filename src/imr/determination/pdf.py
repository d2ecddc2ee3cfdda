"""Letters as PDF: the only module that knows the renderer.

Each PDF is tagged for people who listen to it (PDF/UA-1), fit for the archive (PDF/A-2a), and the same byte for byte
for the same letter. The letter goes in as data; nothing in it is read as markup.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from imr.determination.letter import FOOTER, Letter
from imr.errors import Unwritable

_TEMPLATE = Path(__file__).with_name("letter.typ")
# A sign behind which a line may be broken without a hyphen or a slash to show it, or one of these not inside a word.
_UNUSUAL = re.compile(r"[^\w\s.,;:'()\"\[\]#%&+*°@$=<>×“”‘’•·/-]|(?<![\w)])[-/]|[-/](?![\w(])")
#: The moment of a letter that has no day: the PDF needs one, and the clock is not asked.
_UNDATED = datetime(2013, 1, 1, tzinfo=UTC)


def render(letter: Letter) -> bytes:
    """The letter as a PDF. Raises Unwritable where it holds a character that no font of the letter has."""
    import typst

    moment = datetime.combine(letter.dated_on, time(), UTC) if letter.dated_on else _UNDATED
    try:
        made = _compiler().compile(
            input=_source(letter).encode(),
            format="pdf",
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        raise Unwritable(f"this letter cannot be set as PDF: {error}") from error
    return bytes(made)


@cache
def _compiler() -> Any:
    """The renderer with its own fonts alone, so that a letter looks the same on every machine."""
    import typst

    return typst.Compiler(root=str(_TEMPLATE.parent), ignore_system_fonts=True)


def _source(letter: Letter) -> str:
    """A document that sets the letter. What it says stands in one string, in ASCII, with its quotes escaped.

    Handed in as `sys_inputs` it would change the world of the template, and everything would be worked out anew.
    """
    said = _json(letter).replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "{_TEMPLATE.name}": set-letter\n#set-letter(json(bytes("{said}")))'


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
