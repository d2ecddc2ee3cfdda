"""The case file as one PDF: bound when it is complete, and again when more documents come. Facts and decision of the step."""

from dataclasses import dataclass
from typing import Annotated

from imr.case.context import StepContext
from imr.case.events import CaseFileBound
from imr.case.findings import finding, require
from imr.case.marks import Provided
from imr.case.sources import FactSource
from imr.case.state import WITH_REVIEWER, Case, Stage
from imr.case.step import step
from imr.case.steps.records import RECORDS
from imr.law.rule import Finding
from imr.law.terms import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileBundle:
    """The bound case file: digests of the PDF, of its certificate, of the documents in it and of those left out."""

    file: str
    certificate: str
    files: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BindCaseFile:
    """The case file that the system bound."""

    bound: Annotated[CaseFileBundle, Provided(FactSource.BUNDLE)]


def not_bound_yet(case: Case) -> tuple[Finding, ...]:
    """Require that the documents are not bound yet; before a reviewer has the case, also that its corrections are not."""
    same = set(case.file) <= set(case.bound_of)
    if case.stage is Stage.RECORDS_COMPLETE:
        same = same and case.bound_corrections == len(case.corrections)
    return (finding("case file is not bound yet", not same, "the case file is bound already", RECORDS),)


@step(
    title="Bind the case file",
    roles=(Role.CLOCK,),
    stages=(Stage.RECORDS_COMPLETE, *WITH_REVIEWER),
    under=(RECORDS,),
    ready=not_bound_yet,
)
def bind_case_file(case: Case, context: StepContext, facts: BindCaseFile) -> CaseFileBound:
    """Record the bundle. Its PDF contains every readable document of the case file."""
    bound = facts.bound
    require(
        finding(
            "what was bound is the case file",
            bool(bound.files) and set(case.file) <= {*bound.files, *bound.left_out},
            "the case file has changed since it was bound: bind it again",
            RECORDS,
        )
    )
    return CaseFileBound(
        file=bound.file,
        certificate=bound.certificate,
        files=bound.files,
        left_out=bound.left_out,
        pages=bound.pages,
    )
