"""The signature of a determination: what was signed, with which key, whether it is valid, and the file that proves it."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from imr.web import access
from imr.web.access import CaseAccess
from imr.web.portals.case_pages.portal import Portal


def signature_page(portal: Portal, request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
    """Show the signature of the determination, without the reviewer's name."""
    line = access.signature(case_access)
    if line is None:
        raise Http404
    shown = {
        "number": case_access.number,
        "line": line,
        "crumbs": portal.crumbs(case_access.number, "Signature"),
        "portal_info": portal.info,
    }
    return render(request, "imr/case/signature.html", shown)


def signature_file(_request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
    """Send the signature with the register of signing keys, for `imr verify --signature`."""
    response = JsonResponse(access.signature_proof(case_access), json_dumps_params={"indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{case_access.number}-signature.json"'
    return response
