"""Utilization review, which comes before IMR (LC 4610; 8 CCR 9792.6.1, 9792.9.1).

`due(dates)` gives the time limits of utilization review itself. Whether it kept them is for the appeals board alone:
only an untimely decision falls outside IMR (Dubon II).
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from imr.errors import NotInForce
from imr.law.assignment import track_of
from imr.law.dates import CaseDates, day_of, minute_of
from imr.law.days import Deadline, Unit, add, count, shift
from imr.law.rule import IMR_BEGAN, Citation, Finding, Known, Rule, Subject, case_law, labor_code, regulation, spell
from imr.law.terms import Role, Track, UrRecipient


def _rule(name: str, title: str, asks: str, *under: Citation, since: date = IMR_BEGAN) -> Rule:
    return Rule(id=name, title=title, subject=Subject.UTILIZATION_REVIEW, asks=asks, under=under, since=since)


RFA_RECEIVED = _rule(
    "ur-rfa-receipt",
    "When a request for authorization is received",
    "Fax and e-mail count as received on the stamped day, or the day of sending; a fax after 5:30 PM Pacific on the next "
    "business day, unless the review is expedited or concurrent. Mail without proof of receipt counts five days after it was "
    "posted (whether business days was not settled; calendar days here, a setting).",
    regulation("9792.9.1(a)", Known.PART),
)
FAX_CLOSES = time(17, 30)
MAIL_DAYS = 5
RFA_VALID = _rule(
    "ur-rfa-valid",
    "A request for authorization",
    "A written request on DWC Form RFA, signed by the treating physician, that names employee, provider and treatment, with "
    "documents that substantiate the need.",
    regulation("9792.6.1", Known.PART),
    regulation("9785.5", Known.PART),
)
PROSPECTIVE = _rule(
    "ur-time-prospective",
    "UR decision before treatment",
    "Within 5 normal business days of receipt of the request and the information needed, and never later than 14 days from the "
    "physician's recommendation; for formulary drugs within 5 normal business days of receipt.",
    labor_code("4610(i)(1)"),
)
EXPEDITED = _rule(
    "ur-time-expedited",
    "Expedited UR decision",
    "At most 72 hours from receipt of the information needed, where an imminent and serious threat is certified.",
    labor_code("4610(i)(3)"),
)
RETROSPECTIVE = _rule(
    "ur-time-retrospective",
    "UR decision after treatment",
    "Within 30 days of receipt of the information needed.",
    labor_code("4610(i)(2)"),
)
COMMUNICATED = _rule(
    "ur-communication",
    "Notice of the UR decision",
    "The physician is told within 24 hours of the decision; the employee in writing within 24 hours in concurrent review, "
    "within 2 normal business days in prospective review.",
    labor_code("4610(i)(4)"),
)
DEFERRED = _rule(
    "ur-defer-liability",
    "Deferral of UR",
    "UR may be deferred while liability is disputed on grounds other than necessity; the notice is written no later than 5 "
    "business days from receipt of the request.",
    labor_code("4610(l)"),
    regulation("9792.9.1(b)", Known.SECONDARY),
)
DENIAL = _rule(
    "ur-denial-content-statute",
    "Contents of a denial",
    "Clear reasons, the criteria or guidelines, the clinical reasons; for want of information: which, when and how it was "
    "asked for.",
    labor_code("4610(i)(5)"),
)
DENIAL_REGULATION = Rule(
    id="ur-denial-content-regulation",
    title="Contents of the written denial, by the regulation",
    subject=Subject.UTILIZATION_REVIEW,
    asks="The list of the regulation from 2014 to March 2026, from memory: the days of receipt and decision, the treatment, the "
    "records reviewed, what was approved, the reasons and criteria, the filled-in form with its envelope, the 30 days to apply, "
    "the information wording, and for the physician the reviewer's name, specialty, telephone and hours.",
    under=(regulation("9792.9.1(e)(5)", Known.MEMORY),),
    since=date(2014, 2, 12),
    until=date(2026, 4, 1),
)
INCOMPLETE = _rule(
    "ur-incomplete-information",
    "Denial for want of information",
    "Where information is missing, the physician and the employee are told at once what is missing. From memory: it is asked for "
    "within 5 business days of receipt, and a physician may deny conditionally where it has not come 14 days after the request, "
    "30 where the treatment was given. Such a denial is not eligible for IMR.",
    labor_code("4610(j)(2)"),
    regulation("9792.9.1(f)", Known.MEMORY),
)
#: Days after which missing information allows a conditional denial, before and after treatment (from memory, settings).
CONDITIONAL_DAYS = {False: 14, True: 30}
PHYSICIAN_ONLY = _rule(
    "ur-physician-only",
    "A physician denies",
    "Only a licensed physician who is competent in the clinical issues, within the scope of practice, modifies or denies.",
    labor_code("4610(g)(3)(A)"),
)
EXEMPTION = _rule(
    "ur-30-day-exemption",
    "The first thirty days",
    "For injuries from 2018 on, care in line with the schedule for an accepted body part in the first 30 days needs no "
    "prospective UR, but for drugs that are not exempt, surgery that is no emergency, psychological services, home health, "
    "imaging other than X-ray, equipment over 250 dollars, electrodiagnostics.",
    labor_code("4610(b)-(f)"),
    since=date(2018, 1, 1),
)
EQUIPMENT_DOLLARS = 250
IRREVOCABLE = _rule(
    "ur-authorization-irrevocable",
    "Authorization stands",
    "Treatment that was authorized and given cannot be refused afterwards; of a series, only what was not given yet.",
    labor_code("4610.3"),
)
ONLY_IF_LATE = _rule(
    "ur-invalid-only-if-late",
    "Outside IMR only where late",
    "A UR decision falls outside IMR only where it was untimely; whether it was is for the appeals board, and then it decides "
    "necessity itself.",
    case_law("Dubon v. World Restoration (WCAB en banc 2014)"),
)
FORM_DUTY = _rule(
    "app-form-duty",
    "Papers that come with the UR decision",
    "A one-page form and an addressed envelope, filled in; notice that the decision is final unless review is requested; "
    "consent to obtain records; notice of the right to send the physician's recommendation and other information.",
    labor_code("4610.5(f)"),
)
INTERNAL_APPEAL = _rule(
    "app-internal-appeal",
    "Internal appeal",
    "A voluntary internal appeal is requested within 10 days of receipt of the UR decision and finished within 30 days of the "
    "request. It does not stop the time to apply for IMR.",
    regulation("9792.10.1(d)", Known.MEMORY),
)


class Means(Enum):
    """The means by which a request for authorization came."""

    FAX = "fax"
    EMAIL = "e-mail"
    MAIL = "mail"


def rfa_received(
    sent_at: datetime, means: Means, *, expedited: bool = False, proof: date | None = None
) -> tuple[date, Finding]:
    """Give the day on which a request counts as received. `sent_at` is Pacific time; `proof` a proof of receipt by mail."""
    day = day_of(sent_at)
    under: tuple[Citation, ...] = RFA_RECEIVED.under
    because = "received on the day of its {means}"
    same_day = True
    if means is Means.MAIL:
        day = proof or day + timedelta(days=MAIL_DAYS)
        same_day = proof is not None
        because = "received as the proof says" if proof else "received five days after it was posted"
        under = (
            under
            if proof
            else (regulation("9792.9.1(a)", Known.SECONDARY, "calendar or business days is not settled"),)
        )
    elif means is Means.FAX and minute_of(sent_at).time() > FAX_CLOSES and not expedited:
        # A receipt is no act for which a last day moves: only days that are no business days are passed over.
        day, same_day = shift(day, 1, Unit.BUSINESS), False
        because = "a fax after 5:30 PM is received on the next business day"
    return day, RFA_RECEIVED.finds(same_day, because + ": {day}", under, means=means.value, day=spell(day))


class RfaPart(Enum):
    """A part of a complete request for authorization."""

    FORM = "DWC Form RFA"
    SIGNATURE = "the treating physician's signature"
    EMPLOYEE = "the employee"
    PROVIDER = "the provider"
    TREATMENT = "the treatment, specifically"
    DOCUMENTS = "documents that substantiate the need"


def rfa_valid(parts: Collection[RfaPart], *, accepted: bool = False) -> Finding:
    """Say whether a request is valid: complete, or accepted by the claims administrator as complete."""
    lacking = [part.value for part in RfaPart if part not in parts]
    if lacking and accepted:
        return RFA_VALID.finds(True, "accepted as complete by the claims administrator")
    because = "the request lacks: {lacking}" if lacking else "the request is complete"
    return RFA_VALID.finds(not lacking, because, lacking=", ".join(lacking))


def _limit(rule: Rule, event: str, start: date, amount: int, unit: Unit, dates: CaseDates) -> Deadline:
    counted = count(start, amount, unit, closings=dates.closings)
    who = Role.CLAIMS_ADMINISTRATOR
    return Deadline(rule.id, rule.title, event, counted.start, counted.due, who, rule.under, rule.since, counted)


def due(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the time limits of utilization review that these dates start, in the order of their days."""
    found: list[Deadline] = []
    informed = dates.ur_information_received_at
    track = track_of(dates)[0]
    if informed is not None and dates.treatment_given:
        found.append(_limit(RETROSPECTIVE, "receipt of the information needed", informed, 30, Unit.CALENDAR, dates))
    elif informed is not None and track is Track.EXPEDITED:
        found.append(_limit(EXPEDITED, "receipt of the information needed", informed, 72, Unit.HOURS, dates))
    elif dates.rfa_received_on is not None:
        found.append(_prospective(dates, dates.rfa_received_on, track))
    found.extend(_communicated(dates))
    if dates.rfa_received_on is not None and dates.liability_disputed:
        event = "receipt of the request for authorization"
        found.append(_limit(DEFERRED, event, dates.rfa_received_on, 5, Unit.BUSINESS, dates))
    if dates.liability_final_on is not None and dates.treatment_given:
        event = "the day on which liability became final"
        found.append(_limit(DEFERRED, event, dates.liability_final_on, 30, Unit.CALENDAR, dates))
    return tuple(sorted(found, key=lambda deadline: minute_of(deadline.due)))


