"""The administration of accounts: one administrator asks for a change, another confirms it; organizations and affiliations."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from imr.errors import Refused
from imr.law.roles import SIGNED_IN
from imr.law.roster import Affiliation, AffiliationKind
from imr.law.terms import Role
from imr.web import access, actions
from imr.web.access import AdministeredAccount, Rights
from imr.web.platform import formatting
from imr.web.platform.authentication import SecondFactorExpired
from imr.web.portals.base import session_ended
from imr.web.portals.case_pages.portal import safe

app_name = "administration"

#: Lines of a list on a page.
LINES = 50
_LARGEST = 9_223_372_036_854_775_807

View = Callable[..., HttpResponse]


class ReasonForm(forms.Form):
    """Why an account is changed."""

    use_required_attribute = False
    why = forms.CharField(
        label="Why",
        max_length=500,
        help_text="Whoever confirms it reads this, and whoever audits it later. No health information.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why."},
    )


class AddressForm(ReasonForm):
    """Another address for an account."""

    email = forms.EmailField(label="New e-mail address", max_length=254)
    field_order = ("email", "why")


class RightsForm(ReasonForm):
    """What an account may do."""

    name = forms.CharField(label="Name", max_length=200, required=False)
    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=[(role.value, formatting.role(role)) for role in SIGNED_IN],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    organization = forms.CharField(
        label="Organization", max_length=200, required=False, help_text="As it is listed under Organizations."
    )
    reviewer = forms.CharField(
        label="Number on the panel", max_length=40, required=False, help_text="Of a reviewer, such as R00001."
    )
    administrator = forms.BooleanField(label="Administers accounts", required=False, help_text="And acts in no case.")
    officer = forms.BooleanField(
        label="Privacy officer",
        required=False,
        help_text="Reads the audit log and reviews who has access, and has no other right.",
    )
    field_order: tuple[str, ...] = ("name", "roles", "organization", "reviewer", "administrator", "officer", "why")

    def rights(self) -> Rights:
        """Return the rights of a form that is valid."""
        data = self.cleaned_data
        return Rights(
            name=data["name"],
            roles=tuple(role for role in Role if role.value in data["roles"]),
            organization=data["organization"],
            reviewer=data["reviewer"],
            administrator=data["administrator"],
            officer=data["officer"],
        )


class NewAccountForm(RightsForm):
    """A new account."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    field_order = ("email", *RightsForm.field_order)


class OrganizationForm(forms.Form):
    """An organization that people sign in for."""

    use_required_attribute = False
    name = forms.CharField(label="Name of the organization", max_length=200)


