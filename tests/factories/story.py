"""One invented case on the site: its people, its documents, and the player that takes its steps."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pikepdf
from django.test import Client
from tests.factories.kept_rows import kept_rows

from imr.case.answers import UNCHECKED, Checked
from imr.case.application import (
    Application,
    ClaimsAdministrator,
    DisputedTreatment,
    Employee,
    EmployeeAttorney,
    RequestingPhysician,
)
from imr.case.chain import Recorded
from imr.case.receipts import Receipt
from imr.case.scenario import ELIGIBLE_ANSWERS, MAIN_PATH, Scenario, Scene
from imr.case.state import Case, Stage
from imr.case.steps import STEPS
from imr.determination.model import Decision, Determination, Issue, ReviewedDocument
from imr.law.reviewers import (
    BoardCertification,
    Degree,
    Licence,
    LicenceStatus,
    Practice,
    Reviewer,
    Verified,
)
from imr.law.terms import Filer, RecordKind, ReviewType, Role, Service
from imr.plain import to_plain
from imr.web import access, accounts, actions
from imr.web.models import OrganizationRow, OutboxRow, PersonRow, ProposalRow, ReviewerRow
from imr.web.platform import clock
from imr.web.platform.authentication import SecondFactor
from imr.web.portals.reviewer.documents_reviewed import listed
from imr.web.portals.reviewer.draft_form import begun
from imr.web.site_player import SitePlayer
from imr.web.store.documents import Upload

PASSWORD = "an invented password 1"
SPECIALTY = "Physical Medicine and Rehabilitation"
ADMINISTRATOR = "Fictive Claims"
#: The reviewer's name, which no page, file or message outside the review organization may hold.
SECRET_NAMES = ("Quillon", "Zanzibarski")

#: Who there is: a person a role, and a second one of each kind of party who has no part in the case.
CAST = {
    "employee": (Role.EMPLOYEE, "ada@example.com"),
    "attorney": (Role.EMPLOYEE_ATTORNEY, "dan@example.com"),
    "adjuster": (Role.CLAIMS_ADMINISTRATOR, "eve@example.com"),
    "physician": (Role.REQUESTING_PHYSICIAN, "bea@example.com"),
    "intake": (Role.INTAKE, "ines@example.com"),
    "coordinator": (Role.COORDINATOR, "cora@example.com"),
    "quality": (Role.QUALITY, "quin@example.com"),
    "division": (Role.DIVISION, "dora@example.com"),
    "reviewer": (Role.REVIEWER, "rev@example.com"),
    "other employee": (Role.EMPLOYEE, "other-ada@example.com"),
    "other attorney": (Role.EMPLOYEE_ATTORNEY, "other-dan@example.com"),
    "other adjuster": (Role.CLAIMS_ADMINISTRATOR, "other-eve@example.com"),
    "other physician": (Role.REQUESTING_PHYSICIAN, "other-bea@example.com"),
    "other reviewer": (Role.REVIEWER, "other-rev@example.com"),
}


def days_ago(days: int):
    return clock.today() - timedelta(days=days)


def pdf(*words: str) -> bytes:
    """A PDF of one page; `words` make it another one."""
    made = pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Subject"] = " ".join(words)
    buffer = BytesIO()
    made.save(buffer, static_id=True)
    return buffer.getvalue()


def typed(text: str) -> bytes:
    """A PDF of one page with a line of text on it."""
    made = pikepdf.new()
    page = made.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=made.make_indirect(font)))
    shown = text.replace("\\", "").replace("(", "").replace(")", "").encode("latin-1", "replace")
    page.Contents = made.make_stream(b"BT /F1 11 Tf 60 700 Td (" + shown + b") Tj ET")
    buffer = BytesIO()
    made.save(buffer, static_id=True)
    return buffer.getvalue()


def upload(name: str, kind: RecordKind | None = None, **said: Any) -> Upload:
    return Upload(name=f"{name}.pdf", data=pdf(name), kind=kind, ours=True, **said)


def reviewer(number: str, first: str, last: str) -> Reviewer:
    looked = Verified(source="the board's register", on=days_ago(30))
    return Reviewer(
        id=number,
        name=f"{first} {last}",
        licences=(
            Licence(
                state="California",
                number="A12345",
                degree=Degree.MD,
                status=LicenceStatus.CURRENT,
                since=days_ago(9000),
                until=days_ago(-900),
                verified=looked,
            ),
        ),
        boards=(
            BoardCertification(
                board="Board of Invention",
                specialty=SPECIALTY,
                since=days_ago(8000),
                until=days_ago(-900),
                verified=looked,
            ),
        ),
        practice=(Practice(since=days_ago(8000), hours_a_week=36.0, setting="clinic", verified=looked),),
        discipline=(),
        is_qme=False,
        specialties=(SPECIALTY,),
        trained_on=days_ago(500),
    )


def _signed_in_again(people: dict[str, PersonRow]) -> dict[str, PersonRow]:
    people = deepcopy(people)
    for person in people.values():
        person.second_factor = SecondFactor(how="totp", at=clock.now())
    return people


@kept_rows(key=lambda: "", again=_signed_in_again)
def cast() -> dict[str, PersonRow]:
    """Everybody, each with an account and, signed in, a fresh second factor."""
    offices = {name: OrganizationRow.objects.create(name=name) for name in (ADMINISTRATOR, "Another Office")}
    panel = {
        "reviewer": reviewer("R00001", *SECRET_NAMES),
        "other reviewer": reviewer("R00002", "Ottokar", "Nowhereman"),
    }
    people = {}
    for name, (role, email) in CAST.items():
        row = None
        if name in panel:
            row = ReviewerRow.objects.create(id=panel[name].id, facts=to_plain(panel[name]))
        office = {"adjuster": ADMINISTRATOR, "other adjuster": "Another Office"}.get(name)
        people[name] = PersonRow.objects.create_user(
            email, PASSWORD, roles=[role.value], reviewer=row, organization=offices.get(office)
        )
        if row is not None:
            accounts.give_invented_key(people[name])
    return _signed_in_again(people)


def application(**changed: Any) -> Application:
    return replace(
        Application(
            employee=Employee(first_name="Ada", last_name="Invented", email=CAST["employee"][1]),
            employer="Invented Offices",
            claim_number="WC-0001",
            injured_on=days_ago(400),
            attorney=EmployeeAttorney(first_name="Dan", last_name="Fabled", email=CAST["attorney"][1]),
            physician=RequestingPhysician(first_name="Bea", last_name="Imagined", email=CAST["physician"][1]),
            administrator=ClaimsAdministrator(company=ADMINISTRATOR),
            diagnosis="pain of the invented joint",
            rfa_on=days_ago(25),
            ur_decided_on=days_ago(20),
            ur_served_on=days_ago(20),
            treatments=(
                DisputedTreatment(description="Physical therapy, six sessions"),
                DisputedTreatment(description="Exercise kit"),
            ),
            signed_on=days_ago(10),
            records_consent=True,
            copy_to_administrator=True,
            ur_decision_attached=True,
            filed_by=Filer.EMPLOYEE,
        ),
        **changed,
    )


def draft(number: str, view: Any) -> Determination:
    return _draft_of(replace(view.case, number=number))


def _draft_of(case: Case) -> Determination:
    form = application()
    return Determination(
        case_number=case.number,
        review_type=ReviewType.STANDARD,
        injured_on=form.injured_on,
        ur_decided_on=form.ur_decided_on,
        received_on=case.dates.application_received_on,
        assigned_on=case.dates.assigned_on,
        decided_on=None,
        licensure=("California",),
        specialty=SPECIALTY,
        summary="The injured worker has pain of the invented joint since the injury.",
        issues=tuple(
            Issue(
                heading=treatment.description,
                treatment=treatment.description,
                decision=Decision.OVERTURNED,
                administrator_basis="Decision based on Non-MTUS Citation An Invented Guideline.",
                reviewer_basis="Decision based on Non-MTUS Citation An Invented Guideline.",
                rationale="The invented guideline supports this. Therefore, the request is medically necessary.",
            )
            for treatment in form.treatments
        ),
        organization="Invented Review Organization",
        documents=(ReviewedDocument(title="Progress report", kind=RecordKind.PROGRESS_REPORT),),
    )


def write(who: PersonRow, number: str, made: Determination) -> None:
    """Let a reviewer type a draft; it is saved as their working copy."""
    case, form = access.case(access.open_case(who, number)).case, access.application(access.open_case(who, number))
    documents = listed(access.open_case(who, number))
    content = begun(case, form, documents, made, {}, None) | {"documents": [one.key for one in documents]}
    actions.save_draft(who, number, content, access.working_draft(access.open_case(who, number)).version)


def written(who: PersonRow, number: str) -> dict[str, Any]:
    """What stands in a reviewer's working copy; nothing where there is none."""
    return dict(access.working_draft(access.open_case(who, number)).content or {})


