"""An application as a case holds it, and the withdrawal of the consent that it gives."""

from dataclasses import dataclass, replace
from datetime import date

from imr.case.application import Application
from imr.case.digests import digest
from imr.law.consent import Consent
from imr.law.dates import CaseDates
from imr.law.terms import Place, ReviewType, Role, Service, Track


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawal:
    """A withdrawal of the consent to the release of records: its day, the role, and the signed page if it came on paper."""

    on: date
    by: Role
    signed_page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledApplication:
    """An application as a case holds it: digests, dates and numbers. The application itself is kept by its digest."""

    application: str
    ur_decision: str = ""
    review_type: ReviewType
    formulary: bool = False
    injured_on: date
    rfa_on: date | None = None
    ur_decided_on: date
    ur_served_on: date | None = None
    ur_service: Service = Service.MAIL
    ur_place: Place = Place.CALIFORNIA
    liability_disputed: bool = False
    represented: bool = False
    treatments: int
    given: int = 0
    #: The consent as the application gives it; None where it was received before scope, end and exclusions were asked.
    consent: Consent | None = None

    @classmethod
    def of(cls, application: Application, ur_decision: str = "") -> "FiledApplication":
        """Give what the case keeps of an application. `ur_decision` is the digest of the UR decision, if it is attached."""
        return cls(
            application=digest(application),
            ur_decision=ur_decision,
            review_type=application.review_type,
            formulary=application.formulary,
            injured_on=application.injured_on,
            rfa_on=application.rfa_on,
            ur_decided_on=application.ur_decided_on,
            ur_served_on=application.ur_served_on,
            ur_service=application.ur_service,
            ur_place=application.ur_place,
            liability_disputed=application.liability_disputed,
            represented=application.attorney is not None,
            treatments=len(application.treatments),
            given=sum(treatment.given for treatment in application.treatments),
            consent=application.consent,
        )

    def track(self, *, as_standard: bool = False) -> Track:
        """Give the track that the application asks for; `as_standard` if nothing supports an expedited review."""
        if self.review_type is ReviewType.EXPEDITED and not as_standard:
            return Track.EXPEDITED
        return Track.FORMULARY if self.formulary else Track.STANDARD

    def dates(self, before: CaseDates, *, as_standard: bool = False) -> CaseDates:
        """Give the dates of a case together with those of this application."""
        return replace(
            before,
            track=before.track if before.converted_on is not None else self.track(as_standard=as_standard),
            injured_on=self.injured_on,
            ur_decided_on=self.ur_decided_on,
            ur_served_on=self.ur_served_on,
            ur_service=self.ur_service,
            ur_place=self.ur_place,
            liability_disputed=self.liability_disputed,
            treatment_given={0: False, self.treatments: True}.get(self.given),
        )
