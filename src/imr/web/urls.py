"""Addresses of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from imr.web.api.cases import api

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

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
    path("administration/", admin.site.urls),
]
