"""Eligibility of an application for IMR, with every reason and its citation (LC 4610.5; 8 CCR 9792.10.1, 9792.10.3).

`screen(dates, facts, on)` answers everything that the Administrative Director asks about an application; it is eligible
if all findings hold. A finding does not hold if the facts do not settle it, and its reason says what to ask for.
"""

from dataclasses import dataclass, replace
from datetime import date

from imr.errors import ImrError, NotInForce
from imr.law.dates import CaseDates, contradictions
from imr.law.days import Deadline, months_after
from imr.law.limit import SB_1160
from imr.law.rule import Citation, Finding, Known, Rule, Subject, case_law, labor_code, regulation, spell
from imr.law.terms import Filer, Service, UrOutcome
from imr.law.time_limits import application, application_rule, not_running, timely


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityFacts:
    """The facts that decide eligibility besides the dates of the case.

    `ur_communicated_on` is when the UR decision reached the requesting physician (the day of the decision, if it is not
    known). `missing` names the fields of the form that are empty. `duplicate_of` is the case of an earlier application
    about the same UR decision on the same treatment. `administrator_agrees` is the claims administrator's agreement to
    a review although liability is disputed. `earlier_denial_on` is the day of an earlier denial of the same treatment
    after which no new UR decision was made; `facts_changed` says that a change of facts was documented. `appointed_on` is
    when a court appointed the guardian or the conservator who files.
    """

    ur_communicated_on: date | None = None
    ur_outcome: UrOutcome = UrOutcome.DENIED
    on_necessity: bool = True
    filed_by: Filer | None = None
    signed_on: date | None = None
    designated_on: date | None = None
    appointed_on: date | None = None
    emergency: bool = False
    ur_decision_attached: bool = False
    missing: tuple[str, ...] = ()
    administrator_agrees: bool = False
    duplicate_of: str = ""
    earlier_denial_on: date | None = None
    facts_changed: bool = False


