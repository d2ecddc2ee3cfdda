"""Duties and rights after a determination: implementation and its penalty, publication, appeal, remand (LC 4610.6(h)-(m))."""

from collections.abc import Collection
from datetime import date
from enum import Enum

from imr.law.dates import CaseDates
from imr.law.days import Deadline, Unit, appeals_board_extension
from imr.law.limit import SB_863, counted_deadline, in_prose, limit_rule
from imr.law.rule import Citation, Dated, Finding, Known, Rule, Subject, Version, labor_code, regulation, spell
from imr.law.terms import Role


def _rule(name: str, title: str, subject: Subject, asks: str, *under: Citation) -> Rule:
    return Rule(id=name, title=title, subject=subject, asks=asks, under=under)


AUTHORIZE = limit_rule(
    "impl-authorize",
    "Authorization of the treatment",
    Subject.AFTERWARDS,
    "Treatment that has not been given yet is authorized within 5 working days of receipt of the determination, sooner where the "
    "condition requires it; the employee and the provider are told. Not while an appeal or a dispute of liability stands.",
    "receipt of the determination",
    Version(SB_863, (5, Unit.BUSINESS), labor_code("4610.6(j)")),
    met_by=("implemented_on",),
    also="impl-auth",
)
PAY = limit_rule(
    "impl-pay",
    "Payment for the treatment",
    Subject.AFTERWARDS,
    "Treatment that has already been given is reimbursed within 20 days of receipt of the determination. Not while an appeal or a "
    "dispute of liability stands.",
    "receipt of the determination",
    Version(SB_863, (20, Unit.CALENDAR), labor_code("4610.6(j)")),
    met_by=("implemented_on",),
)
APPEAL = limit_rule(
    "appeal-time",
    "Petition appealing the determination",
    Subject.APPEAL,
    "A verified petition is filed with the appeals board and served within 30 days of mailing of the determination; service "
    "by mail adds 5, 10 or 20 days (Matute v. LAUSD (WCAB en banc 2015)).",
    "mailing of the determination",
    Version(SB_863, (30, Unit.CALENDAR), labor_code("4610.6(h)")),
    met_by=("appealed_on",),
    also="appeal",
)
IMPLEMENTATION_PENALTY = _rule(
    "impl-penalty",
    "Penalty for not implementing",
    Subject.AFTERWARDS,
    "A claims administrator that does not implement a determination pays up to 5,000 dollars a day. The amounts actually imposed "
    "were not seen.",
    labor_code("4610.6(k)"),
)
NOTICE_PENALTY = _rule(
    "app-penalty-delay",
    "Penalty for delaying the notice to the employee",
    Subject.APPLICATION,
    "The claims administrator does not delay IMR; each day for which proper notice to the employee is delayed costs up to "
    "5,000 dollars.",
    labor_code("4610.5(i)"),
)
#: The most that either penalty costs, in dollars a day.
AT_MOST_A_DAY = 5000
PUBLICATION = _rule(
    "pub-deidentify",
    "Published without identifying information",
    Subject.AFTERWARDS,
    "The Administrative Director may publish determinations without individually identifiable information. At least these are "
    "removed: the names of employee, representative, physicians, claims administrator and employer, numbers of claim and "
    "case, dates of birth, and who reviewed (the field list of the regulation was not seen).",
    labor_code("4610.6(m)"),
    regulation("9792.10.9", Known.MEMORY),
)
GROUNDS = _rule(
    "appeal-grounds",
    "The five grounds of appeal",
    Subject.APPEAL,
    "The determination is presumed correct. It is set aside only on clear and convincing evidence of one of five: the "
    "Administrative Director acted without or in excess of powers; fraud; a reviewer's material conflict of interest; bias; "
    "a plainly erroneous finding of fact of ordinary knowledge, on the information submitted, not subject to expert opinion.",
    labor_code("4610.6(h)(1)-(5)"),
)
PETITION = _rule(
    "appeal-form",
    "The petition",
    Subject.APPEAL,
    "A verified petition sets out all grounds, bears its caption with both case numbers, and is served on the Division's IMR "
    "unit; the determination and the proof of service are attached. What is not raised is waived.",
    regulation("10575(b)-(f)", note="Rule 10957.1 before 2020"),
)
ELIGIBILITY_APPEAL = _rule(
    "elig-appeal",
    "Appeal of ineligibility",
    Subject.APPEAL,
    "A finding that an application is not eligible is itself a determination that may be appealed.",
    regulation("10575(a)", note="Rule 10957.1 before 2020"),
)
NO_OTHER_JUDGE = _rule(
    "appeal-no-substitution",
    "No judge decides necessity",
    Subject.APPEAL,
    "Where a determination is reversed the dispute goes to a new review. No judge, board or court decides medical necessity "
    "contrary to the review.",
    labor_code("4610.6(i)"),
)
FURTHER = limit_rule(
    "appeal-further",
    "Writ of review",
    Subject.APPEAL,
    "A writ of review is sought within 45 days after reconsideration was denied or decided.",
    "the decision on reconsideration",
    Version(SB_863, (45, Unit.CALENDAR), labor_code("5950")),
    met_by=("writ_sought_on",),
)


