"""The routes of the API for programs: reading cases, and a route for each step, made from the one table of steps.

Sign in as for the site (a session, with the second factor where an account needs one) and send its CSRF token with every
POST. A refusal is JSON: `title`, `message`, `findings`. `/api/openapi.json` describes every route and every fact.

A request that may be sent again carries an `Idempotency-Key`: it is then taken once, whatever comes back. The same application
sent twice without a key within 24 hours is taken once too; `repeated` says so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_type_hints

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.renderers import BaseRenderer
from ninja.security import django_auth
from pydantic import create_model

from imr.case.application import Application
from imr.case.chain import public_view, to_record
from imr.case.context import CALIFORNIA
from imr.case.letters import LetterKind
from imr.case.signature import KeyEntry
from imr.case.state import Stage
from imr.case.steps.consent import consent_of
from imr.determination import Choices
from imr.determination.data import to_data
from imr.determination.model import Determination
from imr.law import consent as law
from imr.law.consent import ConsentScope, ConsentState
from imr.law.terms import Outcome, ReviewType, Role
from imr.plain import to_plain
from imr.web import access
from imr.web.api import errors, steps
from imr.web.api.published import router as corpus
from imr.web.platform import clock
from imr.web.platform.organization import consent_terms
from imr.web.store.timeline import Due


class Plain(BaseRenderer):
    """Answers are plain data as everywhere in this system: an enum by its value, a date in ISO form."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: object, *, response_status: int) -> str:  # noqa: ARG002 - ninja's signature
        """One line of JSON."""
        return json.dumps(to_plain(_in_california(data)), ensure_ascii=False)


def _in_california(data: object) -> object:
    """Return the same answer with every time in California's zone, so that its day is the day of the law."""
    if isinstance(data, datetime):
        return data.astimezone(CALIFORNIA) if data.tzinfo else data
    if isinstance(data, Mapping):
        return {name: _in_california(value) for name, value in data.items()}
    return [_in_california(value) for value in data] if isinstance(data, list | tuple) else data


