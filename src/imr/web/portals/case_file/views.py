"""The case file on the site: its index, its pages one by one, its chronology, what is missing, and all of it as one PDF.

The untrusted documents never reach the browser: pages come as images rendered on the server, with the words as a layer over
them. A place in the file is a document's digest and its own page number, so that a link stays right when more documents come.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from imr.case.digests import digest_of_bytes
from imr.case.document_types import DocumentType
from imr.errors import ImrError
from imr.law.roles import EVERY_CASE, STAFF
from imr.law.terms import Role
from imr.records import completeness, text_search
from imr.records.model import Document, Fact, FactKind, Page
from imr.web import access, actions
from imr.web.access import CaseAccess, DocumentLine
from imr.web.case_files import ingestion, page_images
from imr.web.platform import clock
from imr.web.platform.formatting import only_day
from imr.web.portals.base.case_portal import CasePortal
from imr.web.portals.case_file import document_view
from imr.web.portals.case_file.case_file_view import ORDERS, CaseFileView, Hits, drawn
from imr.web.portals.case_file.consent import shown_consent
from imr.web.portals.case_file.correct_index import DocumentPlace, correct, may_correct

#: Hits of a search on one page of the list.
HITS = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A hit of a search, with its address."""

    page: int
    document: Document | None
    context: str
    href: str


@dataclass(frozen=True, slots=True)
class ChronologyRow:
    """A row of the chronology: a document or a dated fact, with its address."""

    day: date
    kind: str
    words: str
    page: int
    href: str


