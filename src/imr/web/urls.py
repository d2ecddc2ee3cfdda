"""Addresses of the site."""

from django.urls import include, path

from imr.web.api.cases import api

handler500 = "imr.web.platform.error_pages.error_page"

urlpatterns = [
    path("", include("imr.web.portals.public")),
    path("corpus/", include("imr.web.portals.corpus")),
    path("cases/", include("imr.web.portals.cases")),
    path("employee/", include("imr.web.portals.employee")),
    path("claims/", include("imr.web.portals.claims")),
    path("physician/", include("imr.web.portals.physician")),
    path("panel/", include("imr.web.portals.organization.reviewers")),
    path("imro/", include("imr.web.portals.organization.portal")),
    path("reviewer/", include("imr.web.portals.reviewer.portal")),
    path("audit/", include("imr.web.portals.audit")),
    path("dwc/", include("imr.web.portals.dwc")),
    path("", include("imr.web.portals.old_addresses")),
    path("api/", api.urls),
    path("account/", include("imr.web.portals.account")),
    path("administration/", include("imr.web.portals.administration")),
]