api = NinjaAPI(
    renderer=Plain(),
    title="Independent Medical Review",
    version="1",
    description=__doc__,
    auth=django_auth,
    docs_url=None,  # the page of the framework needs inline scripts, which the site's policy forbids
    urls_namespace="api",
)
errors.install(api)
everybody = Router(auth=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOut:
    """What a case waits for next: until when, and the day of that in California."""

    title: str
    at: datetime
    on: date
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOut:
    """A case as this person may see it."""

    number: str
    stage: Stage
    review_type: ReviewType | None
    received_at: datetime | None
    due: DueOut | None
    outcome: Outcome | None
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineOut:
    """A time limit of a case with its reasoning, a sentence a step."""

    rule: str
    title: str
    start: date
    due: date | datetime
    who: Role
    reasoning: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentOut:
    """The consent to the release of records: what the employee gave, where it stands today, and until when.

    `verified` is false where its last day, or that tests for HIV stay out, rests on a provision that was not seen. The words of
    the employee's limits are in the application.
    """

    state: ConsentState
    signed_on: date | None
    scope: ConsentScope
    excludes: bool
    without_hiv: bool
    last_day: date | None
    withdrawn_on: date | None
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotStartedOut:
    """A time limit that has no day yet: the letter that it waits for (the number of its event), on whom, and why in words."""

    title: str
    letter: int
    what: LetterKind
    roles: tuple[Role, ...]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCaseOut(CaseOut):
    """A case with its deadlines and what this person may do now; `events` is what to send back as `seen`.

    `consent` is null for those who may not see the application.
    """

    events: int
    deadlines: tuple[DeadlineOut, ...]
    not_started: tuple[NotStartedOut, ...]
    offers: tuple[str, ...]
    consent: ConsentOut | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentOut:
    """An event of a case."""

    number: int
    at: datetime
    kind: str
    title: str
    by: Role
    under: tuple[str, ...]
    details: dict[str, str]


def _due(due: Due | None) -> DueOut | None:
    if due is None:
        return None
    return DueOut(title=due.title, at=due.at, on=due.at.astimezone(CALIFORNIA).date(), role=due.role)


def _consent(view: access.CaseView) -> ConsentOut | None:
    if view.application is None:
        return None
    consent, terms = consent_of(view.case, view.application), consent_terms()
    last = law.last_day(consent, terms) if consent.given else None
    return ConsentOut(
        state=law.state(consent, clock.today(), terms),
        signed_on=consent.signed_on,
        scope=consent.scope,
        excludes=consent.excludes,
        without_hiv=terms.without_hiv,
        last_day=last,
        withdrawn_on=consent.withdrawn_on,
        verified=not terms.without_hiv and (not terms.months or last == consent.ends_on),
    )


@api.get("/cases", response=list[CaseOut], summary="The cases that are yours")
def cases(request: HttpRequest, ended: bool | None = None) -> list[CaseOut]:
    """List the cases that you may see, the next deadline first. `ended` keeps those that have, or have not, ended."""
    return [
        CaseOut(
            number=line.number,
            stage=line.stage,
            review_type=line.review_type,
            received_at=line.received_at,
            due=_due(line.due),
            outcome=line.outcome,
            roles=line.roles,
        )
        for line in access.cases(request.user, ended)
    ]


@api.get("/cases/{number}", response=OneCaseOut, summary="The state of a case")
def one_case(request: HttpRequest, number: str) -> OneCaseOut:
    """Give a case with its open deadlines, each with its reasoning, and the steps that you may take now."""
    view = access.case(access.open_case(request.user, number))
    return OneCaseOut(
        number=number,
        stage=view.case.stage,
        review_type=view.case.review_type,
        received_at=view.case.received_at,
        due=_due(view.due),
        outcome=view.case.outcome,
        roles=view.roles,
        events=view.events,
        deadlines=tuple(
            DeadlineOut(
                rule=deadline.rule,
                title=deadline.title,
                start=deadline.start,
                due=deadline.due,
                who=deadline.who,
                reasoning=deadline.reasoning,
            )
            for deadline in view.deadlines
        ),
        not_started=tuple(
            NotStartedOut(title=one.title, letter=one.letter, what=one.what, roles=one.roles, because=one.because)
            for one in view.not_started
        ),
        offers=tuple(step.name for step in view.offers),
        consent=_consent(view),
    )


@api.get("/cases/{number}/timeline", response=list[MomentOut], summary="What happened to a case")
def timeline(request: HttpRequest, number: str) -> list[MomentOut]:
    """List the events of a case that you may see, each with its role, its time and its law."""
    return [
        MomentOut(
            number=moment.number,
            at=moment.at,
            kind=moment.kind,
            title=moment.title,
            by=moment.by,
            under=tuple(map(str, moment.under)),
            details=dict(moment.details),
        )
        for moment in access.timeline(access.open_case(request.user, number))
    ]


@api.get("/cases/{number}/events", response=list[dict[str, object]], summary="The chain of a case, for `imr verify`")
def events(request: HttpRequest, number: str) -> list[dict[str, object]]:
    """Give the events of a case, each bound to the one before it by a digest.

    Outside of the review organization the chain has no event that is inside it, and the day alone of what the reviewer did. Values
    that would name the reviewer, and digests of documents that not everybody may open, are sealed; `opened` gives the value of each
    seal of a document that you may open.
    """
    return [to_record(public_view(item)) for item in access.events(access.open_case(request.user, number))]


@api.get(
    "/cases/{number}/letters", response=list[access.LetterLine], summary="The letters of a case, and who was served"
)
def letters(request: HttpRequest, number: str) -> list[access.LetterLine]:
    """List the letters of a case: every copy for the review organization and the Division, for a party its own."""
    return list(access.letters(access.open_case(request.user, number)))


@api.get("/cases/{number}/documents", response=list[access.DocumentLine], summary="The documents that you may open")
def documents(request: HttpRequest, number: str) -> list[access.DocumentLine]:
    """List the documents of a case that you may open. `digest`, the SHA-256 of its bytes, names a document."""
    return list(access.documents(access.open_case(request.user, number)))


@api.get("/cases/{number}/documents/{digest}", summary="A document", include_in_schema=True)
def document(request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """Send the bytes of a document as a download, unchanged. A form with scripts is sent as a copy without them."""
    found = access.document(access.open_case(request.user, number), digest)
    response = HttpResponse(found.data, content_type=found.media_type)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


@api.get("/cases/{number}/application", response=Application, summary="The current application")
def application(request: HttpRequest, number: str) -> Application:
    """Give the application, DWC Form IMR, as filed or last amended."""
    return access.application(access.open_case(request.user, number))


@api.get("/cases/{number}/draft", response=Determination | None, summary="The draft of the determination")
def draft(request: HttpRequest, number: str) -> Determination | None:
    """Give the draft of the determination to its reviewer and the quality review; null where there is none."""
    return access.draft(access.open_case(request.user, number))


@api.get(
    "/cases/{number}/signature-request",
    response=access.SignatureRequest | None,
    summary="What the reviewer's passkey signs",
)
def signature_request(request: HttpRequest, number: str) -> access.SignatureRequest | None:
    """Give what the reviewer of a case signs today, for WebAuthn: the challenge in base64url, the site and the passkeys.

    Null where no signing key is in force. Send the answer with the step `sign-determination` as `signature`: JSON with `credential`,
    `authenticator_data`, `client_data` and `signature` in base64url.
    """
    return access.signature_request(access.open_case(request.user, number))


@api.get("/cases/{number}/signature", response=dict[str, object], summary="The signature, without the reviewer's name")
def signature(request: HttpRequest, number: str) -> dict[str, object]:
    """Give the signature with the register of signing keys, for `imr verify --signature`; for the Division and the office."""
    return access.signature_proof(access.open_case(request.user, number))


@api.get("/signing-keys", response=list[KeyEntry], summary="The register of signing keys")
def signing_keys(request: HttpRequest) -> list[KeyEntry]:
    """List the entries of the register of signing keys, which name no reviewer, for the Division and the office."""
    return list(access.signing_register(request.user))


@api.get("/cases/{number}/alike", response=access.Alike, summary="Other applications about the same dispute")
def alike(request: HttpRequest, number: str) -> access.Alike:
    """List other applications like this one, with the reasons, for the office and the reviewer; a party gets its own only."""
    return access.alike(access.open_case(request.user, number))


@api.get("/proposals", response=list[access.ProposalLine], summary="Who may be a party, and waits for intake")
def proposals(request: HttpRequest) -> list[access.ProposalLine]:
    """List proposed parties of all cases, the oldest first, for intake and coordinators; settle them on the site."""
    waiting = list(access.party_lists(request.user).waiting[:])
    access.log_list(request.user, "parties", {line.case for line in waiting})
    return waiting


@api.get(
    "/cases/{number}/parties", response=access.CaseParties, summary="Who may be a party, and whom to reach on paper"
)
def case_parties(request: HttpRequest, number: str) -> access.CaseParties:
    """Give the proposed parties of a case, those that were settled, and the parties without an account, for the office."""
    return access.case_parties(access.open_case(request.user, number))


@api.get("/cases/{number}/replacements", response=access.ToPublish, summary="What the public version replaces")
def replacements(request: HttpRequest, number: str) -> access.ToPublish:
    """List what the public version replaces, for those who may publish it.

    Look at each replacement, and send `confirmed` with the step `publish-determination`. `stay` names words that stay and
    `go` further words to replace, each as often as needed; send the same with the step.
    """
    stay, go = (tuple(request.GET.getlist(name)) for name in ("stay", "go"))
    return access.to_publish(access.open_case(request.user, number), Choices(stay=stay, go=go))


@api.get("/cases/{number}/determination", response=Determination | None, summary="The determination")
def determination(request: HttpRequest, number: str) -> Determination | None:
    """Give the determination as signed; null before, and for the parties until it is issued."""
    return access.determination(access.open_case(request.user, number))


@everybody.get("/published", response=list[access.PublishedLine], summary="The published determinations")
def published(request: HttpRequest) -> list[access.PublishedLine]:  # noqa: ARG001 - ninja's signature
    """List the published determinations for everybody, the latest first."""
    return list(access.published())


#: The fields of a determination, and its outcome, which follows from its decisions.
_PUBLISHED: dict[str, Any] = {
    **{name: (kind, ...) for name, kind in get_type_hints(Determination).items()},
    "outcome": (Outcome, ...),
    "set_aside_on": (date | None, None),
}
Published = create_model("Published", **_PUBLISHED)


@everybody.get("/published/{number}", response=Published, summary="A published determination, redacted")
def one_published(request: HttpRequest, number: str) -> dict[str, object]:  # noqa: ARG001 - ninja's signature
    """Give a published determination; 410 if it was withdrawn. From `set_aside_on` on it is no longer in force."""
    line = access.published_line(number)
    return to_data(access.public_determination(number)) | {"set_aside_on": line.set_aside_on}


steps.install(api)
api.add_router("", everybody)
api.add_router("/corpus", corpus)
