"""Events from the issue of the determination to the end of an appeal."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

from imr.case.appeals import Appeal, AppealGround
from imr.case.events.event import Confidential, Event
from imr.case.events.letters import with_letter
from imr.case.letters import KnownBy, LetterKind, Served
from imr.case.publication import Withdrawal, WithdrawalReason
from imr.case.state import Case, Stage
from imr.law.terms import Place, Role, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationIssued(Event):
    """The determination was issued to all its recipients; `service` is the means of service."""

    kind: ClassVar[str] = "determination-issued"
    letter: str
    recipients: tuple[Role, ...]
    service: Service
    place: Place
    on: date
    tracked: bool = False

    def apply(self, case: Case) -> Case:
        stood_for = Served(service=self.service, place=self.place, on=self.on, known=KnownBy.STEP)
        case = with_letter(
            case,
            LetterKind.DETERMINATION,
            self.on,
            self.recipients,
            self.service,
            tracked=self.tracked,
            stood_for=stood_for,
        )
        return replace(case, stage=Stage.ISSUED, dates=replace(case.dates, determination_issued_on=self.on))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationImplemented(Event):
    """The claims administrator authorized or paid for the treatment that was found necessary; `proof` is its paper."""

    kind: ClassVar[str] = "determination-implemented"
    proof: str
    on: date

    def apply(self, case: Case) -> Case:
        return replace(case, dates=replace(case.dates, implemented_on=self.on))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationPublished(Event):
    """The public version, which identifies no party, was published.

    `replaced` counts the distinct wordings that were replaced; `confirmed` is the digest of their list, which a person
    looked at. Publications before this was asked have neither.
    """

    kind: ClassVar[str] = "determination-published"
    public: str
    on: date
    replaced: int = 0
    confirmed: Annotated[str, Confidential()] = ""

    def apply(self, case: Case) -> Case:
        return replace(case, stage=Stage.PUBLISHED, public=self.public, published_on=self.on, withdrawal=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationWithdrawn(Event):
    """The published version was withdrawn. A note stays in its place, and it can be published again."""

    kind: ClassVar[str] = "publication-withdrawn"
    because: WithdrawalReason
    on: date

    def apply(self, case: Case) -> Case:
        withdrawal = Withdrawal(published_on=case.published_on or self.on, on=self.on, because=self.because)
        stage = Stage.ISSUED if case.stage is Stage.PUBLISHED else case.stage
        return replace(case, stage=stage, public="", published_on=None, withdrawal=withdrawal)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealReceived(Event):
    """A petition appealing the determination was filed with the appeals board."""

    kind: ClassVar[str] = "appeal-received"
    grounds: tuple[AppealGround, ...]
    petition: str
    filed_on: date

    def apply(self, case: Case) -> Case:
        dates = replace(case.dates, appealed_on=self.filed_on)
        return replace(case, appeal=Appeal(grounds=self.grounds), dates=dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationAffirmed(Event):
    """The appeal was decided and the determination stands."""

    kind: ClassVar[str] = "determination-affirmed"
    order: str
    on: date

    def apply(self, case: Case) -> Case:
        appeal = None if case.appeal is None else replace(case.appeal, decided_on=self.on)
        return replace(case, appeal=appeal, dates=replace(case.dates, appeal_affirmed_on=self.on))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationReversed(Event):
    """The determination was set aside and the dispute goes to another review by another reviewer."""

    kind: ClassVar[str] = "determination-reversed"
    order: str
    ground: AppealGround
    on: date

    def apply(self, case: Case) -> Case:
        appeal = None if case.appeal is None else replace(case.appeal, decided_on=self.on, reversed=True)
        return replace(case, stage=Stage.REVERSED, appeal=appeal, ended_on=self.on)