#: Eligibility cannot be screened without these dates.
NEEDED = ("injured_on", "ur_decided_on", "application_received_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screened:
    """An application with the three dates that every application has."""

    injured_on: date
    ur_decided_on: date
    received_on: date
    dates: CaseDates
    facts: EligibilityFacts

    @classmethod
    def of(cls, dates: CaseDates, facts: EligibilityFacts) -> "_Screened":
        injured, decided, received = dates.injured_on, dates.ur_decided_on, dates.application_received_on
        if injured is None or decided is None or received is None:
            lacking = ", ".join(name for name in NEEDED if getattr(dates, name) is None)
            raise ImrError(f"eligibility cannot be screened without {lacking}")
        return cls(injured_on=injured, ur_decided_on=decided, received_on=received, dates=dates, facts=facts)


def _rule(name: str, title: str, asks: str, *under: Citation) -> Rule:
    return Rule(id=name, title=title, subject=Subject.APPLICATION, asks=asks, under=under)


SCOPE = _rule(
    "ver-imr-scope",
    "Within Independent Medical Review",
    "IMR is there for injuries from January 1, 2013 on, and for any injury where the UR decision was communicated from "
    "July 1, 2013 on.",
    labor_code("4610.5(a)"),
)
NECESSITY = _rule(
    "imr-exclusive",
    "A UR decision on medical necessity",
    "Only a UR decision that modified or denied treatment (until 2016 also one that delayed it) on medical necessity is "
    "reviewed, at the employee's request. An approval is not.",
    labor_code("4610.5(b)"),
    labor_code("4610.5(c)(1)"),
)
WHO = _rule(
    "app-who",
    "Filed by somebody who may",
    "The employee applies, or an attorney, parent, guardian, conservator or other designee. The requesting physician may join, not file "
    "alone. A provider of emergency treatment may file on its own behalf.",
    labor_code("4610.5(d)"),
    labor_code("4610.5(j)"),
)
DESIGNATION = _rule(
    "app-designation",
    "Designated after the UR decision",
    "A designation of a representative that was signed before the UR decision is not valid. A parent, a guardian or a "
    "conservator acts by law and needs none.",
    labor_code("4610.5(j)"),
)
#: Those who act for the employee by law, and not by a designation.
BY_LAW = {
    Filer.GUARDIAN: "a guardian acts by law",
    Filer.CONSERVATOR: "a conservator acts by law",
    Filer.PARENT: "the parent of a minor acts by law",
}
_BY_LAW_CITED = (labor_code("4610.5(d)"), labor_code("4610.5(j)"))
#: No text says that an application signed before the decision is no application.
_SIGNED_BEFORE = Citation(
    "DWC program page", "2018", Known.MEMORY, "whether a signature from before the UR decision counts was not seen"
)
SIGNED = _rule(
    "app-signed",
    "Signed",
    "An application without the signature of the employee or of a representative is not eligible.",
    Citation("DWC program page", "2018", Known.TEXT),
)
ATTACHED = _rule(
    "app-attachments",
    "UR decision attached",
    "A copy of the written UR decision comes with the form. Without it the application is not eligible at once from "
    "April 1, 2014; before, a reminder gave 15 days more.",
    Citation("DWC program page", "2018", Known.TEXT),
    regulation("9792.10.1(b)(1)"),
)
#: From this day an application without the UR decision is ineligible at once (seen in a secondary source).
AT_ONCE_SINCE = date(2014, 4, 1)
COMPLETE = _rule(
    "elig-factors",
    "Complete",
    "The Administrative Director considers whether the application is complete.",
    regulation("9792.10.3(a)(1)"),
)
NOT_A_DUPLICATE = _rule(
    "elig-duplicate",
    "Not reviewed before",
    "The Administrative Director considers an earlier application for the same treatment.",
    regulation("9792.10.3(a)(2)"),
)
NOT_CONDITIONAL = _rule(
    "elig-ineligible-reasons",
    "Not a conditional denial",
    "A decision that denied only for want of information, to be reconsidered when it comes, is not eligible.",
    Citation("DWC program page", "2018", Known.TEXT),
)
NOT_DEFERRED = _rule(
    "elig-any-necessity-issue",
    "Not deferred for a dispute of liability",
    "Where the claims administrator also disputed liability when UR decided, the review is deferred until this is resolved, "
    "unless the claims administrator agrees to it.",
    labor_code("4610.5(k)"),
    regulation("9792.10.3(d)"),
)
NEW_DECISION = _rule(
    "ur-12-months",
    "Not within twelve months of the same denial",
    "A modification or denial stays effective for 12 months against the same recommendation by the same physician or "
    "practice group, unless a change in the material facts is documented.",
    labor_code("4610(k)"),
)
#: The recommendation fell within the twelve months and the application did not.
_BY_RECOMMENDATION = labor_code("4610(k)", Known.MEMORY, "that the day of the recommendation decides")
STILL_IN_DISPUTE = _rule(
    "imr-dispute-stands",
    "Still in dispute",
    "IMR ends where the claims administrator authorizes the treatment, or a settlement, an award or the physician's "
    "withdrawal ends the dispute.",
    labor_code("4610.5(g)"),
)
RECEIVED = case_law("Avila v. UC Irvine (WCAB panel 2015)", note="filed means received")


def screen(dates: CaseDates, facts: EligibilityFacts, on: date) -> tuple[Finding, ...]:
    """Give a finding for everything that eligibility requires, as of a day. The application is eligible if all hold.

    Raises ImrError if the dates lack one of `NEEDED`.
    """
    asked = _Screened.of(dates, facts)
    return (
        *contradictions(dates),
        _scope(asked),
        _necessity(asked),
        _who(facts),
        *_designation(asked),
        _signed(asked),
        _in_time(asked),
        _attached(asked),
        COMPLETE.finds(not facts.missing, _COMPLETE[not facts.missing], missing=", ".join(facts.missing)),
        NOT_A_DUPLICATE.finds(not facts.duplicate_of, _DUPLICATE[not facts.duplicate_of], case=facts.duplicate_of),
        _not_conditional(facts),
        _not_deferred(asked),
        _new_decision(asked),
        _still_in_dispute(dates, on),
    )


_COMPLETE = {True: "the form is complete", False: "the form lacks: {missing}"}
_DUPLICATE = {
    True: "no earlier application is about the same decision",
    False: "the same decision is reviewed in {case}",
}


def _scope(asked: _Screened) -> Finding:
    injured, communicated = asked.injured_on, asked.facts.ur_communicated_on or asked.ur_decided_on
    holds = injured >= date(2013, 1, 1) or communicated >= date(2013, 7, 1)
    because = "injured {injured}, decision communicated {communicated}"
    if not holds:
        because += ": the dispute goes the older route of LC 4062"
    return SCOPE.finds(holds, because, injured=spell(injured), communicated=spell(communicated))


def _necessity(asked: _Screened) -> Finding:
    facts = asked.facts
    reviewed = {UrOutcome.MODIFIED, UrOutcome.DENIED, UrOutcome.CONDITIONALLY_DENIED}
    if asked.ur_decided_on < SB_1160:
        reviewed.add(UrOutcome.DELAYED)
    if facts.ur_outcome not in reviewed:
        return NECESSITY.finds(
            False, "UR {outcome} the treatment: there is nothing to review", outcome=facts.ur_outcome.value
        )
    if not facts.on_necessity:
        return NECESSITY.finds(False, "the decision does not rest on medical necessity: that is for the appeals board")
    return NECESSITY.finds(True, "UR {outcome} the treatment on medical necessity", outcome=facts.ur_outcome.value)


def _who(facts: EligibilityFacts) -> Finding:
    filer = facts.filed_by
    if filer is None:
        return WHO.finds(False, "who filed is not stated: ask")
    if filer is Filer.REQUESTING_PHYSICIAN:
        return WHO.finds(False, "the requesting physician may join the employee's application, not file alone")
    if filer is Filer.EMERGENCY_PROVIDER and not facts.emergency:
        return WHO.finds(False, "a provider may file only for emergency treatment under an imminent and serious threat")
    return WHO.finds(True, "filed by the {filer}", filer=filer.value)


def _designation(asked: _Screened) -> tuple[Finding, ...]:
    facts, decided = asked.facts, asked.ur_decided_on
    words = BY_LAW.get(facts.filed_by) if facts.filed_by else None
    if words is not None:
        return (_by_law(asked, words),)
    if facts.filed_by is not Filer.DESIGNEE:
        return ()
    if facts.designated_on is None:
        return (DESIGNATION.finds(False, "the day of the designation is not given: ask for the signed designation"),)
    holds = facts.designated_on >= decided
    because = "designated on {day}, the UR decision is of {decided}"
    return (DESIGNATION.finds(holds, because, day=spell(facts.designated_on), decided=spell(decided)),)


def _by_law(asked: _Screened, words: str) -> Finding:
    """Find for somebody who acts for the employee by law: no designation is asked for, and an appointment has no first day."""
    appointed = asked.facts.appointed_on
    if appointed is not None and appointed > asked.received_on:
        because = "appointed on {day}, after the application came"
        return DESIGNATION.finds(False, because, _BY_LAW_CITED, day=spell(appointed))
    return DESIGNATION.finds(True, "{words}: no designation by the employee is needed", _BY_LAW_CITED, words=words)


def _signed(asked: _Screened) -> Finding:
    facts, decided = asked.facts, asked.ur_decided_on
    if facts.signed_on is None:
        return SIGNED.finds(False, "not signed by the employee or a representative")
    if facts.signed_on < decided:
        because = "signed on {day}, before the UR decision of {decided}: it cannot dispute that decision yet"
        return SIGNED.finds(False, because, (_SIGNED_BEFORE,), day=spell(facts.signed_on), decided=spell(decided))
    return SIGNED.finds(True, "signed on {day}", day=spell(facts.signed_on))


def _in_time(asked: _Screened) -> Finding:
    """Find whether the application is in time: received by the last day.

    Unknown facts are counted at the shortest, then the longest.
    """
    known = asked.dates
    dates = known if known.ur_served_on is not None else replace(known, ur_served_on=asked.ur_decided_on)
    try:
        deadlines = application(dates)
    except NotInForce as gap:
        return application_rule(dates).finds(False, "{gap}", gap=str(gap))
    if not deadlines:
        # Without the form, or while liability is disputed, the time has not begun: nothing can be late.
        waiting = not_running(dates)[0]
        return replace(waiting, holds=True)
    (shortest,) = deadlines
    found = timely(shortest, asked.received_on)
    service = known.liability_resolution_service if known.liability_disputed else known.ur_service
    if found.holds or (known.ur_served_on is not None and service is not None):
        return found if found.holds else replace(found, under=(*found.under, RECEIVED))
    return _not_known(asked, dates, shortest)


def _not_known(asked: _Screened, dates: CaseDates, shortest: Deadline) -> Finding:
    """The finding where it is late only if served in person on the day of the decision: that depends on what is not known."""
    (longest,) = application(replace(dates, ur_service=Service.MAIL, liability_resolution_service=Service.MAIL))
    if asked.dates.ur_served_on is None:
        because = "when the UR decision was served is not known: if on its day, the last day was {short} or (by mail) {long}; ask"
    elif asked.received_on > longest.due:
        return timely(longest, asked.received_on)
    else:
        because = "how it was served is not known: the last day was {short} if in person, {long} if by mail; ask"
    values = {"short": spell(shortest.due), "long": spell(longest.due)}
    return Finding(shortest.rule, False, because, shortest.under, values)


def _attached(asked: _Screened) -> Finding:
    if asked.facts.ur_decision_attached:
        return ATTACHED.finds(True, "the UR decision is attached")
    if asked.received_on < AT_ONCE_SINCE:
        early = (regulation("9792.10.1(b)(1)", Known.SECONDARY, "the reminder and its 15 days"),)
        return ATTACHED.finds(
            False, "the UR decision is not attached: send a reminder; it may come within 15 days", early
        )
    return ATTACHED.finds(False, "the UR decision is not attached")


def _not_conditional(facts: EligibilityFacts) -> Finding:
    conditional = facts.ur_outcome is UrOutcome.CONDITIONALLY_DENIED
    because = (
        "denied conditionally, for want of information: send it, and UR decides again"
        if conditional
        else "not conditional"
    )
    return NOT_CONDITIONAL.finds(not conditional, because)


def _not_deferred(asked: _Screened) -> Finding:
    dates = asked.dates
    if not dates.liability_disputed:
        return NOT_DEFERRED.finds(True, "liability is not disputed")
    if asked.facts.administrator_agrees:
        return NOT_DEFERRED.finds(True, "liability is disputed, but the claims administrator agrees to the review")
    resolved = dates.liability_resolution_served_on
    if resolved is None or resolved > asked.received_on:
        return NOT_DEFERRED.finds(False, "deferred: liability is disputed, and that is not resolved")
    return NOT_DEFERRED.finds(True, "the dispute of liability was resolved; notice served {day}", day=spell(resolved))


def _new_decision(asked: _Screened) -> Finding:
    facts = asked.facts
    denied = facts.earlier_denial_on
    if denied is None:
        return NEW_DECISION.finds(True, "no earlier denial of the same treatment is in force")
    if facts.facts_changed:
        return NEW_DECISION.finds(True, "a change in the material facts is documented")
    last = months_after(denied, 12)
    asked_on = asked.dates.recommended_on or asked.received_on
    holds = asked_on > last
    because = "the denial of {denied} was effective to {last}"
    if not holds:
        because += ": no new decision was due, and there is none to review"
    under = NEW_DECISION.under if holds == (asked.received_on > last) else (*NEW_DECISION.under, _BY_RECOMMENDATION)
    return NEW_DECISION.finds(holds, because, under, denied=spell(denied), last=spell(last))


def _still_in_dispute(dates: CaseDates, on: date) -> Finding:
    ended = dates.dispute_ended_on
    if ended is None or ended > on:
        return STILL_IN_DISPUTE.finds(True, "the treatment is still in dispute")
    return STILL_IN_DISPUTE.finds(False, "the dispute ended on {day}", day=spell(ended))
