"""The addresses of resumable uploads: the tus protocol over the rules of `actions.uploads`."""

import base64
import uuid
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import reverse
from django.utils.http import http_date

from imr.errors import ImrError, Refused
from imr.web.access import CaseAccess
from imr.web.actions import uploads

VERSION = "1.0.0"
#: The extensions of the protocol: begin an upload, learn how long it is kept, and delete it.
EXTENSIONS = "creation,expiration,termination"
_TYPE = "application/offset+octet-stream"
#: The protocol's own status codes.
_MISMATCH, _CONFLICT, _TOO_LARGE, _UNSUPPORTED, _OTHER_VERSION = 460, 409, 413, 415, 412

View = Callable[..., HttpResponse]


def _spoken(view: View) -> View:
    """Wrap a view in the protocol: its version with every answer, and refusals with its status codes, in a line of plain text."""

    @wraps(view)
    def spoken(request: HttpRequest, case_access: CaseAccess, **named: object) -> HttpResponse:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            answer = _said(_OTHER_VERSION, f"this address needs the protocol tus {VERSION}")
            answer["Tus-Version"] = VERSION
        else:
            try:
                answer = view(request, case_access, **named)
            except uploads.WrongOffset as error:
                answer = _said(_CONFLICT, str(error))
            except uploads.ChecksumMismatch as error:
                answer = _said(_MISMATCH, str(error))
            except Refused as error:
                answer = _said(_TOO_LARGE, str(error))
            except ImrError as error:
                answer = _said(400, str(error))
        answer["Tus-Resumable"] = VERSION
        answer["Cache-Control"] = "no-store"
        return answer

    return spoken


@_spoken
def _every(request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
    """Answer for the uploads of a case: what this site supports, or begin another one."""
    if request.method == "OPTIONS":
        return _able()
    return _begin(request, case_access) if request.method == "POST" else _not_allowed("OPTIONS, POST")


@_spoken
def _one(request: HttpRequest, case_access: CaseAccess, upload: uuid.UUID) -> HttpResponse:
    """Answer for one upload: how far it has come, one more piece, or its deletion."""
    does = {"HEAD": _told, "PATCH": _go_on, "DELETE": _drop}.get(request.method or "")
    return does(request, case_access, upload) if does else _not_allowed("HEAD, PATCH, DELETE")


#: The pages of the uploads of a case, by their names among the addresses of a case.
PAGES: dict[str, View] = {"uploads": _every, "upload": _one}


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _not_allowed(allowed: str) -> HttpResponse:
    answer = _said(405, f"this address accepts {allowed}")
    answer["Allow"] = allowed
    return answer


def _able() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["Tus-Version"] = VERSION
    answer["Tus-Extension"] = EXTENSIONS
    answer["Tus-Max-Size"] = str(settings.FILE_LIMIT)
    return answer


def _whole_number(text: str | None, what: str) -> int:
    if text is None or not text.isdecimal() or len(text) > 15:
        raise ImrError(f"say {what} as a whole number")
    return int(text)


def _begin(request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
    size = _whole_number(request.headers.get("Upload-Length"), "how long the file is (Upload-Length)")
    begun = uploads.begin_upload(request.user, case_access.number, size, request.headers.get("Upload-Metadata", ""))
    answer = _placed(begun, 201)
    answer["Location"] = reverse("cases:upload", kwargs={"number": case_access.number, "upload": begun.id})
    return answer


def _told(request: HttpRequest, case_access: CaseAccess, upload: uuid.UUID) -> HttpResponse:
    found = uploads.get_upload(request.user, case_access.number, upload)
    answer = _placed(found, 200)
    answer["Upload-Length"] = str(found.size)
    return answer


def _go_on(request: HttpRequest, case_access: CaseAccess, upload: uuid.UUID) -> HttpResponse:
    if request.content_type != _TYPE:
        return _said(_UNSUPPORTED, f"a piece is sent as {_TYPE}")
    offset = _whole_number(request.headers.get("Upload-Offset"), "where the piece begins (Upload-Offset)")
    if _whole_number(request.headers.get("Content-Length"), "how long the piece is") > uploads.PIECE:
        raise Refused(f"a piece has at most {uploads.PIECE} bytes")
    return _placed(uploads.append_piece(request.user, case_access.number, upload, offset, _piece(request)), 204)


def _piece(request: HttpRequest) -> bytes:
    """Return the bytes of a piece. Where the connection breaks, what came before is kept, so that less is sent again."""
    come = bytearray()
    try:
        while part := request.read(1 << 16):
            come += part
    except (UnreadablePostError, OSError):
        pass  # nobody receives the answer; the client asks how far the file has come
    return bytes(come)


def _drop(request: HttpRequest, case_access: CaseAccess, upload: uuid.UUID) -> HttpResponse:
    uploads.delete_upload(request.user, case_access.number, upload)
    return HttpResponse(status=204)


def _placed(found: uploads.ResumableUpload, status: int) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["Upload-Offset"] = str(found.offset)
    answer["Upload-Expires"] = http_date(found.until.timestamp())
    if found.digest:  # RFC 9530: what its sender confirms where no digest was sent with the file
        answer["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(found.digest)).decode()}:"
    return answer
