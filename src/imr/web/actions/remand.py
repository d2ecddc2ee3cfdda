"""A remand on the site: the case file of the reversed case goes on in the new one, and the reversed case records where it went."""

from imr.case.document_types import REVIEWED_TYPES, DocumentType
from imr.case.events import RemandOpened
from imr.case.state import Case
from imr.web.models import DocumentRow

#: The step by which the reversed case records the case that continues it.
NOTE_REMAND = "note-remand"
#: The documents that go on in the new case, if its opening names their digests.
_CARRIED = (DocumentType.APPLICATION, *REVIEWED_TYPES, DocumentType.CORRECTION)


def carry_documents(event: RemandOpened, after: Case) -> None:
    """Enter the documents of the earlier case file into the new case, with their senders, days, titles and marks.

    The bytes are stored once: a document is stored by its digest.
    """
    words = (part.words for one in event.corrections for part in one.parts)
    digests = {event.filing.application, *after.file, *words} - {""}
    papers = [paper.value for paper in _CARRIED]
    rows = DocumentRow.objects.filter(case=event.earlier, digest__in=digests, paper__in=papers).order_by("at", "pk")
    copies = list(rows)
    for row in copies:
        row.pk, row.case = None, after.number
    DocumentRow.objects.bulk_create(copies, ignore_conflicts=True)