#: Rules that set the time for a right. Letting it pass is not a violation, so nobody is late.
RIGHTS = frozenset({APPEAL.id, FURTHER.id})
#: No text says what remains of a time that an appeal or a dispute of liability interrupted: the whole time is counted.
_RESUMED = labor_code("4610.6(j)", Known.MEMORY, "that the whole time runs from the end of what suspended it")
_INELIGIBLE = "mailing of the finding that the application is not eligible"
_OLDER_RULE, _NEWER_RULE = regulation("10957.1", Known.PART), regulation("10575")
#: The rule of the appeals board on petitions, which was renumbered.
PETITION_RULE: Dated[Citation] = Dated(
    "the rule of the appeals board on petitions",
    "mailing of what is appealed",
    Version(SB_863, _OLDER_RULE, _OLDER_RULE),
    Version(date(2020, 1, 1), _NEWER_RULE, _NEWER_RULE),
)


def suspended(dates: CaseDates) -> tuple[Finding, ...]:
    """Say why the duty to implement a determination that was received does not run. Empty where it runs, or has not begun."""
    if dates.determination_received_on is None or dates.overturned is not True:
        return ()
    if dates.appealed_on is not None and _appeal_ended(dates) is None:
        return (AUTHORIZE.finds(False, "an appeal was filed on {day}", day=spell(dates.appealed_on)),)
    if liability_is_open(dates):
        return (AUTHORIZE.finds(False, "liability for the treatment is disputed on other grounds"),)
    return ()


def _appeal_ended(dates: CaseDates) -> date | None:
    """Give the day from which the determination is in force again after an appeal: that of the last decision."""
    ended = [day for day in (dates.appeal_affirmed_on, dates.reconsideration_decided_on) if day is not None]
    return max(ended) if ended else None


def liability_is_open(dates: CaseDates) -> bool:
    """Say whether the claims administrator disputes liability and nothing has ended that."""
    return dates.liability_disputed and _liability_ended(dates) is None


def _liability_ended(dates: CaseDates) -> date | None:
    return dates.liability_final_on or dates.liability_resolution_served_on


def _start(dates: CaseDates, received: date) -> tuple[str, date]:
    """Give the event and the day that start the duty to implement: receipt, or the end of what suspended it after that."""
    ends = [("receipt of the determination", received)]
    if dates.liability_disputed and (resolved := _liability_ended(dates)) is not None:
        ends.append(("the end of the dispute of liability", resolved))
    if dates.appealed_on is not None and (decided := _appeal_ended(dates)) is not None:
        ends.append(("the end of the appeal", decided))
    return max(ends, key=lambda end: end[1])


