"""Rejects documents of the review organization for the parties that reveal who reviews the case (LC 4610.6(f)).

The determination is checked for that where it is signed; other documents are checked here, when they come in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from imr.case.anonymity import signs, tells, tells_beside
from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.findings import finding, require
from imr.case.steps.review import CONFIDENTIAL
from imr.errors import Unreadable
from imr.law.disclosure import Thing, may_see, readers
from imr.law.reviewers import Reviewer
from imr.law.roles import PARTIES
from imr.law.terms import Role
from imr.records import sandbox
from imr.web.store.documents import LIMITS, TEXT, Upload, UploadRejected, inspect

#: Those who know who reviews a case.
KNOWING = readers(Thing.REVIEWER_IDENTITY)
#: The most pages of a document that are read by OCR: it takes one to two seconds a page, while the case is locked.
MOST_PICTURES = 8
#: The most characters beside the pages of a document that are searched. What has more cannot be searched, and is refused.
MOST_BESIDE = 1_000_000


def reject_if_names_reviewer(
    upload: Upload, paper: DocumentType, context: StepContext, reviewers: Sequence[Reviewer]
) -> None:
    """Refuse a document for the parties that reveals who reviews or reviewed the case, or that could where it cannot be searched.

    A reviewer sends text only: a PDF carries its author in its properties, its letterhead, its signature. A document of the
    office is searched in its text, in what it has beside its pages (properties, notes, earlier versions), and by OCR wherever a
    page shows more than text. A page that cannot be read in full, such as handwriting, is refused.
    """
    if (
        not reviewers
        or context.actor.role not in KNOWING
        or not any(may_see(role, paper.disclosed_as).holds for role in PARTIES)
    ):
        return
    is_text = inspect(upload).media_type == TEXT
    require(
        finding(
            "reviewer sends text only",
            is_text or context.actor.role is not Role.REVIEWER,
            "write this text here instead of sending a file: a PDF can carry your name where you do not see it",
            CONFIDENTIAL,
        ),
    )
    found = Searched(pages=((upload.data.decode(), True),)) if is_text else _searched(upload)
    require(
        finding(
            "every page can be searched for the reviewer",
            bool(found.pages) and all(whole for _, whole in found.pages) and len(found.beside) <= MOST_BESIDE,
            "this document goes to the parties, and a page of it is empty or shows something that cannot be read, such as handwriting: "
            "send a PDF made from text, or let intake, who does not know the reviewer, enter it",
            CONFIDENTIAL,
        ),
        finding(
            "reviewer is not named",
            not any(tells(text, one) or signs(text, one) for text, _ in found.pages for one in reviewers),
            "this document goes to the parties and contains the name, NPI or license number of a reviewer of this case, or is signed with "
            "their initials: remove it",
            CONFIDENTIAL,
        ),
        finding(
            "reviewer is not named beside the pages",
            not any(tells_beside(f"{upload.name}\n{found.beside}", reviewer) for reviewer in reviewers),
            "this document goes to the parties, and its name, its properties, a note in it or an earlier version of it contains the name "
            "or the initials of a reviewer of this case: print it to a new PDF under another name, and send that",
            CONFIDENTIAL,
        ),
    )


@dataclass(frozen=True, slots=True)
class Searched:
    """Every text of a document: of each page, with whether all that it shows was read, and what is beside the pages, a line each."""

    pages: tuple[tuple[str, bool], ...]
    beside: str = ""


def _searched(upload: Upload) -> Searched:
    """Return every text of a file, read by a sandboxed child."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(upload.data)
        file.flush()
        try:
            (first, _), *others = sandbox.run_task("everything", Path(file.name), limits=LIMITS, most=MOST_PICTURES)
        except Unreadable as error:
            raise UploadRejected(f"{upload.name}: {error}", upload) from error
    return Searched(
        pages=tuple((str(page["text"]), bool(page["whole"])) for page, _ in others),
        beside="\n".join(map(str, first["beside"])),
    )
