"""The case file on the site: its index, its pages one by one, its chronology, what it lacks, and all of it as one PDF.

The untrusted documents never reach the browser: pages come as images made on the server, with the words laid over them. A
place in the file is a document's digest and its own page number, so that a link stays right when more documents come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from imr.case.digests import digest_of_bytes
from imr.errors import ImrError
from imr.law.terms import Role
from imr.records import completeness, phrases
from imr.records.model import Box, CaseFile, Document, FactKind, Page
from imr.web import access, actions, clock, reading
from imr.web.access import DocumentLine
from imr.web.papers import Paper
from imr.web.portals.correcting import Place, correct, may_correct

#: Hits of a search on one page of the list.
HITS = 50


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as it was sent, and how far its reading is."""

    line: DocumentLine
    reading: reading.Reading


@dataclass(frozen=True, slots=True)
class Drawn:
    """A word as the picture of the page places it: its text, left edge, baseline, width and height in points."""

    text: str
    x: float
    baseline: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Found:
    """A hit of a search, with its address."""

    page: int
    document: Document | None
    context: str
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the chronology: a document or a dated fact, with its address."""

    day: Any
    kind: str
    words: str
    page: int
    href: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The case file that this person may open: as sent, as read, the digests of what is read, and what was corrected."""

    sent: list[Sent]
    built: CaseFile
    digests: tuple[str, ...]
    corrections: access.Corrections

    @property
    def waiting(self) -> list[Sent]:
        """What is not read yet."""
        return [one for one in self.sent if not one.reading.done]


