"""The documents of a case file as the case holds them: digests, kinds, pages and days, and the corrections of the index."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from imr.law.records import Duty
from imr.law.terms import RecordKind, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledRecord:
    """A document of the case file: its digest, what kind of paper it is, its pages. Not what it says.

    `duty` names what the claims administrator owed and gave with it, where that is not plain from the kind.
    """

    digest: str
    kind: RecordKind
    pages: int | None = None
    dated_on: date | None = None
    duty: Duty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRecord:
    """A document of the case file, who sent it, and on which day it came."""

    record: FiledRecord
    sender: Role
    received_on: date


class CorrectionAction(Enum):
    """What a person did to the index of a case file."""

    SPLIT = "split"
    MERGE = "merge"
    RETYPE = "retype"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPart:
    """Pages of a file that a person found to be one document. `words` is the digest of its title, author and facility."""

    first: int
    last: int
    record: RecordKind
    dated_on: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction of the index of one file, by the number of its event; `undoes` is that of the one it takes back."""

    number: int
    action: CorrectionAction
    file: str
    parts: tuple[DocumentPart, ...] = ()
    undoes: int | None = None
