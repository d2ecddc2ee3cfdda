"""What the letters of the steps share: the sender, the head, a sentence with a deadline, and where to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from imr.case.application import Application
from imr.case.state import Case
from imr.case.steps.service import owed
from imr.casing import capitalize_first
from imr.determination.letter import Block, Facts, Letter, Paragraph, PostalAddress
from imr.law.days import Deadline
from imr.law.rule import spell
from imr.law.terms import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The sender of a letter: the review organization, or the Division. `lines` are its address, `contact` how to reach it."""

    name: str
    lines: tuple[str, ...] = ()
    contact: str = ""


def counted(what: str, on: date) -> str:
    """Explain how the days of a letter are counted before its day of sending is known."""
    return f"The days are counted as if this letter was {what} on {spell(on)}; if that was later, they count from then."


def letter(title: str, case: Case, on: date, office: Office, blocks: tuple[Block, ...]) -> Letter:
    """Give a letter of the office about a case, with its day and the case number as its reference."""
    return Letter(title=title, sender=office.name, blocks=blocks, dated_on=on, reference=case.number)


def head(case: Case, form: Application, on: date) -> tuple[Block, ...]:
    """Give the head of a letter: its day, everybody whom it is for, and the case in short."""
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
                ("Date of injury", day_or_not_given(form.injured_on)),
                ("Employer", form.employer),
                ("Claims administrator", form.administrator.company),
            )
        ),
    )


def deadline_sentence(deadlines: Sequence[Deadline], words: str) -> Paragraph:
    """Give the deadline in a sentence, by the first of the deadlines, with the law that it rests on. `words` has a place `{due}`.

    What was not seen in the text of the law is marked for the staff, on pages, and not in letters to the parties.
    """
    deadline = deadlines[0]
    cited = "; ".join(dict.fromkeys(str(citation) for citation in deadline.under))
    return Paragraph(f"{words.format(due=spell(deadline.due))} ({cited})", label="Deadline:")


def help_line(office: Office) -> Block:
    """Tell where to ask, with the address of the office if it has one."""
    officer = "ask an Information and Assistance officer of the Division of Workers' Compensation"
    reach = "; ".join(filter(None, (*office.lines, office.contact)))
    said = (
        f"write to us with the case number ({office.name}; {reach}), or {officer}; both are free"
        if reach
        else f"{officer}, which is free"
    )
    return Paragraph(f"If you have a question, {said}.", label="Help:")


def day_or_not_given(day: date | None) -> str:
    """Spell a day; "not given" if there is none."""
    return "not given" if day is None else spell(day)


def sentence(text: str) -> str:
    """Make a text a sentence: with a capital and one period."""
    return capitalize_first(text).rstrip(".") + "."
