"""The privacy officer: who saw the data of a person or case, as a page and a file; and the review of who has access."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from imr import spreadsheets
from imr.case.context import CALIFORNIA
from imr.web import access
from imr.web.access import AccountLine, AuditLine, AuditQuery
from imr.web.portals.case_pages.portal import safe

app_name = "audit"

#: Entries on a page, and the most in one file.
LINES, MOST = 100, 100_000
#: The days that can be asked about.
_DAYS = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31)))

View = Callable[[HttpRequest], HttpResponse]


class AuditQueryForm(forms.Form):
    """What a privacy officer asks of the audit log."""

    use_required_attribute = False
    case = forms.CharField(label="Case number", max_length=40, required=False)
    employee = forms.CharField(
        label="Employee’s name", max_length=200, required=False, help_text="Every case of an employee of this name."
    )
    account = forms.CharField(
        label="E-mail address of an account", max_length=254, required=False, help_text="What this account looked at."
    )
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}), validators=_DAYS
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}), validators=_DAYS
    )

    def query(self) -> AuditQuery:
        """Return what a form asks that is valid."""
        data = self.cleaned_data
        return AuditQuery(
            case=data["case"].strip(),
            employee=data["employee"].strip(),
            account=data["account"].strip(),
            since=data["since"],
            until=data["until"],
        )


def _inside(view: View) -> View:
    """Require a privacy officer, and keep the page out of every cache."""

    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        access.insist_officer(request.user)
        return safe(view(request))

    return login_required(inner)


def log(request: HttpRequest) -> HttpResponse:
    """Show the entries that are asked for, the latest first; a query that cannot be read is answered with 400."""
    form = AuditQueryForm(request.GET)
    if not form.is_valid():
        return _refused(request, form)
    query = form.query()
    page = (
        Paginator(access.audit_lines(request.user, query), LINES).get_page(request.GET.get("page")) if query else None
    )
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {"form": form, "page": page, "asked": f"{asked.urlencode()}&"}
    return render(request, "imr/audit/log.html", context)


def _refused(request: HttpRequest, form: AuditQueryForm) -> HttpResponse:
    """Show the form with what is wrong in it; nothing is searched."""
    return render(request, "imr/audit/log.html", {"form": form, "page": None}, status=400)


def log_file(request: HttpRequest) -> HttpResponse:
    """Send the same as a file for spreadsheets."""
    form = AuditQueryForm(request.GET)
    if not form.is_valid():
        return _refused(request, form)
    lines = access.audit_lines(request.user, form.query())[:MOST]
    return _file("audit-log.csv", _LOG, map(_log_row, lines))


def accounts(request: HttpRequest) -> HttpResponse:
    """Show every account with what it may do, those with a question first."""
    return render(request, "imr/audit/accounts.html", {"lines": access.access_review(request.user)})


def accounts_file(request: HttpRequest) -> HttpResponse:
    """Send the same as a file for spreadsheets."""
    return _file("access-review.csv", _ACCOUNTS, map(_account_row, access.access_review(request.user)))


_LOG = (
    "at (California)", "account", "name", "role", "action", "thing", "case", "cases listed", "document", "address", "device",
    "session", "detail",
)  # fmt: skip
_ACCOUNTS = (
    "account", "name", "roles", "organization", "reviewer", "active", "administers", "since", "last sign-in", "open cases",
    "questions",
)  # fmt: skip


def _log_row(line: AuditLine) -> tuple[object, ...]:
    at = f"{line.at.astimezone(CALIFORNIA):%Y-%m-%d %H:%M:%S}"
    who = (line.email, line.name, line.role, line.action, line.thing, line.case, line.listed)
    return (at, *who, line.digest, line.address, line.device, line.session, line.detail)


def _account_row(line: AccountLine) -> tuple[object, ...]:
    days = [f"{at.astimezone(CALIFORNIA):%Y-%m-%d}" if at else "" for at in (line.joined_at, line.last_login)]
    flags = ("yes" if line.active else "no", "yes" if line.administers else "no")
    who = (line.email, line.name, ", ".join(line.roles), line.organization, line.reviewer)
    return (*who, *flags, *days, line.cases, "; ".join(line.questions))


def _file(name: str, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> HttpResponse:
    response = HttpResponse(
        spreadsheets.encoded(spreadsheets.write(header, rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [
    path("", _inside(log), name="log"),
    path("log.csv", _inside(log_file), name="log-file"),
    path("accounts/", _inside(accounts), name="accounts"),
    path("accounts.csv", _inside(accounts_file), name="accounts-file"),
]