class _SiteScenario(Scenario):
    """What is stated in this case: the draft that raises no question, and files of one page."""

    reviewer_id = "R00001"
    specialties = (SPECIALTY,)

    def __init__(self) -> None:
        self.form = application()

    def document(self, title: str) -> Upload:
        return upload("notice" if title == "Notice of assignment" else title)

    def record_batch(self) -> tuple[Upload, ...]:
        return (upload("UR decision", RecordKind.UR_DECISION), upload("progress report", RecordKind.PROGRESS_REPORT))

    def finished_draft(self, case: Case) -> Determination:
        return draft(case.number, SimpleNamespace(case=case))

    def stated(self, step: str, role: Role, at: datetime, case: Case) -> dict[str, Any]:
        """What is stated on the main path; of an application that is eligible, only what this one leaves open."""
        return dict(LOOKED_AT) if step == "decide-eligibility" else super().stated(step, role, at, case)


class _CastPlayer(SitePlayer):
    """Plays the case on the site now, by the cast; its draft raises no question, so that the checks are not run twice."""

    def checks(self, scene: Scene) -> Checked:  # noqa: ARG002 - whatever the scene
        return UNCHECKED


def _by_role(people: Mapping[str, PersonRow]) -> dict[Role, PersonRow]:
    found: dict[Role, PersonRow] = {}
    for name, (role, _) in CAST.items():
        if name in people:
            found.setdefault(role, people[name])
    return found


