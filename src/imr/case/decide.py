"""Decide a step: the steps that an actor may take in a case now, the reasons against the others, and the event of a step."""

from typing import Any

from imr.case import value_limits
from imr.case.chain import SEAL
from imr.case.context import Actor, StepContext
from imr.case.events import Event
from imr.case.findings import finding, require
from imr.case.state import Case
from imr.case.step import IndexReader, Step
from imr.case.steps import STEPS
from imr.errors import Refused
from imr.law.rule import Finding
from imr.law.terms import Role


def decide(name: str, case: Case, context: StepContext, facts: Any, index: IndexReader | None = None) -> Event:
    """Give the event that a step makes of these facts. Raises Refused with every finding that does not hold."""
    step = STEPS.get(name)
    if step is None:
        raise Refused(f"no step is called {name!r}; there are {', '.join(STEPS)}")
    if not isinstance(facts, step.facts):
        raise Refused(f"the facts of the step {name} are {step.facts.__name__}")
    require_ready(step, case, context.actor, index)
    require(*value_limits.findings(facts))
    return step.decide(case, context, facts)


def require_ready(step: Step, case: Case, actor: Actor, index: IndexReader | None = None) -> None:
    """Raise Refused if a step is not for this actor, or not for the case in its present state, whatever its facts."""
    require(*_allowed(step, case, actor))
    require(*step.blocked_by(case, index))


def offered_steps(case: Case, actor: Actor, index: IndexReader | None = None) -> tuple[Step, ...]:
    """Give the steps that this actor may take in the case now."""
    return tuple(
        step
        for step in STEPS.values()
        if all(finding.holds for finding in _allowed(step, case, actor)) and not step.blocked_by(case, index)
    )


def blocking_findings(name: str, case: Case, actor: Actor, index: IndexReader | None = None) -> tuple[Finding, ...]:
    """Give every finding that blocks a step now, whatever its facts."""
    step = STEPS[name]
    return tuple(f for f in _allowed(step, case, actor) if not f.holds) or step.blocked_by(case, index)


def _allowed(step: Step, case: Case, actor: Actor) -> tuple[Finding, ...]:
    return (
        finding(
            "case is open to the role",
            step.open_to is None or actor.role not in step.roles or actor.role in step.open_to(case),
            "{title}: in this case the {role} may not do this",
            *step.under,
            title=step.title,
            role=actor.role.value,
        ),
        finding(
            "role may take the step",
            actor.role in step.roles,
            "{title}: only the {roles} may do this, not the {role}",
            *step.under,
            title=step.title,
            roles=", ".join(role.value for role in step.roles),
            role=actor.role.value,
        ),
        finding(
            "case is at a stage for the step",
            case.stage in step.stages,
            "{title}: the case is at the stage “{stage}”; this is possible at {stages}",
            *step.under,
            title=step.title,
            stage=case.stage.value,
            stages=", ".join(f"“{stage.value}”" for stage in step.stages),
        ),
        finding(
            "reviewer is the one of the case",
            actor.role is not Role.REVIEWER or actor.id == case.reviewer,
            "{title}: another reviewer has this case",
            *step.under,
            title=step.title,
        ),
        finding(
            "actor is known",
            bool(actor.id) and not actor.id.startswith(SEAL),
            "the person who acts needs an id of their own",
            *step.under,
        ),
    )
