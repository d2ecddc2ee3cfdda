"""Redirects from the addresses that a case had in each portal before version 0.2.0, which letters, mails and bookmarks keep.

Each leads permanently to the one address of the case, with its query. The browser sends a form again to the new address,
unchanged.
"""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import path, register_converter, reverse
from django.urls.converters import StringConverter
from django.utils.encoding import escape_uri_path
from django.views.decorators.csrf import csrf_exempt

from imr.web.portals.base.registry import PORTAL_INFO


class PortalName(StringConverter):
    """The name of a portal."""

    regex = "|".join(info.name for info in PORTAL_INFO)


register_converter(PortalName, "portal")


@csrf_exempt  # the new address checks the token
def moved(
    request: HttpRequest,
    portal: str,  # noqa: ARG001 - of no matter now
    number: str,
    page: str = "case",
    rest: str = "",
) -> HttpResponsePermanentRedirect:
    """Redirect an old address to the new one; `rest` is what comes after the number of the case."""
    reads = request.method in ("GET", "HEAD")
    if not reads:
        while request.read(1 << 16):  # a browser that is still sending a file does not receive the answer
            pass
    address = reverse(f"cases:{page}", kwargs={"number": number}) + escape_uri_path(rest)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address, preserve_request=not reads)


urlpatterns = [
    path("<portal:portal>/received/<str:number>/", moved, {"page": "receipt"}),
    path("<portal:portal>/received/<str:number>/receipt.pdf", moved, {"page": "receipt-pdf"}),
    path("<portal:portal>/<str:number>/letter.pdf", moved, {"page": "preview"}),
    path("<portal:portal>/<str:number>/", moved),
    path("<portal:portal>/<str:number>/<path:rest>", moved),
]