def _communicated(dates: CaseDates) -> Iterator[Deadline]:
    """The physician within 24 hours; the employee in 2 business days, in concurrent review within 24 hours too.

    Where the hour of the decision is not known, only the days are counted.
    """
    at, on = dates.ur_decided_at, dates.ur_decided_on
    if at is not None and dates.told is not UrRecipient.EMPLOYEE:
        yield _limit(COMMUNICATED, "the UR decision, of which the physician is told", at, 24, Unit.HOURS, dates)
    if dates.treatment_given or dates.told is UrRecipient.PHYSICIAN:
        return
    if at is not None and dates.concurrent:
        yield _limit(COMMUNICATED, "the UR decision, of which the employee is told", at, 24, Unit.HOURS, dates)
    elif (day := on or (day_of(at) if at else None)) is not None:
        yield _limit(COMMUNICATED, "the UR decision", day, 2, Unit.BUSINESS, dates)


#: No text says whether a day that is "never later than" moves past a closed day.
_NEVER_LATER = labor_code("4610(i)(1)", Known.MEMORY, "whether the fourteenth day moves past a closed day")


def _prospective(dates: CaseDates, received: date, track: Track) -> Deadline:
    """Five business days from the request and the information, or fourteen days from the recommendation if that is sooner."""
    start = max(received, day_of(dates.ur_information_received_at)) if dates.ur_information_received_at else received
    event = "receipt of the request and the information needed"
    found = _limit(PROSPECTIVE, event, start, 5, Unit.BUSINESS, dates)
    if dates.recommended_on is None or track is Track.FORMULARY:
        return found
    limit = _limit(PROSPECTIVE, "the physician's recommendation", dates.recommended_on, 14, Unit.CALENDAR, dates)
    if limit.counted.landed < found.due and limit.counted.rolled:
        # Without the move the fourteenth day would be the sooner one.
        limit = replace(limit, under=(*limit.under, _NEVER_LATER))
        return limit if limit.due <= found.due else replace(found, under=(*found.under, _NEVER_LATER))
    return min(found, limit, key=lambda deadline: deadline.due)