class AffiliationForm(forms.Form):
    """An affiliation of the review organization."""

    use_required_attribute = False
    name = forms.CharField(label="With whom", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=[(kind.value, kind.value) for kind in AffiliationKind])
    relation = forms.CharField(label="Relation", max_length=200, help_text="Such as employment, ownership, a contract.")
    income_share = forms.FloatField(
        label="Share of yearly income", min_value=0, max_value=1, required=False, help_text="From 0 to 1."
    )
    since = forms.DateField(label="Since", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def affiliation(self) -> Affiliation:
        """Return the affiliation of a form that is valid."""
        data = self.cleaned_data
        since: date = data["since"]
        return Affiliation(
            name=data["name"],
            kind=AffiliationKind(data["kind"]),
            relation=data["relation"],
            income_share=data["income_share"],
            since=since,
            until=data["until"],
        )


def _inside(view: View) -> View:
    """Require an administrator, keep the page out of every cache, and ask for the second factor where an act needs it again."""

    @wraps(view)
    def inner(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
        access.insist_administrator(request.user)
        try:
            return safe(view(request, *arguments, **named))
        except SecondFactorExpired:
            return session_ended.second_factor_page(request)

    return login_required(inner)


def index(request: HttpRequest) -> HttpResponse:
    """Show what waits for an answer, and the accounts, by address."""
    words = request.GET.get("q", "").strip()
    page = Paginator(access.accounts(request.user, words), LINES).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {"found": access.administration(request.user), "page": page, "words": words}
    return render(request, "imr/administration/index.html", {**context, "asked": f"{asked.urlencode()}&"})


def new(request: HttpRequest) -> HttpResponse:
    """Ask for a new account."""
    form = NewAccountForm(request.POST or None)

    def ask() -> None:
        actions.ask_new_account(request.user, form.cleaned_data["email"], form.rights(), form.cleaned_data["why"])

    context = {"title": _("New account"), "button": _("Ask for this account"), "two": True}
    return _act(request, form, ask, context) or redirect("administration:index")


def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account: what it may do, its cases, and what was done to it."""
    found = _account(request, pk)
    page = Paginator(found.changes, LINES).get_page(request.GET.get("page"))
    return render(
        request, "imr/administration/account.html", {"account": found, "page": page, "crumbs": _crumbs(found)}
    )


def rights(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for other roles and rights of an account."""
    found = _account(request, pk)
    held = found.rights
    initial = {**held.plain(), "roles": [role.value for role in held.roles]}
    form = RightsForm(request.POST or None, initial=initial)
    context = {"title": _("Roles and rights"), "button": _("Ask for this change"), "two": True, "account": found}

    def ask() -> None:
        actions.ask_rights(request.user, pk, form.rights(), form.cleaned_data["why"])

    return _act(request, form, ask, context) or redirect("administration:account", pk=pk)


def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for another address of an account."""
    found = _account(request, pk)
    form = AddressForm(request.POST or None)
    context = {"title": _("E-mail address"), "button": _("Ask for this change"), "two": True, "account": found}
    context["pauses"] = True

    def ask() -> None:
        actions.ask_address(request.user, pk, form.cleaned_data["email"], form.cleaned_data["why"])

    return _act(request, form, ask, context) or redirect("administration:account", pk=pk)


def second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that the second factors of an account are removed."""
    found = _account(request, pk)
    form = ReasonForm(request.POST or None)
    context = {"title": _("Reset the second factor"), "button": _("Ask for the reset"), "two": True, "account": found}
    context["pauses"] = True

    def ask() -> None:
        actions.ask_second_factor_reset(request.user, pk, form.cleaned_data["why"])

    return _act(request, form, ask, context) or redirect("administration:account", pk=pk)


def active(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an account inactive, or ask that an inactive one can be used again."""
    found = _account(request, pk)
    form = ReasonForm(request.POST or None)
    ends = found.active
    title, button = (
        (_("Make inactive"), _("Make inactive now")) if ends else (_("Use again"), _("Ask that it can be used again"))
    )
    context = {"title": title, "button": button, "two": not ends, "account": found}

    def ask() -> None:
        act = actions.deactivate if ends else actions.ask_activation
        act(request.user, pk, form.cleaned_data["why"])

    return _act(request, form, ask, context) or redirect("administration:account", pk=pk)


def end_part(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """End that an account is a party of a case."""
    found = _account(request, pk)
    ended = next((one for one in found.parts if one.id == part), None)
    if ended is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    title = _("End the access to case %(case)s") % {"case": ended.case}
    context = {"title": title, "button": _("End it now"), "two": False, "account": found}

    def ask() -> None:
        actions.end_membership(request.user, part, form.cleaned_data["why"])

    return _act(request, form, ask, context) or redirect("administration:account", pk=pk)


def answer(request: HttpRequest) -> HttpResponse:
    """Confirm or refuse a change that another administrator asked for."""
    chosen, sent = _number(request, "change"), request.POST.get("answer")
    if request.method != "POST" or chosen is None or sent not in ("confirm", "refuse"):
        return redirect("administration:index")
    try:
        actions.answer(request.user, chosen, confirmed=sent == "confirm")
    except SecondFactorExpired:
        raise
    except Refused as refused:
        messages.error(request, f"{formatting.capitalized(str(refused))}.")
    else:
        messages.success(
            request, _("Confirmed: it is done.") if sent == "confirm" else _("Refused: nothing was changed.")
        )
    return redirect("administration:index")


def organizations(request: HttpRequest) -> HttpResponse:
    """Show the organizations that people sign in for; enter one, or remove one that nothing names."""
    form = OrganizationForm(request.POST if "enter" in request.POST else None)
    chosen = _number(request, "remove")
    if chosen is not None:
        refused = _try(lambda: actions.remove_organization(request.user, chosen))
    elif form.is_valid():
        refused = _try(lambda: actions.enter_organization(request.user, form.cleaned_data["name"]))
    else:
        page = Paginator(access.organizations(request.user), LINES).get_page(request.GET.get("page"))
        return render(
            request, "imr/administration/organizations.html", {"form": form, "page": page, "crumbs": _crumbs()}
        )
    _say(request, refused)
    return redirect("administration:organizations")


def affiliations(request: HttpRequest) -> HttpResponse:
    """Show the review organization's own affiliations; enter or remove one."""
    form = AffiliationForm(request.POST if "enter" in request.POST else None)
    chosen = _number(request, "remove")
    if chosen is not None:
        refused = _try(lambda: actions.remove_affiliation(request.user, chosen))
    elif form.is_valid():
        refused = _try(lambda: actions.enter_affiliation(request.user, form.affiliation()))
    else:
        lines = access.affiliations(request.user)
        return render(
            request, "imr/administration/affiliations.html", {"form": form, "lines": lines, "crumbs": _crumbs()}
        )
    _say(request, refused)
    return redirect("administration:affiliations")


def _number(request: HttpRequest, field: str) -> int | None:
    """Return the number of a row that was posted, None where it can be none."""
    text = request.POST.get(field, "")
    if not text.isdecimal() or len(text) > len(str(_LARGEST)) or int(text) > _LARGEST:
        return None
    return int(text)


def _account(request: HttpRequest, pk: int) -> AdministeredAccount:
    if pk > _LARGEST:
        raise Http404
    return access.account(request.user, pk)


def _act(
    request: HttpRequest, form: forms.Form, act: Callable[[], None], context: Mapping[str, object]
) -> HttpResponse | None:
    """Do what a valid form asks; return the page of the form where it is not sent yet, not valid, or refused."""
    refused, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            refused = _try(act)
            if not refused:
                _say(request, "")
                return None
            status = 409
    found = context.get("account")
    crumbs = _crumbs(found if isinstance(found, AdministeredAccount) else None, str(context["title"]))
    shown = {**context, "form": form, "refused": refused, "crumbs": crumbs}
    return render(request, "imr/administration/change.html", shown, status=status)


def _try(act: Callable[[], None]) -> str:
    """Act; return why it was refused, empty where it was done. Raises SecondFactorExpired."""
    try:
        act()
    except SecondFactorExpired:
        raise
    except Refused as refused:
        return f"{formatting.capitalized(str(refused))}."
    return ""


def _say(request: HttpRequest, refused: str) -> None:
    if refused:
        messages.error(request, refused)
    else:
        messages.success(request, _("Saved. It is in the audit log."))


def _crumbs(found: AdministeredAccount | None = None, title: str = "") -> list[tuple[str, str]]:
    crumbs = [(_("Administration"), reverse("administration:index"))]
    if found is not None:
        crumbs.append((found.email, reverse("administration:account", args=[found.id]) if title else ""))
    return [*crumbs, (title, "")] if title else crumbs


urlpatterns = [
    path("", _inside(index), name="index"),
    path("answer/", _inside(answer), name="answer"),
    path("organizations/", _inside(organizations), name="organizations"),
    path("affiliations/", _inside(affiliations), name="affiliations"),
    path("accounts/new/", _inside(new), name="new"),
    path("accounts/<int:pk>/", _inside(account), name="account"),
    path("accounts/<int:pk>/rights/", _inside(rights), name="rights"),
    path("accounts/<int:pk>/address/", _inside(address), name="address"),
    path("accounts/<int:pk>/second-factor/", _inside(second_factor), name="second-factor"),
    path("accounts/<int:pk>/active/", _inside(active), name="active"),
    path("accounts/<int:pk>/cases/<int:part>/", _inside(end_part), name="end-part"),
]
