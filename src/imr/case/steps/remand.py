"""Steps that send a reversed dispute to another review, once: facts and decisions (LC 4610.6(i))."""

from dataclasses import dataclass, replace
from typing import Annotated

from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.events import Remanded, RemandOpened
from imr.case.events.remand import marked_outside_consent
from imr.case.findings import filing_of, finding, require
from imr.case.marks import Attachment, Provided
from imr.case.sources import FactSource
from imr.case.state import Case, Stage
from imr.case.step import step
from imr.law.rule import Finding, labor_code
from imr.law.terms import Role

REMAND = labor_code("4610.6(i)")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRemand:
    """The case whose determination was reversed, the order of remand, and the finding that it calls erroneous."""

    earlier: Annotated[Case, Provided(FactSource.EARLIER_CASE, "Case that was reversed", chosen=True)]
    order: Annotated[str, Attachment("Order of remand", DocumentType.REMAND_ORDER)]
    finding: Annotated[
        str,
        Attachment(
            "What the order found wrong",
            DocumentType.REMAND_FINDING,
            "The ground of the reversal, and the finding of fact that the order calls erroneous, if it names one. The next "
            "reviewer reads the order and this.",
            can_be_written=True,
        ),
    ]


def may_be_remanded(case: Case) -> tuple[Finding, ...]:
    """Require that the determination of a case was reversed, and that no other case continues it yet."""
    return (
        finding(
            "earlier determination was reversed",
            case.stage is Stage.REVERSED,
            "case {number} was not reversed on appeal",
            REMAND,
            number=case.number,
        ),
        finding(
            "dispute was not sent to another review yet",
            not case.remanded_to,
            "case {number} goes on as case {to} already",
            REMAND,
            number=case.number,
            to=case.remanded_to,
        ),
    )


@step(
    title="Open the case again for another reviewer",
    roles=(Role.DIVISION, Role.INTAKE),
    stages=(Stage.NEW,),
    under=(REMAND,),
    leads_to=(Stage.ELIGIBLE,),
)
def open_remand(case: Case, context: StepContext, facts: OpenRemand) -> RemandOpened:
    """Open a new case for a dispute that was sent back, with the earlier case file; its earlier reviewers are barred."""
    earlier = facts.earlier
    require(
        *may_be_remanded(earlier),
        finding("order was filed", bool(facts.order), "file the order of remand", REMAND),
        finding(
            "finding of the order was filed",
            bool(facts.finding),
            "write what the order found wrong: the next reviewer needs it",
            REMAND,
        ),
    )
    standing = (one for one in earlier.standing_corrections if one.undoes is None)
    return RemandOpened(
        earlier=earlier.number,
        order=facts.order,
        finding=facts.finding,
        barred=(*earlier.earlier_reviewers, earlier.reviewer),
        filing=filing_of(earlier),
        excluded=earlier.excluded,
        as_standard=earlier.as_standard,
        received_at=context.at,
        consent_withdrawal=earlier.consent_withdrawal,
        on=context.on,
        certification=earlier.certification,
        records=earlier.records,
        withheld=earlier.withheld,
        outside_consent=marked_outside_consent(earlier.outside_consent),
        corrections=tuple(replace(one, number=-number) for number, one in enumerate(standing, 1)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRemand:
    """The new case of a dispute that was sent back."""

    to: Annotated[Case, Provided(FactSource.LATER_CASE)]


@step(
    title="Note the case that continues this one",
    roles=(Role.CLOCK,),
    stages=(Stage.REVERSED,),
    under=(REMAND,),
    ready=may_be_remanded,
)
def note_remand(case: Case, context: StepContext, facts: NoteRemand) -> Remanded:
    """Record in the reversed case which case continues it. The system does so when that case is opened."""
    require(
        finding(
            "new case continues this one",
            facts.to.remanded_from == case.number,
            "case {to} does not continue this case",
            REMAND,
            to=facts.to.number,
        )
    )
    return Remanded(to=facts.to.number, on=context.on)