class DenialPart(Enum):
    """A part of a denial or modification."""

    REASONS = "clear and concise reasons"
    CRITERIA = "the criteria or guidelines used"
    CLINICAL = "the clinical reasons"


def denial_complete(parts: Collection[DenialPart]) -> Finding:
    """Say whether a denial contains what it must."""
    lacking = [part.value for part in DenialPart if part not in parts]
    because = "the decision lacks: {lacking}" if lacking else "the decision says what it must"
    return DENIAL.finds(not lacking, because, lacking=", ".join(lacking))


class WrittenPart(Enum):
    """A part of the written decision by the regulation (from memory)."""

    RECEIVED = "the day on which the request was received"
    DECIDED = "the day of the decision"
    REQUESTED = "the treatment that was requested"
    RECORDS = "a list of the records reviewed"
    APPROVED = "what was approved, if anything"
    REASONS = "clear reasons, clinical reasons and criteria"
    FORM = "the form, filled in, with its envelope"
    THIRTY_DAYS = "that disputes go to IMR within 30 days of service"
    RIGHTS = "the right to disagree, and where to ask"
    INTERNAL_APPEAL = "the voluntary internal appeal"
    REVIEWER = "for the physician, who reviewed and when to call"


def written_denial_complete(parts: Collection[WrittenPart], on: date) -> Finding:
    """Say whether a written denial of a day contains what the regulation lists. Raises NotInForce outside 2014 to 2026."""
    if not DENIAL_REGULATION.governs(on):
        raise NotInForce(f"what the regulation listed on {spell(on)} was not seen (8 CCR 9792.9.1(e)(5))")
    lacking = [part.value for part in WrittenPart if part not in parts]
    because = "the decision lacks: {lacking}" if lacking else "the decision contains what the regulation lists"
    return DENIAL_REGULATION.finds(not lacking, because, lacking="; ".join(lacking))


