"""The final determination letter: read from text and PDF, written as text and PDF, redacted for publication.

`read(text)` gives a `Reading`: the `Determination` or None, the problems, and the unread text; it never raises.
`write(determination)` gives the letter as text and `compose(determination)` as a `Letter` for `pdf.render`; both read
the letter back first and raise `Unwritable` if it differs. `normalize` gives a determination in the form that a letter
can hold: each text on one line. `redact(determination, parties)` gives the public version without the `Identifiers` of
each party, and `replacements` lists the wordings that it replaces. `to_data` and `from_data` convert to and from
JSON-ready data. The form of the letter is in `template`, by edition. Every paper that the system sends is a `Letter` of
blocks (`letter`): `plain(letter)` gives its text and `pdf.render(letter)` its PDF.
"""

from imr.determination.data import from_data, to_data
from imr.determination.identifiers import Identifiers
from imr.determination.letter import Letter, plain
from imr.determination.model import Decision, Determination, Issue, Outcome, ReviewedDocument, ReviewType
from imr.determination.reader import read
from imr.determination.reading import Piece, Reading
from imr.determination.redaction import Choices, Redaction, Replacement, redact, replacements
from imr.determination.writer import compose, normalize, write

__all__ = [
    "Choices",
    "Decision",
    "Determination",
    "Identifiers",
    "Issue",
    "Letter",
    "Outcome",
    "Piece",
    "Reading",
    "Redaction",
    "Replacement",
    "ReviewType",
    "ReviewedDocument",
    "compose",
    "from_data",
    "normalize",
    "plain",
    "read",
    "redact",
    "replacements",
    "to_data",
    "write",
]
