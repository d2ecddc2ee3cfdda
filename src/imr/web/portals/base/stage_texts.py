"""What each stage of a case means to people: its station on the path, who acts now, and what comes next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imr.case.state import Case, Stage
from imr.case.steps import STEPS, Step
from imr.case.steps.issue import something_to_implement
from imr.law.roles import EMPLOYEE_SIDE, OUTSIDERS
from imr.law.terms import Role

#: The stations of the path, as a party sees them.
STATIONS = (_("Application"), _("Eligibility"), _("Records"), _("Physician review"), _("Determination"), _("Published"))


@dataclass(frozen=True, slots=True)
class StageText:
    """The text of a stage: its station from 0, who acts now, who else, and in plain words what happens."""

    station: int
    who: Role | None
    now: str | Promise
    then: str | Promise = ""
    others: tuple[Role, ...] = ()


STAGE_TEXTS: dict[Stage, StageText] = {
    Stage.NEW: StageText(0, Role.EMPLOYEE, _("There is no application yet."), _("The employee applies.")),
    Stage.RECEIVED: StageText(
        1,
        Role.INTAKE,
        _("The application is being checked: is it signed, in time and complete, and is medical necessity in dispute?"),
        _("You get a letter either way: a notice of assignment, or the reasons why a review is not possible."),
    ),
    Stage.INFORMATION_ASKED: StageText(
        1, Role.EMPLOYEE, _("More information was asked for before eligibility can be decided."), ""
    ),
    Stage.ELIGIBLE: StageText(
        1,
        Role.COORDINATOR,
        _("The application is eligible. The review organization makes the notice of assignment."),
        _("Once the claims administrator is served with it, it has to send the medical records."),
    ),
    Stage.ASSIGNED: StageText(
        2,
        Role.CLAIMS_ADMINISTRATOR,
        _("The review organization is waiting for the medical records from the claims administrator."),
        _(
            "The employee and the requesting physician may send documents too. When the file is complete, a physician is chosen."
        ),
    ),
    Stage.RECORDS_COMPLETE: StageText(
        3,
        Role.COORDINATOR,
        _("The case file is complete. A physician reviewer is being chosen and screened for conflicts."),
        _("The reviewer then reads the file and decides on each treatment."),
    ),
    Stage.REVIEWER_ASSIGNED: StageText(
        3,
        Role.REVIEWER,
        _("A physician reviewer was chosen and first attests to have no tie to anybody in the case."),
        _("The reviewer then reads the file and decides on each treatment."),
    ),
    Stage.UNDER_REVIEW: StageText(
        3,
        Role.REVIEWER,
        _("The physician reviewer is reading the file and deciding on each treatment."),
        _("The draft is checked for completeness before the reviewer signs."),
    ),
    Stage.QUALITY: StageText(
        3,
        Role.QUALITY,
        _("The draft is being checked for completeness and clarity. Nobody but the reviewer changes the decision."),
        _("The reviewer signs; then the letter is issued."),
    ),
    Stage.PASSED: StageText(3, Role.REVIEWER, _("The draft passed its check. The reviewer signs it."), ""),
    Stage.SIGNED: StageText(4, Role.COORDINATOR, _("The determination is signed and is about to be issued."), ""),
    Stage.ISSUED: StageText(
        5,
        Role.CLAIMS_ADMINISTRATOR,
        _("The determination was issued. It is final unless it is appealed."),
        _("Where the UR decision was overturned, the claims administrator authorizes or pays for the treatment."),
    ),
    Stage.PUBLISHED: StageText(
        6,
        None,
        _("The determination was issued, and published without names."),
        _("Where the UR decision was overturned, the claims administrator authorizes or pays for the treatment."),
    ),
    Stage.INELIGIBLE: StageText(
        1,
        None,
        _("The application was found not eligible. The letter gives every reason."),
        _("This finding can be appealed to the Workers’ Compensation Appeals Board."),
    ),
    Stage.WITHDRAWN: StageText(1, None, _("The application was withdrawn. Nothing more happens in this case."), ""),
    Stage.TERMINATED: StageText(
        2, None, _("The review ended because the dispute is over. Nothing more happens in this case."), ""
    ),
    Stage.REVERSED: StageText(
        5,
        None,
        _("The determination was set aside on appeal. The dispute goes to another reviewer, in a new case."),
        "",
    ),
}

#: The text of a stage while the letter that starts its clock is not served.
_NOT_SERVED_TEXTS: dict[Stage, StageText] = {
    Stage.INFORMATION_ASKED: StageText(
        1, Role.INTAKE, _("More information is asked for. The request has not reached everybody who was asked yet."), ""
    ),
    Stage.ASSIGNED: StageText(
        2,
        Role.COORDINATOR,
        _("The notice of assignment is made, and has not reached the claims administrator yet."),
        _("Once it has, the claims administrator has to send the medical records."),
    ),
}


#: The text of a case with an open report that the dispute is over.
_ENDING_REPORTED = _("It is reported that the dispute is over. The review goes on, and the employee’s side may answer.")
_ENDING_HEARD = _(
    "The review organization ends the review once the employee’s side was heard, or has the report taken back."
)


#: A review in the words of a party, which is not told when a draft is submitted, returned or passed.
_IN_REVIEW = StageText(
    3,
    Role.REVIEWER,
    _("The case is with a physician reviewer, whose draft is checked for completeness before it is signed."),
    _("Then the letter is issued."),
    others=(Role.QUALITY,),
)


def stage_text(case: Case, roles: Collection[Role] = (), *, served: bool = True) -> StageText:
    """Return the text of a case's stage: it waits for those who were asked and, once issued, for what has to be authorized or paid.

    `roles` are those of the reader; without them the text is the one of the review organization.
    `served` is false where a clock of the stage waits for the service of a letter.
    """
    is_party = bool(roles) and not set(roles) - set(OUTSIDERS)
    in_review = is_party and case.stage is Stage.UNDER_REVIEW
    usual = _IN_REVIEW if in_review else _usual_text(case, served=served)
    if case.ending_report is None or case.stage.ended:
        return usual
    return replace(usual, now=_ENDING_REPORTED, then=_ENDING_HEARD)


def _usual_text(case: Case, *, served: bool) -> StageText:
    """Return the text of a stage as it is without a report that the dispute is over."""
    if not served and case.stage in _NOT_SERVED_TEXTS:
        return _NOT_SERVED_TEXTS[case.stage]
    here = STAGE_TEXTS[case.stage]
    if case.stage is Stage.INFORMATION_ASKED and case.asked_of:
        return replace(here, who=case.asked_of[0], others=case.asked_of[1:])
    if case.stage not in (Stage.ISSUED, Stage.PUBLISHED):
        return here
    if all(finding.holds for finding in something_to_implement(case)):
        return replace(here, who=Role.CLAIMS_ADMINISTRATOR)
    if case.stage is Stage.PUBLISHED:
        return replace(here, who=None, then="")
    return replace(here, who=Role.DIVISION, then=_("The Division publishes it without names."))


#: Stages that only the review organization distinguishes, in the words of everybody else.
_PLAIN_LABELS = {
    Stage.RECEIVED: _("eligibility being checked"),
    Stage.INFORMATION_ASKED: _("waiting for information"),
    Stage.ELIGIBLE: _("eligible, review being set up"),
    **dict.fromkeys((Stage.RECORDS_COMPLETE, Stage.REVIEWER_ASSIGNED), _("physician reviewer being chosen")),
    **dict.fromkeys((Stage.UNDER_REVIEW, Stage.QUALITY, Stage.PASSED), _("with a physician reviewer")),
    Stage.SIGNED: _("decided, letter to be issued"),
    Stage.ISSUED: _("decided"),
    Stage.PUBLISHED: _("decided"),
    Stage.INELIGIBLE: _("not eligible for review"),
    Stage.TERMINATED: _("ended, the dispute is over"),
}


def stage_label(stage: Stage, roles: Collection[Role]) -> str:
    """Return the stage of a case in the words of these roles: plain words outside the review organization and the Division."""
    return stage.value if set(roles) - set(OUTSIDERS) else str(_PLAIN_LABELS.get(stage, stage.value))


def station(name: str) -> tuple[tuple[str, str], ...]:
    """Return the stations with their state in a case at this stage: past, present or ahead."""
    here = STAGE_TEXTS[Stage[name] if name in Stage.__members__ else Stage(name)].station
    return tuple(
        (str(title), "past" if number < here else "present" if number == here else "ahead")
        for number, title in enumerate(STATIONS)
    )


def primary_step(offers: Sequence[Step], stage: Stage, roles: Sequence[Role]) -> Step | None:
    """Return the step by which this person moves the case on; None where others have to act."""
    by_name = {step.name: step for step in offers}
    if "answer-ending" in by_name and set(roles) & set(EMPLOYEE_SIDE):
        return by_name["answer-ending"]
    if stage is Stage.ASSIGNED and Role.COORDINATOR not in roles:
        return by_name.get("receive-records") if Role.CLAIMS_ADMINISTRATOR in roles else None
    return next((by_name[name] for name, step in STEPS.items() if step.advances and name in by_name), None)
