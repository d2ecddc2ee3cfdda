"""The panel, for coordinators: the register of reviewers, its sheet, and the day's assignment with a preview."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from imr import spreadsheets
from imr.errors import ImrError, Refused
from imr.law.register import find
from imr.law.rule import spell
from imr.panel.commitment import verify
from imr.plain import to_plain
from imr.web import access
from imr.web.actions import panel, signing_keys
from imr.web.platform import clock
from imr.web.platform.authentication import SecondFactorExpired
from imr.web.portals.base.registry import portal_info
from imr.web.portals.case_pages.portal import safe
from imr.web.store.documents import Upload

app_name = "panel"
_INFO = portal_info("imro")
#: The reason in the history where the plan of the day assigns a case to another than its first candidate.
_PLANNED = (
    "The day's plan weighs all waiting cases together and gives this case to another than its own first candidate."
)

View = Callable[..., HttpResponse]


def _inside(view: View) -> View:
    """Require sign-in, and keep the page out of every cache."""

    @wraps(view)
    def inner(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
        return safe(view(request, *arguments, **named))

    return login_required(inner)


def register(request: HttpRequest) -> HttpResponse:
    """Show everybody on the panel, what expires, and open cases to take back."""
    lines = panel.register(request.user)
    back = panel.to_take_back(request.user)
    return render(request, "imr/panel/register.html", {"portal_info": _INFO, "lines": lines, "back": back})


def reviewer(request: HttpRequest, number: str) -> HttpResponse:
    """Show one reviewer: credentials with their look-ups, affiliations, experience, signing keys.

    A form confirms or ends a key, notes whether they take cases, or removes one entered by mistake.
    """
    problem = ""
    if request.method == "POST":
        try:
            return _noted(request, number) or _key_changed(request, number)
        except SecondFactorExpired:
            messages.info(request, "Confirm with your second factor, then try again.")
            return redirect(f"{reverse('mfa_reauthenticate')}?next={request.path}")
        except Refused as error:
            problem = str(error)
    line = panel.register_line(request.user, number)
    shown = {
        "portal_info": _INFO,
        "line": line,
        "who": line.member.reviewer,
        "keys": list(reversed(access.signing_keys_of(request.user, number))),
        "now": clock.now(),
        "problem": problem,
    }
    return render(request, "imr/panel/reviewer.html", shown, status=409 if problem else 200)


def _noted(request: HttpRequest, number: str) -> HttpResponse | None:
    """Note whether a reviewer takes cases, or remove one entered by mistake; None where the form is about a key."""
    sent = request.POST.get("send", "")
    if sent in ("available", "away"):
        panel.set_available(request.user, number, available=sent == "available")
        messages.success(request, "Saved. It is in the audit log.")
        return redirect("panel:reviewer", number=number)
    if sent == "remove":
        panel.remove_reviewer(request.user, number)
        messages.success(request, f"Reviewer {number} is removed.")
        return redirect("panel:register")
    return None


def _key_changed(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm or end a signing key of a reviewer, as the form says."""
    if "confirm" in request.POST:
        if "compared" not in request.POST:
            raise Refused("compare the beginning of the key with what the reviewer reads to you, and check the box")
        key = signing_keys.confirm(request.user, number, request.POST["confirm"])
        messages.success(request, f"The key is confirmed, and in force from {spell(key.valid_from or clock.now())}.")
    else:
        signing_keys.end(request.user, number, request.POST.get("end", ""), request.POST.get("reason", ""))
        messages.success(request, "The key has ended. What it signed stays signed.")
    return redirect("panel:reviewer", number=number)