class CaseFilePages:
    """The pages of a case file in one portal."""

    def __init__(self, portal: CasePortal) -> None:
        self.portal = portal

    def pages(self) -> dict[str, Callable[..., HttpResponse]]:
        """Return the pages of the case file, by their names among the addresses of a case."""
        return {
            "file": self.index,
            "chronology": self.chronology,
            "completeness": self.completeness,
            "whole": self.whole,
            "page": self.page,
            "page-image": self.image,
            "note": self.note,
            "correct": self.correct,
        }

    def _context(self, request: HttpRequest, case_access: CaseAccess, title: str) -> dict[str, object]:
        crumbs = self.portal.crumbs(case_access.number, title)
        if title != "Case file":
            crumbs.insert(-1, ("Case file", self._href("file", case_access.number)))
        return {
            "portal": self.portal,
            "portal_info": self.portal.info,
            "number": case_access.number,
            "crumbs": crumbs,
            "q": _phrase(request),
        }

    def _href(self, name: str, number: str) -> str:
        return reverse(f"cases:{name}", kwargs={"number": number})

    # Pages

    def index(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Show the index of the case file: what was sent, the documents in it, and the hits of a search."""
        file = CaseFileView.of(case_access)
        built = file.built
        context = self._context(request, case_access, "Case file")
        q, problem = _phrase(request), ""
        found: Sequence[text_search.PhraseHit] = ()
        if q:
            try:
                found = file.found(q)
            except ImrError as error:
                problem = str(error)
        hits = Paginator(found, HITS).get_page(request.GET.get("page"))
        order, kind = request.GET.get("by", "place"), request.GET.get("kind", "")
        return render(
            request,
            "imr/file/index.html",
            context
            | {
                "sent": file.sent,
                "consent": shown_consent(file.index.consent, file.index.stage),
                "decides": bool(set(file.index.roles) & set(self.portal.info.roles) & set(EVERY_CASE)),
                "left_out": [one.line for one in file.sent if one.line.outside_consent],
                "waiting": file.waiting,
                "may_correct": may_correct(self.portal, file),
                "noted": self._noted(file),
                "refused": access.refused(file.case_access) if self._takes_in(file) else (),
                "bound": _bound(access.documents(file.case_access)),
                "rows": [
                    (
                        one,
                        file.href(one.first),
                        file.href(one.first, ending="correct/"),
                        _repeated(file, one),
                        file.is_left_out(one.first),
                    )
                    for one in file.documents(order, kind)
                ],
                "kinds": sorted({document.kind.value for document in built.documents}),
                "kind": kind,
                "by": order,
                "pages": len(built.pages),
                "hits": hits,
                "places": [_placed(file, hit, q) for hit in hits],
                "total": len(found),
                "problem": problem,
            },
        )

    def _takes_in(self, file: CaseFileView) -> bool:
        return bool(set(STAFF) & set(self.portal.info.roles) & set(file.index.roles))

    def _noted(self, file: CaseFileView) -> list[tuple[int, access.NoteLine, str]]:
        """Return the notes of this reviewer in the order of the pages, each with its page and address."""
        if Role.REVIEWER not in file.index.roles:
            return []
        placed = [
            (file.place(note.digest, note.page), note)
            for note in access.notes(file.case_access)
            if note.digest in file.digests
        ]
        placed.sort(key=lambda one: one[0])
        return [(at, note, file.href(at)) for at, note in placed]

    def page(self, request: HttpRequest, case_access: CaseAccess, digest: str, page: int) -> HttpResponse:
        """Show one page of the case file, with its words as a layer over it and the hits of a search marked."""
        file = CaseFileView.of(case_access)
        at = file.place(digest, page)
        built = file.built
        shown = built.pages[at - 1]
        typed = ingestion.is_typed(digest)
        if not typed:
            page_images.prefetch(digest, page, ingestion.ingestion_state(digest).pages)
        context = self._context(request, case_access, f"Page {at}")
        q, order = _phrase(request), request.GET.get("by", "place")
        hits = _searched(file, q)
        here = hits.on(at) if hits else ()
        document = built.document_on(at)
        total = len(built.pages)

        def href(other: int | None) -> str:
            return file.href(other, q) if other is not None and 1 <= other <= total else ""

        return render(
            request,
            "imr/file/page.html",
            context
            | {
                "page": shown,
                "pages": total,
                "document": document,
                "left_out": file.is_left_out(at),
                "may_correct": may_correct(self.portal, file),
                "correct_href": file.href(at, ending="correct/"),
                "note_href": file.href(at, ending="notes/") if Role.REVIEWER in file.index.roles else "",
                "notes": _notes(file, shown),
                "drawn": drawn(shown, [box for hit in here for box in hit.boxes]),
                "here": len(here),
                "twins": file.twins(at),
                "hits": len(hits) if hits else 0,
                "facts": [(f, said_of(f)) for f in built.facts if f.page == at and f.kind is not FactKind.BODY_PART],
                "image": "" if typed else file.href(at, ending="image/"),
                "before": href(at - 1),
                "after": href(at + 1),
                "after_image": "" if at == total else file.href(at + 1, ending="image/"),
                "hit_before": href(hits.before(at) if hits else None),
                "hit_after": href(hits.after(at) if hits else None),
                "aside": file.aside(order, document, q),
                "orders": ORDERS,
                "by": order,
            },
        )

    def image(self, _request: HttpRequest, case_access: CaseAccess, digest: str, page: int) -> HttpResponse:
        """Send a page as an image."""
        access.record(case_access, digest)
        return document_view.picture_of(digest, page)

    def note(self, request: HttpRequest, case_access: CaseAccess, digest: str, page: int) -> HttpResponse:
        """Save or delete the reviewer's own note on a page, and go back to the page."""
        file = CaseFileView.of(case_access)
        here = file.href(file.place(digest, page))
        if request.method != "POST":
            return redirect(here)
        removed = request.POST.get("remove", "")
        if removed.isdecimal() and len(removed) < 12:
            actions.remove_note(request.user, case_access.number, int(removed))
        else:
            actions.note(request.user, case_access.number, digest, page, request.POST.get("text", ""))
        return redirect(f"{here}#notes")

    def correct(self, request: HttpRequest, case_access: CaseAccess, digest: str, page: int) -> HttpResponse:
        """Show the page on which a document of the index is renamed, split or merged, to those who may."""
        file = CaseFileView.of(case_access)
        at = file.place(digest, page)
        document = file.built.document_on(at)
        if document is None:
            raise Http404
        context = self._context(request, case_access, "Correct the index") | {
            "may_correct": may_correct(self.portal, file),
            "here_href": file.href(at),
        }
        return correct(request, DocumentPlace(document, digest, at - page), file, context)

    def chronology(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Show every document and every dated fact of the case file in the order of their days."""
        file = CaseFileView.of(case_access)
        built = file.built
        kind, part = request.GET.get("kind", ""), request.GET.get("part", "")
        parts: dict[str, set[str]] = {}
        for fact in built.facts:
            if fact.kind is FactKind.BODY_PART:
                parts.setdefault(fact.value, set()).add(fact.document)
        wanted = parts.get(part) if part else None
        entries = [
            ChronologyRow(
                one.dated_on,
                one.kind.value,
                _title(one),
                one.first,
                file.href(one.first),
            )
            for one in built.documents
            if one.dated_on and not one.duplicate_of and (wanted is None or one.id in wanted)
        ]
        seen: set[tuple[FactKind, str, date]] = set()
        for fact in built.facts:
            if fact.kind is FactKind.BODY_PART or fact.dated_on is None:
                continue
            key = (fact.kind, fact.value, fact.dated_on)
            if key in seen or (wanted is not None and fact.document not in wanted):
                continue
            seen.add(key)
            href = file.href(fact.page, fact.words)
            entries.append(ChronologyRow(fact.dated_on, fact.kind.value, said_of(fact), fact.page, href))
        shown = sorted((one for one in entries if not kind or one.kind == kind), key=lambda one: (one.day, one.page))
        return render(
            request,
            "imr/file/chronology.html",
            self._context(request, case_access, "Chronology")
            | {
                "dated": shown,
                "waiting": file.waiting,
                "kinds": sorted({one.kind for one in entries}),
                "kind": kind,
                "parts": sorted(parts),
                "part": part,
            },
        )

    def completeness(self, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Show what the law expects of the case file, what came, and what is missing."""
        file = CaseFileView.of(case_access)
        today = clock.today()
        owed, release = access.owed(file.case_access, today)
        report = completeness.check(file.built, owed, release, today)
        return render(
            request,
            "imr/file/completeness.html",
            self._context(request, case_access, "Completeness")
            | {"report": report, "waiting": file.waiting, "today": today},
        )

    def whole(self, _request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
        """Send the case file as one PDF, with its digest: the bundle, where this person may open all of it."""
        kept = access.bound(case_access)
        if kept is not None:
            return _pdf(kept.data, digest_of_bytes(kept.data), case_access.number)
        file = CaseFileView.of(case_access)
        if not file.digests:
            raise Http404
        made = ingestion.case_file_pdf(file.digests, case_access.number, file.index.stated)
        return _pdf(made.pdf, made.digest, case_access.number)


def _phrase(request: HttpRequest) -> str:
    """Return what is searched for in the case file."""
    return request.GET.get("q", "").strip()


def _repeated(file: CaseFileView, document: Document) -> list[tuple[int, str, int, str]]:
    """Return the pages of a document that came before, each with the page that it repeats, and their addresses."""
    return [(page, file.href(page), old, file.href(old)) for page, old in file.repeated(document)]


def said_of(fact: Fact) -> str:
    """Return what a fact says, with days in the format of the site."""
    if fact.kind in (FactKind.INJURED_ON, FactKind.BORN_ON):
        with contextlib.suppress(ValueError):
            return only_day(date.fromisoformat(fact.value))
    return fact.value


def _placed(file: CaseFileView, hit: text_search.PhraseHit, q: str) -> Found:
    return Found(hit.page, file.built.document_on(hit.page), hit.context, file.href(hit.page, q))


def _searched(file: CaseFileView, q: str) -> Hits | None:
    """Return the places of a phrase; none where there is nothing to search for."""
    with contextlib.suppress(ImrError):
        return file.found(q)
    return None


def _notes(file: CaseFileView, page: Page) -> list[access.NoteLine]:
    """Return the notes of this reviewer on a page; none for anybody else."""
    if Role.REVIEWER not in file.index.roles:
        return []
    return [note for note in access.notes(file.case_access, page.file) if note.page == page.source_page]


def _bound(documents: Sequence[DocumentLine]) -> DocumentLine | None:
    """Return the last bundle of the case file, where this person may open it."""
    return next((line for line in reversed(documents) if line.kind == DocumentType.CASE_FILE.value), None)


def _pdf(data: bytes, digest: str, number: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{number}-case-file.pdf"',
            "X-Digest-SHA-256": digest,
        },
    )


def _title(document: Document) -> str:
    return ", ".join(filter(None, (document.title, document.author)))