class CaseFilePages:
    """The pages of a case file in one portal."""

    def __init__(self, portal: Any) -> None:
        self.portal = portal

    def urls(self, guarded: Any) -> list[URLPattern]:
        """The addresses of the case file."""
        return [
            path("<str:number>/file/", guarded(self.index), name="file"),
            path("<str:number>/file/chronology/", guarded(self.chronology), name="chronology"),
            path("<str:number>/file/completeness/", guarded(self.completeness), name="completeness"),
            path("<str:number>/file/whole.pdf", guarded(self.whole), name="whole"),
            path("<str:number>/file/<str:digest>/<int:page>/", guarded(self.page), name="page"),
            path("<str:number>/file/<str:digest>/<int:page>/image/", guarded(self.image), name="page-image"),
            path("<str:number>/file/<str:digest>/<int:page>/notes/", guarded(self.note), name="note"),
            path("<str:number>/file/<str:digest>/<int:page>/correct/", guarded(self.correct), name="correct"),
        ]

    def _open(self, request: HttpRequest, number: str) -> Opened:
        """The documents as sent, and the case file of those that this person may open and that are read, as corrected."""
        sent = [Sent(line, reading.state(line.digest)) for line in access.file(request.user, number)]
        digests = tuple(one.line.digest for one in sent if one.reading.done and not one.reading.problem)
        corrections = access.corrections(request.user, number)
        return Opened(sent, reading.casefile(digests, corrections.stated), digests, corrections)

    def _context(self, request: HttpRequest, number: str, title: str) -> dict[str, Any]:
        door = self.portal.door
        crumbs = self.portal.crumbs(number, title)
        if title != "Case file":
            crumbs.insert(-1, ("Case file", self._href("file", number)))
        return {
            "portal": self.portal,
            "door": door,
            "number": number,
            "crumbs": crumbs,
            "q": request.GET.get("q", "").strip(),
        }

    def _href(self, name: str, number: str, page: Page | None = None, q: str = "") -> str:
        place = {"digest": page.file, "page": page.source_page} if page else {}
        href = reverse(f"{self.portal.name}:{name}", kwargs={"number": number, **place})
        return f"{href}?{urlencode({'q': q})}" if q else href

    # Pages

    def index(self, request: HttpRequest, number: str) -> HttpResponse:
        """The index of the case file: what was sent, the documents in it, and the hits of a search."""
        opened = self._open(request, number)
        built = opened.built
        context = self._context(request, number, "Case file")
        q, problem, found = context["q"], "", []
        if q:
            try:
                found = self._hits(built, number, q)
            except ImrError as error:
                problem = str(error)
        order, kind = request.GET.get("by", "place"), request.GET.get("kind", "")
        return render(
            request,
            "imr/file/index.html",
            context
            | {
                "sent": opened.sent,
                "waiting": opened.waiting,
                "may_correct": may_correct(self.portal, request, number),
                "noted": self._noted(request, number, opened),
                "refused": access.refused(request.user, number) if self._takes_in(request, number) else (),
                "bound": _bound(access.documents(request.user, number)),
                "rows": self._rows(built, number, order, kind),
                "kinds": sorted({document.kind.value for document in built.documents}),
                "kind": kind,
                "by": order,
                "pages": len(built.pages),
                "hits": Paginator(found, HITS).get_page(request.GET.get("page")),
                "total": len(found),
                "problem": problem,
            },
        )

    def _takes_in(self, request: HttpRequest, number: str) -> bool:
        return bool(
            {Role.INTAKE, Role.COORDINATOR} & set(self.portal.door.roles) & set(access.roles_in(request.user, number))
        )

    def _noted(self, request: HttpRequest, number: str, opened: Opened) -> list[tuple[int, access.NoteLine, str]]:
        """The notes of this reviewer in the order of the pages, each with its page and address."""
        if not access.may_note(request.user, number):
            return []
        placed = [
            (_place(opened.built, opened.digests, note.digest, note.page), note)
            for note in access.notes(request.user, number)
            if note.digest in opened.digests
        ]
        placed.sort(key=lambda one: one[0])
        return [(at + 1, note, self._href("page", number, opened.built.pages[at])) for at, note in placed]

    def _hits(self, built: CaseFile, number: str, q: str) -> list[Found]:
        return [
            Found(
                hit.page,
                built.document_on(hit.page),
                hit.context,
                self._href("page", number, built.pages[hit.page - 1], q),
            )
            for hit in phrases.search(built, q)
        ]

    def _rows(self, built: CaseFile, number: str, order: str, kind: str) -> list[tuple[Document, str, str]]:
        documents: Sequence[Document] = [one for one in built.documents if not kind or one.kind.value == kind]
        if order == "date":
            documents = sorted(documents, key=lambda one: (one.dated_on is None, one.dated_on or 0, one.first))
        elif order == "kind":
            documents = sorted(documents, key=lambda one: (one.kind.value, one.first))
        elif order == "author":
            documents = sorted(documents, key=lambda one: (one.author is None, one.author or "", one.first))
        firsts = [(one, built.pages[one.first - 1]) for one in documents]
        return [(one, self._href("page", number, at), self._href("correct", number, at)) for one, at in firsts]

    def page(self, request: HttpRequest, number: str, digest: str, page: int) -> HttpResponse:
        """One page of the case file, with its words laid over it and the hits of a search marked."""
        opened = self._open(request, number)
        built = opened.built
        at = _place(built, opened.digests, digest, page)
        shown = built.pages[at]
        context = self._context(request, number, f"Page {shown.number}")
        q = context["q"]
        marked: list[Box] = []
        pages_hit: list[int] = []
        if q:
            hits = phrases.search(built, q)
            marked = [box for hit in hits if hit.page == shown.number for box in hit.boxes]
            pages_hit = sorted({hit.page for hit in hits})
        else:
            hits = ()
        document = built.document_on(shown.number)
        facts = [fact for fact in built.facts if fact.page == shown.number and fact.kind is not FactKind.BODY_PART]

        def href(other: int | None) -> str:
            return self._href("page", number, built.pages[other], q) if other is not None else ""

        following = next((n for n in pages_hit if n > shown.number), None)
        preceding = next((n for n in reversed(pages_hit) if n < shown.number), None)
        return render(
            request,
            "imr/file/page.html",
            context
            | {
                "page": shown,
                "pages": len(built.pages),
                "document": document,
                "may_correct": may_correct(self.portal, request, number),
                "correct_href": self._href("correct", number, shown),
                "note_href": self._href("note", number, shown) if access.may_note(request.user, number) else "",
                "notes": _notes(request, number, shown),
                "words": _drawn(shown),
                "marked": [(box, box.right - box.left, box.bottom - box.top) for box in marked],
                "hits": len(hits),
                "facts": facts,
                "image": "" if reading.is_typed(shown.file) else self._href("page-image", number, shown),
                "before": href(at - 1 if at else None),
                "after": href(at + 1 if at + 1 < len(built.pages) else None),
                "hit_before": href(preceding - 1 if preceding else None),
                "hit_after": href(following - 1 if following else None),
                "rows": [(one, self._href("page", number, built.pages[one.first - 1], q)) for one in built.documents],
            },
        )

    def image(self, request: HttpRequest, number: str, digest: str, page: int) -> HttpResponse:
        """A page as a picture."""
        opened = self._open(request, number)
        _place(opened.built, opened.digests, digest, page)
        answer = HttpResponse(reading.image(digest, page), content_type="image/webp")
        answer["Cache-Control"] = "private, max-age=3600"
        return answer

    def note(self, request: HttpRequest, number: str, digest: str, page: int) -> HttpResponse:
        """Keep or remove the reviewer's own note on a page, and go back to the page."""
        opened = self._open(request, number)
        shown = opened.built.pages[_place(opened.built, opened.digests, digest, page)]
        if request.method != "POST":
            return redirect(self._href("page", number, shown))
        removed = request.POST.get("remove", "")
        if removed.isdecimal() and len(removed) < 12:
            actions.remove_note(request.user, number, int(removed))
        else:
            actions.note(request.user, number, digest, page, request.POST.get("text", ""))
        return redirect(f"{self._href('page', number, shown)}#notes")

    def correct(self, request: HttpRequest, number: str, digest: str, page: int) -> HttpResponse:
        """A document of the index named anew, parted or joined, by who may."""
        opened = self._open(request, number)
        at = _place(opened.built, opened.digests, digest, page)
        document = opened.built.document_on(at + 1)
        if document is None:
            raise Http404
        context = self._context(request, number, "Correct the index") | {
            "may_correct": may_correct(self.portal, request, number),
            "history": opened.corrections.history,
            "here_href": self._href("page", number, opened.built.pages[at]),
        }
        return correct(request, number, Place(document, digest, at + 1 - page), opened.built, context)

    def chronology(self, request: HttpRequest, number: str) -> HttpResponse:
        """Every document and every dated fact of the case file in the order of its days."""
        built = self._open(request, number).built
        kind, part = request.GET.get("kind", ""), request.GET.get("part", "")
        parts: dict[str, set[str]] = {}
        for fact in built.facts:
            if fact.kind is FactKind.BODY_PART:
                parts.setdefault(fact.value, set()).add(fact.document)
        wanted = parts.get(part) if part else None
        entries = [
            Entry(
                one.dated_on,
                one.kind.value,
                _title(one),
                one.first,
                self._href("page", number, built.pages[one.first - 1]),
            )
            for one in built.documents
            if one.dated_on and not one.duplicate_of and (wanted is None or one.id in wanted)
        ]
        seen: set[tuple[Any, ...]] = set()
        for fact in built.facts:
            key = (fact.kind, fact.value, fact.dated_on)
            if fact.kind is FactKind.BODY_PART or fact.dated_on is None or key in seen:
                continue
            if wanted is not None and fact.document not in wanted:
                continue
            seen.add(key)
            href = self._href("page", number, built.pages[fact.page - 1], fact.words)
            entries.append(Entry(fact.dated_on, fact.kind.value, fact.value, fact.page, href))
        shown = sorted((one for one in entries if not kind or one.kind == kind), key=lambda one: (one.day, one.page))
        return render(
            request,
            "imr/file/chronology.html",
            self._context(request, number, "Chronology")
            | {
                "dated": shown,
                "kinds": sorted({one.kind for one in entries}),
                "kind": kind,
                "parts": sorted(parts),
                "part": part,
            },
        )

    def completeness(self, request: HttpRequest, number: str) -> HttpResponse:
        """What the law expects of the case file, what came, and what it lacks."""
        view = access.case(request.user, number)
        opened = self._open(request, number)
        today = clock.today()
        told = completeness.of(opened.built, view.case.owed(today), today)
        return render(
            request,
            "imr/file/completeness.html",
            self._context(request, number, "Completeness") | {"told": told, "waiting": opened.waiting, "today": today},
        )

    def whole(self, request: HttpRequest, number: str) -> HttpResponse:
        """The case file as one PDF, with its digest: as it was bound, where this person may open all of that."""
        kept = access.bound(request.user, number)
        if kept is not None:
            return _pdf(kept.data, digest_of_bytes(kept.data), number)
        opened = self._open(request, number)
        if not opened.digests:
            raise Http404
        made = reading.whole(opened.digests, number, opened.corrections.stated)
        return _pdf(made.pdf, made.digest, number)


