"""The dates of one case, each optional, and the check that they can all be true."""

from dataclasses import dataclass
from datetime import date, datetime, time

from imr.law.holidays import NO_CLOSINGS, Closings
from imr.law.rule import PACIFIC, Finding, Known, Rule, Subject, practice, spell
from imr.law.terms import Place, Service, Track, UrRecipient


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDates:
    """The events of a case and their dates, as far as known; `time_limits.due` gives the deadlines that these dates start.

    Days are calendar days in California. Where the law counts hours, a time may be given (`..._at`); a date alone is
    then counted from its first minute. A time without a zone is Pacific. `service` None means that it is not known.
    """

    track: Track = Track.STANDARD
    #: What decides the track (`assignment.track_of`); None: as `track` says.
    about_formulary_drug: bool | None = None
    ur_expedited: bool | None = None
    certified: bool | None = None
    #: Closed days that a site knows of beyond the tables.
    closings: Closings = NO_CLOSINGS
    injured_on: date | None = None
    #: The physician's recommendation, and receipt of the request for authorization with the information needed.
    recommended_on: date | None = None
    rfa_received_on: date | None = None
    ur_information_received_at: date | datetime | None = None
    #: The UR decision, its service on the employee, and how and where it was served.
    ur_decided_on: date | None = None
    #: The hour of the decision, whether care was under way, and the one of its recipients who is asked about (None: each).
    ur_decided_at: datetime | None = None
    concurrent: bool = False
    told: UrRecipient | None = None
    ur_served_on: date | None = None
    ur_service: Service | None = None
    ur_place: Place = Place.CALIFORNIA
    #: False where the decision came without the form, envelope and notices; the day on which they came after all.
    form_supplied: bool = True
    form_supplied_on: date | None = None
    #: The claims administrator also disputed liability; the notice that this was resolved was served on ... by ...
    liability_disputed: bool = False
    liability_resolution_served_on: date | None = None
    liability_resolution_service: Service | None = None
    #: It became final that the claims administrator is liable.
    liability_final_on: date | None = None
    #: The application: received by the Division or the review organization.
    application_received_on: date | None = None
    #: The parties received the Division's request for more information; the first of them answered it.
    information_requested_on: date | None = None
    information_answered_on: date | None = None
    #: A finding that the application is not eligible was mailed; how and where is told by the fields of the determination.
    ineligibility_mailed_on: date | None = None
    #: The review organization received the Division's finding that the application is eligible.
    found_eligible_on: date | None = None
    #: The review organization took the case and made the notice of assignment and request for information.
    assigned_on: date | None = None
    #: That notice: sent to the claims administrator, how, and received by it.
    notice_sent_on: date | None = None
    notice_service: Service | None = Service.MAIL
    notice_received_at: date | datetime | None = None
    #: The review organization has the request and the supporting documents.
    records_complete_on: date | None = None
    #: More records came after those.
    further_records_on: date | None = None
    #: The treating physician's certification of an imminent and serious threat came after the application.
    converted_on: date | None = None
    #: The notice of that conversion reached the claims administrator.
    conversion_notice_received_at: date | datetime | None = None
    #: The Administrative Director approved more time, for extraordinary circumstances or good cause.
    extension_approved_on: date | None = None
    #: The determination: decided, issued, mailed or served, received by the claims administrator; whether it overturned
    #: anything, and whether the treatment had already been given (None: not known, or some of it).
    determined_on: date | None = None
    determination_issued_on: date | None = None
    determination_mailed_on: date | None = None
    determination_service: Service | None = Service.MAIL
    determination_place: Place = Place.CALIFORNIA
    determination_received_on: date | None = None
    overturned: bool | None = None
    treatment_given: bool | None = None
    #: The claims administrator authorized or paid for what was overturned.
    implemented_on: date | None = None
    appealed_on: date | None = None
    #: The appeal ended and the determination stands; reconsideration was denied or decided; a writ of review was sought.
    appeal_affirmed_on: date | None = None
    reconsideration_decided_on: date | None = None
    writ_sought_on: date | None = None
    #: Authorization, settlement or award, or withdrawal by the requesting physician ended the dispute; the review
    #: organization was informed.
    dispute_ended_on: date | None = None
    dispute_end_reported_on: date | None = None
    #: Another claims administrator took the claim over; the review organization was informed.
    administrator_changed_on: date | None = None
    administrator_change_reported_on: date | None = None


