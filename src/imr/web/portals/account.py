"""Pages of a person's own account: the ones of the sign-in library that are offered here, by name, and our own.

The library has more. Each of its addresses that is not listed here is answered with 404, since it would let people do to their
accounts what the review organization does: make one, or change its address (docs/decisions/0014-accounts.md).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from allauth.account import urls as account_urls
from allauth.mfa import urls as second_factor_urls
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from imr.errors import Refused
from imr.web import access, actions
from imr.web.access import AuditAction
from imr.web.platform import known_devices, session_limits
from imr.web.platform.formatting import capitalized

#: The pages of the library that are offered, by their names.
OFFERED = frozenset(
    {
        "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
        "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
        "account_reset_password_from_key_done", "account_confirm_email", "mfa_index", "mfa_authenticate",
        "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
    }
)  # fmt: skip


def not_offered(request: HttpRequest, **_: str) -> NoReturn:  # noqa: ARG001 - Django's signature
    """Answer 404 at an address of the library whose name it needs, and that is not offered."""
    raise Http404


def offered(entries: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    """Return the addresses of the library, with `not_offered` behind each one that is not listed."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield URLResolver(entry.pattern, [*offered(entry.url_patterns)], entry.default_kwargs)
        elif entry.name in OFFERED:
            yield entry
        else:
            yield URLPattern(entry.pattern, not_offered, entry.default_args, entry.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A session in which a person is signed in: where, since when, and when something was last done in it, to the minute."""

    id: int
    device: str
    address: str
    since: datetime
    last_seen: datetime
    here: bool


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Show where a person is signed in, with the ways to change their password and second factor; sign them out elsewhere."""
    sessions = UserSession.objects.purge_and_list(access.person(request.user))
    if request.method == "POST":
        asked = request.POST.get("session", "")
        ended = [one for one in sessions if not _is_here(request, one) and asked in ("others", str(one.pk))]
        for one in ended:
            one.end()
        if ended:
            access.log_account(request.user, AuditAction.ACCOUNT, f"signed out of {len(ended)} other sessions")
        text = ngettext("Signed out on {n} other device.", "Signed out on {n} other devices.", len(ended))
        messages.success(request, text.format(n=len(ended)) if ended else _("Nobody was signed in elsewhere any more."))
        return redirect("account")
    lines = [
        SessionLine(
            id=one.pk,
            device=known_devices.describe(one.user_agent),
            address=one.ip,
            since=one.created_at,
            last_seen=one.last_seen_at,
            here=_is_here(request, one),
        )
        for one in sessions
    ]
    lines.sort(key=lambda line: (not line.here, line.last_seen, line.id))
    return render(request, "imr/account/overview.html", {"lines": lines, "idle": settings.IDLE_SECONDS // 60})


def _is_here(request: HttpRequest, session: UserSession) -> bool:
    return bool(session.session_key == request.session.session_key)


@require_http_methods(["GET", "POST"])
def session_status(request: HttpRequest) -> JsonResponse:
    """Return to a page how long its session still lasts if nothing is done, and whether it ends then whatever is done.

    What is posted here says that somebody is there. The page sends the mark of the person for whom it was made: `same` says whether
    that person is signed in now.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"left": 0})
    status = {
        "left": session_limits.seconds_left(request.session),
        "final": session_limits.is_final(request.session),
        "person": known_devices.mark(request.user),
        "same": known_devices.is_mark_of(request.GET.get("mark", ""), request.user),
        "token": get_token(request),
    }
    return JsonResponse(status, headers={"Cache-Control": "no-store, private"})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Take the code of an invitation to a case, and open the case to whoever was invited."""
    problem = ""
    if request.method == "POST":
        try:
            number = actions.accept_invitation(request.user, request.POST.get("code", "")[:100])
        except Refused as refused:
            problem = f"{capitalized(str(refused))}."
        else:
            messages.success(request, _("You are a party of case {number} now.").format(number=number))
            return redirect("cases:case", number=number)
    return render(request, "imr/account/invitation.html", {"problem": problem}, status=409 if problem else 200)


urlpatterns = [
    path("invitation/", invitation, name="account_invitation"),
    path("", overview, name="account"),
    path("session/", session_status, name="account_session"),
    *offered(account_urls.urlpatterns),
    path("2fa/", include([*offered(second_factor_urls.urlpatterns)])),
]
