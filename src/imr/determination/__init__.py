"""The final determination letter: read from text and PDF, written as text and PDF, redacted for publication.

`read(text)` gives a `Reading`: the `Determination` or none, the problems, and what was not read; it never raises.
`write(determination)` gives the letter as text and `compose(determination)` as a `Letter` for `pdf.render`; both read the
letter back first and raise `Unwritable` where it says something else. `settle` gives what a letter can say: each text on
one line. The form of the letter stands in `form`, by edition. Every paper that the system sends is a `Letter` of blocks
(`letter`): `plain(letter)` gives its text and `pdf.render(letter)` its PDF.
"""

from imr.determination.letter import Letter, plain
from imr.determination.model import Decision, Determination, Issue, Outcome, ReviewedDocument, ReviewType
from imr.determination.reader import Piece, Reading, read
from imr.determination.writer import compose, settle, write

__all__ = [
    "Decision",
    "Determination",
    "Issue",
    "Letter",
    "Outcome",
    "Piece",
    "Reading",
    "ReviewType",
    "ReviewedDocument",
    "compose",
    "plain",
    "read",
    "settle",
    "write",
]
