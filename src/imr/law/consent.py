"""The employee's consent to the release of records: what it covers, when it ends, what it excludes, and its withdrawal.

The statute requires the form to carry a consent to obtain records, for the employee's signature (LC 4610.5(f)). How
long it lasts and that it excludes tests for HIV is known from memory alone: both are settings (`ConsentTerms`). No
provision that was seen says what a withdrawal, or the end of the consent, does to a review: the findings say so, and
leave it to a person.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from imr.law.days import months_after
from imr.law.rule import Finding, Known, Rule, Subject, labor_code, practice, regulation, spell


class ConsentScope(Enum):
    """The records that a consent covers."""

    FORM = "the records that the form names"
    NAMED = "only the records that the employee names"


class ConsentState(Enum):
    """The state of a consent on a day."""

    GIVEN = "given"
    NOT_GIVEN = "not given"
    WITHDRAWN = "withdrawn"
    PAST = "past its day"
    NOT_LOOKED_AT = "not looked at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent, as the application gives it and later events change it. The employee's limits are in the application.

    `given` is None if nobody recorded it; `ends_on` is the day that the employee named, `excludes` that the employee
    named records that stay out. `asked` is False if it was recorded before scope, end and exclusions were asked.
    """

    given: bool | None = None
    signed_on: date | None = None
    scope: ConsentScope = ConsentScope.FORM
    excludes: bool = False
    ends_on: date | None = None
    withdrawn_on: date | None = None
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTerms:
    """The settings: the months that a consent lasts from its signature (0: no end is assumed), and whether it excludes HIV tests."""

    months: int = 12
    without_hiv: bool = True


#: The default: the consent of the form.
TERMS = ConsentTerms()
_FORM = (labor_code("4610.5(f)"), regulation("9792.10.2", Known.SECONDARY))
LASTS = regulation("9792.10.2", Known.MEMORY, "that the permission lasts one year is a setting")
HIV = regulation("9792.10.2", Known.MEMORY, "that tests for HIV stay out is a setting")
#: The consequence of a withdrawal: no provision was seen.
UNSETTLED = practice(
    "withdrawal of a consent",
    Known.MEMORY,
    "no provision was seen; what follows is left to a person, and nothing stops by itself",
)

GIVEN = Rule(
    id="rec-consent",
    title="Consent to the release of records",
    subject=Subject.RECORDS,
    asks="The form carries a consent to obtain records, for the employee's signature. The employee may limit it to records that "
    "the employee names, leave records out, or name the day on which it ends.",
    under=_FORM,
)
TERM = Rule(
    id="rec-consent-term",
    title="How long the consent lasts",
    subject=Subject.RECORDS,
    asks="The permission lasts one year from the signature, by the form; a setting. It ends earlier where the employee named an "
    "earlier day. What its end does to a review is left to a person.",
    under=(LASTS,),
)
WITHDRAWAL = Rule(
    id="rec-consent-withdrawal",
    title="Withdrawal of the consent",
    subject=Subject.RECORDS,
    asks="The employee's side may withdraw the consent. Whether the review stops then, and whether records that were received "
    "leave the file, is settled by no provision that was seen: a person decides, and nothing stops by itself.",
    under=(UNSETTLED,),
)
EXCLUSIONS = Rule(
    id="rec-consent-exclusions",
    title="Records that the consent leaves out",
    subject=Subject.RECORDS,
    asks="The form's consent leaves out tests for HIV (a setting), and the employee may name other records. A document is left out "
    "only where a person found that it is one of these: nothing is guessed from its text.",
    under=(HIV, *_FORM),
)


def last_day(consent: Consent, terms: ConsentTerms = TERMS) -> date | None:
    """The last day of a consent: the day that the employee named or the end of the setting's months; None if neither is known."""
    by_form = months_after(consent.signed_on, terms.months) if consent.signed_on is not None and terms.months else None
    return min(filter(None, (by_form, consent.ends_on)), default=None)


def state(consent: Consent, on: date, terms: ConsentTerms = TERMS) -> ConsentState:
    """Give the state of a consent on a day."""
    if consent.given is None:
        return ConsentState.NOT_LOOKED_AT
    if not consent.given:
        return ConsentState.NOT_GIVEN
    if consent.withdrawn_on is not None and consent.withdrawn_on <= on:
        return ConsentState.WITHDRAWN
    last = last_day(consent, terms)
    return ConsentState.PAST if last is not None and last < on else ConsentState.GIVEN


def findings(consent: Consent, on: date, terms: ConsentTerms = TERMS) -> tuple[Finding, ...]:
    """Find whether a consent was given, was not withdrawn, and is in its time on a day; only the first if none was given."""
    given = _given(consent)
    return (given, _not_withdrawn(consent, on), _in_time(consent, on, terms)) if consent.given else (given,)


def _given(consent: Consent) -> Finding:
    if consent.given is None:
        unseen = GIVEN.finds(False, "not looked at: whether the employee consents to the release of records")
        return replace(unseen, looked_at=False)
    if not consent.given:
        return GIVEN.finds(False, "the application does not give the employee's consent to the release of records")
    signed = "without a day of signature" if consent.signed_on is None else f"signed on {spell(consent.signed_on)}"
    if not consent.asked:
        limits = "recorded before it was asked: no limits are stated"
    elif consent.excludes:
        limits = f"for {consent.scope.value}, less those that the employee leaves out"
    else:
        limits = f"for {consent.scope.value}"
    return GIVEN.finds(
        True, "the employee consents to the release of records, {signed}, {limits}", signed=signed, limits=limits
    )


def _in_time(consent: Consent, on: date, terms: ConsentTerms) -> Finding:
    last = last_day(consent, terms)
    if last is not None:
        named = last == consent.ends_on
        because = "the consent lasts until {day}, {source}"
        if last < on:
            because = "the consent ended on {day}, {source}: whether the review goes on is for a person to decide"
        source = (
            "the day that the employee named" if named else f"{terms.months} months after the signature, by a setting"
        )
        return TERM.finds(
            last >= on, because, GIVEN.under if named and last >= on else None, day=spell(last), source=source
        )
    if terms.months:
        because = "not looked at: how long the consent lasts, because its day of signature is not known"
        return replace(TERM.finds(False, because), looked_at=False)
    return TERM.finds(True, "the employee named no end of the consent, and by a setting none is assumed")


def _not_withdrawn(consent: Consent, on: date) -> Finding:
    day = consent.withdrawn_on
    if day is None or day > on:
        return WITHDRAWAL.finds(True, "the consent was not withdrawn", GIVEN.under)
    because = (
        "the employee's side withdrew the consent on {day}: whether the review goes on, and whether records that were received "
        "stay in the file, is for a person to decide"
    )
    return WITHDRAWAL.finds(False, because, day=spell(day))


def covers(hiv: bool, named: bool, terms: ConsentTerms = TERMS) -> Finding:
    """Find whether the consent covers a record that a person marked as a test for HIV, or as left out by the employee."""
    if named:
        return EXCLUSIONS.finds(False, "the employee leaves this record out of the consent", GIVEN.under)
    if hiv and terms.without_hiv:
        return EXCLUSIONS.finds(False, "the consent leaves out tests for HIV, by a setting", (HIV,))
    if hiv:
        return EXCLUSIONS.finds(True, "the consent covers tests for HIV, by a setting", (HIV,))
    return EXCLUSIONS.finds(True, "nobody found this record to be one that the consent leaves out", GIVEN.under)
