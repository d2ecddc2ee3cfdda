"""Steps from the issue of the determination to the end of an appeal: their facts and decisions."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from imr.case.appeals import AppealGround
from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.digests import digest, digest_of_text
from imr.case.document_types import DocumentType
from imr.case.events import (
    AppealReceived,
    DeterminationAffirmed,
    DeterminationImplemented,
    DeterminationIssued,
    DeterminationPublished,
    DeterminationReversed,
    PublicationWithdrawn,
)
from imr.case.findings import filing_of, finding, matches_stored, require
from imr.case.marks import Attachment, Input, Provided
from imr.case.publication import WithdrawalReason
from imr.case.sources import FactSource
from imr.case.state import Case, Stage
from imr.case.step import step
from imr.case.steps.service import owed
from imr.determination import redact, write
from imr.determination.model import Determination
from imr.determination.redaction import AS_FOUND, Choices, Redaction, replacements
from imr.law.rule import Finding, Known, labor_code, regulation
from imr.law.terms import Decision, Place, Role, Service

RECIPIENTS = labor_code("4610.6(f)")
IMPLEMENTATION = labor_code("4610.6(j)")
PUBLICATION = labor_code("4610.6(m)")
APPEAL = labor_code("4610.6(h)")
APPEAL_FORM = regulation("10575", Known.PART)
REMAND = labor_code("4610.6(i)")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDetermination:
    """The letter as signed, and its means of service."""

    text: Annotated[str, Provided(FactSource.LETTER)]
    service: Annotated[
        Service,
        Input("How the determination is sent", "Recipients whom the site does not reach this way get it on paper."),
    ] = Service.MAIL
    place: Annotated[Place, Input("Where it is mailed from and to")] = Place.CALIFORNIA
    on: Annotated[date, Input("Date of issue", "the day of the letter that goes with it")]


@step(
    title="Issue the determination",
    roles=(Role.COORDINATOR,),
    stages=(Stage.SIGNED,),
    under=(RECIPIENTS,),
    leads_to=(Stage.ISSUED,),
    advances=True,
)
def issue_determination(case: Case, context: StepContext, facts: IssueDetermination) -> DeterminationIssued:
    """Issue the signed text, and no other, to all recipients."""
    require(
        finding(
            "letter is the one that was signed",
            digest_of_text(facts.text) == case.letter,
            "this is not the text that was signed: issue the signed letter",
            RECIPIENTS,
        ),
        finding(
            "issue follows the signature",
            case.dates.determined_on is not None and case.dates.determined_on <= facts.on <= context.on,
            "the date of issue is before the signature or in the future",
            RECIPIENTS,
        ),
    )
    return DeterminationIssued(
        letter=case.letter,
        recipients=owed(case, Role.DIVISION),
        service=facts.service,
        place=facts.place,
        on=facts.on,
        tracked=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportImplementation:
    """The claims administrator's proof that it authorized or paid."""

    proof: Annotated[str, Attachment("Authorization or payment", DocumentType.PROOF)]
    on: Annotated[date, Input("Day of the authorization or payment")]


def something_to_implement(case: Case) -> tuple[Finding, ...]:
    """Require that something was found necessary and is not implemented yet."""
    return (
        finding(
            "something was overturned",
            Decision.OVERTURNED in case.decisions,
            "every UR decision was upheld: there is nothing to authorize or pay",
            IMPLEMENTATION,
        ),
        finding(
            "implementation is not reported yet",
            case.dates.implemented_on is None,
            "the implementation was reported already",
            IMPLEMENTATION,
        ),
    )


