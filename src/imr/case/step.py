"""What a step is, and how it refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from imr.case.context import StepContext
from imr.case.digests import digest
from imr.case.events import Event
from imr.case.state import Case, FiledApplication, Stage
from imr.errors import Refused
from imr.law.rule import Citation, Finding
from imr.law.terms import Role

#: Brings what a step weighs besides the case, by its source; the case itself says what it can where nobody brings it.
Beside = Callable[[str, Case], Any]


def always(case: Case) -> tuple[Finding, ...]:  # noqa: ARG001 - the shape of every readiness
    """Nothing more is asked of the case than its stage."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that a role may do to a case in some of its stages: facts in, one event out.

    `open_to` narrows the roles by the case, such as to the parties that were asked. `ready` gives findings about the case alone,
    so that a portal offers nothing that would be refused for them; `weigh` does the same with what is brought from the source
    `beside`, such as the index of the case file. `decide` judges the facts and raises Refused. `leads_to` names the stages
    after it; none where the stage stays.
    """

    name: str
    title: str
    roles: tuple[Role, ...]
    stages: tuple[Stage, ...]
    facts: type
    decide: Callable[[Case, StepContext, Any], Event]
    under: tuple[Citation, ...]
    gives: tuple[type[Event], ...]
    leads_to: tuple[Stage, ...] = ()
    open_to: Callable[[Case], tuple[Role, ...]] | None = None
    ready: Callable[[Case], tuple[Finding, ...]] = always
    beside: str = ""
    weigh: Callable[[Case, Any], tuple[Finding, ...]] | None = None

    def against(self, case: Case, beside: Beside | None = None) -> tuple[Finding, ...]:
        """What holds this step back in a case at its stage, whatever its facts: what a page shows and a refusal says."""
        findings = list(self.ready(case))
        if self.weigh is not None:
            findings += self.weigh(case, None if beside is None else beside(self.beside, case))
        return tuple(finding for finding in findings if not finding.holds)


def finding(rule: str, holds: bool, because: str, *under: Citation, **values: Any) -> Finding:
    """A finding of a step: whether the rule holds, and in plain words why not."""
    return Finding(rule, holds, because, under, values)


def require(*findings: Finding) -> None:
    """Raise Refused with every finding that does not hold, each with its citation."""
    failed = [finding for finding in findings if not finding.holds]
    if failed:
        raise Refused("; ".join(str(finding) for finding in failed), failed)


def matches_stored(what: str, value: object, kept: str, *under: Citation) -> Finding:
    """The value brought to a step is the very one whose digest the history names."""
    because = f"the {what} brought to this step is not the one on file: load the case again"
    return finding(f"{what} is the one on file", digest(value) == kept, because, *under)


def filing_of(case: Case) -> FiledApplication:
    """The application as the case holds it. Raises Refused where the case has none yet."""
    if case.filing is None:
        raise Refused(f"case {case.number} has no application yet: receive one first")
    return case.filing
