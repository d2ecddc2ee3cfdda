"""Where the request under way comes from: the network address, the device and the session. Empty outside of a request."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class RequestOrigin:
    """The address that a request comes from, what its browser or program calls itself, and a part of the digest of its session."""

    address: str = ""
    device: str = ""
    session: str = ""


_NONE = RequestOrigin()
_ORIGIN: ContextVar[RequestOrigin] = ContextVar("request origin", default=_NONE)


def current() -> RequestOrigin:
    """Return where the request under way comes from; empty where there is none, as in maintenance."""
    return _ORIGIN.get()


@contextmanager
def of(request: HttpRequest) -> Iterator[None]:
    """Remember where this request comes from while it is answered."""
    token = _ORIGIN.set(
        RequestOrigin(
            address=client_address(request),
            device=_printable(request.META.get("HTTP_USER_AGENT", ""))[:200],
            session=_session(request.session.session_key),
        )
    )
    try:
        yield
    finally:
        _ORIGIN.reset(token)


def client_address(request: HttpRequest) -> str:
    """Return the network address of whoever sent a request.

    Behind the one proxy of `IMR_BEHIND_PROXY` it is the last that `X-Forwarded-For` names, which the proxy wrote; the ones
    before it are what the client says.
    """
    if settings.BEHIND_PROXY:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
        if forwarded:
            return _printable(forwarded)[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _session(key: str | None) -> str:
    return hashlib.sha256(f"audit log {key}".encode()).hexdigest()[:16] if key else ""


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() and not "\ud800" <= sign <= "\udfff")
