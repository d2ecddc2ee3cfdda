"""Every step: when it is offered, what it refuses, and under which law."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.factories.world import FORM, MAIN_PATH, NUMBER, PAPER, REVIEWERS, START, World, refusal, rules, told_apart

from imr.case.appeals import AppealGround
from imr.case.application import Designee, DisputedTreatment
from imr.case.chain import record, replay, verify
from imr.case.context import Actor, StepContext
from imr.case.decide import blocking_findings, decide, offered_steps
from imr.case.digests import digest
from imr.case.duties import documents_owed
from imr.case.endings import Ending
from imr.case.events import (
    KINDS,
    RETIRED,
    ConvertedToExpedited,
    DeclineReason,
    DraftSaved,
    ReviewReopened,
    ReviewTerminated,
)
from imr.case.file import CorrectionAction, FiledRecord
from imr.case.filed_application import FiledApplication
from imr.case.findings import filing_of
from imr.case.letters import LetterKind
from imr.case.marks import Mark, marks
from imr.case.state import OPEN, Case, Stage
from imr.case.steps import STEPS
from imr.case.steps.ending import TIME_TO_ANSWER, report_of
from imr.case.steps.records import CompleteRecords, kinds_in
from imr.case.timeliness import findings
from imr.determination import write
from imr.determination.model import Decision
from imr.errors import ImrError, Refused
from imr.law.records import Duty
from imr.law.reviewers import Affiliation, AffiliationKind
from imr.law.roles import PARTIES
from imr.law.terms import Filer, Outcome, RecordKind, ReviewType, Role, Service, Track, UrOutcome
from imr.law.time_limits import dispute_ended, timely

# The table


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_every_step_cites_its_law_and_gives_events_of_the_registry(step):
    assert step.under
    assert step.roles
    assert step.stages
    assert all(KINDS[event.kind] is event for event in step.events)
    for _, mark in marks(step.facts).values():
        assert isinstance(mark, Mark)


def test_every_kind_of_event_has_the_step_that_gives_it():
    assert {event for step in STEPS.values() for event in step.events} == set(KINDS.values()) - RETIRED


def test_a_step_that_nobody_knows_is_refused_with_those_that_there_are():
    with pytest.raises(Refused, match="receive-application"):
        decide("approve", World().case, StepContext(actor=Actor(role=Role.INTAKE, id="i"), at=START), None)


def test_the_facts_of_another_step_are_refused():
    with pytest.raises(Refused, match="ReceiveApplication"):
        decide(
            "receive-application", World().case, StepContext(actor=Actor(role=Role.INTAKE, id="i"), at=START), object()
        )


def test_each_stage_refuses_every_step_of_other_stages():
    world = World()
    for name in (*MAIN_PATH, ""):
        stage = world.case.stage
        for step in STEPS.values():
            if stage not in step.stages:
                actor = world.actor(step.roles[0])
                with pytest.raises(Refused, match="the case is at the stage"):
                    decide(step.name, world.case, StepContext(actor=actor, at=world.at), object.__new__(step.facts))
                assert step not in offered_steps(world.case, actor)
        if name:
            world.through(name)


@pytest.mark.parametrize("name", MAIN_PATH)
def test_each_step_refuses_every_role_that_may_not_take_it(name):
    world = World()
    for before in MAIN_PATH[: MAIN_PATH.index(name)]:
        world.through(before)
    for role in Role:
        offered = name in {step.name for step in offered_steps(world.case, world.actor(role))}
        if role not in STEPS[name].roles:
            assert not offered
            assert "role may take the step" in rules(refusal(world, name, role))
        elif world.actor(role).id:
            assert offered


def test_another_reviewer_is_offered_nothing():
    world = World().until(Stage.UNDER_REVIEW)
    other = Actor(role=Role.REVIEWER, id="somebody else")
    assert offered_steps(world.case, other) == ()
    with pytest.raises(Refused, match="another reviewer has this case"):
        decide(
            "submit-draft",
            world.case,
            StepContext(actor=other, at=world.at),
            world.facts("submit-draft", StepContext(actor=other, at=world.at)),
        )


@pytest.mark.parametrize("who", ["", "sealed:abc"])
def test_nobody_without_an_id_of_their_own_may_act(who):
    context = StepContext(actor=Actor(role=Role.INTAKE, id=who), at=START)
    with pytest.raises(Refused, match="id of their own"):
        decide("receive-application", World().case, context, World().facts("receive-application", context))


def test_a_moment_without_a_time_zone_is_no_act():
    with pytest.raises(ImrError, match="time zone"):
        StepContext(actor=Actor(role=Role.INTAKE, id="i"), at=START.replace(tzinfo=None))


def test_the_day_of_an_act_is_californias():
    assert StepContext(actor=Actor(role=Role.INTAKE, id="i"), at=START.replace(hour=2)).on == date(2015, 2, 18)


def test_a_case_without_application_has_no_filing():
    with pytest.raises(Refused, match="no application yet"):
        filing_of(World().case)


# The main path


def test_the_main_path_reaches_publication_and_keeps_its_dates():
    world = World()
    for name in MAIN_PATH:
        world.through(name)
        assert world.case.stage in (*STEPS[name].leads_to, *STEPS[name].stages)
    case = world.case
    assert case.stage is Stage.PUBLISHED
    assert case.events == len(MAIN_PATH) + 2  # the notice and the determination were served
    assert case.outcome is Outcome.PARTIALLY_OVERTURNED
    assert case.decisions == (Decision.OVERTURNED, Decision.UPHELD)
    assert case.track is Track.STANDARD
    dates = case.dates
    assert dates.ur_served_on == date(2015, 2, 6)
    assert dates.notice_service is Service.ELECTRONIC
    assert dates.overturned is True
    assert dates.treatment_given is False
    assert {deadline.rule for deadline in case.deadlines()} == {
        "app-time-standard",
        "assign-notice",
        "rec-elec",
        "det-time-standard",
        "impl-authorize",
        "appeal-time",
    }


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ((), None),
        ((Decision.UPHELD,), Outcome.UPHELD),
        ((Decision.OVERTURNED, Decision.OVERTURNED), Outcome.OVERTURNED),
        ((Decision.UPHELD, Decision.OVERTURNED), Outcome.PARTIALLY_OVERTURNED),
    ],
)
def test_the_outcome_is_the_sum_of_the_decisions(decisions, outcome):
    assert replace(World().case, decisions=decisions).outcome is outcome


def test_a_case_that_has_not_begun_has_no_dates_and_no_track():
    case = World().case
    assert case.dates.injured_on is None
    assert case.track is None
    assert case.review_type is None
    assert case.treatments == 0
    assert documents_owed(case, date(2015, 3, 1)) == ()


def test_the_track_is_that_of_the_day_until_the_review_is_expedited():
    world = World(form=replace(FORM, formulary=True)).through("receive-application")
    assert world.case.track is Track.STANDARD, "there was no formulary in 2015"
    later = replace(world.case, dates=replace(world.case.dates, ur_served_on=date(2018, 2, 5)))
    assert later.track is Track.FORMULARY
    assert ConvertedToExpedited(certification=PAPER, at=START).apply(world.case).track is Track.EXPEDITED


# Application


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"claim_number": " "}, "claim has its number"),
        ({"treatments": ()}, "a treatment is disputed"),
        ({"treatments": (DisputedTreatment(description=" "),)}, "a treatment is disputed"),
        ({"injured_on": date(2015, 2, 9)}, "injury comes before the UR decision"),
        ({"ur_served_on": date(2015, 2, 1)}, "UR decision comes before its service"),
        ({"signed_on": date(2016, 1, 1)}, "dates are not in the future"),
        ({"filed_by": None}, "signature names who signed"),
        ({"ur_decision_attached": False}, "UR decision is attached as the application says"),
    ],
)
def test_slips_of_the_pen_are_refused_with_what_to_do(changes, rule):
    refused = refusal(World(), "receive-application", application=replace(FORM, **changes))
    assert rules(refused) == {rule}
    assert "8 CCR 9792.10" in str(refused)


def test_an_employee_without_a_name_is_refused():
    nobody = replace(FORM.employee, last_name="")
    assert rules(refusal(World(), "receive-application", application=replace(FORM, employee=nobody))) == {
        "employee is named"
    }


def test_an_application_from_the_future_is_refused():
    assert rules(refusal(World(), "receive-application", received_at=START + timedelta(days=1))) == {
        "receipt is not in the future"
    }


def test_an_application_served_at_an_unknown_day_is_received():
    assert World().do("receive-application", application=replace(FORM, ur_served_on=None)).stage is Stage.RECEIVED


# Eligibility


@pytest.mark.parametrize(
    ("form", "facts", "rule"),
    [
        ({"signed_on": None, "filed_by": None}, {}, "app-signed"),
        ({"ur_decision_attached": False}, {}, "app-attachments"),
        ({"filed_by": Filer.REQUESTING_PHYSICIAN}, {}, "app-who"),
        ({"liability_disputed": True}, {}, "elig-any-necessity-issue"),
        ({"records_consent": False}, {}, "elig-factors"),
        ({"ur_decided_on": date(2015, 1, 5), "ur_served_on": date(2015, 1, 5)}, {}, "app-time-standard"),
        ({}, {"ur_outcome": UrOutcome.CONDITIONALLY_DENIED}, "elig-ineligible-reasons"),
        ({}, {"earlier_application": True, "reviewed_before": (1, 2), "reviewed_in": "CM14-0000001"}, "elig-duplicate"),
        ({}, {"on_necessity": False}, "imr-exclusive"),
    ],
)
def test_every_reason_against_is_named(form, facts, rule):
    world = World(form=replace(FORM, **form))
    world.do("receive-application", ur_decision=PAPER if world.form.ur_decision_attached else "")
    case = world.do("decide-eligibility", **facts)
    assert case.stage is Stage.INELIGIBLE
    assert rule in case.reasons
    assert case.stage.ended
    assert [step.name for step in offered_steps(case, world.actor(Role.COORDINATOR))] == ["record-service"]


def test_a_designee_is_weighed_by_the_day_of_the_designation():
    early = Designee(first_name="A", last_name="B", relation="parent", designated_on=date(2015, 1, 1))
    world = World(form=replace(FORM, designee=early, filed_by=Filer.DESIGNEE)).through("receive-application")
    assert "app-designation" in world.do("decide-eligibility").reasons


def test_what_was_reviewed_before_is_left_out():
    world = World().through("receive-application")
    case = world.do("decide-eligibility", earlier_application=True, reviewed_before=(2,), reviewed_in="CM14-0000001")
    assert case.stage is Stage.ELIGIBLE
    assert (case.excluded, case.treatments) == ((2,), 1)


def test_a_treatment_that_there_is_not_cannot_be_left_out():
    world = World().through("receive-application")
    assert rules(refusal(world, "decide-eligibility", earlier_application=True, reviewed_before=(3,))) == {
        "treatments are those of the application"
    }


def test_eligibility_weighs_the_application_on_file_and_no_other():
    world = World().through("receive-application")
    refused = refusal(world, "decide-eligibility", application=replace(FORM, employer="Another"))
    assert "application is the one on file" in rules(refused)


def test_liability_resolved_starts_the_time_to_apply_anew():
    form = replace(
        FORM, liability_disputed=True, ur_decided_on=date(2014, 6, 2), ur_served_on=date(2014, 6, 2), rfa_on=None
    )
    world = World(form=form).through("receive-application")
    case = world.do("decide-eligibility", liability_resolved_on=date(2015, 2, 2), liability_service=Service.PERSONAL)
    assert case.stage is Stage.ELIGIBLE
    assert case.dates.liability_resolution_served_on == date(2015, 2, 2)


# More information


def test_information_is_asked_and_the_answer_mends_the_application():
    bare = replace(FORM, ur_decision_attached=False)
    world = World(form=bare)
    world.do("receive-application", ur_decision="")
    assert world.do("ask-information").stage is Stage.INFORMATION_ASKED
    world.wait(1)
    world.form = replace(FORM, signed_on=world.today)
    case = world.do("answer-information", ur_decision=PAPER)
    assert case.stage is Stage.RECEIVED
    assert filing_of(case).ur_decision == PAPER
    assert world.do("decide-eligibility").stage is Stage.ELIGIBLE


def test_an_answer_keeps_the_ur_decision_that_was_there():
    world = World().through("receive-application", "ask-information")
    assert filing_of(world.do("answer-information")).ur_decision == PAPER


def test_an_answer_without_another_application_leaves_it_as_it_is():
    world = World(form=replace(FORM, ur_decision_attached=False))
    world.do("receive-application", ur_decision="")
    before = filing_of(world.do("ask-information", of=(Role.CLAIMS_ADMINISTRATOR,)))
    after = filing_of(world.do("answer-information", Role.CLAIMS_ADMINISTRATOR, application=None, ur_decision=PAPER))
    assert after == replace(before, ur_decision=PAPER)


@pytest.mark.parametrize(
    ("form", "certified", "pace"),
    [
        ({"ur_expedited": True}, False, ReviewType.EXPEDITED),
        ({}, True, ReviewType.EXPEDITED),
        ({}, False, ReviewType.STANDARD),
    ],
)
def test_an_expedited_review_needs_its_ground(form, certified, pace):
    world = World(form=replace(FORM, review_type=ReviewType.EXPEDITED, **form)).through("receive-application")
    assert world.do("decide-eligibility", certified=certified).review_type is pace


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"of": ()}, "parties are asked"),
        ({"of": (Role.REVIEWER,)}, "parties are asked"),
        ({"letter": ""}, "request was written"),
    ],
)
def test_a_request_for_information_needs_whom_and_what(changes, rule):
    world = World().through("receive-application")
    assert rules(refusal(world, "ask-information", **changes)) == {rule}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"answer": ""}, "answer was filed"), ({"answered_on": date(2015, 12, 1)}, "receipt is not in the future")],
)
def test_an_answer_must_be_there(changes, rule):
    world = World().through("receive-application", "ask-information")
    assert rules(refusal(world, "answer-information", **changes)) == {rule}


def test_eligibility_waits_for_the_answer_or_the_end_of_its_time():
    world = World().through("receive-application")
    world.do("ask-information")
    assert rules(refusal(world, "decide-eligibility")) == {"time to answer ran out"}
    world.serve()
    assert rules(refusal(world, "decide-eligibility")) == {"time to answer ran out"}
    world.wait(8)
    assert world.do("decide-eligibility").stage is Stage.ELIGIBLE


# Assignment, pace, and endings


def test_the_notice_goes_to_the_parties_and_the_attorney():
    from imr.examples import attorney

    world = World(form=replace(FORM, attorney=attorney(1))).until(Stage.ASSIGNED)
    assert world.chain[-1].event.recipients == (
        Role.EMPLOYEE,
        Role.EMPLOYEE_ATTORNEY,
        Role.CLAIMS_ADMINISTRATOR,
        Role.REQUESTING_PHYSICIAN,
    )


def test_the_notice_must_be_written():
    assert rules(refusal(World().until(Stage.ELIGIBLE), "assign-organization", notice="")) == {"notice was written"}


def test_a_standard_review_becomes_an_expedited_one_once():
    world = World().until(Stage.ASSIGNED)
    assert rules(refusal(world, "convert-to-expedited", certification="")) == {"threat is certified in writing"}
    case = world.do("convert-to-expedited")
    assert (case.review_type, case.track) == (ReviewType.EXPEDITED, Track.EXPEDITED)
    assert "rec-exp" not in {deadline.rule for deadline in case.deadlines()}, (
        "the notice of the conversion has not come: no time runs from the first one"
    )
    assert rules(refusal(world, "convert-to-expedited")) == {"review is a standard one"}


def test_treatment_already_given_cannot_be_hastened():
    given = tuple(replace(treatment, given=True) for treatment in FORM.treatments)
    world = World(form=replace(FORM, treatments=given)).until(Stage.ASSIGNED)
    assert rules(refusal(world, "convert-to-expedited")) == {"treatment was not given yet"}
    assert world.case.dates.treatment_given is True


def test_some_treatment_given_is_not_known_as_a_whole():
    some = (replace(FORM.treatments[0], given=True), FORM.treatments[1])
    world = World(form=replace(FORM, treatments=some)).until(Stage.ASSIGNED)
    assert world.case.dates.treatment_given is None


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.EMPLOYEE_ATTORNEY, Role.INTAKE])
def test_the_employees_side_may_withdraw(role):
    world = World().until(Stage.ASSIGNED)
    assert world.do("withdraw-application", role).stage is Stage.WITHDRAWN


def test_a_withdrawal_is_written():
    assert rules(refusal(World().until(Stage.ASSIGNED), "withdraw-application", letter="")) == {
        "withdrawal is in writing"
    }


def test_the_claims_administrator_may_not_withdraw_it():
    world = World().until(Stage.ASSIGNED)
    assert "role may take the step" in rules(refusal(world, "withdraw-application", Role.CLAIMS_ADMINISTRATOR))


def test_an_authorization_ends_the_review():
    world = World().until(Stage.UNDER_REVIEW).through("report-ending", "answer-ending")
    assert world.case.stage is Stage.UNDER_REVIEW, "a report ends nothing"
    case = world.do("terminate-review")
    assert (case.stage, case.ending) == (Stage.TERMINATED, Ending.AUTHORIZED)
    reported = world.chain[-3].event
    assert case.dates.dispute_ended_on == reported.on < case.ended_on


def test_before_2017_nothing_else_ends_it():
    world = World().until(Stage.ASSIGNED)
    assert rules(refusal(world, "report-ending", because=Ending.SETTLED)) == {"law knows this ending"}
    assert rules(refusal(world, "report-ending", letter="")) == {"ending is in writing"}


def test_since_2017_a_settlement_ends_it_and_a_physician_ends_his_own_request_only():
    world = World().until(Stage.ASSIGNED).wait(800)
    assert rules(refusal(world, "report-ending", Role.REQUESTING_PHYSICIAN, because=Ending.SETTLED)) == {
        "the physician speaks for the request alone"
    }
    assert rules(refusal(world, "report-ending", because=Ending.PHYSICIAN_WITHDREW)) == {
        "the physician speaks for the request alone"
    }, "the claims administrator does not withdraw the physician's request"
    world.do("report-ending", Role.REQUESTING_PHYSICIAN, because=Ending.PHYSICIAN_WITHDREW)
    case = world.through("answer-ending").do("terminate-review")
    assert case.ending is Ending.PHYSICIAN_WITHDREW


@pytest.mark.parametrize("stage", OPEN)
def test_no_party_ends_a_review_and_what_is_reported_ends_nothing(stage):
    world = (
        World().until(stage)
        if stage is not Stage.INFORMATION_ASKED
        else World().through("receive-application", "ask-information")
    )
    for role in PARTIES:
        assert "role may take the step" in rules(refusal(world, "terminate-review", role, because=Ending.AUTHORIZED))
    assert rules(refusal(world, "terminate-review", because=Ending.AUTHORIZED)) == {"the end is reported"}
    world.do("report-ending")
    assert (world.case.stage, world.case.ended_on) == (stage, None)
    assert rules(refusal(world, "report-ending", Role.REQUESTING_PHYSICIAN)) == {"no report is open"}
    assert rules(refusal(world, "terminate-review")) == {"the employee's side was heard"}, (
        "nobody was served, nobody answered"
    )


def test_the_employees_side_is_heard_by_its_answer_or_by_the_time_to_answer():
    world = World().until(Stage.ASSIGNED)
    world.do("report-ending")
    letter = world.case.letter_of(LetterKind.ENDING_REPORT)
    served = {"letter": letter.number, "on": world.today, "received_at": None, "service": Service.ELECTRONIC}
    world.do("record-service", recipients=(Role.CLAIMS_ADMINISTRATOR,), **served)
    assert rules(refusal(world.wait(30), "terminate-review")) == {"the employee's side was heard"}, (
        "it was not served on it"
    )
    world.do("record-service", recipients=(Role.EMPLOYEE,), **served | {"on": world.today})
    world.wait(TIME_TO_ANSWER.days)
    assert rules(refusal(world, "terminate-review")) == {"the employee's side was heard"}, "the last day is its own"
    assert world.wait(1).do("terminate-review").stage is Stage.TERMINATED


def test_an_objection_is_answered_in_writing_before_the_review_ends():
    world = World().until(Stage.ASSIGNED).through("report-ending")
    assert rules(refusal(world, "answer-ending", agrees=None)) == {"question is answered"}
    assert rules(refusal(world, "answer-ending", letter="")) == {"answer is in writing"}
    world.do("answer-ending", agrees=False)
    assert rules(refusal(world, "answer-ending")) == {"case is open to the role"}
    assert rules(refusal(world, "terminate-review", letter="")) == {"objection is answered in writing"}
    assert rules(refusal(world, "terminate-review", because=Ending.SETTLED)) == {"ending is the reported one"}
    assert world.do("terminate-review").stage is Stage.TERMINATED


@pytest.mark.parametrize(("first", "other"), [(True, False), (False, True)])
def test_employee_and_attorney_each_answer_and_one_objection_prevails(first, other):
    world = World().until(Stage.ASSIGNED).through("report-ending")
    world.do("answer-ending", Role.EMPLOYEE, agrees=first)
    assert rules(refusal(world, "answer-ending", Role.EMPLOYEE)) == {"case is open to the role"}
    assert rules(refusal(world, "answer-ending", Role.INTAKE, answered_by=Role.EMPLOYEE)) == {
        "this role has not answered yet"
    }
    assert world.unheard() is Role.EMPLOYEE_ATTORNEY
    assert world.do("answer-ending", Role.EMPLOYEE_ATTORNEY, agrees=other).ending_report.agreed is False
    assert "report is not answered yet" in rules(refusal(world, "answer-ending", Role.INTAKE))
    assert rules(refusal(world, "terminate-review", letter="")) == {"objection is answered in writing"}
    assert world.do("terminate-review").stage is Stage.TERMINATED


def test_a_report_is_taken_back_by_who_made_it_or_by_the_office():
    world = World().until(Stage.ASSIGNED).through("report-ending")
    assert rules(refusal(world, "withdraw-ending-report", Role.REQUESTING_PHYSICIAN)) == {"case is open to the role"}
    assert world.do("withdraw-ending-report", Role.CLAIMS_ADMINISTRATOR).ending_report is None
    world.do("report-ending")
    assert world.do("withdraw-ending-report", Role.INTAKE).ending_report is None


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.ASSIGNED, Stage.UNDER_REVIEW, Stage.PASSED])
def test_a_review_that_was_ended_in_error_goes_on_where_it_was(stage):
    world = World().until(stage)
    before = world.case
    world.through("report-ending", "answer-ending", "terminate-review")
    assert world.case.dates.dispute_ended_on is not None
    after = world.do("reopen-review")
    assert (after.stage, after.ending, after.ended_on, after.ending_report) == (stage, None, None, None)
    assert after.dates.dispute_ended_on is after.dates.dispute_end_reported_on is None
    assert (after.reviewer, after.draft, after.records) == (before.reviewer, before.draft, before.records)
    assert "case is at a stage for the step" in rules(refusal(world, "reopen-review"))


def test_a_review_that_an_old_history_ended_without_a_report_replays_and_opens_again():
    world = World().until(Stage.ASSIGNED)
    old = ReviewTerminated(because=Ending.AUTHORIZED, letter="a" * 64, on=world.today)
    case = old.apply(world.case)
    assert (case.stage, case.dates.dispute_ended_on) == (Stage.TERMINATED, world.today)
    assert ReviewReopened(letter="b" * 64, on=world.today).apply(case).stage is Stage.ASSIGNED


# Records


def paper(name: str, kind: RecordKind = RecordKind.PROGRESS_REPORT, duty: Duty | None = None) -> FiledRecord:
    return FiledRecord(digest=digest(name), kind=kind, duty=duty)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"records": ()}, "documents came"),
        ({"sender": Role.INTAKE}, "sender is a party"),
        ({"received_on": date(2015, 12, 1)}, "receipt is not in the future"),
    ],
)
def test_documents_are_received_as_they_came(changes, rule):
    world = World().until(Stage.ASSIGNED)
    assert rules(refusal(world, "receive-records", Role.COORDINATOR, **changes)) == {rule}


def test_a_document_is_in_the_file_once():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", records=(paper("a"),))
    assert rules(refusal(world, "receive-records", records=(paper("a"),))) == {"a document is new"}
    world.do("receive-records", records=(paper("b"), paper("a"), paper("b")))
    assert [record.digest for record in world.chain[-1].event.records] == [digest("b")], (
        "one undoes nothing of the others"
    )


def test_the_same_bytes_from_another_sender_are_a_receipt_of_their_own():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", records=(paper("a"),))
    before = world.case.file
    case = world.do("receive-records", Role.EMPLOYEE, sender=Role.EMPLOYEE, records=(paper("a"), paper("c")))
    assert case.file == (*before, digest("c")), "the content is there once"
    assert [(one.sender, one.record.digest) for one in case.records] == [
        (Role.CLAIMS_ADMINISTRATOR, digest("a")),
        (Role.EMPLOYEE, digest("a")),
        (Role.EMPLOYEE, digest("c")),
    ]


def test_a_sheet_over_a_fax_is_no_record_in_time():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", records=(paper("cover", RecordKind.FAX_COVER),))
    assert not [finding for finding in findings(world.case, world.today) if finding.rule.startswith("rec-")]
    world.wait(30)
    assert world.do("note-records-overdue").records_overdue


def test_records_that_came_in_time_are_not_late_after_a_conversion():
    world = World().until(Stage.ASSIGNED)
    (due,) = (deadline for deadline in world.case.deadlines() if deadline.rule.startswith("rec-"))
    world.wait(2)
    world.do("receive-records", records=(paper("a"),))
    world.wait(3)
    world.do("convert-to-expedited")
    (still,) = (deadline for deadline in world.case.deadlines() if deadline.rule.startswith("rec-"))
    assert still.due == due.due
    owed = documents_owed(world.case, world.today)
    assert [one.days_late for one in owed] == [0] * len(owed)
    assert {one.looked_at for one in owed if one.duty not in (Duty.REPORTS, Duty.APPLICATION)} == {False}


def test_a_file_of_a_kind_that_nobody_named_may_be_what_is_owed():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", records=(paper("whole", RecordKind.OTHER),))
    world.wait(60)
    by_duty = {one.duty: one for one in documents_owed(world.case, world.today)}
    assert not by_duty[Duty.REPORTS].looked_at
    assert by_duty[Duty.REPORTS].days_late == 0
    read = {digest("whole"): (RecordKind.PROGRESS_REPORT, RecordKind.IMAGING)}
    assert documents_owed(world.case, world.today, read)[0].received_on is not None


def test_the_index_says_whether_a_file_may_go_to_a_reviewer():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", records=(paper("whole", RecordKind.OTHER),))
    coordinator = world.actor(Role.COORDINATOR)

    def indexed(*kinds):
        return lambda case: tuple(kinds_in(case, {digest("whole"): kinds}))

    def closing(beside):
        return "complete-records" in {step.name for step in offered_steps(world.case, coordinator, beside)}

    assert not closing(None)
    assert closing(indexed(RecordKind.PROGRESS_REPORT))
    only_ur = indexed(RecordKind.UR_DECISION)
    assert not closing(only_ur)
    (why,) = blocking_findings("complete-records", world.case, coordinator, only_ur)
    context = StepContext(actor=coordinator, at=world.at)
    with pytest.raises(Refused) as caught:
        decide("complete-records", world.case, context, CompleteRecords(), only_ur)
    assert [*caught.value.findings] == [why], "what a page says is what the step refuses for"
    event = decide(
        "complete-records",
        world.case,
        context,
        CompleteRecords(kinds=(RecordKind.PROGRESS_REPORT,)),
        indexed(RecordKind.PROGRESS_REPORT),
    )
    closed = event.apply(world.case)
    assert "assign-reviewer" in {step.name for step in offered_steps(closed, coordinator)}


def test_a_party_sends_for_itself():
    world = World().until(Stage.ASSIGNED)
    refused = refusal(world, "receive-records", Role.EMPLOYEE, sender=Role.CLAIMS_ADMINISTRATOR)
    assert rules(refused) == {"a party sends for itself"}


def test_what_is_owed_counts_what_came_from_the_claims_administrator():
    world = World().until(Stage.ASSIGNED)
    world.do(
        "receive-records",
        Role.CLAIMS_ADMINISTRATOR,
        records=(
            paper("r"),
            paper("a", RecordKind.APPLICATION),
            paper("o", RecordKind.OTHER),
            paper("g", RecordKind.OTHER, Duty.INFORMATION_GIVEN),
        ),
    )
    world.do("receive-records", Role.EMPLOYEE, records=(paper("s", RecordKind.OTHER, Duty.SUPPORT),))
    came = {owed.duty for owed in documents_owed(world.case, world.today) if owed.received_on is not None}
    assert came == {Duty.REPORTS, Duty.APPLICATION, Duty.INFORMATION_GIVEN}


def test_nothing_but_the_ur_decision_is_no_case_file():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", records=(paper("u", RecordKind.UR_DECISION),))
    refused = refusal(world, "complete-records")
    assert rules(refused) == {"rec-missing"}
    assert "9792.10.6(b)(2)" in str(refused)
    assert "complete-records" not in {step.name for step in offered_steps(world.case, world.actor(Role.COORDINATOR))}


def test_a_file_without_the_claims_administrators_records_names_what_is_missing():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", Role.EMPLOYEE)
    assert rules(refusal(world, "complete-records", missing=())) == {"what is missing is named"}
    assert world.do("complete-records", missing=(Duty.REPORTS,)).stage is Stage.RECORDS_COMPLETE


def test_the_clock_notes_once_that_records_are_overdue():
    world = World().until(Stage.ASSIGNED)
    assert rules(refusal(world, "note-records-overdue")) == {"time for the records ran out"}
    world.wait(14)
    case = world.do("note-records-overdue")
    assert case.records_overdue
    assert case.stage is Stage.ASSIGNED
    assert rules(refusal(world, "note-records-overdue")) == {"lateness is not noted yet"}


def test_records_that_came_are_not_overdue():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", Role.CLAIMS_ADMINISTRATOR)
    assert rules(refusal(world.wait(30), "note-records-overdue")) == {"claims administrator sent nothing"}


def test_a_reviewer_may_ask_any_party_for_more():
    world = World().until(Stage.UNDER_REVIEW)
    assert rules(refusal(world, "ask-records", of=(Role.DIVISION,))) == {"parties are asked"}
    assert rules(refusal(world, "ask-records", letter="")) == {"request was written"}
    assert world.do("ask-records").stage is Stage.UNDER_REVIEW


# The reviewer


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"discipline": None}, "rev-discipline"),
        ({"licences": ()}, "rev-licence"),
        ({"is_qme": True}, "rev-not-qme"),
        ({"practice": ()}, "rev-practice-hours"),
        ({"specialties": (), "boards": ()}, "rev-specialty"),
    ],
)
def test_a_reviewer_whom_the_law_does_not_clear_is_refused(changes, rule):
    world = World().until(Stage.RECORDS_COMPLETE)
    refused = refusal(world, "assign-reviewer", reviewer=replace(REVIEWERS[0], **changes))
    assert rule in rules(refused)
    assert REVIEWERS[0].name not in str(refused)


@pytest.mark.parametrize("party", FORM.parties(), ids=lambda party: party.kind.value)
def test_a_tie_with_any_party_is_refused(party):
    tie = Affiliation(name=party.name, kind=AffiliationKind.PROFESSIONAL, relation="employment", since=date(2010, 1, 1))
    world = World().until(Stage.RECORDS_COMPLETE)
    refused = refusal(world, "assign-reviewer", reviewer=replace(REVIEWERS[0], affiliations=(tie,)))
    assert rules(refused) == {"rev-conflict-professional"}
    assert "139.5" in str(refused)
    assert rules(refusal(world, "assign-reviewer", organization=(tie,))) == {"imro-conflicts-list"}


def test_the_screening_is_put_against_the_application_on_file():
    world = World().until(Stage.RECORDS_COMPLETE)
    refused = refusal(world, "assign-reviewer", application=replace(FORM, employer="Another"))
    assert rules(refused) == {"application is the one on file"}


def test_a_reviewer_attests_against_every_party_by_name():
    world = World().until(Stage.REVIEWER_ASSIGNED)
    names = tuple(party.name for party in FORM.parties())
    refused = refusal(world, "attest-independence", unaffiliated=names[1:])
    assert rules(refused) == {"reviewer attests against every party"}
    assert names[0] in str(refused)
    assert rules(refusal(world, "attest-independence", competent=False)) == {"reviewer knows the field"}


@pytest.mark.parametrize(("step", "role"), [("decline-review", Role.REVIEWER), ("release-reviewer", Role.COORDINATOR)])
def test_a_reviewer_who_parted_from_the_case_does_not_get_it_again(step, role):
    world = World().until(Stage.UNDER_REVIEW)
    first = world.reviewer()
    case = world.do(step, role, because=DeclineReason.CONFLICT)
    assert (case.stage, case.reviewer, case.draft) == (Stage.RECORDS_COMPLETE, "", "")
    assert rules(refusal(world, "assign-reviewer", reviewer=first)) == {"reviewer did not part from the case"}
    assert world.do("assign-reviewer").reviewer != first.id


# The draft


def test_every_issue_of_a_submitted_draft_is_decided():
    world = World().until(Stage.UNDER_REVIEW)
    whole = world.draft()
    half = replace(whole, issues=whole.issues[:1])
    assert rules(refusal(world, "submit-draft", draft=half)) == {"every disputed treatment is decided"}
    undecided = replace(whole, issues=(whole.issues[0], replace(whole.issues[1], rationale="")))
    assert rules(refusal(world, "submit-draft", draft=undecided)) == {"every disputed treatment is decided"}


def test_no_step_saves_a_draft_into_the_history_and_an_older_history_with_one_goes_on():
    assert "save-draft" not in STEPS
    world = World().until(Stage.UNDER_REVIEW)
    half = replace(world.draft(), issues=())
    context = StepContext(actor=world.actor(Role.REVIEWER), at=world.at)
    event = DraftSaved(draft=digest(half), issues=0, on=context.on)
    world.chain.append(record(event, world.number, context, world.chain[-1], "f" * 32))
    assert world.case.draft == digest(half)
    case = world.do("submit-draft")
    assert (case.stage, case.draft) == (Stage.QUALITY, digest(world.draft()))
    verify(world.chain)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"summary": " "}, "draft has its case summary"),
        ({"specialty": ""}, "draft has its specialty"),
        ({"licensure": ()}, "draft has its state of licensure"),
        ({"organization": ""}, "draft has its review organization"),
        ({"documents": ()}, "documents reviewed are listed"),
        ({"injured_on": date(2013, 8, 27)}, "draft agrees on the date of injury"),
        ({"ur_decided_on": None}, "draft agrees on the date of the UR decision"),
        ({"received_on": None}, "draft agrees on the date of receipt of the application"),
        ({"assigned_on": None}, "draft agrees on the date of assignment"),
        ({"review_type": ReviewType.EXPEDITED}, "draft agrees on the type of review"),
    ],
)
def test_a_draft_is_whole_and_says_what_the_history_says(changes, rule):
    world = World().until(Stage.UNDER_REVIEW)
    draft = replace(world.draft(), **changes)
    assert rules(refusal(world, "submit-draft", draft=draft)) == {rule}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"case_number": "CM15-0000002"}, "draft is of this case"),
        ({"issues": "three"}, "draft decides what is disputed"),
    ],
)
def test_a_draft_of_something_else_is_refused(changes, rule):
    world = World().until(Stage.UNDER_REVIEW)
    draft = world.draft()
    if changes.get("issues"):
        changes = {"issues": (*draft.issues, draft.issues[0])}
    assert rules(refusal(world, "submit-draft", draft=replace(draft, **changes))) == {rule}


def test_a_draft_changed_after_it_was_submitted_is_not_the_one_on_file():
    world = World().until(Stage.UNDER_REVIEW).through("submit-draft")
    other = replace(world.draft(), summary="Something else.")
    assert rules(refusal(world, "pass-draft", draft=other)) == {"draft is the one on file"}


def test_the_quality_review_returns_a_draft_with_reasons():
    world = World().until(Stage.QUALITY)
    assert rules(refusal(world, "return-draft", note="")) == {"reasons are written"}
    case = world.do("return-draft")
    assert (case.stage, case.returned) == (Stage.UNDER_REVIEW, 1)
    assert world.through("submit-draft").case.stage is Stage.QUALITY


def test_time_is_extended_once_and_with_approval():
    world = World().until(Stage.UNDER_REVIEW)
    before = next(d for d in world.case.deadlines() if d.rule.startswith("det-time"))
    assert rules(refusal(world, "extend-time", approval="")) == {"extension is approved"}
    case = world.do("extend-time")
    after = next(d for d in case.deadlines() if d.rule.startswith("det-time"))
    assert after.due > before.due
    assert rules(refusal(world, "extend-time")) == {"time was not extended yet"}


def test_time_that_has_run_out_is_not_extended():
    world = World().until(Stage.UNDER_REVIEW)
    (deadline,) = (d for d in world.case.deadlines() if d.rule.startswith("det-time"))
    world.wait((deadline.due - world.today).days + 1)
    refused = refusal(world, "extend-time")
    assert rules(refused) == {"time has not run out"}
    assert not refused.findings[0].verified, "no text says whether an approval after the deadline extends it"


def test_the_days_to_report_an_ending_run_from_the_day_on_which_the_dispute_ended():
    world = World().until(Stage.ASSIGNED).wait(800)
    assert rules(refusal(world, "report-ending", happened_on=world.today + timedelta(days=1))) == {
        "dispute ended by now"
    }
    happened = world.today - timedelta(days=9)
    world.do("report-ending", happened_on=happened)
    reported = world.today
    case = world.through("answer-ending", "terminate-review").case
    assert (case.dates.dispute_ended_on, case.dates.dispute_end_reported_on) == (happened, reported)
    (deadline,) = dispute_ended(case.dates)
    assert not timely(deadline, reported)


# Signature, issue, publication


def test_a_signature_has_a_second_factor():
    world = World().until(Stage.PASSED)
    assert rules(refusal(world, "sign-determination", second_factor="")) == {"signature has a second factor"}


def test_only_the_letter_of_the_draft_is_signed():
    world = World().until(Stage.PASSED)
    other = write(replace(world.signed(), summary="Something else."))
    assert rules(refusal(world, "sign-determination", text=other)) == {
        "letter says what was decided",
        "reviewer signed this letter",
    }


def test_the_letter_never_names_its_reviewer():
    world = World().until(Stage.UNDER_REVIEW)
    named = replace(world.draft(), summary=f"Reviewed by {REVIEWERS[0].name.upper()}.")
    world.player.documents[digest(named)] = named
    world.do("submit-draft", draft=named)
    world.through("pass-draft")
    refused = refusal(world, "sign-determination")
    assert rules(refused) == {"reviewer is not named"}
    assert REVIEWERS[0].name not in str(refused)


def test_a_reviewer_who_is_no_longer_cleared_cannot_sign():
    world = World().until(Stage.PASSED)
    struck = replace(world.reviewer(), discipline=None)
    assert rules(refusal(world, "sign-determination", reviewer=struck)) == {"rev-discipline"}


def test_another_reviewer_of_the_panel_cannot_lend_a_name():
    world = World().until(Stage.PASSED)
    assert "reviewer is the one of the case" in rules(refusal(world, "sign-determination", reviewer=REVIEWERS[3]))


def test_the_signed_text_and_no_other_is_issued():
    world = World().until(Stage.SIGNED)
    refused = refusal(world, "issue-determination", text="another")
    assert rules(refused) == {"letter is the one that was signed"}
    assert rules(refusal(world, "issue-determination", on=date(2015, 2, 20))) == {"issue follows the signature"}
    world.do("issue-determination")
    assert world.chain[-1].event.recipients[0] is Role.DIVISION


def test_the_receipt_of_a_mailed_letter_is_not_guessed():
    world = World().until(Stage.SIGNED)
    world.do("issue-determination", service=Service.MAIL)
    case = world.serve(received_at=None)
    assert case.dates.determination_mailed_on == world.today
    assert case.dates.determination_received_on is None


def test_what_was_found_necessary_is_implemented_once():
    world = World().until(Stage.ISSUED)
    assert rules(refusal(world, "report-implementation", proof="")) == {"proof was filed"}
    assert rules(refusal(world, "report-implementation", on=date(2015, 1, 1))) == {
        "implementation follows the determination"
    }
    assert world.do("report-implementation").dates.implemented_on == world.today
    assert rules(refusal(world, "report-implementation")) == {"implementation is not reported yet"}


def test_what_was_upheld_leaves_nothing_to_implement():
    world = World(overturn=False).until(Stage.ISSUED)
    assert rules(refusal(world, "report-implementation")) == {"something was overturned"}


def test_the_public_version_identifies_nobody_and_decides_the_same():
    world = World().until(Stage.ISSUED)
    facts = world.facts("publish-determination", StepContext(actor=world.actor(Role.DIVISION), at=world.at))
    for words in (FORM.employee.name, FORM.employee.last_name.upper(), f"claim {FORM.claim_number}"):
        told = replace(facts.public, summary=f"{words} has pain.")
        refused = refusal(world, "publish-determination", public=told, text=write(told))
        assert rules(refused) == {"public version identifies nobody"}
        assert words not in str(refused)
    refused = refusal(world, "publish-determination", text=f"{facts.text} {FORM.claim_number}")
    assert rules(refused) == {"public letter says what the public version says"}
    turned = tuple(replace(issue, decision=Decision.UPHELD) for issue in facts.public.issues)
    other = replace(facts.public, issues=turned)
    assert rules(refusal(world, "publish-determination", public=other, text=write(other))) == {
        "public version decides the same"
    }
    other = replace(facts.determination, summary="Something else.")
    assert rules(refusal(world, "publish-determination", determination=other)) == {"determination is the one on file"}


# After


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"petition": ""}, "petition was filed"),
        ({"grounds": ()}, "grounds are among the five"),
        ({"filed_on": date(2015, 1, 1)}, "appeal follows the determination"),
    ],
)
def test_an_appeal_is_noted_as_it_came(changes, rule):
    assert rules(refusal(World().until(Stage.ISSUED), "receive-appeal", **changes)) == {rule}


def test_an_appeal_is_affirmed_or_reversed_once():
    world = World().until(Stage.PUBLISHED)
    assert rules(refusal(world, "affirm-determination")) == {"an appeal is pending"}
    case = world.do("receive-appeal")
    assert case.dates.appealed_on == world.today
    assert rules(refusal(world, "receive-appeal")) == {"no appeal is pending"}
    assert rules(refusal(world, "affirm-determination", order="")) == {"order was filed"}
    assert rules(refusal(world, "reverse-determination", order="")) == {"order was filed"}
    case = world.do("affirm-determination")
    assert case.stage is Stage.PUBLISHED
    assert not case.appeal.reversed
    assert rules(refusal(world, "reverse-determination")) == {"an appeal is pending"}


def test_a_reversal_goes_to_another_reviewer_in_a_case_of_its_own():
    first = World().until(Stage.PUBLISHED)
    first.do("receive-appeal")
    reversed_case = first.do("reverse-determination")
    assert reversed_case.stage is Stage.REVERSED
    assert reversed_case.appeal.reversed
    again = World(number="CM15-0099999", earlier=reversed_case, at=first.at, overturn=False)
    assert rules(refusal(again, "open-remand", order="")) == {"order was filed"}
    assert rules(refusal(again, "open-remand", finding="")) == {"finding of the order was filed"}
    case = again.do("open-remand")
    assert (case.stage, case.remanded_from) == (Stage.ELIGIBLE, NUMBER)
    assert case.earlier_reviewers == (reversed_case.reviewer,)
    assert filing_of(case) == filing_of(reversed_case)
    assert case.records == reversed_case.records
    assert case.remand_papers == (PAPER, PAPER)
    assert set(case.file) == {PAPER, *reversed_case.file}
    again.wait(1).through("assign-organization", "receive-records", "complete-records")
    earlier = next(r for r in REVIEWERS if r.id == reversed_case.reviewer)
    refused = refusal(again, "assign-reviewer", reviewer=earlier)
    assert rules(refused) == {"appeal-remand"}
    assert "4610.6(i)" in str(refused)
    again.until(Stage.PUBLISHED)
    assert again.case.reviewer != reversed_case.reviewer


def test_a_dispute_is_sent_to_another_review_once():
    first = World().until(Stage.PUBLISHED).through("receive-appeal", "reverse-determination")
    again = World(number="CM15-0099999", earlier=first.case, at=first.at)
    refused = refusal(first, "note-remand", to=Case(number="CM15-0000003", remanded_from="CM15-0000002"))
    assert rules(refused) == {"new case continues this one"}
    after = first.do("note-remand", to=again.do("open-remand"))
    assert after.remanded_to == "CM15-0099999"
    second = World(number="CM15-0099998", earlier=after, at=first.at)
    assert rules(refusal(second, "open-remand")) == {"dispute was not sent to another review yet"}
    assert "CM15-0099999 already" in str(refusal(second, "open-remand"))
    assert rules(refusal(first, "note-remand")) == {"dispute was not sent to another review yet"}


def test_a_remand_carries_the_corrections_of_the_index_that_stand_and_what_was_withheld():
    first = World().until(Stage.RECORDS_COMPLETE)
    first.through("correct-document", "correct-document", "withhold-record", "mark-consent-exclusion")
    first.do("correct-document", action=CorrectionAction.UNDO, undoes=first.case.corrections[0].number, documents=())
    first.until(Stage.PUBLISHED).through("receive-appeal", "reverse-determination")
    case = World(number="CM15-0099999", earlier=first.case, at=first.at).do("open-remand")
    assert [(one.number, one.undoes) for one in case.corrections] == [(-1, None)]
    assert case.withheld == first.case.withheld
    assert case.outside_consent == first.case.outside_consent != ()
    assert case.standing_corrections[0].parts == first.case.standing_corrections[0].parts


def test_only_a_reversed_case_is_opened_anew():
    other = World().until(Stage.ISSUED).case
    refused = refusal(World(earlier=other), "open-remand", Role.DIVISION)
    assert rules(refused) == {"earlier determination was reversed"}


def test_events_of_an_appeal_apply_even_where_its_receipt_is_not_in_the_history():
    order = {"order": PAPER, "on": date(2015, 6, 1)}
    case = World().case
    assert KINDS["determination-affirmed"](**order).apply(case).appeal is None
    assert KINDS["determination-reversed"](**order, ground=AppealGround.BIAS).apply(case).stage is Stage.REVERSED


def test_a_filing_holds_no_name_and_nothing_about_health():
    from imr.plain import canonical

    held = canonical(FiledApplication.of(FORM, PAPER))
    for identifier in told_apart(FORM):
        assert identifier not in held
    assert FORM.diagnosis not in held
    for treatment in FORM.treatments:
        assert treatment.description not in held


def test_no_event_of_the_main_path_holds_a_name_or_anything_about_health():
    from imr.case.chain import to_lines

    world = World().until(Stage.PUBLISHED)
    lines = to_lines(world.chain)
    for word in (*told_apart(FORM), FORM.diagnosis, REVIEWERS[0].name, "pain"):
        assert word not in lines


def test_the_case_is_the_replay_of_its_events():
    world = World().until(Stage.PUBLISHED)
    assert replay(world.chain) == world.case


def test_a_case_without_a_report_of_its_end_gives_none():
    with pytest.raises(ValueError, match="no report"):
        report_of(World().until(Stage.UNDER_REVIEW).case)
