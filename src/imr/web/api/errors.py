"""The answers of the API where it refuses: always `title`, `message` and `findings`, as its description promises."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from imr.web.access import Withdrawn

#: The place of a value in a request, in words that a caller knows; the name that a handler gives its body says nothing.
_PLACES = {"body": "", "query": "", "path": "", "header": "header ", "form": ""}


def install(api: NinjaAPI) -> None:
    """Give the framework's errors the form of ours."""
    api.exception_handler(ValidationError)(_not_understood)
    api.exception_handler(HttpError)(_refused)
    api.exception_handler(AuthenticationError)(_not_signed_in)
    api.exception_handler(Http404)(_not_found)
    api.exception_handler(Withdrawn)(_gone)


def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    findings = [f"{_place(one['loc'])}: {_words(one)}" for one in error.errors]
    message = "A value is missing or is not of its kind. Correct the values that are named, and send the request again."
    return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, "Not understood", message, findings)


def _words(one: Mapping[str, object]) -> str:
    """Return what is wrong with a value, and how to write it where it is a time."""
    if str(one.get("type", "")).startswith(("datetime", "timezone")):
        return "write the day, the hour and the zone, such as 2026-11-27T17:00:00-08:00"
    return str(one["msg"])


def _place(location: Sequence[str | int]) -> str:
    """Return the name of a value, with the names of what contains it."""
    parts = [str(part) for part in location]
    kind = _PLACES.get(parts[0], "") if parts else ""
    names = parts[1:] if parts and parts[0] in _PLACES else parts
    if len(names) > 1 and names[0] == "facts":
        names = names[1:]
    return kind + (".".join(names) or "request")


def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    return _answer(error.status_code, "Not possible", str(error))


def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    return _answer(HTTPStatus.UNAUTHORIZED, "Sign in", "Sign in first: this is not for everybody.")


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    return _answer(HTTPStatus.NOT_FOUND, "Not found", "There is no such thing, or it is not yours to see.")


def _gone(request: HttpRequest, error: Withdrawn) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    return JsonResponse(error.data(), status=HTTPStatus.GONE)


def _answer(status: int, title: str, message: str, findings: Sequence[str] = ()) -> HttpResponse:
    return JsonResponse({"title": title, "message": message, "findings": list(findings)}, status=status)
