"""What every request passes: the limit of its size, the second factor, and the page of a refusal."""

import logging
from collections.abc import Callable, Iterator
from http import HTTPStatus

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from imr.errors import Damaged, ImrError, NotInForce, Refused, SetupError, Unavailable, Unreadable
from imr.web import access
from imr.web.access import AuditAction, Withdrawn
from imr.web.platform import error_messages, request_origin, session_limits
from imr.web.platform.authentication import needs_second_factor, second_factor
from imr.web.platform.database import timed_out
from imr.web.platform.hanging_up import hang_up
from imr.web.platform.storage import StorageUnreachable, WrongStore
from imr.web.portals.base.session_ended import is_script, typed
from imr.web.store import installation

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]


def limit_request_size(answer: Answer) -> Callable[[HttpRequest], HttpResponseBase]:
    """Refuse a request that is too large before any of it is read."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return _refusal(request, 400, "Not understood", "The request does not give its length. Try again.")
        if length <= settings.UPLOAD_LIMIT:
            return answer(request)
        refused = _refusal(
            request,
            413,
            "Too large",
            f"What you sent has {length / 1e6:.0f} MB; at most {settings.UPLOAD_LIMIT / 1e6:.0f} MB can be sent at a "
            "time. Send the documents one by one, or split the file. Nothing was kept of it.",
        )
        return _then_hang_up(request, refused)

    return middleware


def _then_hang_up(request: HttpRequest, refused: HttpResponse) -> StreamingHttpResponse:
    """Answer before the body is read, then have the connection ended (`platform.hanging_up`)."""

    def parts() -> Iterator[bytes]:
        yield refused.content
        connection = request.META.get("gunicorn.socket")
        if connection is None:  # a server of tests or of development, which ends the connection itself
            return
        hang_up(connection)

    return StreamingHttpResponse(
        parts(),
        status=refused.status_code,
        headers={"Content-Type": refused["Content-Type"], "Content-Length": str(len(refused.content))},
    )


#: The pages that the organization may let search engines list.
_FOR_ROBOTS = {"public:determinations", "public:determination", "public:json", "public:pdf", "corpus:letter"}


def tell_robots(answer: Answer) -> Answer:
    """Ask search engines to list nothing, or published determinations alone where the organization allows it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        found = request.resolver_match
        listed = settings.PUBLISHED_INDEXED and found is not None and found.view_name in _FOR_ROBOTS
        if not listed or response.status_code != HTTPStatus.OK:
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return middleware


def require_second_factor(answer: Answer) -> Answer:
    """Send the review organization's people to set up their second factor before anything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user
        if not person.is_authenticated:
            return answer(request)
        person.second_factor = second_factor(request)
        if needs_second_factor(person) and not is_mfa_enabled(person) and not _is_open(request.path):
            if request.path.startswith("/api/"):
                return _refusal(request, 403, "Second factor", "Set up a second factor for this account first.")
            messages.info(request, "Your account needs a second factor. Set it up now; it takes a minute.")
            return redirect("mfa_activate_totp")
        return answer(request)

    return middleware


#: Why a session has ended.
_IDLE = "nothing was done here for a while"
_LONGEST = "you were signed in for as long as one sign-in lasts"


def end_idle_sessions(answer: Answer) -> Answer:
    """End the session of somebody who has done nothing for a while, and one that has lasted its longest; count this request as activity.

    What a page asks of its session without anybody doing anything is no activity. What was typed comes back to whoever sent it
    (`session_ended`).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if not session_limits.seconds_left(request.session):
                why = _LONGEST if session_limits.is_final(request.session) else _IDLE
                logout(request)
                if not is_script(request) and not request.path.startswith("/api/"):
                    messages.info(request, f"You are signed out: {why}. Sign in to go on.")
            elif not _asks_for_time(request) and not session_limits.keep_alive(request.session):
                logout(request)  # from another device, a moment ago
        return answer(request)

    return middleware


def _asks_for_time(request: HttpRequest) -> bool:
    return request.method == "GET" and request.path == reverse("account_session")