def take(
    people: Mapping[str, PersonRow], number: str | None, step: str, role: Role | None = None, **changes: Any
) -> Recorded:
    """Take a step of a case as it usually goes, with changes among its facts."""
    player = _CastPlayer(cast=_by_role(people), number=number)
    case = (
        access.case(access.open_case(people["reviewer"], number)).case
        if step == "submit-draft"
        else Case(number=number or "")
    )
    player.take(_SiteScenario().scene(step, clock.now(), case, role, **changes))
    return player.done


def receive(people: dict[str, PersonRow], number: str | None = None, **changed: Any) -> str:
    received = {"received_at": clock.now() - timedelta(days=5), "receipt": Receipt.STAMP}
    done = take(people, number, "receive-application", application=application(**changed), **received)
    confirm_parties(people["intake"], done.case)
    return done.case


def confirm_parties(intake: PersonRow, number: str) -> None:
    """Invite whoever is proposed as a party of a case, and let them take it up."""
    for proposal in access.case_parties(access.open_case(intake, number)).waiting:
        invite(intake, number, proposal.id)


def invite(intake: PersonRow, number: str, proposal: int) -> None:
    """Invite somebody who is proposed, who has read the message and enters the code."""
    code = actions.settle_proposal(intake, number, proposal, accepted=True)
    OutboxRow.objects.filter(text__contains=code).delete()
    row = ProposalRow.objects.get(pk=proposal)
    of_office = PersonRow.objects.filter(organization=row.organization, roles__contains=[row.role])
    actions.accept_invitation(row.person or of_office[0], code)


#: What intake answers when it looks at the application of this story.
LOOKED_AT = {
    name: ELIGIBLE_ANSWERS[name]
    for name in (
        "ur_outcome", "on_necessity", "earlier_application", "earlier_denial", "form_supplied", "in_dispute",
    )
}  # fmt: skip


def decide_eligibility(who: PersonRow, number: str) -> Recorded:
    return take({"intake": who}, number, "decide-eligibility")


def publish(who: PersonRow, number: str) -> Recorded:
    """Publish as somebody who looked at the replacements."""
    return take({"division": who}, number, "publish-determination")


def serve(
    people: Mapping[str, PersonRow], number: str, service: Service = Service.ELECTRONIC, **changed: Any
) -> Recorded:
    """Record that the last letter went out to everybody whom it is for, today."""
    return take(people, number, "record-service", **{"service": service, "on": clock.today()} | changed)


@dataclass(frozen=True)
class PathStep:
    """A step of the main path, and the service of the letter that it makes."""

    name: str

    def __call__(self, people: Mapping[str, PersonRow], number: str) -> None:
        take(people, number, self.name)
        served = {"assign-organization": Service.ELECTRONIC, "issue-determination": Service.MAIL}.get(self.name)
        if served is not None:
            serve(people, number, served)


def _path() -> Iterator[tuple[Stage, PathStep]]:
    reached = Stage.RECEIVED
    for name in MAIN_PATH[1:]:
        reached = next(iter(STEPS[name].leads_to), reached)
        yield reached, PathStep(name)


#: What takes a case from the receipt of its application on, in order: the stage that is reached, and the step.
PATH = tuple(_path())


def assign(people: Mapping[str, PersonRow], number: str) -> None:
    """Make the notice of assignment, and record that everybody has it."""
    PathStep("assign-organization")(people, number)


def _functions() -> tuple[object, ...]:
    """The functions of this story as they are now: a test may have put others in their place."""
    return tuple(value for value in globals().values() if callable(value))


@kept_rows(key=lambda stage, _: (stage, *_functions()))
def to(stage: Stage, people: dict[str, PersonRow]) -> str:
    """A case taken to that stage; its number."""
    number = receive(people)
    if stage is Stage.RECEIVED:
        return number
    for reached, step in PATH:
        step(people, number)
        if reached is stage:
            return number
    raise AssertionError(stage)


def client(person, factor="totp"):
    """A browser in which somebody has signed in, with a second factor given just now."""
    found = Client(raise_request_exception=False)
    found.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    if factor:
        session = found.session
        session["account_authentication_methods"] = [
            {"method": "mfa", "at": clock.now().timestamp(), "type": factor, "id": 1}
        ]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return found
