"""Events of a remand: a reversed dispute goes to another review, once (LC 4610.6(i))."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, ClassVar

from imr.case.digests import SealedOutside
from imr.case.events.event import Confidential, Event
from imr.case.file import Correction, ReceivedRecord
from imr.case.filed_application import ConsentWithdrawal, FiledApplication
from imr.case.state import Case, Stage
from imr.law.dates import day_of

_MARKED = "marked:"


def marked_outside_consent(files: Iterable[str]) -> str:
    """Write the digests of the records left out of the consent as one text, which is never empty."""
    return " ".join((_MARKED, *files))


@dataclass(frozen=True, slots=True, kw_only=True)
class RemandOpened(Event):
    """A new case began after the determination of another was reversed. `barred` are its reviewers, who may not review this one.

    If the consent was withdrawn in the earlier case, its application does not give it in this one. The case file of the
    earlier case goes on in this one: its records, what was withheld or left out of the consent, the certification of a
    threat, and the corrections of its index that were in force, numbered -1, -2 and so on, as no event of this case made
    them. `outside_consent` is never empty (`marked_outside_consent`), so that its seal does not tell whether anything was left
    out. `finding` is the digest of the text of the finding of fact that the order calls erroneous. A remand that was
    opened before these were carried has none of them.
    """

    kind: ClassVar[str] = "remand-opened"
    earlier: str
    order: str
    barred: Annotated[tuple[str, ...], Confidential()]
    filing: FiledApplication
    excluded: tuple[int, ...] = ()
    as_standard: bool = False
    received_at: datetime
    consent_withdrawal: ConsentWithdrawal | None = None
    on: date
    finding: str = ""
    certification: str = ""
    records: tuple[ReceivedRecord, ...] = ()
    withheld: Annotated[tuple[str, ...], SealedOutside()] = ()
    outside_consent: Annotated[str, Confidential()] = ""
    corrections: tuple[Correction, ...] = ()

    def apply(self, case: Case) -> Case:
        return replace(
            case,
            stage=Stage.ELIGIBLE,
            consent_withdrawal=self.consent_withdrawal,
            filing=self.filing,
            excluded=self.excluded,
            as_standard=self.as_standard,
            received_at=self.received_at,
            dates=replace(
                self.filing.dates(case.dates, as_standard=self.as_standard),
                application_received_on=day_of(self.received_at),
                found_eligible_on=self.on,
            ),
            earlier_reviewers=self.barred,
            remanded_from=self.earlier,
            remand_papers=(self.order, self.finding) if self.finding else (),
            certification=self.certification,
            records=self.records,
            withheld=self.withheld,
            outside_consent=tuple(self.outside_consent.removeprefix(_MARKED).split()),
            corrections=self.corrections,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remanded(Event):
    """The dispute of this case, whose determination was reversed, was opened again as the case `to`."""

    kind: ClassVar[str] = "remanded"
    to: str
    on: date

    def apply(self, case: Case) -> Case:
        return replace(case, remanded_to=self.to)