def may_deny_conditionally(
    received_on: date, decided_on: date, *, asked_on: date | None = None, treatment_given: bool
) -> Finding:
    """Say whether a request may be denied for want of information: it was asked for in time, and the wait is over."""
    if asked_on is None or asked_on > (last := add(received_on, 5, Unit.BUSINESS)):
        late = "" if asked_on is None else f" by {spell(last)}"
        return INCOMPLETE.finds(False, "the information was not asked for{late}", late=late)
    days = CONDITIONAL_DAYS[treatment_given]
    first = received_on + timedelta(days=days)
    because = "decided {decided}; the information may come until {first}"
    return INCOMPLETE.finds(decided_on > first, because, decided=spell(decided_on), first=spell(first))


def may_deny(*, licensed_physician: bool, competent: bool, within_scope: bool) -> Finding:
    """Say whether somebody may modify or deny a request."""
    lacking = [w for w, has in (("a physician's license", licensed_physician), ("competence in the clinical issues", competent),
                                ("the scope of practice", within_scope)) if not has]  # fmt: skip
    because = "lacks {lacking}" if lacking else "a competent physician within scope"
    return PHYSICIAN_ONLY.finds(not lacking, because, lacking=", ".join(lacking))


class Care(Enum):
    """A kind of care that the exemption of the first thirty days distinguishes."""

    ORDINARY = "ordinary care"
    DRUG_NOT_EXEMPT = "a drug that is not exempt"
    SURGERY = "surgery that is no emergency"
    PSYCHOLOGICAL = "psychological services"
    HOME_HEALTH = "home health"
    IMAGING = "imaging other than X-ray"
    EQUIPMENT = "durable medical equipment"
    ELECTRODIAGNOSTICS = "electrodiagnostics"


def exempt_from_review(
    injured_on: date, given_on: date, care: Care, *, follows_schedule: bool, body_part_accepted: bool, dollars: int = 0
) -> Finding:
    """Say whether care in the first thirty days needs no prospective UR. `dollars` is the price of the equipment."""
    if not EXEMPTION.governs(injured_on):
        return EXEMPTION.finds(False, "injured before 2018")
    days = (given_on - injured_on).days
    if not 0 <= days <= 30:
        return EXEMPTION.finds(False, "day {days}: only the first 30 days count", days=days)
    if not (follows_schedule and body_part_accepted):
        return EXEMPTION.finds(False, "not in line with the schedule, or the body part is not accepted")
    cheap = care is Care.EQUIPMENT and dollars <= EQUIPMENT_DOLLARS
    if care is not Care.ORDINARY and not cheap:
        return EXEMPTION.finds(False, "{care} needs prospective review", care=care.value)
    return EXEMPTION.finds(True, "{care} on day {days}", care=care.value, days=days)


def may_rescind(*, given: bool) -> Finding:
    """Say whether the authorization of a treatment, or of a part of a series, may be withdrawn."""
    return IRREVOCABLE.finds(not given, "it was given" if given else "this part was not given yet")


def outside_imr(*, found_untimely_by_board: bool) -> Finding:
    """Say whether a UR decision falls outside IMR: only where the appeals board found it untimely."""
    because = (
        "the appeals board found it untimely" if found_untimely_by_board else "nobody found it untimely: IMR goes on"
    )
    return ONLY_IF_LATE.finds(found_untimely_by_board, because)


class FormPart(Enum):
    """A paper that the claims administrator sends with the UR decision."""

    FORM = "the one-page form, filled in"
    ENVELOPE = "the addressed envelope"
    FINAL = "notice that the decision is final unless review is requested"
    CONSENT = "the consent to obtain records"
    RIGHTS = "notice of the right to send a recommendation and information"


def form_supplied(parts: Collection[FormPart]) -> Finding:
    """Say whether everything came that starts the time to apply (LC 4610.5(f), (h)(3))."""
    lacking = [part.value for part in FormPart if part not in parts]
    because = "not supplied: {lacking}; the time to apply does not begin" if lacking else "all was supplied"
    return FORM_DUTY.finds(not lacking, because, lacking=", ".join(lacking))


def internal_appeal_in_time(received_on: date, requested_on: date) -> Finding:
    """Say whether a voluntary internal appeal was requested in time (a setting, from memory)."""
    due = add(received_on, 10, Unit.CALENDAR)
    return INTERNAL_APPEAL.finds(
        requested_on <= due, "due {due}, requested {day}", due=spell(due), day=spell(requested_on)
    )
