"""Events from the application to the notice of assignment, and those that end a review early."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, cast

from imr.case.events.event import Event
from imr.case.events.letters import with_letter
from imr.case.filed_application import FiledApplication
from imr.case.letters import KnownBy, LetterKind, Served
from imr.case.state import Case, Stage
from imr.law.dates import day_of
from imr.law.terms import Role, Service, Track


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationReceived(Event):
    """An application was received. `known_from` is the office's evidence for an earlier day of receipt."""

    kind: ClassVar[str] = "application-received"
    filing: FiledApplication
    received_at: datetime
    known_from: str = ""

    def apply(self, case: Case) -> Case:
        dates = replace(self.filing.dates(case.dates), application_received_on=day_of(self.received_at))
        return replace(case, stage=Stage.RECEIVED, filing=self.filing, received_at=self.received_at, dates=dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationAsked(Event):
    """The Administrative Director asked parties for more information, by a letter to them.

    `tracked` means, for this and every letter, that events of their own record its service on each recipient. In older
    histories the step counted as the service: `received_on` is then the day on which the letter was said to have
    reached them.
    """

    kind: ClassVar[str] = "information-asked"
    of: tuple[Role, ...]
    letter: str
    received_on: date | None = None
    service: Service | None = None
    on: date | None = None
    tracked: bool = False

    def apply(self, case: Case) -> Case:
        on = cast("date", self.on or self.received_on)  # every history has one of the two
        before = self.received_on
        stood_for = None if before is None else Served(service=None, on=before, known=KnownBy.STEP)
        case = with_letter(
            case, LetterKind.INFORMATION, on, self.of, self.service, tracked=self.tracked, stood_for=stood_for
        )
        dates = replace(case.dates, information_answered_on=None)
        return replace(case, stage=Stage.INFORMATION_ASKED, asked_of=self.of, dates=dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationAnswered(Event):
    """A party answered. `filing` is the application including the answer.

    `amended` means that the answer changed the application; `signed_page` is the page on which paper was signed again.
    Older histories do not say who answered. Signing the application again gives a withdrawn consent again.
    """

    kind: ClassVar[str] = "information-answered"
    filing: FiledApplication
    answer: str
    answered_on: date
    by: Role | None = None
    known_from: str = ""
    amended: bool = False
    signed_page: str = ""

    def apply(self, case: Case) -> Case:
        consent, withdrawal = self.filing.consent, case.consent_withdrawal
        again = (
            self.amended
            and withdrawal is not None
            and consent is not None
            and consent.given
            and consent.signed_on is not None
            and consent.signed_on >= withdrawal.on
        )
        return replace(
            case,
            stage=Stage.RECEIVED,
            filing=self.filing,
            dates=replace(self.filing.dates(case.dates), information_answered_on=self.answered_on),
            consent_withdrawal=None if again else withdrawal,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEligible(Event):
    """The application is eligible, in whole or, if `excluded` numbers treatments (from 1), in part.

    `as_standard` means that an expedited review was asked for, but that nothing supports one. `looked_at` names what
    somebody looked at and answered; it is empty in older histories, where the form had answers before anybody looked.
    """

    kind: ClassVar[str] = "found-eligible"
    rules: tuple[str, ...]
    looked_at: tuple[str, ...] = ()
    excluded: tuple[int, ...] = ()
    as_standard: bool = False
    liability_resolved_on: date | None = None
    liability_service: Service | None = None
    form_supplied: bool = True
    form_supplied_on: date | None = None
    on: date

    def apply(self, case: Case) -> Case:
        dates = case.dates if case.filing is None else case.filing.dates(case.dates, as_standard=self.as_standard)
        return replace(
            case,
            stage=Stage.ELIGIBLE,
            excluded=self.excluded,
            as_standard=self.as_standard,
            dates=replace(
                dates,
                liability_resolution_served_on=self.liability_resolved_on,
                liability_resolution_service=self.liability_service,
                form_supplied=self.form_supplied,
                form_supplied_on=self.form_supplied_on,
                found_eligible_on=self.on,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIneligible(Event):
    """The application is not eligible. `reasons` names every rule that does not hold; `looked_at` as in `FoundEligible`."""

    kind: ClassVar[str] = "found-ineligible"
    reasons: tuple[str, ...]
    looked_at: tuple[str, ...] = ()
    on: date
    recipients: tuple[Role, ...] = ()
    tracked: bool = False

    def apply(self, case: Case) -> Case:
        case = with_letter(
            case, LetterKind.INELIGIBILITY, self.on, self.recipients, Service.ELECTRONIC, tracked=self.tracked
        )
        return replace(case, stage=Stage.INELIGIBLE, reasons=self.reasons, ended_on=self.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationAssigned(Event):
    """The review organization took the case and made the notice of assignment with its request for information.

    `service` is the means of service for recipients whom it reaches.
    """

    kind: ClassVar[str] = "organization-assigned"
    notice: str
    recipients: tuple[Role, ...]
    service: Service
    on: date
    at: datetime
    tracked: bool = False

    def apply(self, case: Case) -> Case:
        stood_for = Served(service=self.service, on=self.on, received_at=self.at, known=KnownBy.STEP)
        case = with_letter(
            case,
            LetterKind.ASSIGNMENT,
            self.on,
            self.recipients,
            self.service,
            tracked=self.tracked,
            stood_for=stood_for,
        )
        return replace(case, stage=Stage.ASSIGNED, dates=replace(case.dates, assigned_on=self.on))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedToExpedited(Event):
    """The treating physician certified an imminent and serious threat; the review goes on as an expedited one."""

    kind: ClassVar[str] = "converted-to-expedited"
    certification: str
    at: datetime

    def apply(self, case: Case) -> Case:
        dates = replace(case.dates, track=Track.EXPEDITED, converted_on=day_of(self.at))
        return replace(case, certification=self.certification, dates=dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationWithdrawn(Event):
    """The employee, or somebody who acts for the employee, withdrew the application."""

    kind: ClassVar[str] = "application-withdrawn"
    letter: str
    on: date
    recipients: tuple[Role, ...] = ()
    tracked: bool = False

    def apply(self, case: Case) -> Case:
        case = with_letter(case, LetterKind.ENDED, self.on, self.recipients, Service.ELECTRONIC, tracked=self.tracked)
        return replace(case, stage=Stage.WITHDRAWN, ended_on=self.on)
