"""The page of an error that no page of ours expected: 503 where the database is away, else 500. It asks nothing of the database."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.views.defaults import server_error

from imr.errors import SetupError


def error_page(request: HttpRequest) -> HttpResponse:
    """Say that the site is away for a moment where its database is; else that something went wrong."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError | SetupError):
        return server_error(request)
    if request.path.startswith("/api/"):
        message = (
            "The site cannot reach its database. Try again in a minute; look first whether what you sent was kept."
        )
        return JsonResponse({"title": "Not now", "message": message, "findings": []}, status=503)
    return HttpResponse(get_template("503.html").render(), status=503, headers={"Retry-After": "60"})
