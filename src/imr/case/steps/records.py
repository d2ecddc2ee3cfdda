"""The records: who sends what by when, and when the case file is complete. Facts and decisions of the steps."""

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
    """The documents that came, from whom, and on which day."""

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
    """Documents are received. The same bytes are one document; who sent them, and on which day, is a receipt of its own.

    A document that this sender has sent on this day is left out of the receipt, and undoes nothing else of it.
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
            "each of these documents came from the {sender} on this day already, byte for byte",
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
    """By when the claims administrator's records must be in; none before the notice of assignment is served on it."""
    return next(iter(running(records_due, case.dates)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecordsOverdue:
    """Nothing: the clock has run out, and the history knows the rest."""


def not_noted_yet(case: Case) -> tuple[Finding, ...]:
    """Lateness is noted once, and only where the claims administrator has sent nothing."""
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
    """The time for the records ran out with nothing from the claims administrator. Nothing ends by it."""
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
    """Whom more is asked of, and the letter, which goes to all parties."""

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
    """More records are asked of any party, with a copy to all."""
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
    """What is owed and did not come, as the coordinator found it, and of which kinds the documents are that came."""

    kinds: Annotated[tuple[RecordKind, ...], Provided(FactSource.INDEX_KINDS, "Kinds of its documents")] = ()
    missing: Annotated[tuple[Duty, ...], Input("What is owed and did not come")] = ()


def may_be_released(case: Case, indexed: tuple[RecordKind, ...] | None = None) -> tuple[Finding, ...]:
    """No determination rests on the UR decision alone: the hard stop before a reviewer has the case.

    `indexed` are the kinds in the index of the case file. Where nobody brings it, those that it had when the file was closed
    count, and before that what the senders said.
    """
    return (may_release(indexed if indexed is not None else case.kinds or kinds_in(case)),)


def kinds_in(case: Case, read: Mapping[str, tuple[RecordKind, ...]] | None = None) -> Iterator[RecordKind]:
    """What kinds of paper the records of a case are.

    `read` says it of the files that were read, with what people corrected. Any other is what was corrected of it, and what
    its sender said where nobody corrected every page.
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
    """The case file is closed, with what is missing named; the clock for the determination starts."""
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