DATES_AGREE = Rule(
    id="dates-agree",
    title="The dates of a case can be true together",
    subject=Subject.APPLICATION,
    asks="An event that must come before another is not dated after it: an injury before the decision about its "
    "treatment, the decision before its service, the application before the determination.",
    under=(practice("the order of events", Known.INFERENCE),),
)

#: Pairs of fields, each with its name in words: the first cannot be later than the second.
_ORDER = (
    ("injured_on", "the injury", "recommended_on", "the physician's recommendation"),
    ("injured_on", "the injury", "rfa_received_on", "the receipt of the request for authorization"),
    ("injured_on", "the injury", "ur_decided_on", "the UR decision"),
    ("injured_on", "the injury", "ur_served_on", "the service of the UR decision"),
    ("injured_on", "the injury", "application_received_on", "the receipt of the application"),
    ("recommended_on", "the physician's recommendation", "rfa_received_on", "the receipt of the request for authorization"),
    ("rfa_received_on", "the receipt of the request for authorization", "ur_decided_on", "the UR decision"),
    ("ur_decided_on", "the UR decision", "ur_served_on", "the service of the UR decision"),
    ("ur_decided_on", "the UR decision", "application_received_on", "the receipt of the application"),
    ("ur_served_on", "the service of the UR decision", "liability_resolution_served_on",
     "the service of the notice that liability is resolved"),
    ("application_received_on", "the receipt of the application", "found_eligible_on", "the finding of eligibility"),
    ("application_received_on", "the receipt of the application", "notice_sent_on", "the notice of assignment"),
    ("application_received_on", "the receipt of the application", "determined_on", "the determination"),
    ("found_eligible_on", "the finding of eligibility", "notice_sent_on", "the notice of assignment"),
    ("notice_sent_on", "the notice of assignment", "notice_received_at", "the receipt of the notice of assignment"),
    ("notice_sent_on", "the notice of assignment", "determined_on", "the determination"),
    ("records_complete_on", "the receipt of all documents", "determined_on", "the determination"),
    ("determined_on", "the determination", "determination_mailed_on", "the mailing of the determination"),
    ("determination_mailed_on", "the mailing of the determination", "determination_received_on",
     "the receipt of the determination"),
    ("appealed_on", "the appeal", "appeal_affirmed_on", "the end of the appeal"),
    ("determination_mailed_on", "the mailing of the determination", "appealed_on", "the appeal"),
)  # fmt: skip


def day_of(when: date) -> date:
    """Give the day in California of a day or a time."""
    if not isinstance(when, datetime):
        return when
    return (when.astimezone(PACIFIC) if when.tzinfo else when).date()


def minute_of(when: date) -> datetime:
    """Give the time in California, without its zone, so that days and times can be put in order: a day ends at 23:59."""
    if not isinstance(when, datetime):
        return datetime.combine(when, time(23, 59))
    return when.astimezone(PACIFIC).replace(tzinfo=None) if when.tzinfo else when


def contradictions(dates: CaseDates) -> tuple[Finding, ...]:
    """Give a finding for each pair of dates that cannot both be true, naming both. Empty if all agree."""
    found = []
    for first, first_words, second, second_words in _ORDER:
        earlier, later = getattr(dates, first), getattr(dates, second)
        if earlier is not None and later is not None and day_of(earlier) > day_of(later):
            found.append(
                DATES_AGREE.finds(
                    False,
                    "{second} ({second_on}) is dated before {first} ({first_on}); one of the two is wrong: correct it",
                    first=first_words,
                    first_on=spell(earlier),
                    second=second_words,
                    second_on=spell(later),
                )
            )
    return tuple(found)
