"""A step in one place: the decorator `step` declares it over its decision.

    @step(title="Extend the time", roles=(Role.DIVISION,), stages=WITH_REVIEWER, under=(EXTENSION,), ready=not_extended_yet)
    def extend_time(case: Case, context: StepContext, facts: ExtendTime) -> TimeExtended: ...

The name, the class of the facts and the events come from the signature. Table, forms, API and `docs/workflow.md` come from the step.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from imr.case.answers import ConcernAnswers
from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.events import Event
from imr.case.marks import Attachment, Input, Provided, RecordUploads
from imr.case.state import Case, Stage
from imr.determination.model import Determination
from imr.errors import ImrError
from imr.law.roles import ROLES
from imr.law.rule import Citation, Finding
from imr.law.terms import RecordKind, Role

F = TypeVar("F")
E = TypeVar("E", bound=Event)
#: A function that gives the kinds of the documents in the index of a case file. Without it, only the history is used.
IndexReader = Callable[[Case], tuple[RecordKind, ...]]
#: Values that are documents of their own: a fact of such a type names the kind of document that it is kept as.
DOCUMENT_VALUES = (Application, Determination, ConcernAnswers)


def always(case: Case) -> tuple[Finding, ...]:  # noqa: ARG001 - the signature of every guard
    """Require nothing of the case but its stage."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that a role may do to a case in some of its stages: facts in, one event out.

    `open_to` narrows the roles by the case, such as to the parties that were asked. `ready` gives findings about the case alone,
    so that a portal offers nothing that would be refused for them; `ready_by_index` does the same with the kinds in the index
    of the case file. `decide` checks the facts and raises Refused. `leads_to` names the stages after it; it is empty where the
    stage stays. `advances` marks a step that carries the case on, `drastic` one that ends or reverses something.
    """

    name: str
    title: str
    roles: tuple[Role, ...]
    stages: tuple[Stage, ...]
    facts: type
    decide: Callable[[Case, StepContext, Any], Event]
    under: tuple[Citation, ...]
    events: tuple[type[Event], ...]
    leads_to: tuple[Stage, ...] = ()
    open_to: Callable[[Case], tuple[Role, ...]] | None = None
    ready: Callable[[Case], tuple[Finding, ...]] = always
    ready_by_index: Callable[[Case, tuple[RecordKind, ...] | None], tuple[Finding, ...]] | None = None
    advances: bool = False
    drastic: bool = False

    def __post_init__(self) -> None:
        """Raise ImrError for a step that is not complete, before anybody can take it."""
        faults = [what for what in ("title", "roles", "stages", "under", "events") if not getattr(self, what)]
        faults += [f"the fact {name}" for name in _faulty_facts(self.facts)]
        if faults:
            raise ImrError(f"the step {self.name} does not declare {', '.join(faults)}")
        if idle := [role.name for role in self.roles if not ROLES[role].acts]:
            raise ImrError(f"the step {self.name} is for {', '.join(idle)}, and law.roles lets that role take no step")

    def blocked_by(self, case: Case, index: IndexReader | None = None) -> tuple[Finding, ...]:
        """Give the findings that block this step in a case at its stage, whatever its facts. A page shows them."""
        findings = list(self.ready(case))
        if self.ready_by_index is not None:
            findings += self.ready_by_index(case, None if index is None else index(case))
        return tuple(one for one in findings if not one.holds)


def step(
    *,
    title: str,
    roles: tuple[Role, ...],
    stages: tuple[Stage, ...],
    under: tuple[Citation, ...],
    leads_to: tuple[Stage, ...] = (),
    open_to: Callable[[Case], tuple[Role, ...]] | None = None,
    ready: Callable[[Case], tuple[Finding, ...]] = always,
    ready_by_index: Callable[[Case, tuple[RecordKind, ...] | None], tuple[Finding, ...]] | None = None,
    advances: bool = False,
    drastic: bool = False,
) -> Callable[[Callable[[Case, StepContext, F], E]], Step]:
    """Declare a step over its decision. Raises ImrError if something is missing."""

    def declare(decide: Callable[[Case, StepContext, F], E]) -> Step:
        facts, events = _signature(decide)
        return Step(
            name=decide.__name__.replace("_", "-"),
            title=title,
            roles=roles,
            stages=stages,
            facts=facts,
            decide=decide,
            under=under,
            events=events,
            leads_to=leads_to,
            open_to=open_to,
            ready=ready,
            ready_by_index=ready_by_index,
            advances=advances,
            drastic=drastic,
        )

    return declare


def _signature(decide: Callable[..., Any]) -> tuple[type, tuple[type[Event], ...]]:
    """Give the class of the facts and the events of a decision, as its signature names them."""
    hints = get_type_hints(decide)
    given = hints.pop("return", None)
    events = get_args(given) if isinstance(given, UnionType) else (given,)
    named = all(isinstance(event, type) and issubclass(event, Event) and event is not Event for event in events)
    return hints["facts"], events if named else ()


def _faulty_facts(facts: type) -> list[str]:
    """Give the facts without a mark, and the documents that do not name the kind that they are kept as."""
    if not is_dataclass(facts):
        return ["class"]
    hints = get_type_hints(facts, include_extras=True)
    faulty = []
    for field in fields(facts):
        metadata: list[Any] = [*getattr(hints[field.name], "__metadata__", ())]
        if len(metadata) != 1 or not isinstance(metadata[0], Input | Attachment | RecordUploads | Provided):
            faulty.append(field.name)
            continue
        kind, mark = hints[field.name].__origin__, metadata[0]
        is_document = any(one in DOCUMENT_VALUES for one in (kind, *get_args(kind)))
        if isinstance(mark, Input) and is_document is not (mark.kept_as is not None):
            faulty.append(field.name)
    return faulty
