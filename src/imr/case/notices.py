"""Letters of the steps, as values: what happened, under which law, what to do next and the deadline, in plain words.

`determination.plain` gives the text of each and `determination.pdf.render` its PDF. All parties get the same letter,
and it is kept by the digest of its PDF.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from imr.case.application import Application
from imr.case.context import StepContext
from imr.case.findings import filing_of
from imr.case.letters import RECEIVED_AT_ONCE
from imr.case.state import Case, Ending, Stage
from imr.case.steps.consent import consent_of
from imr.case.steps.eligibility import failing
from imr.case.steps.ending import TIME_TO_ANSWER, report_of
from imr.case.steps.service import owed
from imr.casing import capitalize_first
from imr.determination.letter import Block, Facts, Heading, Letter, Listing, Note, Paragraph, PostalAddress
from imr.errors import NotInForce
from imr.law.consent import TERMS, ConsentScope, ConsentTerms
from imr.law.consent import findings as consent_findings
from imr.law.days import Deadline
from imr.law.prose import limits_on
from imr.law.records import LATE_A_DAY, PENALTY, Duty, records_due
from imr.law.rule import Finding, regulation, spell
from imr.law.terms import Decision, ReviewType, Role, Service
from imr.law.time_limits import appeal, implementation, more_information

TERMINATION = regulation("9792.10.6(a)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The sender of a letter: the review organization, or the Division. `lines` are its address, `contact` how to reach it."""

    name: str
    lines: tuple[str, ...] = ()
    contact: str = ""


def ineligibility(case: Case, form: Application, findings: Sequence[Finding], on: date, office: Office) -> Letter:
    """Give the notice that an application is not eligible, with every reason and the ways to respond."""
    reasons = tuple(_sentence(str(finding)) for finding in failing(tuple(findings)))
    blocks = (
        *_head(case, form, on),
        Note("Your application cannot be reviewed.", "Nothing was decided on whether the treatment is necessary."),
        Heading("Why"),
        Listing(reasons),
        Heading("What you can do next"),
        Listing(
            (
                "If a reason can be corrected while the time to apply still runs, correct it and apply again.",
                "If a reason is wrong, you may appeal this finding to the Workers' Compensation Appeals Board (8 CCR 10575).",
                "Talk with your physician: a change in your condition can be the ground of a new request for authorization.",
            )
        ),
        _help(office),
    )
    return _letter("Notice of Ineligibility for Independent Medical Review", case, on, office, blocks)


def information_request(case: Case, form: Application, questions: Sequence[str], on: date, office: Office) -> Letter:
    """Give the request for more information before eligibility is decided, with the deadline that the law gives.

    The day is counted as if the letter reached everybody on its own day, and the letter says so.
    """
    due = more_information(replace(case.dates, information_requested_on=on))
    blocks = (
        *_head(case, form, on),
        Paragraph(
            "We need more information before we can say whether this application is eligible for independent medical "
            "review (8 CCR 9792.10.3(b))."
        ),
        Heading("Please answer"),
        Listing(tuple(questions), numbered=True),
        _by(due, f"Send your answer by {{due}}. After that day we decide on what we have. {_counted('received', on)}"),
        _help(office),
    )
    return _letter("Request for Information", case, on, office, blocks)


def assignment(
    case: Case,
    form: Application,
    context: StepContext,
    service: Service,
    office: Office,
    terms: ConsentTerms = TERMS,
    on_paper: Collection[Role] = (),
) -> Letter:
    """Give the notice of assignment and request for information (8 CCR 9792.10.4(b)): who reviews, and what is due when.

    `on_paper` are the recipients whom an electronic notice does not reach. Deadlines are counted as if the notice was
    sent on its own day, and the notice says so.
    """
    on, filing = context.on, filing_of(case)
    expedited = case.review_type is ReviewType.EXPEDITED
    dates = replace(
        case.dates, notice_sent_on=on, notice_service=service, notice_received_at=context.at if expedited else None
    )
    pace = "an expedited" if expedited else "a standard"
    blocks = (
        *_head(case, form, on),
        Paragraph(
            f"The application for independent medical review was found eligible. It is assigned to {office.name} for "
            f"{pace} review by a physician who is independent of everybody in this case."
        ),
        Heading("The dispute"),
        Facts(
            (
                ("Requesting physician", form.physician.name),
                ("Request for authorization", _day(filing.rfa_on)),
                ("UR decision", _day(filing.ur_decided_on)),
                ("Application received", _day(case.dates.application_received_on)),
                ("Type of review", "Expedited" if expedited else "Standard"),
                *((f"Sent to the {role.value}", _way(service, role in on_paper)) for role in owed(case)),
                ("Consent to the release of records", _consented(case, form, on, terms)),
            )
        ),
        Listing(_disputed(case, form), numbered=True),
        Heading("Documents that the claims administrator must send"),
        Listing(tuple(f"{capitalize_first(duty.value)}." for duty in Duty)),
        _by(
            records_due(dates),
            "We must have the documents by {due}. Send copies of what they do not have to the employee and the "
            "requesting physician, and tell the employee what you sent (Labor Code 4610.5(l)(4), (o)). "
            + _counted("received" if expedited else "sent to the claims administrator", on),
        ),
        *_penalty(records_due(dates)[0]),
        Heading("If you are the employee, the attorney or the requesting physician"),
        Paragraph(
            "You may send documents that support the treatment, by the same day. Send a copy to the claims administrator. "
            "The review costs you nothing."
        ),
        _help(office),
    )
    return _letter("Notice of Assignment and Request for Information", case, on, office, blocks)


