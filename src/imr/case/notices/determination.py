"""The letter that goes with the determination."""

from dataclasses import replace
from datetime import date

from imr.case.application import Application
from imr.case.letters import RECEIVED_AT_ONCE
from imr.case.notices.common import Office, counted, deadline_sentence, head, help_line, letter, sentence
from imr.case.state import Case
from imr.determination.letter import Block, Heading, Letter, Listing, Note, Paragraph
from imr.law.rule import spell
from imr.law.terms import Decision, Service
from imr.law.time_limits import appeal, implementation


def issue(case: Case, form: Application, on: date, service: Service, office: Office) -> Letter:
    """Give the letter that goes with the determination: the outcome in a word, what follows and its deadline, how to appeal."""
    dates = replace(case.dates, determination_mailed_on=on, determination_service=service)
    received = replace(dates, determination_received_on=on)
    overturned = case.decisions.count(Decision.OVERTURNED)
    total = len(case.decisions)
    follows: tuple[Block, ...] = ()
    if overturned:
        given = "authorize or pay for what was found necessary"
        steps = tuple(sentence(f"{deadline.title}: by {spell(deadline.due)}") for deadline in implementation(received))
        timing = "" if service in RECEIVED_AT_ONCE else " The days run from receipt of this letter."
        timing += f" {counted('received', on)}"
        follows = (
            Paragraph(f"The claims administrator must {given} (Labor Code 4610.6(j)).{timing}"),
            *((Listing(steps),) if steps else ()),
        )
    blocks = (
        *head(case, form, on),
        Note(
            f"{overturned} of {total} disputed treatments found medically necessary.",
            "The final determination is enclosed. It is the determination of the Administrative Director and binds "
            "all parties (Labor Code 4610.6(g)).",
        ),
        Heading("What follows"),
        *(follows or (Paragraph("The UR decision stands. Nothing is to be authorized or paid."),)),
        Heading("If you disagree"),
        deadline_sentence(
            appeal(dates),
            "You may appeal to the Workers' Compensation Appeals Board by {due}, on five grounds only: the Administrative "
            "Director acted without or in excess of powers; fraud; a conflict of interest of the reviewer; bias; a plainly "
            "erroneous finding of fact that needs no expert. " + counted("sent to you", on),
        ),
        help_line(office),
    )
    return letter("Independent Medical Review: Final Determination", case, on, office, blocks)
