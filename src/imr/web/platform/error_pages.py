"""The page of an unexpected error: 503 where the database cannot be reached, else 500. It does not use the database."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.views.defaults import server_error

from imr.errors import SetupError


def error_page(request: HttpRequest) -> HttpResponse:
    """Say that the site is not available for a moment where its database is not; else that something went wrong."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError | SetupError):
        return server_error(request)
    if request.path.startswith("/api/"):
        message = (
            "The site cannot reach its database. Wait a minute, check whether what you sent was kept, then try again."
        )
        return JsonResponse({"title": "Not now", "message": message, "findings": []}, status=503)
    return HttpResponse(get_template("503.html").render(), status=503, headers={"Retry-After": "60"})
