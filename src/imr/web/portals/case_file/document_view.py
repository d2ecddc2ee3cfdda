"""Shows a document page by page: no untrusted file reaches a browser, or the process of the site.

Images and text of a page are made by sandboxed child processes.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from imr.case.document_types import DocumentType
from imr.errors import ImrError, Unreadable
from imr.law.terms import RecordKind
from imr.records.images import media_type
from imr.records.sandbox import run_task
from imr.web import access
from imr.web.access import CaseAccess, DocumentLine
from imr.web.case_files import ingestion, page_images
from imr.web.portals.base.case_portal import CasePortal
from imr.web.store.documents import LIMITS, PDF, PICTURES

_FILED = {DocumentType.UR_DECISION.value, DocumentType.CERTIFICATION.value, *(kind.value for kind in RecordKind)}
_NUMBER = re.compile("[0-9]{1,6}")


def page(portal: CasePortal, request: HttpRequest, case_access: CaseAccess, digest: str) -> HttpResponse:
    """Show one page of a document: its image, and its text for people who do not see images.

    A document of the case file that is read is shown there, with its words, its neighbors and the search.
    """
    number, line = case_access.number, _line(case_access, digest)
    now = ingestion.ingestion_state(digest)
    if line.kind in _FILED and now.done and not now.problem:
        return redirect(reverse("cases:page", kwargs={"number": number, "digest": digest, "page": 1}))
    wanted = request.GET.get("page", "1")
    at = int(wanted) if _NUMBER.fullmatch(wanted) and 1 <= int(wanted) <= (line.pages or 1) else 1
    found = access.document(case_access, digest)
    text, problem = "", ""
    if found.media_type == PDF:
        try:
            text = str(_in_a_child("text", found.data, page=at)[0]["text"])
        except ImrError as error:
            problem = str(error)
    elif found.media_type not in PICTURES.values():
        text = found.data.decode("utf-8", "replace")
    pictured = found.media_type in (PDF, *PICTURES.values())
    if pictured:
        page_images.prefetch(digest, at, line.pages or at)
    context = {
        "crumbs": portal.crumbs(number, line.title),
        "portal_info": portal.info,
        "number": number,
        "line": line,
        "at": at,
        "pictured": pictured,
        "text": text,
        "problem": problem,
        "earlier": at - 1,
        "later": at + 1 if at < (line.pages or 1) else 0,
    }
    return render(request, "imr/case/document.html", context)


def picture(case_access: CaseAccess, digest: str, at: int) -> HttpResponse:
    """Send the image of one page of a document; the view is logged."""
    found = access.document(case_access, digest)
    if found.media_type not in (PDF, *PICTURES.values()):
        raise Http404
    return picture_of(digest, at)


def picture_of(digest: str, at: int) -> HttpResponse:
    """Send a page as an image, rendered in a sandboxed child if it is not cached. Http404 where there is no such page."""
    try:
        image = page_images.page_image(digest, at)
    except ImrError as error:
        raise Http404 from error
    return HttpResponse(image, content_type=media_type(image), headers={"Cache-Control": "private, max-age=3600"})


def _in_a_child(task: str, data: bytes, **options: int) -> tuple[Mapping[str, object], bytes]:
    """Return what a sandboxed child makes of a file. Raises ImrError where it cannot, or where there is no such page."""
    with NamedTemporaryFile(prefix="imr-page-", suffix=".pdf") as file:
        file.write(data)
        file.flush()
        for frame in run_task(task, Path(file.name), limits=LIMITS, **options):
            return frame
    raise Unreadable("this document has no such page")


def _line(case_access: CaseAccess, digest: str) -> DocumentLine:
    line = next((each for each in access.documents(case_access) if each.digest == digest), None)
    if line is None:
        raise Http404
    return line
