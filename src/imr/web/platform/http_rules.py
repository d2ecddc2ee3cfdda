"""What every answer says to a browser, and which requests the site does not take, whatever their address."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

#: The methods that some address takes: PATCH and DELETE are for files that are sent piece by piece.
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PATCH", "DELETE")
#: No page uses a camera, a microphone, a place or a sensor; passkeys are this site's own.
PERMISSIONS = ", ".join(
    [
        *(f"{name}=()" for name in (
            "accelerometer", "autoplay", "camera", "display-capture", "fullscreen", "geolocation", "gyroscope", "magnetometer",
            "microphone", "midi", "payment", "usb",
        )),
        *(f"{name}=(self)" for name in ("publickey-credentials-create", "publickey-credentials-get")),
    ]
)  # fmt: skip
_API = "/api/"


def add_headers(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Say in every answer that no other site may use it and that its page needs nothing of the device; data of the API are a file."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path.startswith(_API) and response.headers.get("Content-Type", "").startswith("application/json"):
            response.headers.setdefault("Content-Disposition", 'attachment; filename="api.json"')
        return response

    return middleware


def refuse_unknown_requests(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Refuse methods that no address takes (405), and what is sent to the API and is not JSON (415)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            refused = _refusal(request, HTTPStatus.METHOD_NOT_ALLOWED, "This site does not take requests of this kind.")
            refused["Allow"] = ", ".join(METHODS)
            return refused
        has_body = request.META.get("CONTENT_LENGTH") not in (None, "", "0") or "HTTP_TRANSFER_ENCODING" in request.META
        if request.path.startswith(_API) and has_body and request.content_type != "application/json":
            message = "Send JSON, with the header Content-Type: application/json."
            return _refusal(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message)
        return answer(request)

    return middleware


def _refusal(request: HttpRequest, status: HTTPStatus, message: str) -> HttpResponse:
    context = {"title": "Not possible", "message": message, "findings": []}
    if request.path.startswith(_API):
        return JsonResponse(context, status=status)
    return render(request, "refused.html", {**context, "typed": []}, status=status)
