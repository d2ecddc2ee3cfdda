"""Whole cases: of any seed, and the case with which this project started."""

from dataclasses import replace
from datetime import date
from itertools import count

from imr.case.application import Application, DisputedTreatment
from imr.determination.model import Decision, Determination, Issue, ReviewedDocument
from imr.examples.applications import InventedDispute, application, dispute
from imr.examples.clinic import INJURIES, PMR
from imr.examples.files import InventedPaper, records
from imr.examples.letters import case_number, issue, summary
from imr.examples.panel import reviewer
from imr.examples.people import chance, employee
from imr.examples.stories import OFFICE, CaseCalendar, Story, main_path
from imr.guidelines import Basis, GuidelineCitation, GuidelineSource, Statement, write_basis
from imr.law.reviewers import Matter, Reviewer, screen
from imr.law.terms import Filer, ReviewType, Service


def listed(papers: tuple[InventedPaper, ...]) -> tuple[ReviewedDocument, ...]:
    """List the papers of a case as the letter does; the public version omits their authors."""
    return tuple(
        ReviewedDocument(title=paper.title, kind=paper.kind, dated_on=paper.dated_on, author=paper.author or None)
        for paper in papers
    )


def draft(
    number: str,
    form: Application,
    days: CaseCalendar,
    by: Reviewer,
    texts: tuple[str, tuple[Issue, ...]],
    papers: tuple[InventedPaper, ...],
) -> Determination:
    """Make the draft of a case: its header from the history, its credentials from the reviewer, its texts as given."""
    told, issues = texts
    return Determination(
        case_number=number,
        review_type=form.review_type,
        injured_on=form.injured_on,
        ur_decided_on=form.ur_decided_on,
        received_on=days.received,
        assigned_on=days.assigned,
        decided_on=None,
        licensure=tuple(licence.state for licence in by.licences),
        specialty=", ".join(by.specialties),
        summary=told,
        issues=issues,
        organization=OFFICE.name,
        documents=listed(papers),
    )


def cleared_for(form: Application, specialty: str, on: date, seed: int) -> Reviewer:
    """Give the first reviewer, from a seed on, whom the law clears for an application."""
    against = Matter(parties=form.parties(), specialties=(specialty,))
    candidates = (reviewer(place, on, specialty) for place in count(seed + 1))
    return next(found for found in candidates if all(screen(found, against, on)))


def case(seed: int, received_on: date = date(2015, 3, 2), about: InventedDispute | None = None) -> Story:
    """Make a case that goes from its application to its publication. The same seed gives the same story."""
    draw = chance("case", seed)
    about = about or dispute(seed)
    form = replace(application(seed, received_on, about), review_type=ReviewType.STANDARD)
    days = CaseCalendar.from_receipt(received_on)
    specialty = about.injury.specialties[0]
    by = cleared_for(form, specialty, received_on, seed)
    papers = records(form, about.injury)
    leaning = 0.5 if draw.random() < 0.2 else 0.05
    issues = tuple(
        issue(
            draw,
            request,
            about.injury,
            form.ur_decided_on,
            Decision.OVERTURNED if draw.random() < leaning else Decision.UPHELD,
        )
        for request in about.requests
    )
    told = summary(
        draw,
        about.injury,
        form.injured_on,
        form.ur_decided_on,
        about.requests,
        age=_age(form, received_on),
        seen_on=papers[4].dated_on,
    )
    number = case_number(seed, received_on)
    made = draft(number, form, days, by, (told, issues), papers)
    returned = "Say which visit the number of sessions is taken from." if draw.random() < 0.3 else ""
    first = replace(made, issues=(_bare(made.issues[0]), *made.issues[1:]))
    return main_path(number, form, days, made, papers, by, by.specialties, returned, first)


def _age(form: Application, on: date) -> int | None:
    born = form.employee.born_on
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _bare(decided: Issue) -> Issue:
    """Give an issue as in a first draft: the verdict without its reasons."""
    return replace(decided, rationale=decided.rationale.split(". ")[-1])


_SESSIONS = "6 more sessions of physical therapy with myofascial release, neck and left arm"
_KIT = "Home exercise kit, neck and left arm"