def log_requests(answer: Answer) -> Answer:
    """Remember where a request comes from, and log what is no look: exports, refusals, and pages of the administration."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with request_origin.of(request):
            response = answer(request)
            if (found := request.resolver_match) is not None and request.user.is_authenticated:
                action = _logged_as(request, response)
                if action is not None:
                    access.log_request(
                        request.user,
                        action,
                        case=str(found.kwargs.get("number", "")),
                        thing=found.view_name or "",
                        digest=str(found.kwargs.get("digest", "")),
                        detail=f"{request.method} {request.get_full_path()}",
                    )
        return response

    return middleware


def _logged_as(request: HttpRequest, response: HttpResponse) -> AuditAction | None:
    """Return what an answer is logged as; None for a page that logs its looks itself."""
    if response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return AuditAction.REFUSED
    if request.path.startswith(reverse("administration:index")):
        return AuditAction.ADMINISTRATION
    if response.status_code == HTTPStatus.OK and response.get("Content-Disposition", "").startswith("attachment"):
        return AuditAction.EXPORT
    return None


def keep_out_of_caches(answer: Answer) -> Answer:
    """Keep pages and data for people who have signed in out of every cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware


def _is_open(path: str) -> bool:
    """Return what an account without its second factor may open: setting it up, and signing out."""
    return path.startswith((reverse("mfa_index"), reverse("account_reauthenticate"))) or path in {
        reverse("account_logout"),
        reverse("account_login"),
        reverse("account_session"),
    }


_TOOK_TOO_LONG = "This took too long, perhaps because somebody else is changing the same case. Nothing of it was kept. Wait a minute, then try again."


def _cause(exception: Exception) -> Exception:
    """Return what the person is shown in place of what was raised."""
    if isinstance(exception, Damaged) and (problem := installation.problem()):
        return WrongStore(problem)  # nothing is damaged: the documents are elsewhere
    return Unavailable(_TOOK_TOO_LONG) if timed_out(exception) else exception


class RefusalPages:
    """Shows an error of this system as a page, or as JSON under /api/: what is wrong, why, and what to do."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; Django calls `process_exception` where it fails."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of an ImrError; None leaves all other errors to Django."""
        sent = typed(request)
        exception = _cause(exception)
        if isinstance(exception, Withdrawn):
            return _tombstone(request, exception)
        if isinstance(exception, Refused):
            findings = [str(finding) for finding in exception.findings]
            return _refusal(request, 409, "Not possible", str(exception), findings, typed=sent)
        if isinstance(exception, StorageUnreachable | Unavailable):
            return _refusal(request, 503, "Not now", str(exception), typed=sent)
        if isinstance(exception, NotInForce | Unreadable):
            return _refusal(request, 400, "Not possible", str(exception), typed=sent)
        if isinstance(exception, ImrError):
            message = error_messages.message(exception, request.user)
            if error_messages.is_general(exception, request.user):
                logger.error("%s: %s", request.path, exception)
            if isinstance(exception, Damaged | SetupError) or message == error_messages.SETUP:
                return _refusal(request, 503, "Not now", message, typed=sent)
            return _refusal(request, 400, "Not possible", message, typed=sent)
        if isinstance(
            exception, DataError
        ):  # a character or a length that no column takes; the transaction was rolled back
            message = "Something that you sent contains a character that cannot be stored, or is too long. Remove the character "
            return _refusal(
                request,
                400,
                "Not possible",
                message + "or shorten the text, then send it again. Nothing was kept.",
                typed=sent,
            )
        if request.path.startswith("/api/") and isinstance(exception, Http404):
            return _refusal(request, 404, "Not found", "There is no such thing, or it is not yours to see.")
        if request.path.startswith("/api/") and isinstance(exception, PermissionDenied):
            return _refusal(request, 403, "Not allowed", "Your account does not allow this.")
        return None


def _tombstone(request: HttpRequest, gone: Withdrawn) -> HttpResponse:
    """Show what remains of a publication that was withdrawn."""
    if request.path.startswith("/api/") or request.path.endswith(".json"):
        return JsonResponse(gone.data(), status=HTTPStatus.GONE)
    context = {"number": gone.number, "tombstone": gone.tombstone}
    return render(request, "imr/public/withdrawn.html", context, status=HTTPStatus.GONE)


def _refusal(
    request: HttpRequest,
    status: int,
    title: str,
    message: str,
    findings: list[str] | None = None,
    typed: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    context = {"title": title, "message": message, "findings": findings or []}
    if request.path.startswith("/api/"):
        return JsonResponse(context, status=status)
    return render(request, "refused.html", {**context, "typed": typed or []}, status=status)
