"""Where the request under way comes from: the network address, the device and the session. Empty outside of a request."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class RequestOrigin:
    """The address that a request comes from, what its browser or program calls itself, and a part of the digest of its session."""

    address: str = ""
    device: str = ""
    session: str = ""


_NONE = RequestOrigin()
_REQUEST: ContextVar[HttpRequest | None] = ContextVar("request under way", default=None)


def current() -> RequestOrigin:
    """Return where the request under way comes from; empty where there is none, as in maintenance.

    The session is that of now: signing in gives the session another key while the request is answered.
    """
    request = _REQUEST.get()
    if request is None:
        return _NONE
    return RequestOrigin(
        address=client_address(request),
        device=_printable(request.META.get("HTTP_USER_AGENT", ""))[:200],
        session=_session(request.session.session_key),
    )


@contextmanager
def of(request: HttpRequest) -> Iterator[None]:
    """Remember this request while it is answered."""
    token = _REQUEST.set(request)
    try:
        yield
    finally:
        _REQUEST.reset(token)


def client_address(request: HttpRequest) -> str:
    """Return the network address of whoever sent a request, without a port; empty where none is known.

    Behind the one proxy of `IMR_BEHIND_PROXY` it is the last that `X-Forwarded-For` names, which the proxy wrote; the ones
    before it are what the client says.
    """
    if settings.BEHIND_PROXY:
        forwarded = _address(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2])
        if forwarded:
            return forwarded
    return _address(str(request.META.get("REMOTE_ADDR", "")))


def _address(text: str) -> str:
    """Return a network address in its usual spelling, also where a port follows it; empty where the text has none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(found.ipv4_mapped or found) if isinstance(found, IPv6Address) else str(found)


def _session(key: str | None) -> str:
    return hashlib.sha256(f"audit log {key}".encode()).hexdigest()[:16] if key else ""


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() and not "\ud800" <= sign <= "\udfff")
