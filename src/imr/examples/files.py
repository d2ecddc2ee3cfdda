"""Invented papers of a case: the UR decision, the request for authorization, clinical records, small letters."""

from dataclasses import dataclass
from datetime import date, timedelta

from imr.case.application import Application
from imr.casing import capitalize_first
from imr.determination.letter import Block, Facts, Heading, Letter, Listing, Paragraph, PostalAddress, plain
from imr.examples.clinic import Injury
from imr.examples.people import chance
from imr.law.prose import limits_on
from imr.law.rule import spell
from imr.law.terms import RecordKind


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedPaper:
    """A paper of a case: its kind, its date, and its words. `pdf()` renders it, with the same bytes each time."""

    title: str
    kind: RecordKind
    dated_on: date
    letter: Letter
    author: str = ""

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.dated_on.isoformat()}-{'-'.join(self.title.lower().split())}.pdf"

    @property
    def text(self) -> str:
        """Give its words as plain text."""
        return plain(self.letter)

    def pdf(self) -> bytes:
        """Render it as a PDF."""
        from imr.determination.pdf import render

        return render(self.letter)


def note(
    title: str, sender: str, on: date, *sentences: str, kind: RecordKind = RecordKind.CORRESPONDENCE
) -> InventedPaper:
    """Make a short letter."""
    blocks: tuple[Block, ...] = (PostalAddress((spell(on),)), *(Paragraph(sentence) for sentence in sentences))
    return InventedPaper(
        title=title, kind=kind, dated_on=on, letter=Letter(title=title, sender=sender, blocks=blocks, dated_on=on)
    )


def _clinical(
    title: str, kind: RecordKind, on: date, form: Application, sections: dict[str, str], author: str = ""
) -> InventedPaper:
    born = form.employee.born_on
    by = author or f"{form.physician.name}, M.D."
    blocks: list[Block] = [
        Facts(
            (
                ("Employee:", form.employee.name),
                ("Date of birth:", "" if born is None else f"{born:%m/%d/%Y}"),
                ("Date of injury:", f"{form.injured_on:%m/%d/%Y}"),
                ("Claim number:", form.claim_number),
                ("Employer:", form.employer),
                ("Date:", f"{on:%m/%d/%Y}"),
            )
        )
    ]
    for heading, words in sections.items():
        blocks += [Heading(heading), Paragraph(words)]
    blocks.append(Paragraph(f"Signed: {by}"))
    letter = Letter(title=title, sender=form.physician.practice, blocks=tuple(blocks), dated_on=on)
    return InventedPaper(title=title, kind=kind, dated_on=on, letter=letter, author=by)


def first_report(form: Application, injury: Injury) -> InventedPaper:
    """Make the doctor's first report of the injury."""
    return _clinical(
        "Doctor's First Report of Occupational Injury",
        RecordKind.FIRST_REPORT,
        form.injured_on + timedelta(days=2),
        form,
        {
            "How it happened": "The employee reports the injury at work and was seen two days later.",
            "Complaint": f"The employee has {injury.complaint}.",
            "Findings": f"There is {injury.finding}.",
            "Diagnosis": f"{capitalize_first(injury.diagnosis)}.",
            "Plan": "Modified work, anti-inflammatory medicine, and exercises at home.",
        },
    )


def progress_report(form: Application, injury: Injury, on: date, asks: bool) -> InventedPaper:
    """Make a primary treating physician's progress report, form PR-2; the last one requests the treatment."""
    draw = chance("progress report", on.toordinal() + len(form.claim_number))
    change = draw.choice(("a little better", "the same", "worse after longer days at work"))
    listed = "; ".join(treatment.description for treatment in form.treatments)
    plan = (
        f"Authorization is requested for: {listed}." if asks else "Continue with exercises at home and modified work."
    )
    return _clinical(
        "Primary Treating Physician's Progress Report (PR-2)",
        RecordKind.PROGRESS_REPORT,
        on,
        form,
        {
            "Subjective complaints": f"The employee has {injury.complaint}. Since the last visit it is {change}.",
            "Objective findings": f"{capitalize_first(injury.finding)}.",
            "Diagnoses": f"{capitalize_first(injury.diagnosis)}.",
            "Treatment plan": plan,
            "Work status": "Modified work: no lifting above 15 pounds.",
        },
    )


