"""Events about the case file as a whole: corrections of its index, withheld records, and its bundle."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from imr.case.digests import SealedOutside
from imr.case.events.event import Event
from imr.case.file import Correction, CorrectionAction, DocumentPart
from imr.case.state import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCorrected(Event):
    """A person stated which pages of a file are which documents, or undid such a correction (`undoes`, its number).

    It overrides every reading of the file, now or later.
    """

    kind: ClassVar[str] = "document-corrected"
    action: CorrectionAction
    file: Annotated[str, SealedOutside()]
    parts: tuple[DocumentPart, ...] = ()
    undoes: int | None = None

    def apply(self, case: Case) -> Case:
        made = Correction(
            number=case.events + 1, action=self.action, file=self.file, parts=self.parts, undoes=self.undoes
        )
        return replace(case, corrections=(*case.corrections, made))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWithheld(Event):
    """A record that was sent is withheld from the employee from now on (health-records law), or shown again."""

    kind: ClassVar[str] = "record-withheld"
    file: Annotated[str, SealedOutside()]
    withheld: bool = True

    def apply(self, case: Case) -> Case:
        others = tuple(file for file in case.withheld if file != self.file)
        return replace(case, withheld=(*others, self.file) if self.withheld else others)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileBound(Event):
    """The case file was bound into the one PDF for the reviewer, with its certificate of completeness.

    `file` and `certificate` are digests of the two papers; `files` those of the bound documents, in order; `left_out`
    those that could not be read.
    """

    kind: ClassVar[str] = "case-file-bound"
    file: Annotated[str, SealedOutside()]
    certificate: Annotated[str, SealedOutside()]
    files: Annotated[tuple[str, ...], SealedOutside()]
    left_out: Annotated[tuple[str, ...], SealedOutside()] = ()
    pages: int

    def apply(self, case: Case) -> Case:
        return replace(
            case, bound=self.file, bound_of=(*self.files, *self.left_out), bound_corrections=len(case.corrections)
        )
