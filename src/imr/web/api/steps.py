"""A route of the API for each step, made from the one table of steps: its facts as they are sent, and its result."""

import base64
import binascii
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, NinjaAPI
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from imr.case.marks import Attachment, Input, OfficeInput, Provided, RecordUploads, marks
from imr.case.state import Stage
from imr.case.step import Step
from imr.case.steps import STEPS
from imr.errors import ImrError
from imr.law.roles import PARTIES
from imr.law.terms import RecordKind, Role
from imr.web import actions
from imr.web.platform.periods import REPEATED_REQUESTS
from imr.web.store.documents import Upload


def install(api: NinjaAPI) -> None:
    """Add the routes of the steps that a person takes."""
    for step in STEPS.values():
        if set(step.roles) != {Role.CLOCK}:
            _route(api, step)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file of a batch that was not taken, and why; everything else of the batch was."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """A step that was taken: the event as its sender has it in the chain. `repeated` where it was sent before and taken then.

    For outsiders `number` is 0 and `digest` empty where the event is not in their chain, or not before the determination is issued.
    """

    case: str
    number: int
    at: datetime
    kind: str
    digest: str
    repeated: bool = False
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A document that comes with a step: its bytes in base64. Among records a ZIP file counts as the documents in it."""

    name: str
    content: str
    kind: RecordKind | None = None
    dated_on: date | None = None
    mental_health: bool = False

    def upload(self) -> Upload:
        """Return the document. Raises ImrError where the content is not base64."""
        try:
            data = base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ImrError(f"{self.name}: the content is not base64: encode the bytes of the file") from error
        return Upload(
            name=self.name, data=data, kind=self.kind, dated_on=self.dated_on, mental_health=self.mental_health
        )


class _Facts(BaseModel):
    """The base of every step's facts: a value that is not asked for is refused."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=False)


def _model(step: Step) -> type[_Facts]:
    """Return the model of the facts that a program sends with a step: its inputs and documents; the system supplies the rest."""
    asked: dict[str, Any] = {}
    defaults = {field.name: field.default for field in fields(step.facts)}
    for name, (stated, mark) in marks(step.facts).items():
        kind = AwareDatetime if stated is datetime else stated  # an hour without its zone is refused
        match mark:
            case OfficeInput() if set(step.roles) & set(PARTIES):
                asked[name] = (kind | None, None)  # the system records it of a party's own step
            case Input(by=by) if by:
                asked[name] = (kind, Field(defaults[name], description=f"Stated by {_listed(by)}."))
            case Input():
                asked[name] = (kind, ... if defaults[name] is MISSING else defaults[name])
            case Attachment(by=by):
                said = f"Sent by {_listed(by)}." if by else None
                asked[name] = (Sent | None, Field(None, description=said))
            case RecordUploads():
                asked[name] = (tuple[Sent, ...], ...)
            case Provided(chosen=True):
                asked[name] = (str, ...) if defaults[name] is MISSING else (str | None, None)
    name = "".join(part.capitalize() for part in step.name.split("-"))
    return create_model(name, __base__=_Facts, **asked)


def _listed(roles: tuple[Role, ...]) -> str:
    return f"the {' or the '.join(role.value for role in roles)} alone"


def _stated(facts: _Facts) -> dict[str, object]:
    """Return the facts as `actions.perform` takes them; what was not sent is left to the step."""
    found: dict[str, object] = {}
    for name in facts.model_fields_set:
        value = getattr(facts, name)
        if isinstance(value, Sent):
            value = value.upload()
        elif isinstance(value, tuple) and value and isinstance(value[0], Sent):
            value = tuple(item.upload() for item in value)
        found[name] = value
    return found


def _taken(done: actions.Performed) -> TakenOut:
    item = actions.for_sender(done.recorded)
    return TakenOut(
        case=item.case,
        number=item.number,
        at=item.at,
        kind=item.event.kind,
        digest=item.digest,
        repeated=done.repeated,
        left_out=tuple(LeftOut(name=name, reason=reason) for name, reason in done.left_out),
    )


def _is_receipt(step: Step) -> bool:
    """Return whether a step receives a batch of documents: the same batch once more is the same receipt, also without a key."""
    return any(isinstance(mark, RecordUploads) for _, mark in marks(step.facts).values())


#: Said with a step by a program that may have to send it once more.
Key = Annotated[
    str,
    Header(
        "",
        alias="Idempotency-Key",
        pattern="^[!-~]{0,200}$",
        description="Up to 200 visible ASCII characters of your own choosing, another for each request. Sent once more with "
        f"the same key within {REPEATED_REQUESTS.days} days, a request gets its first answer, with `repeated`, and the step is "
        "not taken twice.",
    ),
]


def _route(api: NinjaAPI, step: Step) -> None:
    facts_model = _model(step)
    cited = "; ".join(map(str, step.under))
    who = ", ".join(role.value for role in step.roles)
    description = f"For the {who}. {cited}"

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
                step.name, request.user, number, _stated(facts), key=key, alike=not key, as_role=as_role
            )
            return _taken(done)

        route = api.post(
            f"/begin/{step.name}",
            response=TakenOut,
            summary=step.title,
            description=description,
            operation_id=step.name,
        )
        route(begin)
    else:

        def take(
            request: HttpRequest,
            number: str,
            facts: facts_model,  # type: ignore[valid-type]
            seen: int | None = None,
            key: Key = "",
        ) -> TakenOut:
            alike = not key and _is_receipt(step)
            return _taken(
                actions.perform_once(step.name, request.user, number, _stated(facts), key=key, alike=alike, seen=seen)
            )

        route = api.post(
            f"/cases/{{number}}/{step.name}",
            response=TakenOut,
            summary=step.title,
            description=description,
            operation_id=step.name,
        )
        route(take)
