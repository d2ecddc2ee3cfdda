"""Looking at a document page by page: pictures and text are made on the server, so that no foreign file reaches a browser."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from imr.errors import ImrError, Unreadable
from imr.records.confined import read
from imr.records.pdf import page_texts
from imr.web import access
from imr.web.documents import PDF

#: The width of the picture of a page, in points of a screen.
WIDTH = 1000
_NUMBER = re.compile("[0-9]{1,6}")


def page(portal: Any, request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """One page of a document: its picture, and its text for whoever does not see pictures."""
    line = _line(request, number, digest)
    wanted = request.GET.get("page", "1")
    at = int(wanted) if _NUMBER.fullmatch(wanted) and 1 <= int(wanted) <= (line.pages or 1) else 1
    found = access.document(request.user, number, digest)
    problem = ""
    texts: tuple[str, ...] = ()
    if found.media_type == PDF:
        try:
            texts = page_texts(found.data)
        except Unreadable as error:
            problem = str(error)
    else:
        texts = (found.data.decode("utf-8", "replace"),)
    context = {
        "crumbs": portal.crumbs(number, line.title),
        "door": portal.door,
        "number": number,
        "line": line,
        "at": at,
        "pictured": found.media_type == PDF,
        "text": texts[at - 1] if at <= len(texts) else "",
        "problem": problem,
        "earlier": at - 1,
        "later": at + 1 if at < (line.pages or 1) else 0,
    }
    return render(request, "imr/case/document.html", context)


def picture(request: HttpRequest, number: str, digest: str, at: int) -> HttpResponse:
    """The picture of one page, made in a confined child of its own."""
    _line(request, number, digest)
    found = access.document(request.user, number, digest)
    if found.media_type != PDF:
        raise Http404
    with TemporaryDirectory(prefix="imr-page-") as folder:
        file = Path(folder) / "document.pdf"
        file.write_bytes(found.data)
        try:
            _, image = next(read("images", file, first=at, last=at, width=WIDTH))
        except (StopIteration, ImrError) as error:
            raise Http404 from error
    return HttpResponse(image, content_type="image/webp")


def _line(request: HttpRequest, number: str, digest: str) -> Any:
    line = next((each for each in access.documents(request.user, number) if each.digest == digest), None)
    if line is None:
        raise Http404
    return line
