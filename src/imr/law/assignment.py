"""Combination of eligible applications, and expedited review, from the start or later."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from imr.law.dates import CaseDates
from imr.law.formulary import on_track
from imr.law.rule import Finding, Known, Rule, Subject, labor_code, regulation, spell
from imr.law.terms import Role, Track

CONSOLIDATE = Rule(
    id="assign-consolidate",
    title="Several applications in one review",
    subject=Subject.ASSIGNMENT,
    asks="Eligible applications of one employee may be combined where the requesting physician and the date of injury are "
    "the same.",
    under=(regulation("9792.10.4(a)"),),
)
WHO_DECIDES = Rule(
    id="elig-who-decides",
    title="The Administrative Director decides eligibility",
    subject=Subject.APPLICATION,
    asks="The Administrative Director, or a designee, reviews applications without delay and tells the employee and the claims "
    "administrator in writing whether the application is approved, in whole or part, and if not, why not.",
    under=(labor_code("4610.5(k)"), regulation("9792.10.3(a)")),
)
EXPEDITED = Rule(
    id="app-expedited-certification",
    title="Expedited",
    subject=Subject.APPLICATION,
    asks="An expedited review needs the treating physician's certification of an imminent and serious threat, or the "
    "Administrative Director's, unless UR itself was expedited; and the treatment has not been given yet. Without it the review "
    "is a standard one.",
    under=(labor_code("4610.6(d)(1)(C)"), regulation("9792.10.1(c)", Known.MEMORY)),
)
CONVERT = Rule(
    id="assign-convert-expedited",
    title="Made expedited after the application",
    subject=Subject.ASSIGNMENT,
    asks="A standard review becomes an expedited one where the treating physician's written certification, with documents, "
    "of an imminent and serious threat comes after the application; the parties are told at once.",
    under=(regulation("9792.10.4(c)"),),
)


def expedited(*, ur_expedited: bool, certified: bool, treatment_given: bool) -> Finding:
    """Say whether a review is expedited; otherwise it is a standard one."""
    if treatment_given:
        return EXPEDITED.finds(False, "the treatment was already given: a standard review", EXPEDITED.under[:1])
    if ur_expedited or certified:
        because = "utilization review was expedited" if ur_expedited else "an imminent and serious threat is certified"
        return EXPEDITED.finds(True, because, EXPEDITED.under if ur_expedited else EXPEDITED.under[:1])
    return EXPEDITED.finds(False, "no certification of an imminent and serious threat: a standard review")


_NOT_FORMULARY = on_track(about_formulary_drug=False, ur_served_on=None)


def track_of(dates: CaseDates) -> tuple[Track, Finding]:
    """Give the track of a review by the law, and why: a word on the form decides it only where nothing else is known.

    A review is expedited while no treatment was given and a threat is certified, or UR was expedited; about a drug of the
    formulary only where the UR decision is of 2018 or later.
    """
    if (
        dates.track is Track.STANDARD
        and dates.converted_on is None
        and not dates.ur_expedited
        and not dates.about_formulary_drug
    ):
        return _NOT_FORMULARY
    certified = dates.certified is True or dates.converted_on is not None
    claimed = dates.track is Track.EXPEDITED or dates.converted_on is not None
    if claimed or dates.ur_expedited:
        # A case whose track says expedited was found so, unless a fact that decides it says otherwise.
        found_so = dates.track is Track.EXPEDITED and dates.certified is None and dates.ur_expedited is None
        finding = expedited(
            ur_expedited=dates.ur_expedited is True,
            certified=certified or found_so,
            treatment_given=dates.treatment_given is True,
        )
        if finding.holds:
            return Track.EXPEDITED, finding
        if dates.track is not Track.FORMULARY and dates.about_formulary_drug is None:
            return Track.STANDARD, finding
    drug = dates.track is Track.FORMULARY if dates.about_formulary_drug is None else dates.about_formulary_drug
    served = dates.ur_served_on or dates.ur_decided_on or dates.application_received_on or dates.records_complete_on
    return on_track(about_formulary_drug=drug, ur_served_on=served)


def converts(*, received_on: date, certified_on: date | None, documents: bool) -> Finding:
    """Say whether a later certification makes a standard review an expedited one."""
    if certified_on is None or certified_on < received_on:
        return CONVERT.finds(False, "no certification came after the application")
    if not documents:
        return CONVERT.finds(False, "the certification came without supporting documents: ask for them")
    return CONVERT.finds(True, "certified with documents on {day}: tell the parties at once", day=spell(certified_on))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sameness:
    """The facts that must be equal for two applications to be combined: identifiers, in any form that the caller uses."""

    employee: str
    requesting_physician: str
    injured_on: date


def may_consolidate(one: Sameness, other: Sameness) -> Finding:
    """Say whether two eligible applications may be combined into one determination."""
    pairs = (
        ("employee", one.employee, other.employee),
        ("requesting physician", one.requesting_physician, other.requesting_physician),
        ("date of injury", one.injured_on, other.injured_on),
    )
    differ = [name for name, a, b in pairs if a != b]
    because = "they differ in: {differ}" if differ else "same employee, requesting physician and date of injury"
    return CONSOLIDATE.finds(not differ, because, differ=", ".join(differ))


def decision_told(told: Collection[Role], *, eligible: bool, reasons: bool) -> Finding:
    """Say whether both sides were informed of a decision on eligibility, with reasons if the application is not eligible."""
    lacking = [role.value for role in (Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR) if role not in told]
    if lacking:
        return WHO_DECIDES.finds(False, "not informed: {lacking}", lacking=", ".join(lacking))
    if not eligible and not reasons:
        return WHO_DECIDES.finds(False, "informed without the reasons")
    return WHO_DECIDES.finds(True, "told to the employee and the claims administrator")
