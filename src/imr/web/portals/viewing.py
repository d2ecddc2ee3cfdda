"""Looking at a document page by page: no foreign file reaches a browser, or the process of the site.

Pictures and text of a page are made by confined children.
"""

import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from imr.errors import ImrError, Unreadable
from imr.records.confined import read
from imr.web import access
from imr.web.documents import LIMITS, PDF, PICTURES

#: The width of the picture of a page, in points of a screen.
WIDTH = 1000
_NUMBER = re.compile("[0-9]{1,6}")


def page(portal: Any, request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """One page of a document: its picture, and its text for whoever does not see pictures."""
    line = _line(request, number, digest)
    wanted = request.GET.get("page", "1")
    at = int(wanted) if _NUMBER.fullmatch(wanted) and 1 <= int(wanted) <= (line.pages or 1) else 1
    found = access.document(request.user, number, digest)
    text, problem = "", ""
    if found.media_type == PDF:
        try:
            text = str(_in_a_child("text", found.data, page=at)[0]["text"])
        except ImrError as error:
            problem = str(error)
    elif found.media_type not in PICTURES.values():
        text = found.data.decode("utf-8", "replace")
    context = {
        "crumbs": portal.crumbs(number, line.title),
        "door": portal.door,
        "number": number,
        "line": line,
        "at": at,
        "pictured": found.media_type in (PDF, *PICTURES.values()),
        "text": text,
        "problem": problem,
        "earlier": at - 1,
        "later": at + 1 if at < (line.pages or 1) else 0,
    }
    return render(request, "imr/case/document.html", context)


def picture(request: HttpRequest, number: str, digest: str, at: int) -> HttpResponse:
    """The picture of one page, made in a confined child of its own."""
    _line(request, number, digest)
    found = access.document(request.user, number, digest)
    if found.media_type not in (PDF, *PICTURES.values()):
        raise Http404
    try:
        image = _in_a_child("images", found.data, first=at, last=at, width=WIDTH)[1]
    except ImrError as error:
        raise Http404 from error
    return HttpResponse(image, content_type="image/webp")


def _in_a_child(task: str, data: bytes, **options: int) -> tuple[dict[str, Any], bytes]:
    """What a confined child makes of a file. Raises ImrError where it cannot, or where there is no such page."""
    with NamedTemporaryFile(prefix="imr-page-", suffix=".pdf") as file:
        file.write(data)
        file.flush()
        for frame in read(task, Path(file.name), limits=LIMITS, **options):
            return frame
    raise Unreadable("this document has no such page")


def _line(request: HttpRequest, number: str, digest: str) -> Any:
    line = next((each for each in access.documents(request.user, number) if each.digest == digest), None)
    if line is None:
        raise Http404
    return line
