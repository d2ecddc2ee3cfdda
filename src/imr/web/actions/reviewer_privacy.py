"""Rejects documents of the review organization for the parties that reveal who reviews the case (LC 4610.6(f)).

The determination is checked for that where it is signed; other documents are checked here, when they come in.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from imr.case.anonymity import tells
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


def reject_if_names_reviewer(
    upload: Upload, paper: DocumentType, context: StepContext, reviewers: Sequence[Reviewer]
) -> None:
    """Refuse a document for the parties that reveals who reviews or reviewed the case, or that could where it cannot be searched.

    A reviewer sends text only: a PDF carries its author in its properties, its letterhead, its signature. A document of the
    office is searched by its text; a page without text, such as a scan, could show anything, and is refused.
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
    pages = [(upload.data.decode(), True)] if is_text else list(_pages(upload))
    require(
        finding(
            "every page can be searched for the reviewer",
            bool(pages) and all(whole for _, whole in pages),
            "this document goes to the parties, and a page of it is an image that cannot be searched for the reviewer's name: "
            "send a PDF made from text, or let intake, who does not know the reviewer, enter it",
            CONFIDENTIAL,
        ),
        finding(
            "reviewer is not named",
            not any(tells(text, reviewer) for text, _ in pages for reviewer in reviewers),
            "this document goes to the parties and contains the name, NPI or license number of a reviewer of this case: remove it",
            CONFIDENTIAL,
        ),
    )


def _pages(upload: Upload) -> Iterable[tuple[str, bool]]:
    """Return the text of each page of a file, read by a sandboxed child, and whether the page shows nothing beside it."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(upload.data)
        file.flush()
        try:
            for page, _ in sandbox.run_task("words", Path(file.name), limits=LIMITS):
                yield str(page["text"]), bool(page["whole"])
        except Unreadable as error:
            raise UploadRejected(f"{upload.name}: {error}", upload) from error