#: The endings of a dispute, as a letter says them.
_ENDINGS = {
    Ending.AUTHORIZED: "The claims administrator authorized the treatment.",
    Ending.SETTLED: "A settlement or an award resolved the dispute.",
    Ending.PHYSICIAN_WITHDREW: "The requesting physician withdrew the request for the treatment.",
}


def ending_reported(case: Case, form: Application, on: date, office: Office) -> Letter:
    """Give the notice that a party reports the dispute as over, with how long the employee's side may answer."""
    report = report_of(case)
    blocks = (
        *_head(case, form, on),
        Note(
            "The review goes on.",
            f"The {report.by.value} reports that the dispute is over, and sent a paper that shows it.",
        ),
        Heading("What was reported"),
        Paragraph(f"{_ENDINGS[report.because]} ({TERMINATION})"),
        Heading("What the employee or the attorney can do"),
        Listing(
            (
                "If the dispute is not over, say so in writing, on the site or by letter. The review then goes on until we reply.",
                "If the dispute is over, you may say so. Nothing else is asked of you.",
            )
        ),
        Paragraph(
            f"The review may end when {TIME_TO_ANSWER.days} days have passed since this notice was served on the employee's side "
            "without an answer.",
            label="Deadline:",
        ),
        _help(office),
    )
    return _letter("Notice That the Dispute Is Reported as Over", case, on, office, blocks)


def ended(case: Case, form: Application, on: date, office: Office) -> Letter:
    """Give the notice that a review ended without a determination: withdrawn, or the dispute is over."""
    if case.stage is Stage.WITHDRAWN:
        why = "The employee's side withdrew the application."
    else:
        why = f"{_ENDINGS[case.ending or Ending.AUTHORIZED]} ({TERMINATION})"
    limits = limits_on(on)
    formulary = limits.application_formulary
    blocks = (
        *_head(case, form, on),
        Note("The review has ended.", f"{why} No determination will be made."),
        Heading("What you can do next"),
        Paragraph(
            "Nothing is asked of you. A later UR decision that modifies or denies treatment can be disputed with a new "
            f"application, within {limits.application} after it is served"
            f"{f', {formulary} where it is about a drug of the formulary' if formulary else ''}; the time is longer where it "
            "came by mail (Labor Code 4610.5(h))."
        ),
        _help(office),
    )
    return _letter("Notice That the Review Has Ended", case, on, office, blocks)


def issue(case: Case, form: Application, on: date, service: Service, office: Office) -> Letter:
    """Give the letter that goes with the determination: the outcome in a word, what follows and its deadline, how to appeal."""
    dates = replace(case.dates, determination_mailed_on=on, determination_service=service)
    received = replace(dates, determination_received_on=on)
    overturned = case.decisions.count(Decision.OVERTURNED)
    total = len(case.decisions)
    follows: tuple[Block, ...] = ()
    if overturned:
        given = "authorize or pay for what was found necessary"
        steps = tuple(_sentence(f"{deadline.title}: by {spell(deadline.due)}") for deadline in implementation(received))
        timing = "" if service in RECEIVED_AT_ONCE else " The days run from receipt of this letter."
        timing += f" {_counted('received', on)}"
        follows = (
            Paragraph(f"The claims administrator must {given} (Labor Code 4610.6(j)).{timing}"),
            *((Listing(steps),) if steps else ()),
        )
    blocks = (
        *_head(case, form, on),
        Note(
            f"{overturned} of {total} disputed treatments found medically necessary.",
            "The final determination is enclosed. It is the determination of the Administrative Director and binds "
            "all parties (Labor Code 4610.6(g)).",
        ),
        Heading("What follows"),
        *(follows or (Paragraph("The UR decision stands. Nothing is to be authorized or paid."),)),
        Heading("If you disagree"),
        _by(
            appeal(dates),
            "You may appeal to the Workers' Compensation Appeals Board by {due}, on five grounds only: the Administrative "
            "Director acted without or in excess of powers; fraud; a conflict of interest of the reviewer; bias; a plainly "
            "erroneous finding of fact that needs no expert. " + _counted("sent to you", on),
        ),
        _help(office),
    )
    return _letter("Independent Medical Review: Final Determination", case, on, office, blocks)


