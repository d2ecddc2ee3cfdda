"""The checks of a draft as the site runs them: its case file from the documents on file, and what they found by name.

Nothing here asks who is looking, and nothing is kept: `access` and `bringing` give the values.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from imr.case.answers import Checked
from imr.checks import Concern, Context, Severity, run
from imr.determination import write
from imr.determination.model import Determination
from imr.errors import ImrError, Unreadable
from imr.law.terms import RecordKind
from imr.records import index
from imr.records.model import CaseFile, Document, Page
from imr.records.pdf import page_texts
from imr.web.documents import PDF, fetch


@dataclass(frozen=True, slots=True)
class Source:
    """A document on file as the checks read it: its digest, what it is, what it was filed as."""

    digest: str
    media_type: str
    kind: str
    title: str


@lru_cache(maxsize=32)
def case_file(sources: tuple[Source, ...]) -> CaseFile:
    """The case file of these documents by their text; a scan without a text layer counts as a document without words.

    What a document was filed as counts; what was filed as nothing in particular is cut into its documents by the index.
    """
    pages: list[Page] = []
    documents: list[Document] = []
    for source in sources:
        found = index.from_texts(_texts(source), file=source.digest[:12])
        before = len(pages)
        pages += [replace(page, number=before + page.number) for page in found.pages]
        kind = next((kind for kind in RecordKind if kind.value == source.kind), RecordKind.OTHER)
        parts = found.documents or ()
        if kind is not RecordKind.OTHER and found.pages:
            dated = next((part.dated_on for part in parts if part.dated_on), None)
            whole = Document(
                id=source.digest[:12], kind=kind, first=1, last=len(found.pages), dated_on=dated, title=source.title.capitalize()
            )  # fmt: skip
            parts = (whole,)
        documents += [
            replace(part, id=f"{source.digest[:12]}-{n}", first=part.first + before, last=part.last + before)
            for n, part in enumerate(parts, 1)
        ]
    return CaseFile(pages=tuple(pages), documents=tuple(documents))


def _texts(source: Source) -> tuple[str, ...]:
    data = fetch(source.digest)
    if source.media_type == PDF:
        try:
            return page_texts(data)
        except Unreadable:
            return ("",)
    return tuple(data.decode("utf-8", "replace").split("\f"))


def concerns(draft: Determination, sources: Iterable[Source], context: Context) -> tuple[Concern, ...]:
    """Every concern about a draft beside its case file, as the letter that it makes where it makes one."""
    try:
        text = write(replace(draft, decided_on=context.on))
    except ImrError:
        text = ""  # an unfinished draft makes no letter yet
    return run(draft, case_file(tuple(sources)), replace(context, text=text))


def checked(found: Iterable[Concern]) -> Checked:
    """What of it stands in the way of a step, by name."""
    found = tuple(found)
    return Checked(
        stops=tuple(c.id for c in found if c.severity is Severity.STOP),
        asks=tuple(c.id for c in found if c.severity is Severity.ASK),
    )