@step(
    title="Report the authorization or payment",
    roles=(Role.CLAIMS_ADMINISTRATOR,),
    stages=(Stage.ISSUED, Stage.PUBLISHED),
    under=(IMPLEMENTATION,),
    ready=something_to_implement,
    advances=True,
)
def report_implementation(case: Case, context: StepContext, facts: ReportImplementation) -> DeterminationImplemented:
    """Record the claims administrator's proof that it did what the determination requires."""
    require(
        finding("proof was filed", bool(facts.proof), "file the authorization or the proof of payment", IMPLEMENTATION),
        finding(
            "implementation follows the determination",
            case.dates.determination_issued_on is not None
            and case.dates.determination_issued_on <= facts.on <= context.on,
            "the day lies before the determination or in the future",
            IMPLEMENTATION,
        ),
    )
    return DeterminationImplemented(proof=facts.proof, on=facts.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishDetermination:
    """The determination as signed, its public version and letter, and a person's decisions on the replacements.

    `confirmed` is the digest of the list of replacements that the person looked at (`to_confirm`).
    """

    determination: Annotated[Determination, Provided(FactSource.DETERMINATION)]
    public: Annotated[Determination, Provided(FactSource.PUBLIC_DETERMINATION)]
    text: Annotated[str, Provided(FactSource.PUBLIC_LETTER)]
    application: Annotated[Application, Provided(FactSource.APPLICATION)]
    stay: Annotated[tuple[str, ...], Input("Words that stay", "taken for a name, and none")] = ()
    go: Annotated[tuple[str, ...], Input("Words that go too", "names that nobody listed")] = ()
    confirmed: Annotated[
        str, Input("Replacements looked at", "the digest of the list, as the page or the API gives it")
    ] = ""

    @property
    def choices(self) -> Choices:
        """The person's decisions."""
        return Choices(stay=self.stay, go=self.go)


def to_confirm(determination: Determination, application: Application, choices: Choices = AS_FOUND) -> Redaction:
    """Give every replacement of the public version, for a person to look at; the step takes the digest of the list as confirmed."""
    return replacements(determination, application.identifiers(), choices)


@step(
    title="Publish the redacted determination",
    roles=(Role.DIVISION, Role.COORDINATOR),
    stages=(Stage.ISSUED,),
    under=(PUBLICATION,),
    leads_to=(Stage.PUBLISHED,),
    advances=True,
)
def publish_determination(case: Case, context: StepContext, facts: PublishDetermination) -> DeterminationPublished:
    """Publish the public version: it has the same decisions, identifies no party, and a person looked at it."""
    redaction = to_confirm(facts.determination, facts.application, facts.choices)
    require(
        matches_stored("application", facts.application, filing_of(case).application, PUBLICATION),
        matches_stored("determination", facts.determination, case.determination, PUBLICATION),
        finding(
            "public version decides the same",
            tuple(issue.decision for issue in facts.public.issues) == case.decisions,
            "the public version differs from the determination in its decisions",
            PUBLICATION,
        ),
        finding(
            "public version identifies nobody",
            redact(facts.public, facts.application.identifiers(), facts.choices) == facts.public,
            "the public version still identifies a party: redact it again",
            PUBLICATION,
        ),
        finding(
            "a person looked at the replacements",
            facts.confirmed == digest(redaction),
            "look at the replacements in the public version, and confirm that list",
            PUBLICATION,
        ),
        finding(
            "public letter says what the public version says",
            facts.text == write(facts.public),
            "the public letter is not the letter of the public version: write it again",
            PUBLICATION,
        ),
    )
    return DeterminationPublished(
        public=digest(facts.public), on=context.on, replaced=len(redaction.replaced), confirmed=facts.confirmed
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPublication:
    """The reason why the published version is withdrawn."""

    because: Annotated[WithdrawalReason, Input("Why it is withdrawn", "The reason is shown to the public.")]


def is_published(case: Case) -> tuple[Finding, ...]:
    """Require that the determination is public."""
    public = case.published_on is not None
    return (finding("determination is published", public, "this determination is not published", PUBLICATION),)


@step(
    title="Withdraw the published determination",
    roles=(Role.DIVISION, Role.COORDINATOR),
    stages=(Stage.PUBLISHED,),
    under=(PUBLICATION,),
    leads_to=(Stage.ISSUED,),
    ready=is_published,
    drastic=True,
)
def withdraw_publication(case: Case, context: StepContext, facts: WithdrawPublication) -> PublicationWithdrawn:
    """Withdraw the public version everywhere. A note stays in its place, with the reason."""
    return PublicationWithdrawn(because=facts.because, on=context.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveAppeal:
    """The petition, its grounds, and the day of its filing."""

    petition: Annotated[str, Attachment("Petition appealing the determination", DocumentType.PETITION)]
    grounds: Annotated[tuple[AppealGround, ...], Input("Grounds")]
    filed_on: Annotated[date, Input("Day of filing with the appeals board")]


def not_appealed_yet(case: Case) -> tuple[Finding, ...]:
    """Require that no appeal is pending."""
    return (finding("no appeal is pending", case.appeal is None, "an appeal was received already", APPEAL),)


@step(
    title="Receive an appeal",
    roles=(Role.DIVISION, Role.INTAKE),
    stages=(Stage.ISSUED, Stage.PUBLISHED),
    under=(APPEAL,),
    ready=not_appealed_yet,
)
def receive_appeal(case: Case, context: StepContext, facts: ReceiveAppeal) -> AppealReceived:
    """Record an appeal. Only the appeals board decides whether it is in time and well founded."""
    require(
        finding("petition was filed", bool(facts.petition), "file the petition", APPEAL_FORM),
        finding("grounds are among the five", bool(facts.grounds), "name at least one of the five grounds", APPEAL),
        finding(
            "appeal follows the determination",
            case.dates.determination_issued_on is not None
            and case.dates.determination_issued_on <= facts.filed_on <= context.on,
            "the day lies before the determination or in the future",
            APPEAL,
        ),
    )
    return AppealReceived(grounds=facts.grounds, petition=facts.petition, filed_on=facts.filed_on)


def appeal_pending(case: Case) -> tuple[Finding, ...]:
    """Require an appeal that is not decided yet."""
    pending = case.appeal is not None and case.appeal.decided_on is None
    return (finding("an appeal is pending", pending, "no appeal is pending", APPEAL),)


@dataclass(frozen=True, slots=True, kw_only=True)
class AffirmDetermination:
    """The order that affirms the determination."""

    order: Annotated[str, Attachment("Order", DocumentType.ORDER)]


@step(
    title="Note that the determination stands",
    roles=(Role.DIVISION, Role.INTAKE),
    stages=(Stage.ISSUED, Stage.PUBLISHED),
    under=(APPEAL,),
    ready=appeal_pending,
)
def affirm_determination(case: Case, context: StepContext, facts: AffirmDetermination) -> DeterminationAffirmed:
    """Record that the appeal failed; the determination stands."""
    require(finding("order was filed", bool(facts.order), "file the order", APPEAL))
    return DeterminationAffirmed(order=facts.order, on=context.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseDetermination:
    """The order that sets the determination aside, and its ground."""

    order: Annotated[str, Attachment("Order", DocumentType.ORDER)]
    ground: Annotated[AppealGround, Input("Ground of the reversal")]


@step(
    title="Note that the determination was reversed",
    roles=(Role.DIVISION, Role.INTAKE),
    stages=(Stage.ISSUED, Stage.PUBLISHED),
    under=(REMAND,),
    leads_to=(Stage.REVERSED,),
    ready=appeal_pending,
)
def reverse_determination(case: Case, context: StepContext, facts: ReverseDetermination) -> DeterminationReversed:
    """Record that the determination is set aside. The dispute goes to another review, and nobody else decides necessity."""
    require(finding("order was filed", bool(facts.order), "file the order", REMAND))
    return DeterminationReversed(order=facts.order, ground=facts.ground, on=context.on)


@step(
    title="Withdraw the published determination, which was reversed",
    roles=(Role.DIVISION, Role.COORDINATOR),
    stages=(Stage.REVERSED,),
    under=(PUBLICATION,),
    ready=is_published,
    drastic=True,
)
def withdraw_reversed_publication(case: Case, context: StepContext, facts: WithdrawPublication) -> PublicationWithdrawn:
    """Withdraw the public version of a determination that was reversed; the case has ended, and its stage stays."""
    return PublicationWithdrawn(because=facts.because, on=context.on)
