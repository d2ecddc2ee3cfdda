"""Renders letters as PDF: the only module that uses the renderer. It runs only in the processes that `pool` starts."""

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

#: The typographic template of a letter.
TEMPLATE = Path(__file__).with_name("letter.typ")


def main() -> None:
    """Answer each message on standard input, a letter as data and its moment, with its PDF."""
    while (message := pool.receive(sys.stdin.buffer)) is not None:
        head, letter = message
        signal.alarm(head["alarm"])  # ends this process, also in the middle of the renderer's own code
        try:
            made, lacking = typeset(letter.decode(), head["moment"])
            answer: pool.Message = ({"lacking": lacking, "looked": _looked_at(made, head.get("look", ""))}, made)
        except ValueError as error:
            answer = ({"refused": str(error)}, b"")
        signal.alarm(0)
        with contextlib.suppress(BrokenPipeError):  # the parent has ended, and with it the input
            pool.send(sys.stdout.buffer, *answer)


def _looked_at(made: bytes, by: str) -> Any:
    """Call a function of another package, named as `module:function`, on a PDF; this package may not import that package itself."""
    module, _, function = by.partition(":")
    return getattr(import_module(module), function)(made) if by else None


def typeset(letter: str, moment: int) -> tuple[bytes, str]:
    """Render a letter, dated at a moment; give the PDF and the characters that no font has, each shown by a stand-in.

    The renderer refuses a letter with such a character, and names only one. So they are searched for when it refuses.
    Raises ValueError with the renderer's message if it refuses for another reason.
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
    """Yield the characters that no font has."""
    for character in _lacking(sorted({character for character in letter if character > "\x7f"})):
        yield character, {character}


def _words(letter: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the words with marks whose letters would need another font."""
    for word in _lacking(
        sorted({word for word in re.findall(r'[^\s"]+', letter) if not word.isascii()}, key=len)[::-1]
    ):
        yield word, {character for character in word if unicodedata.category(character)[0] == "M"}


def _marks(letter: str) -> Iterator[tuple[str, set[str]]]:
    """Yield marks that are above or below nothing."""
    for before, mark in set(re.findall(r'([\s"])([^\x00-\u02ff])', letter)):
        if unicodedata.category(mark)[0] == "M":
            yield before + mark, {mark}


def _rest(letter: str) -> Iterator[tuple[str, set[str]]]:
    """Yield everything but Latin letters, as a last resort."""
    for character in {character for character in letter if character > "\u024f"} - {STAND_IN}:
        yield character, {character}


#: The searches for the reason why the renderer refuses a letter, in order.
_LOOKS = (_characters, _words, _marks, _rest)


def _source(letter: str) -> str:
    """Give a document that sets the letter. Its content is one string, with its quotes escaped.

    Passed as `sys_inputs` it would change the template's inputs, and everything would be compiled again.
    """
    said = letter.replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "{TEMPLATE.name}": set-letter\n#set-letter(json(bytes("{said}")))'


def _lacking(pieces: list[str]) -> list[str]:
    """Give those of the pieces of text that no font has."""
    if not pieces or _has(tuple(pieces)):
        return []
    if len(pieces) == 1:
        return pieces
    half = len(pieces) // 2
    return _lacking(pieces[:half]) + _lacking(pieces[half:])


def _has(pieces: tuple[str, ...]) -> bool:
    """Say whether the fonts have each of these pieces of text."""
    said = "\n\n".join(f"#{json.dumps(piece, ensure_ascii=False)}" for piece in pieces)
    try:
        _set(f'#import "{TEMPLATE.name}": faces\n#set document(title: "Characters")\n#set text(font: faces)\n{said}', 0)
    except ValueError:
        return False
    return True


def _set(source: str, moment: int) -> bytes:
    """Render a source. Raises ValueError with the renderer's message if it refuses."""
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
        _compiler.cache_clear()  # an internal error of the renderer, as with some marks that no font has
        raise ValueError(str(error)) from error
    return bytes(made)


@cache
def _compiler() -> Any:
    """Make a renderer with the fonts of the letter only, so that it looks the same on every machine."""
    import typst

    return typst.Compiler(
        root=str(TEMPLATE.parent), ignore_system_fonts=True, font_paths=[str(folder) for folder in fonts.folders()]
    )
