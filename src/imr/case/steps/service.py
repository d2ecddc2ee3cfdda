"""The service of letters: on whom, how, on which day, and how that is known. Facts and decisions of the steps.

The step that makes a letter does not serve it. Maintenance records the service when a message tells a recipient that
the letter can be read on the site (`note-service`); the office records every other service (`record-service`). The
law's time limits start from these.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from imr.case.context import CALIFORNIA, StepContext
from imr.case.document_types import DocumentType
from imr.case.events import LetterServed
from imr.case.findings import filing_of, finding, require
from imr.case.letters import RECEIVED_AT_ONCE, CaseLetter, KnownBy, LetterKind
from imr.case.marks import Attachment, Input, Provided
from imr.case.sources import FactSource
from imr.case.state import SINCE_RECEIPT, Case
from imr.case.step import step
from imr.law.prose import limits_on
from imr.law.roles import PARTIES, STAFF
from imr.law.rule import Finding, civil_procedure, labor_code
from imr.law.terms import Place, ReviewType, Role, Service

SERVICE = civil_procedure("1013(a)")
NOTICE_RECEIVED = labor_code("4610.5(n)")


def owed(case: Case, *others: Role) -> tuple[Role, ...]:
    """Give all recipients that a letter is owed to: the parties, the attorney if there is one, and `others`."""
    represented = filing_of(case).represented
    return (*others, *(role for role in PARTIES if represented or role is not Role.EMPLOYEE_ATTORNEY))


def has_letters(case: Case) -> tuple[Finding, ...]:
    """Require that a letter was made."""
    letters = [letter for letter in case.letters if letter.copies]
    return (finding("a letter was made", bool(letters), "no letter of this case has been made yet", SERVICE),)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordService:
    """The letter, its recipients, and how and when it was served on them."""

    letter: Annotated[int, Input("Letter", "The number of the event that made it.")]
    recipients: Annotated[
        tuple[Role, ...],
        Input("Served on", "What is recorded of somebody replaces what was recorded of them before."),
    ]
    service: Annotated[Service, Input("How it was served")]
    place: Annotated[Place, Input("Where it was mailed from and to")] = Place.CALIFORNIA
    on: Annotated[date, Input("Day of service", "The day of mailing or of delivery.")]
    received_at: Annotated[
        datetime | None,
        Input(
            "Day and hour of receipt",
            "If it is known. In an expedited review the hours for the records run from the hour at which the claims "
            "administrator received the notice.",
        ),
    ] = None
    proof: Annotated[str, Attachment("Proof of service", DocumentType.SERVICE, "where there is one")] = ""


@step(
    title="Record the service of a letter",
    roles=STAFF,
    stages=SINCE_RECEIPT,
    under=(SERVICE,),
    ready=has_letters,
)
def record_service(case: Case, context: StepContext, facts: RecordService) -> LetterServed:
    """Record a service that the office made: by mail, by hand, by fax, or by any means other than the site's own messages."""
    letter = _letter(case, facts.letter)
    received_on = None if facts.received_at is None else facts.received_at.astimezone(CALIFORNIA).date()
    require(
        _recipients(letter, facts.recipients),
        finding(
            "service follows the letter",
            letter.on <= facts.on <= context.on,
            "the day of service is before the day of the letter, {made}, or in the future",
            SERVICE,
            made=letter.on.isoformat(),
        ),
        finding(
            "receipt has its zone",
            facts.received_at is None or facts.received_at.tzinfo is not None,
            "the hour of receipt has no zone: write it such as 2026-11-27T17:00:00-08:00",
            SERVICE,
        ),
    )
    require(
        finding(
            "receipt follows the service",
            facts.received_at is None
            or (received_on is not None and facts.on <= received_on and facts.received_at <= context.at),
            "the receipt is before the service or in the future",
            SERVICE,
        ),
        finding(
            "hour of receipt is known where hours count",
            not _counts_hours(case, letter, facts) or facts.received_at is not None,
            "in an expedited review the {hours} for the records run from the receipt of the notice: give its day and hour",
            NOTICE_RECEIVED,
            hours=limits_on(facts.on).records_expedited,
        ),
    )
    return LetterServed(
        letter=letter.number,
        what=letter.kind,
        recipients=facts.recipients,
        service=facts.service,
        place=facts.place,
        on=facts.on,
        received_at=facts.received_at,
        known=KnownBy.OFFICE,
        proof=facts.proof,
    )


def _counts_hours(case: Case, letter: CaseLetter, facts: RecordService) -> bool:
    return (
        letter.kind is LetterKind.ASSIGNMENT
        and case.review_type is ReviewType.EXPEDITED
        and Role.CLAIMS_ADMINISTRATOR in facts.recipients
        and facts.service in RECEIVED_AT_ONCE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    """A sent message that told these recipients that a letter can be read on the site."""

    letter: int
    recipients: tuple[Role, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteService:
    """The message that maintenance sent."""

    sent: Annotated[MessageSent, Provided(FactSource.MESSAGE)]


def something_unserved(case: Case) -> tuple[Finding, ...]:
    """Require a letter that waits for a message."""
    waits = any(copy.by_message is None for letter in case.letters for copy in letter.copies)
    return (finding("a letter waits for its service", waits, "no letter of this case waits for its service", SERVICE),)


@step(
    title="Note that a letter was served by a message",
    roles=(Role.CLOCK,),
    stages=SINCE_RECEIPT,
    under=(SERVICE,),
    ready=something_unserved,
)
def note_service(case: Case, context: StepContext, facts: NoteService) -> LetterServed:
    """Record electronic service on the recipients whom a message told that the letter can be read here."""
    sent = facts.sent
    letter = _letter(case, sent.letter)
    told = {copy.role for copy in letter.copies if copy.by_message is not None}
    require(
        _recipients(letter, sent.recipients),
        finding("message was not noted yet", not told & set(sent.recipients), "this was noted before", SERVICE),
        finding("message has gone out", sent.at <= context.at, "the message is in the future", SERVICE),
    )
    return LetterServed(
        letter=letter.number,
        what=letter.kind,
        recipients=sent.recipients,
        service=Service.ELECTRONIC,
        on=sent.at.astimezone(CALIFORNIA).date(),
        received_at=sent.at,
        known=KnownBy.MESSAGE,
    )


def _letter(case: Case, number: int) -> CaseLetter:
    found_letter = next((letter for letter in case.letters if letter.number == number), None)
    require(
        finding(
            "letter is one of the case",
            found_letter is not None,
            "no letter of this case was made by event {number}",
            SERVICE,
            number=number,
        )
    )
    assert found_letter is not None  # noqa: S101 - insisted on above
    return found_letter


def _recipients(letter: CaseLetter, chosen: tuple[Role, ...]) -> Finding:
    owed_to = [copy.role for copy in letter.copies]
    return finding(
        "recipients are those of the letter",
        bool(chosen) and set(chosen) <= set(owed_to),
        "choose at least one of the recipients of this letter: {owed}",
        SERVICE,
        owed=", ".join(role.value for role in owed_to) or "its recipients were not recorded",
    )
