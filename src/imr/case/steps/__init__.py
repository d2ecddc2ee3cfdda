"""The steps of a case, a module for each subject. `STEPS` is the one list of them, in the order of a case.

The buttons of the portals, the routes of the API and `docs/workflow.md` come from the same list: a portal never offers a step that
`decide.decide` refuses for the role or the stage.
"""

from collections.abc import Mapping

from imr.case.step import Step
from imr.case.steps import (
    assignment,
    bundle,
    consent,
    corrections,
    eligibility,
    ending,
    identity,
    intake,
    issue,
    records,
    remand,
    review,
    service,
    termination,
    withholding,
)
from imr.errors import ImrError
from imr.law.roles import ROLES
from imr.law.terms import Role

__all__ = ["STEPS", "Step", "steps_of"]

#: Every step, by name.
STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        intake.receive_application,
        intake.ask_information,
        intake.answer_information,
        eligibility.decide_eligibility,
        intake.assign_organization,
        service.record_service,
        service.note_service,
        intake.convert_to_expedited,
        records.receive_records,
        corrections.correct_document,
        withholding.withhold_record,
        consent.withdraw_consent,
        consent.mark_consent_exclusion,
        records.note_records_overdue,
        records.complete_records,
        bundle.bind_case_file,
        assignment.assign_reviewer,
        identity.settle_identity,
        assignment.attest_independence,
        assignment.decline_review,
        assignment.release_reviewer,
        records.ask_records,
        review.submit_draft,
        review.return_draft,
        review.pass_draft,
        review.extend_time,
        review.sign_determination,
        issue.issue_determination,
        issue.report_implementation,
        issue.publish_determination,
        issue.withdraw_publication,
        issue.withdraw_reversed_publication,
        termination.withdraw_application,
        ending.report_ending,
        ending.answer_ending,
        ending.withdraw_ending_report,
        ending.terminate_review,
        ending.reopen_review,
        issue.receive_appeal,
        issue.affirm_determination,
        issue.reverse_determination,
        remand.open_remand,
        remand.note_remand,
    )
}


def steps_of(role: Role, declared: Mapping[str, Step] = STEPS) -> tuple[Step, ...]:
    """The steps that a role may take at some stage of a case, in the order of a case."""
    return tuple(step for step in declared.values() if role in step.roles)


def insist_each_acts(declared: Mapping[str, Step]) -> None:
    """Raise ImrError for a role that may act by the table of roles and that no step names."""
    idle = [role.name for role, entry in ROLES.items() if entry.acts and not steps_of(role, declared)]
    if idle:
        raise ImrError(
            f"no step is for {', '.join(idle)}: name the role in a step, or say in law.roles that it does not act"
        )


insist_each_acts(STEPS)
