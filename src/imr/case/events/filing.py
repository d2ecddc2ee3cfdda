"""Events about the case file as a whole: what its documents are, and what of it was bound."""

from dataclasses import dataclass, replace
from typing import ClassVar

from imr.case.events.event import Event
from imr.case.state import Case, Correction, CorrectionAction, DocumentPart


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCorrected(Event):
    """A person said which pages of a file are which documents, or took such a correction back (`undoes`, its number).

    It stands over whatever a reading of the file finds, now or later.
    """

    kind: ClassVar[str] = "document-corrected"
    action: CorrectionAction
    file: str
    parts: tuple[DocumentPart, ...] = ()
    undoes: int | None = None

    def apply(self, case: Case) -> Case:
        made = Correction(
            number=case.events + 1, action=self.action, file=self.file, parts=self.parts, undoes=self.undoes
        )
        return replace(case, corrections=(*case.corrections, made))
