"""A case of the file as the panel needs it."""

from dataclasses import replace
from datetime import date, datetime

from imr.case.application import DisputedTreatment
from imr.case.context import CALIFORNIA
from imr.case.filed_application import FiledApplication
from imr.case.screening import PROGRAM_CRITERIA, matter
from imr.case.state import Case
from imr.examples.applications import application
from imr.law.dates import CaseDates
from imr.law.terms import ReviewType
from imr.panel.request import determination_due, request_for

FORM = replace(
    application(7),
    treatments=(
        DisputedTreatment(description="Physical therapy of the neck, six sessions"),
        DisputedTreatment(description="A thing that nobody knows"),
        DisputedTreatment(description="Cervical epidural steroid injection"),
    ),
)
COMPLETE = datetime(2015, 3, 16, 12, tzinfo=CALIFORNIA)
FILED = FiledApplication.of(FORM)
CASE = Case(
    number="C1",
    filing=FILED,
    received_at=datetime(2015, 3, 2, 9, tzinfo=CALIFORNIA),
    dates=FILED.dates(
        CaseDates(
            application_received_on=date(2015, 3, 2),
            found_eligible_on=date(2015, 3, 4),
            assigned_on=date(2015, 3, 5),
            records_complete_on=COMPLETE.date(),
        )
    ),
    earlier_reviewers=("R1",),
    former_reviewers=("R2",),
)


def test_the_matter_is_the_one_that_the_step_screens_against():
    found = request_for(CASE, FORM)
    assert found.matter == matter(CASE, FORM, (), found.matter.specialties, PROGRAM_CRITERIA)
    assert found.matter.earlier_reviewers == ("R1",)
    assert found.barred == ("R2",)
    assert request_for(CASE, FORM, specialties=("Neurology",)).matter.specialties == ("Neurology",)


def test_what_the_treatments_are_and_ask_comes_from_their_words():
    found = request_for(CASE, FORM)
    assert found.treatments == (
        "Rehabilitation: Physical Therapy/Occupational Therapy (PT/OT)",
        "Injection: Injection",
    )
    assert found.body_parts == ("neck",)
    assert "Physical Medicine & Rehabilitation" in found.matter.specialties
    of = replace(FORM.physician, specialty="M.D., Pain Medicine")
    assert request_for(CASE, replace(FORM, physician=of)).physician_specialty == "Pain Management"


def test_the_case_is_due_when_the_determination_is():
    assert determination_due(CASE) == date(2015, 4, 15)
    extended = replace(CASE, dates=replace(CASE.dates, extension_approved_on=date(2015, 4, 1)))
    assert determination_due(extended) == date(2015, 4, 20)  # the 18th is a Saturday
    filing = replace(FILED, review_type=ReviewType.EXPEDITED)
    expedited = replace(CASE, filing=filing, dates=filing.dates(CASE.dates))
    assert determination_due(expedited) == date(2015, 3, 19)
    assert determination_due(Case(number="C2")) is None