def therapy_notes(form: Application, on: date, visits: int) -> InventedPaper:
    """Make the notes of a course of therapy."""
    return _clinical(
        "Physical Therapy Notes",
        RecordKind.THERAPY_NOTES,
        on,
        form,
        {
            "Visits": f"{visits} of {visits} authorized visits were attended.",
            "Treatment": "Exercises under guidance, stretching, and soft tissue work.",
            "Response": "Pain is lower for a day after each visit. A home program was taught and handed out on paper.",
        },
        author="A. Example, P.T.",
    )


def study(form: Application, injury: Injury, on: date) -> InventedPaper:
    """Make the report of the study for an injury."""
    electro = "conduction" in injury.study or "electro" in injury.study
    return _clinical(
        f"Report: {injury.study}",
        RecordKind.ELECTRODIAGNOSTICS if electro else RecordKind.IMAGING,
        on,
        form,
        {"Technique": "Standard.", "Impression": "No finding beyond what the employee's age explains."},
        author="B. Example, M.D.",
    )


def request_for_authorization(form: Application) -> InventedPaper:
    """Make the request for authorization, DWC Form RFA."""
    on = form.rfa_on or form.ur_decided_on - timedelta(days=3)
    listed = "; ".join(treatment.description for treatment in form.treatments)
    return _clinical(
        "Request for Authorization (DWC Form RFA)",
        RecordKind.RFA,
        on,
        form,
        {
            "Diagnosis": form.diagnosis,
            "Requested treatment": listed,
            "Type of request": "New request, standard review.",
        },
    )


def ur_decision(form: Application, reasons: tuple[str, ...] = ()) -> InventedPaper:
    """Make the written decision of utilization review that the application disputes."""
    items = tuple(
        f"{treatment.description}: not certified. {reason}"
        for treatment, reason in zip(
            form.treatments, reasons or ("The guideline does not support it.",) * len(form.treatments), strict=True
        )
    )
    on = form.ur_decided_on
    letter = Letter(
        title="Utilization Review Decision",
        sender=form.ur_organization or form.administrator.company,
        blocks=(
            PostalAddress((spell(on), form.employee.name, f"Claim {form.claim_number}")),
            Paragraph("We reviewed the request for authorization and the records that came with it."),
            Heading("Decision"),
            Listing(items, numbered=True),
            Paragraph(
                f"You may ask for independent medical review on the enclosed form within {limits_on(on).application} after this "
                "decision is served."
            ),
        ),
        dated_on=on,
    )
    return InventedPaper(
        title="Utilization Review Decision",
        kind=RecordKind.UR_DECISION,
        dated_on=on,
        letter=letter,
        author="Utilization review",
    )


def application_copy(form: Application) -> InventedPaper:
    """Make the claims administrator's copy of the application."""
    return note(
        "Application for Independent Medical Review (copy)",
        form.administrator.company,
        form.signed_on or form.ur_decided_on,
        f"Employee: {form.employee.name}. Claim number: {form.claim_number}.",
        f"Disputed: {'; '.join(treatment.description for treatment in form.treatments)}.",
        kind=RecordKind.APPLICATION,
    )


def records(form: Application, injury: Injury, visits: int = 6) -> tuple[InventedPaper, ...]:
    """Make the papers that the claims administrator sends, oldest first."""
    last = form.rfa_on or form.ur_decided_on - timedelta(days=3)
    return (
        first_report(form, injury),
        progress_report(form, injury, last - timedelta(days=62), asks=False),
        therapy_notes(form, last - timedelta(days=20), visits),
        study(form, injury, last - timedelta(days=9)),
        progress_report(form, injury, last - timedelta(days=1), asks=True),
        request_for_authorization(form),
        ur_decision(form),
        application_copy(form),
    )
