"""Sets letters as PDF: the only module that knows the renderer. It runs in the processes that `pool` starts, nowhere else."""

import contextlib
import signal
import sys
from functools import cache
from pathlib import Path
from typing import Any

from imr.determination import pool

#: The look of a letter.
TEMPLATE = Path(__file__).with_name("letter.typ")


def main() -> None:
    """Answer the messages of standard input until there are no more: the source of a letter and its moment, by its PDF."""
    while (message := pool.receive(sys.stdin.buffer)) is not None:
        head, source = message
        signal.alarm(head["alarm"])  # ends this process, also in the middle of the renderer's own code
        try:
            answer: pool.Message = ({}, typeset(source, head["moment"]))
        except ValueError as error:
            answer = ({"refused": str(error)}, b"")
        signal.alarm(0)
        with contextlib.suppress(BrokenPipeError):  # whoever asked has ended, and with it what is read here
            pool.send(sys.stdout.buffer, *answer)


def typeset(source: bytes, moment: int) -> bytes:
    """The PDF of a source, dated at a moment. Raises ValueError with the renderer's words where it refuses."""
    import typst

    try:
        made = _compiler().compile(input=source, format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=moment)
    except typst.TypstError as error:
        raise ValueError(str(error)) from error
    return bytes(made)


@cache
def _compiler() -> Any:
    """The renderer with its own fonts alone, so that a letter looks the same on every machine."""
    import typst

    return typst.Compiler(root=str(TEMPLATE.parent), ignore_system_fonts=True)
