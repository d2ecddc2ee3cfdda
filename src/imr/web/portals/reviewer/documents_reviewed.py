"""The list of documents reviewed: what the letter names, document by document, from the corrected index of the case file.

A title is the kind of the document in fixed words: a document's own title may hold a name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from imr.determination.model import Determination, ReviewedDocument
from imr.law.terms import RecordKind
from imr.records.model import Document
from imr.web import access
from imr.web.access import DocumentLine
from imr.web.case_files import ingestion
from imr.web.platform.formatting import choice_label


@dataclass(frozen=True, slots=True, kw_only=True)
class ListableDocument:
    """A document that can be listed. `upload` is the file that it came in, as the letter would name it as a whole."""

    key: str
    reviewed: ReviewedDocument
    upload: ReviewedDocument
    first: int | None
    since: datetime

    def label(self) -> str:
        """Return the document as a person chooses it."""
        one = self.reviewed
        day = f"{one.dated_on:%m/%d/%Y}" if one.dated_on else ""
        return ", ".join(filter(None, (one.title, day, one.author, self.pages())))

    def pages(self) -> str:
        """Return its pages in the case file."""
        if self.first is None or self.reviewed.pages is None:
            return ""
        last = self.first + self.reviewed.pages - 1
        return f"page {self.first}" if last == self.first else f"pages {self.first} to {last}"

    def is_in(self, draft: Determination, saved_at: datetime | None) -> bool:
        """Return whether a draft lists it: itself, or its whole file, or because it came, or was corrected, after the draft."""
        later = saved_at is not None and self.since > saved_at
        return later or self.reviewed in draft.documents or self.upload in draft.documents

    @property
    def proposed(self) -> bool:
        """Return whether a new draft lists it: everything but covers of faxes."""
        return self.reviewed.kind is not RecordKind.FAX_COVER


def listed(case_access: access.CaseAccess) -> tuple[ListableDocument, ...]:
    """Return the documents of the case file in their order, each once; a file that is not read yet as one."""
    index = access.file_index(case_access)
    files = ingestion.readable([line.digest for line in index.lines])
    built = ingestion.casefile(files, index.stated)
    parts: dict[str, list[Document]] = {}
    for document in built.documents:
        parts.setdefault(built.pages[document.first - 1].file, []).append(document)
    found: list[ListableDocument] = []
    for line in index.lines:
        since = max([line.at, *(one.at for one in index.history if one.file == line.digest)])
        found += _of_file(line, parts.get(line.digest, []), since)
    return tuple(found)


def _of_file(line: DocumentLine, documents: list[Document], since: datetime) -> Iterator[ListableDocument]:
    kind = next((kind for kind in RecordKind if kind.value == line.kind), RecordKind.OTHER)
    whole = ReviewedDocument(title=choice_label(kind), kind=kind, pages=line.pages)
    if not documents:
        yield ListableDocument(key=line.digest, reviewed=whole, upload=whole, first=None, since=since)
    for document in documents:
        if document.duplicate_of:
            continue  # in the file twice, named once
        # Where a file is one document whose kind the index cannot tell, its sender's statement is used.
        known = kind if document.kind is RecordKind.OTHER and len(documents) == 1 else document.kind
        reviewed = ReviewedDocument(
            title=choice_label(known),
            kind=known,
            dated_on=document.dated_on,
            author=document.author,
            pages=document.last - document.first + 1,
        )
        key = f"{line.digest}-{document.first}-{document.last}"
        yield ListableDocument(key=key, reviewed=reviewed, upload=whole, first=document.first, since=since)
