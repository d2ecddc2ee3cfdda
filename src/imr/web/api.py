"""The same doors for programs: reading of cases, and a route a step, made from the one table of steps.

Sign in as for the site (a session, with the second factor where an account needs one) and send its CSRF token with every
POST. A refusal is JSON: `title`, `message`, `findings`. `/api/openapi.json` describes every route and every fact.

A request that may have to be sent once more carries an `Idempotency-Key`: it is then taken once, whatever comes back. The same
application sent twice without one within 24 hours is taken once too; `repeated` says so.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any, get_type_hints

from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Router
from ninja.renderers import BaseRenderer
from ninja.security import django_auth
from pydantic import AwareDatetime, BaseModel, ConfigDict, create_model

from imr.case.acts import CALIFORNIA
from imr.case.application import Application
from imr.case.chain import outside, to_record
from imr.case.facts import Asked, Filed, Kept, Noted, marks
from imr.case.state import Stage
from imr.case.step import Step
from imr.case.steps import STEPS
from imr.determination import Choices
from imr.determination.data import to_data
from imr.determination.model import Determination
from imr.errors import ImrError
from imr.law.roles import PARTIES
from imr.law.terms import Outcome, RecordKind, ReviewType, Role
from imr.plain import to_plain
from imr.web import access, actions, api_errors
from imr.web.collection_api import router as corpus
from imr.web.documents import Upload
from imr.web.timeline import Due


class Plain(BaseRenderer):
    """Answers are plain data as everywhere in this system: an enum by its value, a date in ISO form."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:  # noqa: ARG002 - ninja's signature
        """One line of JSON."""
        return json.dumps(to_plain(_in_california(data)), ensure_ascii=False)


def _in_california(data: Any) -> Any:
    """The same answer with every time in California's zone, so that its day is the day of the law wherever it stands."""
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
api_errors.install(api)
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
class OneCaseOut(CaseOut):
    """A case with its deadlines and what this person may do now; `events` is what to send back as `seen`."""

    events: int
    deadlines: tuple[DeadlineOut, ...]
    offers: tuple[str, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file of a batch that was not taken, and why; everything else of the batch was."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """A step that was taken: the event, as outsiders may have it. `repeated` where it was sent before and taken then."""

    case: str
    number: int
    at: datetime
    kind: str
    digest: str
    repeated: bool = False
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A document that comes with a step: its bytes in base64."""

    name: str
    content: str
    kind: RecordKind | None = None
    dated_on: date | None = None
    mental_health: bool = False

    def upload(self) -> Upload:
        """The document. Raises ImrError where the content is not base64."""
        try:
            data = base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ImrError(f"{self.name}: the content is not base64: encode the bytes of the file") from error
        return Upload(
            name=self.name, data=data, kind=self.kind, dated_on=self.dated_on, mental_health=self.mental_health
        )


def _due(due: Due | None) -> DueOut | None:
    return (
        None
        if due is None
        else DueOut(title=due.title, at=due.at, on=due.at.astimezone(CALIFORNIA).date(), role=due.role)
    )


@api.get("/cases", response=list[CaseOut], summary="The cases that are yours")
def cases(request: HttpRequest, ended: bool | None = None) -> list[CaseOut]:
    """The next deadline first."""
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


@api.get("/cases/{number}", response=OneCaseOut, summary="Where a case stands")
def one_case(request: HttpRequest, number: str) -> OneCaseOut:
    """Its deadlines with their reasoning, and the steps that you may take now."""
    view = access.case(request.user, number)
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
        offers=tuple(step.name for step in view.offers),
    )


@api.get("/cases/{number}/timeline", response=list[MomentOut], summary="What happened to a case")
def timeline(request: HttpRequest, number: str) -> list[MomentOut]:
    """Each event, who, when, under which law."""
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
        for moment in access.timeline(request.user, number)
    ]