def _notes(request: HttpRequest, number: str, page: Page) -> list[access.NoteLine]:
    """The notes of this reviewer on a page; none for anybody else."""
    if not access.may_note(request.user, number):
        return []
    return [note for note in access.notes(request.user, number, page.file) if note.page == page.source_page]


def _bound(documents: Sequence[DocumentLine]) -> DocumentLine | None:
    """The case file as it was last bound, where this person may open it."""
    return next((line for line in reversed(documents) if line.kind == Paper.CASE_FILE.value), None)


def _pdf(data: bytes, digest: str, number: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{number}-case-file.pdf"',
            "X-Digest-SHA-256": digest,
        },
    )


def _place(built: CaseFile, digests: tuple[str, ...], digest: str, page: int) -> int:
    """Where a page of a document stands in the case file, counted from 0. Http404 where it is not in it."""
    before = 0
    for one in digests:
        count = reading.state(one).pages
        if one == digest and 1 <= page <= count and before + page <= len(built.pages):
            return before + page - 1
        before += count
    raise Http404


def _title(document: Document) -> str:
    return ", ".join(filter(None, (document.title, document.author)))


def _drawn(page: Page) -> list[Drawn]:
    """The words of a page as they are laid over its picture; a space behind each, so that copying gives words."""
    drawn = []
    for word in page.words:
        box = word.box
        width, height = max(1.0, box.right - box.left), max(1.0, box.bottom - box.top)
        drawn.append(Drawn(word.text, box.left, box.bottom - 0.22 * height, width, height))
    return drawn
