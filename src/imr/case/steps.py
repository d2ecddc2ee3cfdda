"""The one table of steps: who may take each, in which stages, on which facts, under which law.

The same table gives the buttons of the portals, the routes of the API and `docs/workflow.md`: a portal cannot offer what
`take` would refuse for the role or the stage.
"""

from typing import Any

from imr.case import (
    binding,
    correcting,
    eligibility,
    ending,
    gathering,
    intake,
    release,
    reviewing,
    settling,
    withholding,
)
from imr.case import events as e
from imr.case.acts import Act, Actor
from imr.case.chain import SEAL
from imr.case.state import OPEN, WITH_ORGANIZATION, WITH_REVIEWER, Case, Stage
from imr.case.step import Beside, Step, found, insist
from imr.errors import Refused
from imr.law.roles import PARTIES
from imr.law.rule import Finding, Known, labor_code, regulation
from imr.law.terms import Role

__all__ = ["STEPS", "Act", "Actor", "Step", "offers", "take"]

EMPLOYEE_SIDE = intake.EMPLOYEE_SIDE
#: Who at the review organization handles the papers of a case.
STAFF = (Role.INTAKE, Role.COORDINATOR)

_STEPS = (
    Step(
        name="receive-application",
        title="Receive the application",
        roles=(*EMPLOYEE_SIDE, Role.INTAKE),
        stages=(Stage.NEW,),
        facts=intake.ReceiveApplication,
        decide=intake.receive_application,
        under=(intake.APPLICATION,),
        gives=(e.ApplicationReceived,),
        leads_to=(Stage.RECEIVED,),
    ),
    Step(
        name="ask-information",
        title="Ask for more information",
        roles=(Role.INTAKE, Role.DIVISION),
        stages=(Stage.RECEIVED,),
        facts=intake.AskInformation,
        decide=intake.ask_information,
        under=(intake.MORE_INFORMATION,),
        gives=(e.InformationAsked,),
        leads_to=(Stage.INFORMATION_ASKED,),
    ),
    Step(
        name="answer-information",
        title="Answer the request for information",
        roles=(*PARTIES, Role.INTAKE),
        stages=(Stage.INFORMATION_ASKED,),
        facts=intake.AnswerInformation,
        decide=intake.answer_information,
        open_to=intake.may_answer,
        under=(intake.MORE_INFORMATION,),
        gives=(e.InformationAnswered,),
        leads_to=(Stage.RECEIVED,),
    ),
    Step(
        name="decide-eligibility",
        title="Decide eligibility",
        roles=(Role.INTAKE, Role.DIVISION),
        stages=(Stage.RECEIVED, Stage.INFORMATION_ASKED),
        facts=eligibility.DecideEligibility,
        decide=eligibility.decide_eligibility,
        under=(eligibility.ELIGIBILITY, eligibility.FACTORS),
        gives=(e.FoundEligible, e.FoundIneligible),
        leads_to=(Stage.ELIGIBLE, Stage.INELIGIBLE),
    ),
    Step(
        name="assign-organization",
        title="Take the case and send the notice of assignment",
        roles=STAFF,
        stages=(Stage.ELIGIBLE,),
        facts=intake.AssignOrganization,
        decide=intake.assign_organization,
        under=(intake.NOTICE,),
        gives=(e.OrganizationAssigned,),
        leads_to=(Stage.ASSIGNED,),
    ),
    Step(
        name="convert-to-expedited",
        title="Go on as an expedited review",
        roles=STAFF,
        stages=WITH_ORGANIZATION,
        facts=intake.ConvertToExpedited,
        decide=intake.convert_to_expedited,
        ready=intake.can_be_expedited,
        under=(intake.EXPEDITE,),
        gives=(e.ConvertedToExpedited,),
    ),
    Step(
        name="receive-records",
        title="Receive documents",
        roles=(*PARTIES, *STAFF),
        stages=OPEN,
        facts=gathering.ReceiveRecords,
        decide=gathering.receive_records,
        under=(gathering.RECORDS, gathering.RECORDS_IN_TIME),
        gives=(e.RecordsReceived,),
    ),
    Step(
        name="correct-document",
        title="Correct the index of the case file",
        roles=(*STAFF, Role.REVIEWER),
        stages=OPEN,
        facts=correcting.CorrectDocument,
        decide=correcting.correct_document,
        ready=correcting.something_to_correct,
        under=(correcting.LISTED, gathering.RECORDS),
        gives=(e.DocumentCorrected,),
    ),
    Step(
        name="withhold-record",
        title="Withhold a mental health record, or show it again",
        roles=STAFF,
        stages=(*OPEN, Stage.SIGNED, Stage.ISSUED, Stage.PUBLISHED),
        facts=withholding.WithholdRecord,
        decide=withholding.withhold_record,
        ready=withholding.something_sent,
        under=(withholding.UNDER,),
        gives=(e.RecordWithheld,),
    ),
    Step(
        name="note-records-overdue",
        title="Note that the records are overdue",
        roles=(Role.CLOCK,),
        stages=(Stage.ASSIGNED,),
        facts=gathering.NoteRecordsOverdue,
        decide=gathering.note_records_overdue,
        ready=gathering.not_noted_yet,
        under=(gathering.RECORDS_IN_TIME,),
        gives=(e.RecordsOverdue,),
    ),
    Step(
        name="complete-records",
        title="Close the case file",
        roles=(Role.COORDINATOR,),
        stages=(Stage.ASSIGNED,),
        facts=gathering.CompleteRecords,
        decide=gathering.complete_records,
        beside=gathering.INDEX,
        weigh=gathering.may_be_released,
        under=(gathering.RECORDS, gathering.SOLELY_UR),
        gives=(e.RecordsCompleted,),
        leads_to=(Stage.RECORDS_COMPLETE,),
    ),
    Step(
        name="bind-case-file",
        title="Bind the case file",
        roles=(Role.CLOCK,),
        stages=(Stage.RECORDS_COMPLETE, *WITH_REVIEWER),
        facts=binding.BindCaseFile,
        decide=binding.bind_case_file,
        ready=binding.not_bound_yet,
        under=(gathering.RECORDS,),
        gives=(e.CaseFileBound,),
    ),
    Step(
        name="assign-reviewer",
        title="Assign the reviewer",
        roles=(Role.COORDINATOR,),
        stages=(Stage.RECORDS_COMPLETE,),
        facts=reviewing.AssignReviewer,
        decide=reviewing.assign_reviewer,
        beside=gathering.INDEX,
        weigh=gathering.may_be_released,
        under=(labor_code("139.5(d)(4)-(5)"), regulation("9792.10.6(b)(1)", Known.PART)),
        gives=(e.ReviewerAssigned,),
        leads_to=(Stage.REVIEWER_ASSIGNED,),
    ),
    Step(
        name="settle-identity",
        title="Settle whether two names are the same",
        roles=(Role.COORDINATOR,),
        stages=(Stage.RECORDS_COMPLETE, *WITH_REVIEWER),
        facts=settling.SettleIdentity,
        decide=settling.settle_identity,
        under=(reviewing.CONFLICTS,),
        gives=(e.IdentitySettled,),
    ),
    Step(
        name="attest-independence",
        title="Attest independence",
        roles=(Role.REVIEWER,),
        stages=(Stage.REVIEWER_ASSIGNED,),
        facts=reviewing.AttestIndependence,
        decide=reviewing.attest_independence,
        under=(reviewing.CONFLICTS,),
        gives=(e.IndependenceAttested,),
        leads_to=(Stage.UNDER_REVIEW,),
    ),
    Step(
        name="decline-review",
        title="Decline the case",
        roles=(Role.REVIEWER,),
        stages=(Stage.REVIEWER_ASSIGNED, Stage.UNDER_REVIEW),
        facts=reviewing.DeclineReview,
        decide=reviewing.decline_review,
        under=(reviewing.CONFLICTS,),
        gives=(e.ReviewerDeclined,),
        leads_to=(Stage.RECORDS_COMPLETE,),
    ),
    Step(
        name="release-reviewer",
        title="Take the case from the reviewer",
        roles=(Role.COORDINATOR,),
        stages=WITH_REVIEWER,
        facts=reviewing.ReleaseReviewer,
        decide=reviewing.release_reviewer,
        under=(reviewing.QUALITY,),
        gives=(e.ReviewerReleased,),
        leads_to=(Stage.RECORDS_COMPLETE,),
    ),
    Step(
        name="ask-records",
        title="Ask for more records",
        roles=(Role.REVIEWER, Role.COORDINATOR),
        stages=(Stage.UNDER_REVIEW,),
        facts=gathering.AskRecords,
        decide=gathering.ask_records,
        under=(gathering.MORE_RECORDS,),
        gives=(e.RecordsAsked,),
    ),
    Step(
        name="submit-draft",
        title="Submit the draft to the quality review",
        roles=(Role.REVIEWER,),
        stages=(Stage.UNDER_REVIEW,),
        facts=reviewing.SubmitDraft,
        decide=reviewing.submit_draft,
        under=(reviewing.CONTENT, reviewing.CONTENT_LISTED),
        gives=(e.DraftSubmitted,),
        leads_to=(Stage.QUALITY,),
    ),
    Step(
        name="return-draft",
        title="Return the draft to the reviewer",
        roles=(Role.QUALITY,),
        stages=(Stage.QUALITY, Stage.PASSED),
        facts=reviewing.ReturnDraft,
        decide=reviewing.return_draft,
        under=(reviewing.QUALITY,),
        gives=(e.DraftReturned,),
        leads_to=(Stage.UNDER_REVIEW,),
    ),
    Step(
        name="pass-draft",
        title="Pass the draft",
        roles=(Role.QUALITY,),
        stages=(Stage.QUALITY,),
        facts=reviewing.PassDraft,
        decide=reviewing.pass_draft,
        under=(reviewing.QUALITY,),
        gives=(e.DraftPassed,),
        leads_to=(Stage.PASSED,),
    ),
    Step(
        name="extend-time",
        title="Extend the time",
        roles=(Role.DIVISION, Role.COORDINATOR),
        stages=(Stage.RECORDS_COMPLETE, *WITH_REVIEWER),
        facts=reviewing.ExtendTime,
        decide=reviewing.extend_time,
        ready=reviewing.not_extended_yet,
        under=(reviewing.EXTENSION,),
        gives=(e.TimeExtended,),
    ),
    Step(
        name="sign-determination",
        title="Sign the determination",
        roles=(Role.REVIEWER,),
        stages=(Stage.PASSED,),
        facts=reviewing.SignDetermination,
        decide=reviewing.sign_determination,
        under=(reviewing.CONTENT, reviewing.CONFIDENTIAL),
        gives=(e.DeterminationSigned,),
        leads_to=(Stage.SIGNED,),
    ),
    Step(
        name="issue-determination",
        title="Issue the determination",
        roles=(Role.COORDINATOR,),
        stages=(Stage.SIGNED,),
        facts=release.IssueDetermination,
        decide=release.issue_determination,
        under=(release.RECIPIENTS,),
        gives=(e.DeterminationIssued,),
        leads_to=(Stage.ISSUED,),
    ),
    Step(
        name="report-implementation",
        title="Report the authorization or payment",
        roles=(Role.CLAIMS_ADMINISTRATOR,),
        stages=(Stage.ISSUED, Stage.PUBLISHED),
        facts=release.ReportImplementation,
        decide=release.report_implementation,
        ready=release.something_to_implement,
        under=(release.IMPLEMENTATION,),
        gives=(e.DeterminationImplemented,),
    ),
    Step(
        name="publish-determination",
        title="Publish the redacted determination",
        roles=(Role.DIVISION, Role.COORDINATOR),
        stages=(Stage.ISSUED,),
        facts=release.PublishDetermination,
        decide=release.publish_determination,
        under=(release.PUBLICATION,),
        gives=(e.DeterminationPublished,),
        leads_to=(Stage.PUBLISHED,),
    ),
    Step(
        name="withdraw-publication",
        title="Withdraw the published determination",
        roles=(Role.DIVISION, Role.COORDINATOR),
        stages=(Stage.PUBLISHED,),
        facts=release.WithdrawPublication,
        decide=release.withdraw_publication,
        ready=release.is_published,
        under=(release.PUBLICATION,),
        gives=(e.PublicationWithdrawn,),
        leads_to=(Stage.ISSUED,),
    ),
    Step(
        name="withdraw-reversed-publication",
        title="Withdraw the published determination, which was reversed",
        roles=(Role.DIVISION, Role.COORDINATOR),
        stages=(Stage.REVERSED,),
        facts=release.WithdrawPublication,
        decide=release.withdraw_publication,
        ready=release.is_published,
        under=(release.PUBLICATION,),
        gives=(e.PublicationWithdrawn,),
    ),
    Step(
        name="withdraw-application",
        title="Withdraw the application",
        roles=(*EMPLOYEE_SIDE, *STAFF),
        stages=OPEN,
        facts=ending.WithdrawApplication,
        decide=ending.withdraw_application,
        under=(ending.WHO_MAY_ASK,),
        gives=(e.ApplicationWithdrawn,),
        leads_to=(Stage.WITHDRAWN,),
    ),
    Step(
        name="terminate-review",
        title="End the review because the dispute is over",
        roles=(Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN, *STAFF),
        stages=OPEN,
        facts=ending.TerminateReview,
        decide=ending.terminate_review,
        under=(ending.TERMINATION,),
        gives=(e.ReviewTerminated,),
        leads_to=(Stage.TERMINATED,),
    ),
    Step(
        name="receive-appeal",
        title="Receive an appeal",
        roles=(Role.DIVISION, Role.INTAKE),
        stages=(Stage.ISSUED, Stage.PUBLISHED),
        facts=release.ReceiveAppeal,
        decide=release.receive_appeal,
        ready=release.not_appealed_yet,
        under=(release.APPEAL,),
        gives=(e.AppealReceived,),
    ),
    Step(
        name="affirm-determination",
        title="Note that the determination stands",
        roles=(Role.DIVISION, Role.INTAKE),
        stages=(Stage.ISSUED, Stage.PUBLISHED),
        facts=release.AffirmDetermination,
        decide=release.affirm_determination,
        ready=release.appeal_pending,
        under=(release.APPEAL,),
        gives=(e.DeterminationAffirmed,),
    ),
    Step(
        name="reverse-determination",
        title="Note that the determination was reversed",
        roles=(Role.DIVISION, Role.INTAKE),
        stages=(Stage.ISSUED, Stage.PUBLISHED),
        facts=release.ReverseDetermination,
        decide=release.reverse_determination,
        ready=release.appeal_pending,
        under=(release.REMAND,),
        gives=(e.DeterminationReversed,),
        leads_to=(Stage.REVERSED,),
    ),
    Step(
        name="open-remand",
        title="Open the case anew for another reviewer",
        roles=(Role.DIVISION, Role.INTAKE),
        stages=(Stage.NEW,),
        facts=ending.OpenRemand,
        decide=ending.open_remand,
        under=(ending.REMAND,),
        gives=(e.RemandOpened,),
        leads_to=(Stage.ELIGIBLE,),
    ),
)