@api.get("/cases/{number}/events", response=list[dict[str, Any]], summary="The chain of a case, for `imr verify`")
def events(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """Each event bound to the one before by its digest; who reviews is sealed."""
    return [to_record(outside(item)) for item in access.events(request.user, number)]


@api.get("/cases/{number}/documents", response=list[access.DocumentLine], summary="The documents that you may open")
def documents(request: HttpRequest, number: str) -> list[access.DocumentLine]:
    """By the digest of their bytes."""
    return list(access.documents(request.user, number))


@api.get("/cases/{number}/documents/{digest}", summary="A document", include_in_schema=True)
def document(request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """Its bytes, to be saved: never shown in a browser from here."""
    found = access.document(request.user, number, digest)
    response = HttpResponse(found.data, content_type=found.media_type)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


@api.get("/cases/{number}/application", response=Application, summary="The application as it stands")
def application(request: HttpRequest, number: str) -> Application:
    """DWC Form IMR as a value."""
    return access.application(request.user, number)


@api.get("/cases/{number}/draft", response=Determination | None, summary="The draft of the determination")
def draft(request: HttpRequest, number: str) -> Determination | None:
    """For its reviewer and the quality review."""
    return access.draft(request.user, number)


@api.get("/cases/{number}/replacements", response=access.ToPublish, summary="What the public version replaces")
def replacements(request: HttpRequest, number: str) -> access.ToPublish:
    """For whoever may publish: look at each replacement, and send `confirmed` with the step.

    `stay` names words that stay, `go` words that go too, each as often as needed; send the same with the step.
    """
    stay, go = (tuple(request.GET.getlist(name)) for name in ("stay", "go"))
    return access.to_publish(request.user, number, Choices(stay=stay, go=go))


@api.get("/cases/{number}/determination", response=Determination | None, summary="The determination")
def determination(request: HttpRequest, number: str) -> Determination | None:
    """What was signed; for the parties once it is issued."""
    return access.determination(request.user, number)


@everybody.get("/published", response=list[access.PublishedLine], summary="The published determinations")
def published(request: HttpRequest) -> list[access.PublishedLine]:  # noqa: ARG001 - ninja's signature
    """For everybody, the latest first."""
    return list(access.published())


#: The fields of a determination, and its outcome, which follows from its decisions.
_PUBLISHED: dict[str, Any] = {
    **{name: (kind, ...) for name, kind in get_type_hints(Determination).items()},
    "outcome": (Outcome, ...),
    "set_aside_on": (date | None, None),
}
Published = create_model("Published", **_PUBLISHED)


@everybody.get("/published/{number}", response=Published, summary="A published determination, redacted")
def one_published(request: HttpRequest, number: str) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """For everybody. `set_aside_on` is the day from which it is no longer in force; what was withdrawn gives 410."""
    line = access.published_line(number)
    return to_data(access.public_determination(number)) | {"set_aside_on": line.set_aside_on}


# A route a step


class _Facts(BaseModel):
    """What every step's facts have in common: nothing is taken that is not asked for."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=False)


def _model(step: Step) -> type[_Facts]:
    """The facts that a program sends with a step: what is asked, and the documents; the rest the system brings."""
    asked: dict[str, Any] = {}
    defaults = {field.name: field.default for field in fields(step.facts)}
    for name, (stated, mark) in marks(step.facts).items():
        kind = AwareDatetime if stated is datetime else stated  # an hour without its zone is refused
        match mark:
            case Noted() if set(step.roles) & set(PARTIES):
                asked[name] = (kind | None, None)  # the system records it of a party's own step
            case Asked():
                asked[name] = (kind, ... if defaults[name] is MISSING else defaults[name])
            case Filed():
                asked[name] = (Sent | None, None)
            case Kept(source="records"):
                asked[name] = (tuple[Sent, ...], ...)
            case Kept(source="panel") if Role.REVIEWER not in step.roles:
                asked[name] = (str, ...)
            case Kept(source="earlier case"):
                asked[name] = (str, ...)
    name = "".join(part.capitalize() for part in step.name.split("-"))
    return create_model(name, __base__=_Facts, **asked)


def _given(facts: _Facts) -> dict[str, Any]:
    """The facts as `actions.perform` takes them; what was not sent is left to the step."""
    found: dict[str, Any] = {}
    for name in facts.model_fields_set:
        value = getattr(facts, name)
        if isinstance(value, Sent):
            value = value.upload()
        elif isinstance(value, tuple) and value and isinstance(value[0], Sent):
            value = tuple(item.upload() for item in value)
        found[name] = value
    return found


def _taken(done: actions.Performed) -> TakenOut:
    item = done.recorded
    return TakenOut(
        case=item.case,
        number=item.number,
        at=item.at,
        kind=item.event.kind,
        digest=item.digest,
        repeated=done.repeated,
        left_out=tuple(LeftOut(name=name, reason=reason) for name, reason in done.left_out),
    )


#: Said with a step by a program that may have to send it once more.
Key = Annotated[
    str,
    Header(
        "",
        alias="Idempotency-Key",
        pattern="^[!-~]{0,200}$",
        description="Up to 200 visible ASCII characters of your own choosing, another for each request. Sent once more with "
        "the same key within 30 days, a request gets its first answer, with `repeated`, and nothing is taken twice.",
    ),
]


def _route(step: Step) -> None:
    facts_model = _model(step)
    cited = "; ".join(map(str, step.under))
    who = ", ".join(role.value for role in step.roles)
    said: dict[str, Any] = {"summary": step.title, "description": f"For the {who}. {cited}", "operation_id": step.name}

    if step.stages == (Stage.NEW,):

        def begin(
            request: HttpRequest,
            facts: facts_model,  # type: ignore[valid-type]
            number: str | None = None,
            as_role: Role | None = None,
            key: Key = "",
        ) -> TakenOut:
            # Who gives no key is asked nothing: the same once more within a day is taken for the same request.
            done = actions.perform_once(
                step.name, request.user, number, key=key, alike=not key, as_role=as_role, **_given(facts)
            )
            return _taken(done)

        api.post(f"/begin/{step.name}", response=TakenOut, **said)(begin)
    else:

        def take(
            request: HttpRequest,
            number: str,
            facts: facts_model,  # type: ignore[valid-type]
            seen: int | None = None,
            key: Key = "",
        ) -> TakenOut:
            return _taken(actions.perform_once(step.name, request.user, number, seen=seen, key=key, **_given(facts)))

        api.post(f"/cases/{{number}}/{step.name}", response=TakenOut, **said)(take)


for _step in STEPS.values():
    if set(_step.roles) != {Role.CLOCK}:
        _route(_step)
api.add_router("", everybody)
api.add_router("/corpus", corpus)