def implementation(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadlines for authorization or payment, from receipt of a determination that overturned anything.

    An appeal, or a dispute of liability, suspends them until it ends; the whole time runs from then.
    """
    received = dates.determination_received_on
    if received is None or dates.overturned is not True or suspended(dates):
        return ()
    who, (event, start) = Role.CLAIMS_ADMINISTRATOR, _start(dates, received)
    more = () if start == received else (_RESUMED,)
    rules = {True: (PAY,), False: (AUTHORIZE,), None: (AUTHORIZE, PAY)}[dates.treatment_given]
    unsure: tuple[str, ...] = ()
    if dates.treatment_given is None:
        authorize, pay = (in_prose(*rule.numbers[0].on(start)) for rule in rules)
        unsure = (
            f"Whether the treatment was already given is not known: authorization is due in {authorize}, payment in {pay}.",
        )
    return tuple(
        counted_deadline(rule, event, start, who, because=unsure, more=more, closings=dates.closings) for rule in rules
    )


def appeal(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadline for the petition to the appeals board, from mailing of the determination; either side may file.

    A finding that an application is not eligible is a determination too, which the employee may appeal.
    """
    if dates.appealed_on is not None:
        return ()
    closings, refused = dates.closings, dates.ineligibility_mailed_on
    if dates.determination_mailed_on is None and refused is None:
        return ()
    extension = appeals_board_extension(dates.determination_service, dates.determination_place)
    if dates.determination_mailed_on is not None:
        event, start = "mailing of the determination", dates.determination_mailed_on
        return tuple(
            counted_deadline(APPEAL, event, start, who, extension, closings=closings)
            for who in (Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR)
        )
    assert refused is not None  # noqa: S101 - one of the two was mailed
    more = (PETITION_RULE.on(refused),)
    return (counted_deadline(APPEAL, _INELIGIBLE, refused, Role.EMPLOYEE, extension, more=more, closings=closings),)


def writ(dates: CaseDates) -> tuple[Deadline, ...]:
    """Give the deadline to seek a writ of review, from the decision on reconsideration."""
    if dates.reconsideration_decided_on is None:
        return ()
    event, start = "the decision on reconsideration", dates.reconsideration_decided_on
    return (counted_deadline(FURTHER, event, start, Role.EMPLOYEE, closings=dates.closings),)


def penalty_at_most(days: int) -> int:
    """Give the highest penalty for a delay of so many days, in dollars."""
    return max(0, days) * AT_MOST_A_DAY


def implemented(dates: CaseDates, done_on: date | None, on: date) -> tuple[Finding, ...]:
    """Say for each duty to implement whether it was done in time or is not late yet. The reason gives the highest penalty."""
    found = []
    for deadline in implementation(dates):
        done = done_on or on
        days = max(0, -deadline.days_left(done))
        because = "{title}: due {due}"
        if days:
            because += ", {days} days late, up to {dollars} dollars"
        found.append(
            IMPLEMENTATION_PENALTY.finds(
                not days,
                because,
                (*deadline.under, *IMPLEMENTATION_PENALTY.under),
                title=deadline.title,
                due=spell(deadline.due),
                days=days,
                dollars=penalty_at_most(days),
            )
        )
    return tuple(found)


def notified_in_time(due: date, notified_on: date) -> Finding:
    """Say whether proper notice reached the employee on time. The reason gives the highest penalty for the delay."""
    days = max(0, (notified_on - due).days)
    because = "{days} days late, up to {dollars} dollars" if days else "notice was given in time"
    return NOTICE_PENALTY.finds(not days, because, days=days, dollars=penalty_at_most(days))


class Identifier(Enum):
    """A kind of identifier that a published determination must not contain."""

    EMPLOYEE = "name of the employee"
    REPRESENTATIVE = "name of the attorney or representative"
    PHYSICIAN = "name of a physician"
    CLAIMS_ADMINISTRATOR = "claims administrator"
    EMPLOYER = "employer"
    NUMBER = "number of claim or case"
    BIRTH = "date of birth"
    REVIEWER = "identity of the reviewer"


def may_publish(holds: Collection[Identifier]) -> Finding:
    """Say whether a determination may be published that still contains these identifiers: only if there are none."""
    left = ", ".join(sorted(identifier.value for identifier in holds))
    return PUBLICATION.finds(
        not left, "it still holds: {left}" if left else "nothing in it identifies anybody", left=left
    )


class Ground(Enum):
    """The five grounds on which a determination is set aside (LC 4610.6(h)(1)-(5))."""

    POWERS = "the Administrative Director acted without or in excess of powers"
    FRAUD = "fraud"
    CONFLICT = "a reviewer's material conflict of interest"
    BIAS = "bias by race, origin, ethnic group, religion, age, sex, sexual orientation, color or disability"
    FACT = "a plainly erroneous finding of fact"


def sets_aside(
    grounds: Collection[Ground],
    *,
    clear_and_convincing: bool,
    ordinary_knowledge: bool = True,
    on_information_submitted: bool = True,
) -> Finding:
    """Say whether a determination is set aside: on one of the five grounds, by clear and convincing evidence.

    A mistake of fact counts if it is a matter of ordinary knowledge, on the information submitted, and not of expert
    opinion.
    """
    valid = [g for g in grounds if g is not Ground.FACT or (ordinary_knowledge and on_information_submitted)]
    if not grounds:
        return GROUNDS.finds(False, "none of the five grounds is named")
    if not valid:
        because = "the mistake of fact is not of ordinary knowledge, or not on the information submitted"
        return GROUNDS.finds(False, because)
    if not clear_and_convincing:
        return GROUNDS.finds(False, "the evidence is not clear and convincing: the determination is presumed correct")
    return GROUNDS.finds(True, "set aside: {grounds}", grounds="; ".join(ground.value for ground in valid))


class PetitionPart(Enum):
    """A part of a complete petition (8 CCR 10575)."""

    VERIFICATION = "verification"
    GROUNDS = "the full factual and legal grounds"
    CAPTION = "the caption with the numbers of both cases"
    SERVICE = "proof of service on the Division's IMR unit"
    DETERMINATION = "the determination"


def petition_complete(parts: Collection[PetitionPart]) -> Finding:
    """Say whether a petition is complete; an incomplete one may be dismissed."""
    lacking = [part.value for part in PetitionPart if part not in parts]
    because = "the petition lacks: {lacking}" if lacking else "the petition is complete"
    return PETITION.finds(not lacking, because, lacking=", ".join(lacking))


class Act(Enum):
    """An act of the Division that a party may want to appeal."""

    DETERMINATION = "determination"
    INELIGIBILITY = "finding of ineligibility"
    ELIGIBILITY = "finding of eligibility"


def may_appeal(act: Act) -> Finding:
    """Say whether an act of the Division may be appealed as a determination of IMR."""
    holds = act is not Act.ELIGIBILITY
    because = "a {act} may be appealed" if holds else "a {act} decides nothing yet that could be appealed"
    return ELIGIBILITY_APPEAL.finds(holds, because, act=act.value)


def may_decide_necessity(by: str, *, is_review: bool) -> Finding:
    """Say whether somebody may decide medical necessity after a reversal: only a new review may."""
    because = "{by} reviews again" if is_review else "{by} sends it to a new review, and does not decide necessity"
    return NO_OTHER_JUDGE.finds(is_review, because, by=by)


def writ_in_time(decided_on: date, filed_on: date) -> Finding:
    """Say whether a writ of review was sought in time."""
    (due,) = (deadline.due for deadline in writ(CaseDates(reconsideration_decided_on=decided_on)))
    return FURTHER.finds(filed_on <= due, "due {due}, filed {filed}", due=spell(due), filed=spell(filed_on))
