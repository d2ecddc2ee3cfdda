"""The reviewer's own page about signing keys: register a passkey, read its fingerprint to the office, end it when it is lost."""

from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from imr import passkeys
from imr.errors import Refused, Unreadable
from imr.web import access
from imr.web.actions import signing_keys
from imr.web.platform import clock
from imr.web.platform.authentication import SecondFactorExpired
from imr.web.portals.case_pages.portal import Portal

#: Where a session keeps the number that a registration signs.
_NONCE = "signing-key-nonce"
_LOCAL = "localhost"


def host_of(request: HttpRequest) -> str:
    """Return the host name for which a passkey is made on this page."""
    if settings.HTTPS:
        return str(urlsplit(settings.SITE).hostname)
    return str(urlsplit(f"//{request.get_host()}").hostname)


def signing_key_page(portal: Portal, request: HttpRequest) -> HttpResponse:
    """Show the reviewer's signing keys; register or end one when the form is sent."""
    problem = ""
    if request.method == "POST":
        try:
            return _changed(request)
        except SecondFactorExpired:
            messages.info(request, "Confirm with your second factor, then try again.")
            return redirect(f"{reverse('mfa_reauthenticate')}?next={request.path}")
        except (Refused, Unreadable) as error:
            problem = str(error)
    keys = access.own_signing_keys(request.user)
    nonce = request.session[_NONCE] = signing_keys.new_nonce()
    person = access.person(request.user)
    host = host_of(request)
    shown = {
        "portal_info": portal.info,
        "crumbs": portal.crumbs(title="My signing key"),
        "keys": list(reversed(keys)),
        "now": clock.now(),
        "problem": problem,
        "signs": any(key.may_sign(clock.now()) for key in keys),
        "waits": any(key.waits for key in keys),
        "nonce": nonce,
        "host": host,
        "name": person.email,
        "handle": passkeys.encoded(sha256(f"signing key {person.pk} {nonce}".encode()).digest()),
        "organization": settings.ORGANIZATION,
        "algorithms": ",".join(map(str, passkeys.ALGORITHMS)),
        "known": ",".join(key.credential for key in keys),
        "elsewhere": _elsewhere(request, host),
    }
    return render(request, "imr/reviewer/signing_key.html", shown, status=409 if problem else 200)


def _elsewhere(request: HttpRequest, host: str) -> str:
    """Return the address where passkeys work, if they do not at this one: browsers make none for a numeric address."""
    if host.replace(".", "").isdigit() or ":" in host:
        port = urlsplit(f"//{request.get_host()}").port
        return f"{request.scheme}://{_LOCAL}{f':{port}' if port else ''}{request.path}"
    return ""


def _changed(request: HttpRequest) -> HttpResponse:
    """Register a passkey, or end a key, as the form says."""
    if "end" in request.POST:
        person = access.person(request.user)
        key, reason = request.POST["end"], request.POST.get("reason", "")
        signing_keys.end(request.user, str(person.reviewer_id), key, reason)
        messages.success(request, "The key has ended. What it signed stays signed.")
    else:
        nonce = request.session.get(_NONCE, "")
        sent = {name: request.POST.get(name, "") for name in ("public_key", "answer")}
        signing_keys.register(request.user, nonce, host_of(request), sent)
        request.session.pop(_NONCE, None)
        messages.success(request, "The passkey is registered. Call the review organization, which confirms it.")
    return redirect("reviewer:signing-key")
