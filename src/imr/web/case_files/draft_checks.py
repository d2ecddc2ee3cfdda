"""The checks of a draft as the site runs them: its case file from the documents on file, and their results by name.

No permission checks here, and nothing is stored: `access` and `step_inputs` give the values.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from imr.case.answers import Checked
from imr.checks import Concern, Context, Severity, run
from imr.determination import write
from imr.determination.model import Determination
from imr.errors import ImrError, Unreadable
from imr.law.terms import RecordKind
from imr.records import index
from imr.records.model import CaseFile, Document, Fact, Page, TextSource
from imr.web.case_files import ingestion
from imr.web.case_files.derived_files import document_as_file
from imr.web.store.cases import SourceDocument
from imr.web.store.documents import TEXT, load


def case_file(sources: tuple[SourceDocument, ...]) -> CaseFile:
    """Build the case file of these documents from what is read of them so far.

    The kind that a document was filed as is used; one that was filed without a kind, or was corrected, is split into its
    documents by the index. The text layer of a document that the background has not read yet is read now, in a sandboxed child;
    a scan that is not read yet, and a document that cannot be read, count as documents without words.
    """
    return _case_file(sources, tuple(ingestion.is_readable(source.digest) for source in sources))


@lru_cache(maxsize=32)
def _case_file(sources: tuple[SourceDocument, ...], read: tuple[bool, ...]) -> CaseFile:
    pages: list[Page] = []
    documents: list[Document] = []
    facts: list[Fact] = []
    for source, is_read in zip(sources, read, strict=True):
        found = ingestion.casefile((source.digest,), source.corrections) if is_read else _unread(source)
        before = len(pages)
        pages += [
            replace(page, number=before + page.number, file=source.digest if is_read else "", source_page=n)
            for n, page in enumerate(found.pages, 1)
        ]  # a page that is not read yet cannot be opened
        parts = _as_filed(source, found)
        documents += [
            replace(part, id=f"{source.digest[:12]}-{n}", first=part.first + before, last=part.last + before)
            for n, part in enumerate(parts, 1)
        ]
        facts += [replace(fact, page=fact.page + before, document=f"{source.digest[:12]}-1") for fact in found.facts]
    return CaseFile(pages=tuple(pages), documents=tuple(documents), facts=tuple(facts))


def _as_filed(source: SourceDocument, found: CaseFile) -> tuple[Document, ...]:
    """Return the documents of one file: one of the kind that it was filed as, else those of the index, with corrections."""
    kind = next((kind for kind in RecordKind if kind.value == source.kind), RecordKind.OTHER)
    if source.corrections or kind is RecordKind.OTHER or not found.pages:
        return found.documents
    dated = next((part.dated_on for part in found.documents if part.dated_on), None)
    return (
        Document(id="", kind=kind, first=1, last=len(found.pages), dated_on=dated, title=source.title.capitalize()),
    )


def _unread(source: SourceDocument) -> CaseFile:
    """Read a document as far as that is possible without waiting for the background."""
    if source.media_type == TEXT:
        return index.from_texts(load(source.digest).decode("utf-8", "replace").split("\f"))
    with document_as_file(source.digest) as path:
        try:
            return index.casefile([index.read(path, scans=False).pages])
        except Unreadable:
            return CaseFile(
                pages=(Page(number=1, file="", source_page=1, width=612, height=792, source=TextSource.NONE),)
            )


def concerns(draft: Determination, sources: Iterable[SourceDocument], context: Context) -> tuple[Concern, ...]:
    """Return every concern about a draft beside its case file, and about the letter made of it where it is complete."""
    try:
        text = write(replace(draft, decided_on=context.on))
    except ImrError:
        text = ""  # an unfinished draft makes no letter yet
    return run(draft, case_file(tuple(sources)), replace(context, text=text))


def answerable_by_name(found: Iterable[Concern]) -> Checked:
    """Sort the concerns into those that block a step and those that need an answer, by name."""
    found = tuple(found)
    return Checked(
        stops=tuple(c.id for c in found if c.severity is Severity.STOP),
        asks=tuple(c.id for c in found if c.severity is Severity.ASK),
    )
