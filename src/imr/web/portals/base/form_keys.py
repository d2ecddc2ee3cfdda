"""The key that a form carries, so that a form sent twice is taken once (`actions.idempotency`)."""

import re
import secrets

from django.http import HttpRequest

#: The hidden field of a form.
NAME = "key"
_KEY = re.compile("[A-Za-z0-9_-]{20,60}")


def new_key() -> str:
    """Return the key of a form that is shown now."""
    return secrets.token_urlsafe(24)


def form_key(request: HttpRequest) -> str:
    """Return the key under which the request of a form is recognized; empty where the form has none."""
    sent = request.POST.get(NAME, "")
    return f"form {sent}" if _KEY.fullmatch(sent) else ""
