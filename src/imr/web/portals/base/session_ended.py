"""Keeps what was typed when a session had ended: the answer shows it, and is not the sign-in page.

A form that is sent after the end of a session, or with the token of an earlier one, gets a page with what was sent: sign in in
another window, then send it again. A request of a script is answered with 401 or 403 and a sentence.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.views import csrf

Answer = Callable[[HttpRequest], HttpResponse]

SIGN_IN = "You are signed out: sign in again in another window. Nothing is lost on this page."
RELOAD = "This page was open too long, or you have signed in since: reload it."
#: Addresses whose forms hold passwords and codes: nothing of them is shown again.
_SECRET = ("/account/",)
#: A text at least this long was typed, and is shown, so that it can be copied too.
_TYPED = 20
#: Fields that a page sends itself: nobody typed them.
_SENT_ALONG = frozenset({"csrfmiddlewaretoken", "key", "confirmed", "signature", "answer", "public_key"})


def keep_what_was_typed(answer: Answer) -> Answer:
    """Return what was sent to its sender where the answer would be the sign-in page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.user.is_authenticated or not _asks_to_sign_in(response):
            return response
        if is_script(request):
            return HttpResponse(SIGN_IN, status=401, content_type="text/plain; charset=utf-8")
        if request.method == "POST" and not request.path.startswith(_SECRET):
            return resend_page(request, 401)
        return response

    return middleware


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form with the token of another session; a page of this site gets what it sent back, with a valid token."""
    if is_script(request):
        return HttpResponse(RELOAD, status=403, content_type="text/plain; charset=utf-8")
    if request.path.startswith((*_SECRET, "/api/")) or not _is_ours(request):
        return csrf.csrf_failure(request, reason)
    return resend_page(request, 403)


def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor in another window, and keep what was typed here meanwhile."""
    return resend_page(request, 403, confirm=True)


def is_script(request: HttpRequest) -> bool:
    """Return whether a script of a page sent the request and shows the answer in that page."""
    return any(request.headers.get(name) for name in ("HX-Request", "X-Requested-With", "Tus-Resumable"))


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the person typed into the form, with the name of each field: so that it can be copied."""
    if request.method != "POST" or request.path.startswith((*_SECRET, "/api/")):
        return []
    sent = ((name, value) for name, values in request.POST.lists() for value in values)
    shown = [(name, value) for name, value in sent if len(value) > _TYPED and name not in _SENT_ALONG]
    return [(name.replace("_", " ").replace("-", " "), value) for name, value in shown if "password" not in name]


def resend_page(request: HttpRequest, status: int, *, confirm: bool = False) -> HttpResponse:
    """Return the page that holds what was sent, to be sent again."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    context = {
        "sent": sent,
        "typed": typed(request),
        "files": [file.name for files in request.FILES.lists() for file in files[1]],
        "address": request.get_full_path(),
        "confirm": confirm,
        "sign_in": reverse("mfa_reauthenticate") if confirm else resolve_url(settings.LOGIN_URL),
    }
    response = render(request, "resend.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


def _asks_to_sign_in(response: HttpResponse) -> bool:
    address = response.headers.get("Location", "")
    return response.status_code == 302 and urlsplit(address).path == resolve_url(settings.LOGIN_URL)


def _is_ours(request: HttpRequest) -> bool:
    """Return whether a page of this site sent the form: the browser says so, and no other site can."""
    origin = request.headers.get("Origin", "")
    return origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
