"""The main path of a case, by hand, from application to publication."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from imr.case.acts import Act, Actor
from imr.case.application import (
    Application,
    ClaimsAdministrator,
    DisputedTreatment,
    Employee,
    RequestingPhysician,
)
from imr.case.chain import from_lines, outside, record, replay, to_lines, verify
from imr.case.gathering import CompleteRecords, ReceiveRecords
from imr.case.intake import AssignOrganization, DecideEligibility, ReceiveApplication
from imr.case.release import IssueDetermination, PublishDetermination
from imr.case.reviewing import (
    AssignReviewer,
    AttestIndependence,
    PassDraft,
    SaveDraft,
    SignDetermination,
    SubmitDraft,
    signed_form,
)
from imr.case.state import FiledRecord, Stage
from imr.case.steps import take
from imr.determination import write
from imr.determination.model import Decision, Determination, Issue, ReviewedDocument
from imr.errors import Refused
from imr.examples import reviewer
from imr.law.terms import Filer, RecordKind, ReviewType, Role, Service

APPLICATION = Application(
    employee=Employee(first_name="Ada", last_name="Invented", phone="555-0101", born_on=date(1989, 4, 1)),
    employer="Invented Offices",
    claim_number="WC-0001",
    injured_on=date(2013, 8, 28),
    physician=RequestingPhysician(first_name="Bea", last_name="Imagined"),
    administrator=ClaimsAdministrator(company="Fictive Claims"),
    diagnosis="neck and arm pain",
    records_consent=True,
    ur_decided_on=date(2015, 2, 4),
    ur_served_on=date(2015, 2, 4),
    treatments=(DisputedTreatment(description="physical therapy x 6"), DisputedTreatment(description="exercise kit")),
    filed_by=Filer.EMPLOYEE,
    signed_on=date(2015, 2, 9),
    ur_decision_attached=True,
)
REVIEWER = reviewer(1, specialty="Physical Medicine & Rehabilitation")


def at(day: date, role: Role, who: str = "someone") -> Act:
    return Act(by=Actor(role=role, id=who), at=datetime(day.year, day.month, day.day, 20, tzinfo=UTC))


def test_a_case_goes_from_application_to_publication():
    number, chain = "CM15-0000001", []

    def step(name, act, facts):
        case = replay(chain, number)
        event = take(name, case, act, facts)
        chain.append(record(event, number, act, chain[-1] if chain else None, f"{len(chain):032x}"))
        return replay(chain, number)

    received = at(date(2015, 2, 17), Role.INTAKE)
    step(
        "receive-application",
        received,
        ReceiveApplication(application=APPLICATION, ur_decision="u" * 64, received_at=received.at),
    )
    case = step("decide-eligibility", at(date(2015, 2, 20), Role.INTAKE), DecideEligibility(application=APPLICATION))
    assert case.stage is Stage.ELIGIBLE
    step("assign-organization", at(date(2015, 2, 23), Role.COORDINATOR), AssignOrganization(notice="n" * 64))
    sent = at(date(2015, 3, 5), Role.CLAIMS_ADMINISTRATOR)
    papers = (
        FiledRecord(digest="1" * 64, kind=RecordKind.UR_DECISION),
        FiledRecord(digest="2" * 64, kind=RecordKind.PROGRESS_REPORT),
    )
    step("receive-records", sent, ReceiveRecords(records=papers, sender=Role.CLAIMS_ADMINISTRATOR, received_on=sent.on))
    step("complete-records", at(date(2015, 3, 6), Role.COORDINATOR), CompleteRecords())
    with pytest.raises(Refused, match="this is for the coordinator"):
        step(
            "assign-reviewer",
            at(date(2015, 3, 7), Role.QUALITY),
            AssignReviewer(reviewer=REVIEWER, application=APPLICATION, specialties=REVIEWER.specialties),
        )
    step(
        "assign-reviewer",
        at(date(2015, 3, 7), Role.COORDINATOR),
        AssignReviewer(reviewer=REVIEWER, application=APPLICATION, specialties=REVIEWER.specialties),
    )
    me = at(date(2015, 3, 8), Role.REVIEWER, REVIEWER.id)
    names = tuple(party.name for party in APPLICATION.parties())
    step("attest-independence", me, AttestIndependence(application=APPLICATION, unaffiliated=names, competent=True))
    draft = Determination(
        case_number=number,
        review_type=ReviewType.STANDARD,
        injured_on=APPLICATION.injured_on,
        ur_decided_on=APPLICATION.ur_decided_on,
        received_on=date(2015, 2, 17),
        assigned_on=date(2015, 2, 23),
        decided_on=None,
        licensure=("California",),
        specialty="Physical Medicine & Rehabilitation",
        summary="Neck and arm pain.",
        issues=tuple(
            Issue(
                heading=treatment.description,
                treatment=treatment.description,
                decision=Decision.UPHELD,
                administrator_basis="MTUS",
                reviewer_basis="MTUS",
                rationale="Not medically necessary.",
            )
            for treatment in APPLICATION.treatments
        ),
        organization="Review Office",
        documents=(ReviewedDocument(title="Progress report"),),
    )
    step("save-draft", me, SaveDraft(draft=draft))
    step("submit-draft", me, SubmitDraft(draft=draft))
    step("pass-draft", at(date(2015, 3, 9), Role.QUALITY), PassDraft(draft=draft))
    signing = at(date(2015, 3, 10), Role.REVIEWER, REVIEWER.id)
    text = write(signed_form(draft, signing))
    step(
        "sign-determination",
        signing,
        SignDetermination(draft=draft, text=text, reviewer=REVIEWER, application=APPLICATION, second_factor="totp"),
    )
    step(
        "issue-determination",
        at(date(2015, 3, 11), Role.COORDINATOR),
        IssueDetermination(text=text, service=Service.MAIL, on=date(2015, 3, 11)),
    )
    case = step(
        "publish-determination",
        at(date(2015, 3, 12), Role.DIVISION),
        PublishDetermination(
            determination=signed_form(draft, signing),
            public=replace(draft, case_number=None),
            text="public letter",
            application=APPLICATION,
        ),
    )
    assert case.stage is Stage.PUBLISHED
    verify(chain)
    shown = from_lines(to_lines(map(outside, chain)))
    verify(shown)
    assert REVIEWER.id not in to_lines(shown)
    assert REVIEWER.id in to_lines(chain)