def sheet(request: HttpRequest) -> HttpResponse:
    """Send the register as a file."""
    response = HttpResponse(spreadsheets.encoded(panel.sheet(request.user)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="register.csv"'
    return response


def enter(request: HttpRequest) -> HttpResponse:
    """Import a sheet: first show what it would change, then, when confirmed, change it; all of it or nothing."""
    panel.register(request.user)
    shown: dict[str, object] = {"portal_info": _INFO}
    if request.method != "POST":
        return render(request, "imr/panel/sheet.html", shown)
    file = request.FILES.get("sheet")
    try:
        text = file.read().decode("utf-8-sig") if file is not None else request.POST.get("text", "")
        shown |= {"text": text, "came": panel.look(request.user, text)}
        if "take" in request.POST:
            back = panel.take(request.user, text)
            for case, _, reasons in back:
                messages.warning(request, f"Case {case} must be taken back from its reviewer: {'; '.join(reasons)}")
            messages.success(request, "The register is up to date.")
            return redirect("panel:register")
    except UnicodeDecodeError:
        shown["wrong"] = "This is not text in UTF-8: save the sheet as CSV in UTF-8."
    except ImrError as error:
        shown["wrong"] = str(error)
    return render(request, "imr/panel/sheet.html", shown, status=422 if "wrong" in shown else 200)


def day(request: HttpRequest) -> HttpResponse:
    """Show the proposal for all cases that wait. Nothing is assigned until it is confirmed."""
    panel.register(request.user)
    if request.method == "POST":
        lines = [tuple(line.split("|")) for line in request.POST.getlist("line")]
        chosen = [(c, r, int(n)) for c, r, n in (line for line in lines if len(line) == 3) if n.isdigit()]
        done = panel.confirm(request.user, chosen, Upload.reason(_PLANNED))
        return render(request, "imr/panel/done.html", {"portal_info": _INFO, "done": done})
    seed = request.GET.get("seed", "").strip()[:80]
    answer, lines_proposed, shortages = panel.day(request.user, seed)
    shown = {"portal_info": _INFO, "lines": lines_proposed, "shortages": shortages, "seed": seed}
    shown |= {"proved": answer.proves(), "cost": answer.points, "weights": to_plain(answer.costs.weights)}
    return render(request, "imr/panel/day.html", shown)


def commitment(request: HttpRequest, number: str) -> HttpResponse:
    """Show the seal of the reviewer's screening, as far as it is for this person; of a published case, to everybody."""
    found = panel.sealed(request.user, number)
    claims = verify(found.disclosure, found.root)
    shown = {
        "number": number,
        "sealed": found,
        "rules": [
            (find(c.says["rule"]).rule.title, c.says, c.says.get("names told apart by a coordinator", 0))
            for c in claims
            if c.sort == "rule"
        ],
        "parties": [claim.says for claim in claims if claim.sort == "party"],
        "stated": {claim.sort: claim.says for claim in claims if isinstance(claim.says, str)},
        "asked": [name for claim in claims if claim.sort == "specialties asked" for name in claim.says],
        "hidden": sum(leaf.claim is None for leaf in found.disclosure.leaves),
    }
    return render(request, "imr/panel/commitment.html", shown)


def proof(request: HttpRequest, number: str) -> HttpResponse:
    """Send the same as a file for `imr panel verify`."""
    found = panel.sealed(request.user, number)
    return JsonResponse(to_plain(found.disclosure), json_dumps_params={"indent": 1})


def _kept_out_of_caches(view: View) -> View:
    """Keep what a signed-in person is shown out of every cache; the page is as open as the case."""

    @wraps(view)
    def inner(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
        return safe(view(request, *arguments, **named))

    return inner


urlpatterns = [
    path("", _inside(register), name="register"),
    path("register.csv", _inside(sheet), name="sheet"),
    path("sheet/", _inside(enter), name="enter"),
    path("day/", _inside(day), name="day"),
    path("reviewers/<str:number>/", _inside(reviewer), name="reviewer"),
    path("commitments/<str:number>/", _kept_out_of_caches(commitment), name="commitment"),
    path("commitments/<str:number>.json", _kept_out_of_caches(proof), name="proof"),
]
