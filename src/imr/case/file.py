"""Documents of a case file as the case holds them: digests, kinds, pages and dates, and corrections of the index."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated

from imr.case.digests import SealedOutside
from imr.law.records import Duty
from imr.law.terms import RecordKind, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledRecord:
    """A document of the case file: its digest, kind and pages, but not its contents.

    `duty` names what the claims administrator owed and sent with it, if the kind does not show it.
    """

    digest: Annotated[str, SealedOutside()]
    kind: RecordKind
    pages: int | None = None
    dated_on: date | None = None
    duty: Duty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRecord:
    """A document of the case file, its sender, and the day on which it came."""

    record: FiledRecord
    sender: Role
    received_on: date


class CorrectionAction(Enum):
    """An action of a person on the index of a case file."""

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
    words: Annotated[str, SealedOutside()] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction of the index of one file, by the number of its event; `undoes` is the number of the correction it undoes."""

    number: int
    action: CorrectionAction
    file: Annotated[str, SealedOutside()]
    parts: tuple[DocumentPart, ...] = ()
    undoes: int | None = None
