"""Sets letters as PDF: the only module that knows the renderer. It runs in the processes that `pool` starts, nowhere else."""

import contextlib
import json
import re
import signal
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from imr.determination import fonts, pool
from imr.determination.typography import STAND_IN

#: The look of a letter.
TEMPLATE = Path(__file__).with_name("letter.typ")


def main() -> None:
    """Answer the messages of standard input until there are no more: a letter as data and its moment, by its PDF."""
    while (message := pool.receive(sys.stdin.buffer)) is not None:
        head, letter = message
        signal.alarm(head["alarm"])  # ends this process, also in the middle of the renderer's own code
        try:
            made, lacking = typeset(letter.decode(), head["moment"])
            answer: pool.Message = ({"lacking": lacking, "looked": _looked_at(made, head.get("look", ""))}, made)
        except ValueError as error:
            answer = ({"refused": str(error)}, b"")
        signal.alarm(0)
        with contextlib.suppress(BrokenPipeError):  # whoever asked has ended, and with it what is read here
            pool.send(sys.stdout.buffer, *answer)


def _looked_at(made: bytes, by: str) -> Any:
    """What a function of another package, named as `module:function`, finds in a PDF; it may use what this package may not."""
    module, _, function = by.partition(":")
    return getattr(import_module(module), function)(made) if by else None


def typeset(letter: str, moment: int) -> tuple[bytes, str]:
    """The PDF of a letter, dated at a moment, and the characters that no font of it has, each shown by a stand-in.

    The renderer refuses a letter that has such a character, and names but one. So they are looked for where it refuses.
    Raises ValueError with the renderer's words where it refuses for another reason.
    """
    stood_in: set[str] = set()
    for look_for in (None, *_LOOKS):
        if look_for is not None:
            for piece, lost in look_for(letter):
                letter = letter.replace(
                    piece, "".join(STAND_IN if character in lost else character for character in piece)
                )
                stood_in |= lost & set(piece)
        try:
            return _set(_source(letter), moment), "".join(sorted(stood_in))
        except ValueError as error:
            refused = error
    raise refused


def _characters(letter: str) -> Iterator[tuple[str, set[str]]]:
    """The characters that no font has."""
    for character in _lacking(sorted({character for character in letter if character > "\x7f"})):
        yield character, {character}


def _words(letter: str) -> Iterator[tuple[str, set[str]]]:
    """The words with marks for whose letters another font would be needed."""
    for word in _lacking(sorted(set(re.findall(r'[^\s"]*[^\x00-\x7f\s"][^\s"]*', letter)), key=len)[::-1]):
        yield word, {character for character in word if unicodedata.category(character)[0] == "M"}


def _marks(letter: str) -> Iterator[tuple[str, set[str]]]:
    """Marks that stand above or below nothing."""
    for before, mark in set(re.findall(r'([\s"])([^\x00-\u02ff])', letter)):
        if unicodedata.category(mark)[0] == "M":
            yield before + mark, {mark}


def _rest(letter: str) -> Iterator[tuple[str, set[str]]]:
    """Everything but Latin letters: the last way to a letter."""
    for character in {character for character in letter if character > "\u024f"} - {STAND_IN}:
        yield character, {character}


#: In which order the reason is looked for why the renderer refuses a letter.
_LOOKS = (_characters, _words, _marks, _rest)


def _source(letter: str) -> str:
    """A document that sets the letter. Its content is one string, with its quotes escaped.

    Handed in as `sys_inputs` it would change the world of the template, and everything would be worked out again.
    """
    said = letter.replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "{TEMPLATE.name}": set-letter\n#set-letter(json(bytes("{said}")))'


def _lacking(pieces: list[str]) -> list[str]:
    """Those of the pieces of text that no fonts have."""
    if not pieces or _has(tuple(pieces)):
        return []
    if len(pieces) == 1:
        return pieces
    half = len(pieces) // 2
    return _lacking(pieces[:half]) + _lacking(pieces[half:])


def _has(pieces: tuple[str, ...]) -> bool:
    """Whether the fonts have each of these pieces of text."""
    said = "\n\n".join(f"#{json.dumps(piece, ensure_ascii=False)}" for piece in pieces)
    try:
        _set(f'#import "{TEMPLATE.name}": faces\n#set document(title: "Characters")\n#set text(font: faces)\n{said}', 0)
    except ValueError:
        return False
    return True


def _set(source: str, moment: int) -> bytes:
    """The PDF of a source of the renderer's. Raises ValueError with its words where it refuses."""
    import typst

    try:
        made = _compiler().compile(
            input=source.encode(), format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=moment
        )
    except typst.TypstError as error:
        raise ValueError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        _compiler.cache_clear()  # a fault of the renderer's own, as with some marks that no font has
        raise ValueError(str(error)) from error
    return bytes(made)


@cache
def _compiler() -> Any:
    """The renderer with the fonts of the letter alone, so that it looks the same on every machine."""
    import typst

    return typst.Compiler(
        root=str(TEMPLATE.parent), ignore_system_fonts=True, font_paths=[str(folder) for folder in fonts.folders()]
    )