def seed_case() -> Story:
    """Make the case of neck and arm pain: six more therapy sessions and an exercise kit, both refused in February 2015."""
    injury = INJURIES[1]
    form = replace(
        application(2015, date(2015, 2, 19), InventedDispute(injury, ())),
        review_type=ReviewType.STANDARD,
        employee=replace(employee(2015), born_on=date(1989, 5, 4)),
        injured_on=date(2013, 8, 28),
        rfa_on=date(2015, 2, 2),
        ur_decided_on=date(2015, 2, 6),
        ur_served_on=date(2015, 2, 6),
        ur_service=Service.MAIL,
        treatments=(
            DisputedTreatment(
                description=_SESSIONS, category="Rehabilitation * Physical Therapy/Occupational Therapy (PT/OT) *"
            ),
            DisputedTreatment(description=_KIT, category="DMEPOS * DME *"),
        ),
        filed_by=Filer.EMPLOYEE,
        signed_on=date(2015, 2, 13),
    )
    days = CaseCalendar(
        received=date(2015, 2, 19),
        eligible=date(2015, 2, 23),
        assigned=date(2015, 2, 24),
        records=date(2015, 3, 5),
        complete=date(2015, 3, 6),
        chosen=date(2015, 3, 9),
        drafted=date(2015, 3, 11),
        passed=date(2015, 3, 16),
        signed=date(2015, 3, 17),
        published=date(2015, 4, 15),
    )
    number = "CM15-0020150"
    by = cleared_for(form, PMR, days.received, 2015)
    papers = records(form, injury)
    made = draft(number, form, days, by, (_SUMMARY, _issues()), papers)
    first = replace(made, issues=(_bare(made.issues[0]), *made.issues[1:]))
    returned = "Issue 1: name the report from which the number of completed sessions is taken."
    return main_path(number, form, days, made, papers, by, (PMR,), returned, first)


_SUMMARY = (
    "The injured worker is a 25 year old who was injured on 8/28/2013 by repetitive work. The complaint is pain of the neck "
    "and of the left arm. The examination of 2/1/2015 found diffuse tenderness of the neck and the left upper extremity with "
    "full strength and sensation. Electrodiagnostic studies of the left arm were without a finding. Six sessions of physical "
    "therapy were attended by 1/13/2015; pain was lower for a day after each, and a home program was taught. The diagnosis is "
    "cervical strain and strain of the left upper extremity with myofascial pain. The treating physician asked for six more "
    "sessions and for a home exercise kit. On 2/6/2015 utilization review did not certify either."
)


def _issues() -> tuple[Issue, ...]:
    physical_medicine, exercise = (
        write_basis(
            Basis(
                statement=Statement.CITED,
                citations=(
                    GuidelineCitation(
                        source=GuidelineSource.MTUS,
                        chapter="Chronic Pain Medical Treatment",
                        year=2009,
                        sections=(section,),
                    ),
                ),
            )
        )
        for section in ("Physical Medicine", "Exercise")
    )
    return (
        Issue(
            heading=_SESSIONS,
            treatment=_SESSIONS,
            decision=Decision.UPHELD,
            administrator_basis=physical_medicine,
            reviewer_basis=physical_medicine,
            rationale=(
                "The request is for six more sessions of physical therapy that include myofascial release. The guideline "
                "expects that supervised sessions become fewer and give way to a home program, and that more of them rest on "
                "a gain in function. The therapy notes of 1/13/2015 count six sessions and describe less pain for a day after "
                "each. No task of work or of daily life is named that became possible. Work restrictions are the same in the "
                "reports of 12/2/2014 and 2/1/2015. A home program was taught. What the guideline asks for is therefore "
                "not shown, neither for the exercises nor for the myofascial release. The request is not medically necessary."
            ),
        ),
        Issue(
            heading=_KIT,
            treatment=_KIT,
            decision=Decision.UPHELD,
            administrator_basis=exercise,
            reviewer_basis=exercise,
            rationale=(
                "The request is for a kit for exercise at home. The guideline recommends exercise and prefers no particular "
                "program or equipment. The employee has a home program on paper. The report of 2/1/2015 does not say which "
                "exercise needs the kit, who would teach its use, or when the result would be looked at. The request is not "
                "medically necessary."
            ),
        ),
    )