#: The one table of steps, by name.
STEPS: dict[str, Step] = {step.name: step for step in _STEPS}


def take(name: str, case: Case, act: Act, facts: Any, beside: Beside | None = None) -> e.Event:
    """The event that a step makes of these facts. Raises Refused with every finding that stands against it."""
    step = STEPS.get(name)
    if step is None:
        raise Refused(f"no step is called {name!r}; there are {', '.join(STEPS)}")
    if not isinstance(facts, step.facts):
        raise Refused(f"the step {name} takes the facts of {step.facts.__name__}")
    insist_ready(step, case, act.by, beside)
    return step.decide(case, act, facts)


def insist_ready(step: Step, case: Case, actor: Actor, beside: Beside | None = None) -> None:
    """Raise Refused where a step is not for this actor, or not for the case as it is, whatever its facts."""
    insist(*_allowed(step, case, actor))
    insist(*step.against(case, beside))


def offers(case: Case, actor: Actor, beside: Beside | None = None) -> tuple[Step, ...]:
    """What this actor may do to the case now."""
    return tuple(
        step
        for step in _STEPS
        if all(finding.holds for finding in _allowed(step, case, actor)) and not step.against(case, beside)
    )


def held_back(name: str, case: Case, actor: Actor, beside: Beside | None = None) -> tuple[Finding, ...]:
    """Why a step cannot be taken now: every finding for which it would be refused whatever its facts."""
    step = STEPS[name]
    return tuple(f for f in _allowed(step, case, actor) if not f.holds) or step.against(case, beside)


def _allowed(step: Step, case: Case, actor: Actor) -> tuple[Finding, ...]:
    return (
        found(
            "case is open to the role",
            step.open_to is None or actor.role not in step.roles or actor.role in step.open_to(case),
            "{title}: in this case that is not for the {role}",
            *step.under,
            title=step.title,
            role=actor.role.value,
        ),
        found(
            "role may take the step",
            actor.role in step.roles,
            "{title}: this is for the {roles}, not for the {role}",
            *step.under,
            title=step.title,
            roles=", ".join(role.value for role in step.roles),
            role=actor.role.value,
        ),
        found(
            "case is at a stage for the step",
            case.stage in step.stages,
            "{title}: the case is at the stage “{stage}”; this is done at {stages}",
            *step.under,
            title=step.title,
            stage=case.stage.value,
            stages=", ".join(f"“{stage.value}”" for stage in step.stages),
        ),
        found(
            "reviewer is the one of the case",
            actor.role is not Role.REVIEWER or actor.id == case.reviewer,
            "{title}: another reviewer has this case",
            *step.under,
            title=step.title,
        ),
        found(
            "actor is known",
            bool(actor.id) and not actor.id.startswith(SEAL),
            "who acts must be known by an id of their own",
            *step.under,
        ),
    )
