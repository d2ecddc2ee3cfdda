"""Steps about the records: who sends what, the deadline, and when the case file is complete. Facts and decisions of the steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.events import RecordsAsked, RecordsCompleted, RecordsOverdue, RecordsReceived
from imr.case.file import FiledRecord
from imr.case.findings import finding, require
from imr.case.marks import Attachment, Input, OfficeInput, Provided, RecordUploads, SystemValue
from imr.case.receipts import HowKnown, known_from, receipt
from imr.case.sources import FactSource
from imr.case.state import OPEN, Case, Stage
from imr.case.step import step
from imr.case.steps.service import owed
from imr.law.days import Deadline
from imr.law.records import Duty, may_release, records_due
from imr.law.roles import PARTIES, STAFF
from imr.law.rule import Finding, labor_code, regulation
from imr.law.terms import RecordKind, Role
from imr.law.time_limits import running, timely

RECORDS = labor_code("4610.5(l)-(n)")
RECORDS_IN_TIME = regulation("9792.10.5(a)(1)")
MORE_RECORDS = labor_code("4610.6(b)")
SOLELY_UR = regulation("9792.10.6(b)(2)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveRecords:
    """The documents that came, their sender, and the day."""

    records: Annotated[tuple[FiledRecord, ...], RecordUploads()]
    sender: Annotated[Role, OfficeInput("Who sent them", system=SystemValue.ROLE)]
    received_on: Annotated[date, OfficeInput("Day on which they came")]
    receipt: HowKnown = None


@step(
    title="Receive documents",
    roles=(*PARTIES, *STAFF),
    stages=OPEN,
    under=(RECORDS, RECORDS_IN_TIME),
)
def receive_records(case: Case, context: StepContext, facts: ReceiveRecords) -> RecordsReceived:
    """Receive documents. The same bytes are one document; its sender and day are a receipt of its own.

    A document that this sender already sent on this day is left out of the receipt; the rest of the receipt stays.
    """
    held = {(received.record.digest, received.sender, received.received_on) for received in case.records}
    new: dict[str, FiledRecord] = {}
    for record in facts.records:
        if (record.digest, facts.sender, facts.received_on) not in held:
            new.setdefault(record.digest, record)
    dated = max((record.dated_on for record in facts.records if record.dated_on is not None), default=None)
    require(
        finding("documents came", bool(facts.records), "add at least one document", RECORDS),
        finding(
            "a document is new",
            bool(new) or not facts.records,
            "each of these documents already came from the {sender} on this day, byte for byte",
            RECORDS,
            sender=facts.sender.value,
        ),
        finding("sender is a party", facts.sender in PARTIES, "name the party that sent them", RECORDS),
        finding(
            "a party sends for itself",
            context.actor.role not in PARTIES or context.actor.role is facts.sender,
            "you can send documents as the {role} only",
            RECORDS,
            role=context.actor.role.value,
        ),
        *receipt(facts.received_on, context, facts.receipt, RECORDS, dated=dated),
    )
    return RecordsReceived(
        records=tuple(new.values()),
        sender=facts.sender,
        received_on=facts.received_on,
        known_from=known_from(facts.receipt),
    )


def records_deadline(case: Case) -> Deadline | None:
    """Give the deadline of the claims administrator's records; None before the notice of assignment is served on it."""
    return next(iter(running(records_due, case.dates)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecordsOverdue:
    """No facts: the time has run out, and the history has the rest."""


def not_noted_yet(case: Case) -> tuple[Finding, ...]:
    """Require that lateness is not noted yet, and that the claims administrator has sent nothing."""
    sent = bool(case.administrator_sent)
    return (
        finding("lateness is not noted yet", not case.records_overdue, "it was noted before", RECORDS_IN_TIME),
        finding(
            "claims administrator sent nothing", not sent, "records of the claims administrator came", RECORDS_IN_TIME
        ),
    )


@step(
    title="Note that the records are overdue",
    roles=(Role.CLOCK,),
    stages=(Stage.ASSIGNED,),
    under=(RECORDS_IN_TIME,),
    ready=not_noted_yet,
)
def note_records_overdue(case: Case, context: StepContext, facts: NoteRecordsOverdue) -> RecordsOverdue:
    """Note that the time for the records ran out with nothing from the claims administrator. The case goes on."""
    deadline = records_deadline(case)
    require(
        finding(
            "time for the records ran out",
            deadline is not None and not timely(deadline, context.at).holds,
            "the time for the records has not run out",
            RECORDS_IN_TIME,
        )
    )
    assert deadline is not None  # noqa: S101 - insisted on above
    return RecordsOverdue(due=date(deadline.due.year, deadline.due.month, deadline.due.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRecords:
    """The parties that are asked for more, and the letter, which goes to all parties."""

    of: Annotated[tuple[Role, ...], Input("Whom to ask")]
    letter: Annotated[
        str, Attachment("Request for records", DocumentType.REQUEST, "copied to all parties", can_be_written=True)
    ]


@step(
    title="Ask for more records",
    roles=(Role.REVIEWER, Role.COORDINATOR),
    stages=(Stage.UNDER_REVIEW,),
    under=(MORE_RECORDS,),
)
def ask_records(case: Case, context: StepContext, facts: AskRecords) -> RecordsAsked:
    """Ask any party for more records, with a copy to all."""
    require(
        finding(
            "parties are asked",
            bool(facts.of) and set(facts.of) <= set(PARTIES),
            "name the parties to ask",
            MORE_RECORDS,
        ),
        finding("request was written", bool(facts.letter), "file the letter that asks", MORE_RECORDS),
    )
    return RecordsAsked(of=facts.of, letter=facts.letter, on=context.on, recipients=owed(case), tracked=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteRecords:
    """The owed documents that the coordinator found missing, and the kinds of the documents that came."""

    kinds: Annotated[tuple[RecordKind, ...], Provided(FactSource.INDEX_KINDS, "Kinds of its documents")] = ()
    missing: Annotated[tuple[Duty, ...], Input("What is owed and did not come")] = ()


def may_be_released(case: Case, indexed: tuple[RecordKind, ...] | None = None) -> tuple[Finding, ...]:
    """Require more than the UR decision: the hard stop before a reviewer has the case.

    `indexed` are the kinds in the index of the case file. Without it, the kinds that the file had when it was closed
    count, and before that the kinds that the senders stated.
    """
    return (may_release(indexed if indexed is not None else case.kinds or kinds_in(case)),)


def kinds_in(case: Case, read: Mapping[str, tuple[RecordKind, ...]] | None = None) -> Iterator[RecordKind]:
    """Yield the kinds of the records of a case.

    `read` gives them for the files that were read, with people's corrections. For any other file they are its
    corrections, and what its sender stated unless every page was corrected.
    """
    for received in case.records:
        record = received.record
        if read is not None and record.digest in read:
            yield from read[record.digest]
            continue
        by_page: dict[int, RecordKind] = {}
        for correction in case.standing_corrections:
            if correction.file == record.digest:
                by_page |= {n: part.record for part in correction.parts for n in range(part.first, part.last + 1)}
        if record.pages is None or len(by_page) < record.pages:
            yield record.kind
        yield from dict.fromkeys(by_page.values())


@step(
    title="Close the case file",
    roles=(Role.COORDINATOR,),
    stages=(Stage.ASSIGNED,),
    under=(RECORDS, SOLELY_UR),
    leads_to=(Stage.RECORDS_COMPLETE,),
    ready_by_index=may_be_released,
    advances=True,
)
def complete_records(case: Case, context: StepContext, facts: CompleteRecords) -> RecordsCompleted:
    """Close the case file, naming what is missing; the time for the determination starts."""
    sent = bool(case.administrator_sent)
    require(
        finding(
            "what is missing is named",
            sent or bool(facts.missing),
            "the claims administrator sent nothing: name what is owed and missing",
            RECORDS,
        )
    )
    return RecordsCompleted(missing=facts.missing, kinds=facts.kinds, at=context.at)
