"""The application, DWC Form IMR, page by page. Nothing is stored before the last page is sent: the pages carry the answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from imr.case.application import Application, DisputedTreatment, Employee
from imr.case.likeness import dispute
from imr.case.steps import STEPS
from imr.errors import ImrError, Refused
from imr.law.terms import Filer, Role
from imr.web import access, actions
from imr.web.platform import clock
from imr.web.portals.application.receipt import moment
from imr.web.portals.base.fields import known_from
from imr.web.portals.base.form_keys import form_key, new_key
from imr.web.portals.base.forms import AS_WRITTEN, FactsForm, assembled
from imr.web.portals.base.local_time import MomentField
from imr.web.store.documents import Upload


@dataclass(frozen=True, slots=True)
class WizardPage:
    """One page of the application: its title, what it asks, and a sentence of help."""

    name: str
    title: str
    asks: tuple[str, ...]
    help: str


PAGES = (
    WizardPage(
        "employee",
        "The injured employee",
        ("employee",),
        "The form came with the UR decision, already filled in. You can copy the answers from it.",
    ),
    WizardPage(
        "claim",
        "The claim",
        ("employer", "injured_on", "claim_number", "wcis_number", "eams_number", "insurer", "provider_network"),
        "The claim number is on every letter from the claims administrator.",
    ),
    WizardPage(
        "administrator",
        "The claims administrator",
        ("administrator", "ur_organization"),
        "The company that wrote to you about your claim. It may not be your employer.",
    ),
    WizardPage(
        "physician",
        "The physician who asked for the treatment",
        ("physician",),
        "Who sent the request for authorization.",
    ),
    WizardPage(
        "decision",
        "The decision that you dispute",
        (
            "diagnosis",
            "rfa_on",
            "ur_decided_on",
            "ur_served_on",
            "ur_service",
            "ur_place",
            "liability_disputed",
            "liability_reason",
        ),
        "The dates are on the utilization review (UR) decision.",
    ),
    WizardPage(
        "treatments",
        "What was refused",
        ("treatments", "formulary"),
        "List each treatment on its own, as the decision names it. Each one gets its own answer.",
    ),
    WizardPage(
        "pace",
        "How urgent it is, and who helps you",
        ("review_type", "ur_expedited", "attorney", "designee"),
        "An expedited review is for an imminent and serious threat to health, which the physician certifies.",
    ),
    WizardPage(
        "sign",
        "Check and sign",
        ("filed_by", "signed_on", "records_consent", "consent_limits", "copy_to_administrator"),
        "Read your answers once more. You can go back to each page.",
    ),
)


class _Attached(forms.Form):
    ur_decision = forms.FileField(
        required=False,
        label="The UR decision",
        help_text="As a PDF. Without it the application is not eligible.",
    )
    received_at = MomentField(
        required=False,
        label="Day and hour on which the application came",
        help_text="If it came on paper. Leave it empty if it comes in now.",
    )
    receipt = known_from()


def _form(page: WizardPage, data: Mapping[str, object] | None, initial: Mapping[str, object], role: Role) -> FactsForm:
    return FactsForm(Application, data, initial=initial, only=page.asks, role=role, beside=_beside(page, data or {}))


def _beside(page: WizardPage, data: Mapping[str, object]) -> dict[str, object]:
    """Return the two days on other pages that must be consistent with this one."""
    known: dict[str, object] = {}
    if "employee" not in page.asks and (born := _day(data.get("employee-born_on"))):
        known["employee"] = Employee(first_name="", last_name="", born_on=born)
    if "injured_on" not in page.asks and (injured := _day(data.get("injured_on"))):
        known["injured_on"] = injured
    return known


def _day(typed: object) -> date | None:
    try:
        day: date | None = forms.DateField(required=False).clean(typed)
    except forms.ValidationError:
        return None
    return day


def _carried(data: QueryDict, form: FactsForm) -> list[tuple[str, str]]:
    """Return the answers of the other pages, as hidden fields."""
    known = {"send", "seen", "page", "go", "key", "csrfmiddlewaretoken", "ur_decision", "received_at", "receipt"}
    known.add("received_at-which")
    here = {field.as_written[0] for field in form.fields.values() if hasattr(field, "as_written")}
    return [
        (name, value)
        for name, values in data.lists()
        for value in values
        if name not in known
        and name not in form.fields
        and not name.startswith("add-")
        and not (name == AS_WRITTEN and value in here)
    ]


def _start(role: Role, request: HttpRequest) -> dict[str, object]:
    by = {Role.EMPLOYEE: Filer.EMPLOYEE, Role.EMPLOYEE_ATTORNEY: Filer.EMPLOYEE_ATTORNEY}.get(role)
    found: dict[str, object] = {"filed_by": by.name if by else "", "ur_service": "MAIL"}
    if role is not Role.INTAKE:
        found["signed_on"] = clock.today()
    if role is Role.EMPLOYEE:
        first, _, last = str(getattr(request.user, "name", "")).rpartition(" ")
        found |= {"employee-first_name": first, "employee-last_name": last}
    return found


def apply(request: HttpRequest, role: Role, portal: str, crumbs: list[tuple[str, str]]) -> HttpResponse:
    """Show the open page; on the last one, take the step."""
    data = request.POST if request.method == "POST" else QueryDict()
    names = [page.name for page in PAGES]
    here = names.index(data["page"]) if data.get("page") in names else 0
    initial = _start(role, request)
    attached = _Attached(data or None, request.FILES or None) if "send" in data else _Attached()
    if role is not Role.INTAKE:
        del attached.fields["received_at"], attached.fields["receipt"]
    key = form_key(request) or f"form {new_key()}"
    refusal: Exception | None = None
    bound = False
    if request.method == "POST":
        form = _form(PAGES[here], data, initial, role)
        wanted = data.get("go", "")
        if wanted in names:  # to an earlier page: nothing is validated on the way
            here = names.index(wanted)
        elif any(name.startswith("add-") for name in data) or not form.is_valid():
            bound = True
        elif "send" not in data:
            here = min(here + 1, len(PAGES) - 1)
        else:
            wrong = next((n for n, page in enumerate(PAGES) if not _form(page, data, initial, role).is_valid()), None)
            if wrong is not None:
                here, bound = wrong, True
            elif attached.is_valid():
                try:
                    return _send(request, role, data, initial, attached, portal, key)
                except actions.KeyReused as error:
                    key = f"form {new_key()}"
                    refusal, bound = _another(error.case), True
                except (Refused, ImrError) as error:
                    refusal, bound = error, True
    return _render(request, data, here, initial, attached, portal, crumbs, refusal, bound=bound, key=key, role=role)


def _another(case: str) -> Refused:
    return Refused(
        f"this form was sent before with other answers, and opened case {case}, which stays as it was sent. If this is another "
        "application, send it now"
    )


def _send(
    request: HttpRequest,
    role: Role,
    data: QueryDict,
    initial: Mapping[str, object],
    attached: _Attached,
    portal: str,
    key: str,
) -> HttpResponse:
    values: dict[str, object] = {}
    for page in PAGES:
        form = _form(page, data, initial, role)
        form.is_valid()
        values |= form.values()
    file = attached.cleaned_data.get("ur_decision")
    application = assembled(Application, {**values, "ur_decision_attached": bool(file)})
    filed: dict[str, object] = {"ur_decision": Upload.of(file)} if file else {}
    facts: dict[str, object] = {"application": application, **filed}
    if role is Role.INTAKE:
        received = attached.cleaned_data.get("received_at") or clock.now()
        facts |= {"received_at": received, "receipt": attached.cleaned_data.get("receipt")}
    if as_written := tuple(data.getlist(AS_WRITTEN)):
        facts[AS_WRITTEN] = as_written
    done = actions.perform_once(
        "receive-application",
        request.user,
        None,
        facts,
        key=key,
        alike=True,
        as_role=role,
    )
    if done.repeated:
        message = "You sent this same application before, on {at}: it is case {case}. No second case was opened."
        messages.info(request, message.format(at=moment(done.recorded.at), case=done.recorded.case))
    if done.recorded.case in access.proposed_in(request.user):  # entered by a person whom it may be about
        messages.success(request, f"The application is entered: case {done.recorded.case}.")
        return redirect(f"{portal}:case-list")
    return redirect("cases:receipt", number=done.recorded.case)


def _render(
    request: HttpRequest,
    data: QueryDict,
    here: int,
    initial: Mapping[str, object],
    attached: _Attached,
    portal: str,
    crumbs: list[tuple[str, str]],
    refusal: Exception | None,
    *,
    bound: bool,
    key: str,
    role: Role,
) -> HttpResponse:
    page = PAGES[here]
    known = {name: data.getlist(name) if len(data.getlist(name)) > 1 else data[name] for name in data}
    if bound:
        form = _form(page, data, initial, role)
        if not any(name.startswith("add-") for name in data):
            form.is_valid()
        else:
            form.errors.clear()
    else:
        form = _form(page, None, {**initial, **known} if data else initial, role)
    review = []
    answers: dict[str, object] = {}
    if page.name == "sign":
        for other in PAGES[:-1]:
            filled = _form(other, data, initial, role)
            filled.is_valid()
            review.append((other, list(filled.answers())))
            if filled.is_valid():
                answers |= filled.values()
    context = {
        "page": page,
        "key": key.removeprefix("form "),
        "pages": PAGES,
        "here": here,
        "count": len(PAGES),
        "earlier": PAGES[here - 1].name if here else "",
        "form": form,
        "attached": attached if page.name == "sign" else None,
        "carried": _carried(data, form),
        "review": review,
        "alike": _alike(request, role, answers),
        "refusal": refusal,
        "crumbs": crumbs,
        "portal_info": portal,
        "step": STEPS["receive-application"],
    }
    status = 409 if refusal else 200
    return render(request, "imr/apply/page.html", context, status=status)


def _alike(request: HttpRequest, role: Role, answers: Mapping[str, object]) -> access.Alike | None:
    """Return other applications about the same dispute, as far as this person may know them; None before they are asked for."""
    employee, decided_on, treatments = answers.get("employee"), answers.get("ur_decided_on"), answers.get("treatments")
    if not isinstance(employee, Employee) or "claim_number" not in answers or not isinstance(treatments, tuple):
        return None
    if "ur_decided_on" not in answers:
        return None
    found = dispute(
        employee,
        str(answers["claim_number"]),
        decided_on if isinstance(decided_on, date) else None,
        [one.description for one in treatments if isinstance(one, DisputedTreatment)],
    )
    return access.alike_to(request.user, found, role)


def view(role: Callable[[HttpRequest], Role], portal: str, title: str) -> Callable[[HttpRequest], HttpResponse]:
    """Return the Django view by which a portal shows the application."""

    def page(request: HttpRequest) -> HttpResponse:
        return apply(request, role(request), portal, [(title, f"/{portal}/"), ("Apply", "")])

    return page