def _counted(what: str, on: date) -> str:
    """Explain how the days of a letter are counted before its day of sending is known."""
    return f"The days are counted as if this letter was {what} on {spell(on)}; if that was later, they count from then."


def _way(service: Service, on_paper: bool) -> str:
    if on_paper:
        return "on paper"
    return (
        "electronically, by an e-mail that it can be read on our site"
        if service is Service.ELECTRONIC
        else service.value
    )


def _letter(title: str, case: Case, on: date, office: Office, blocks: tuple[Block, ...]) -> Letter:
    return Letter(title=title, sender=office.name, blocks=blocks, dated_on=on, reference=case.number)


def _head(case: Case, form: Application, on: date) -> tuple[Block, ...]:
    names = {
        Role.EMPLOYEE: form.employee.name,
        Role.EMPLOYEE_ATTORNEY: ""
        if form.attorney is None
        else ", ".join(filter(None, (form.attorney.name, form.attorney.firm))),
        Role.CLAIMS_ADMINISTRATOR: ", ".join(filter(None, (form.administrator.company, form.administrator.contact))),
        Role.REQUESTING_PHYSICIAN: ", ".join(filter(None, (form.physician.name, form.physician.practice))),
    }
    to = tuple(f"{names[role]} ({role.value})" for role in owed(case))
    return (
        PostalAddress((spell(on), "", *to)),
        Facts(
            (
                ("Case number", case.number),
                ("Employee", form.employee.name),
                ("Claim number", form.claim_number),
                ("Date of injury", _day(form.injured_on)),
                ("Employer", form.employer),
                ("Claims administrator", form.administrator.company),
            )
        ),
    )


def _disputed(case: Case, form: Application) -> tuple[str, ...]:
    return tuple(
        treatment.description for number, treatment in enumerate(form.treatments, 1) if number not in case.excluded
    )


def _consented(case: Case, form: Application, on: date, terms: ConsentTerms) -> str:
    """Give the state of the employee's consent. Its limits are in the application, of which the claims administrator has a copy."""
    consent = consent_of(case, form)
    against = [finding for finding in consent_findings(consent, on, terms) if not finding.holds]
    if against:
        return _sentence(str(against[0]))
    limited = consent.excludes or consent.ends_on is not None or consent.scope is ConsentScope.NAMED
    return "Given, within the limits that the application names" if limited else "Given"


def _by(deadlines: Sequence[Deadline], sentence: str) -> Paragraph:
    """Give the deadline in a sentence, by the first of the deadlines, with the law it rests on."""
    deadline = deadlines[0]
    cited = "; ".join(dict.fromkeys(str(citation) for citation in deadline.under))
    unseen = "" if deadline.verified else ", not verified in the text of the law"
    return Paragraph(f"{sentence.format(due=spell(deadline.due))} ({cited}{unseen})", label="Deadline:")


def _penalty(deadline: Deadline) -> tuple[Block, ...]:
    """Give the penalty for late records, if the amounts of that day are known."""
    due = deadline.due
    try:
        version = LATE_A_DAY.version(date(due.year, due.month, due.day))
    except NotInForce:
        return (Paragraph(f"Late records can cost a penalty ({PENALTY.under[0]})."),)
    a_day, at_most = version.known_value
    return (
        Paragraph(
            f"Late records can cost {a_day:,} dollars a day, up to {at_most:,} dollars ({version.under}, not verified in the "
            "text of the law)."
        ),
    )


def _help(office: Office) -> Block:
    officer = "ask an Information and Assistance officer of the Division of Workers' Compensation"
    reach = "; ".join(filter(None, (*office.lines, office.contact)))
    said = (
        f"write to us with the case number ({office.name}; {reach}), or {officer}; both are free"
        if reach
        else f"{officer}, which is free"
    )
    return Paragraph(f"If you have a question, {said}.", label="Help:")


def _day(day: date | None) -> str:
    return "not given" if day is None else spell(day)


def _sentence(text: str) -> str:
    return capitalize_first(text).rstrip(".") + "."
