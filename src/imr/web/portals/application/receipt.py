"""The receipt of an application, to print and keep: its day and hour, what was in it, and the digests that prove it."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from imr.case.application import Application
from imr.case.context import CALIFORNIA
from imr.case.events import ApplicationReceived
from imr.case.state import Case
from imr.determination.letter import Block, Facts, Heading, Letter, Paragraph
from imr.plain import from_plain
from imr.web import access
from imr.web.access import CaseAccess
from imr.web.platform.formatting import describe, hour, long_date
from imr.web.portals.base.letters import notice_pdf
from imr.web.portals.case_file.consent import as_filed

Groups = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationReceipt:
    """What was received, when, and the digests by which it can be compared with the case file."""

    number: str
    received_at: datetime
    recorded_at: datetime
    application: str
    ur_decision: str
    event: str
    groups: Groups

    @property
    def received(self) -> str:
        """Return the day and hour of receipt in words."""
        return moment(self.received_at)

    @property
    def proof(self) -> list[tuple[str, str]]:
        """Return day, hour and digests, each with its name."""
        return [
            ("Case", self.number),
            ("Received", self.received),
            ("Recorded", moment(self.recorded_at)),
            ("SHA-256 of the application", self.application),
            ("SHA-256 of the UR decision", self.ur_decision or "no UR decision came with it"),
            ("Digest of event 1 of the case", self.event),
        ]


def page(request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
    """Show the receipt on a page."""
    return render(request, "imr/apply/received.html", {"number": case_access.number, "receipt": of(case_access)})


def paper(_request: HttpRequest, case_access: CaseAccess) -> HttpResponse:
    """Send the receipt as a PDF."""
    return HttpResponse(
        notice_pdf(letter(of(case_access), settings.ORGANIZATION)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{case_access.number}-receipt.pdf"'},
    )


#: The pages of the receipt, by their names among the addresses of a case.
PAGES = {"receipt": page, "receipt-pdf": paper}


def of(case_access: CaseAccess) -> ApplicationReceipt:
    """Return the receipt of a case that began with an application. Raises Http404 where it did not."""
    first = next(iter(access.events(case_access)), None)
    if first is None or not isinstance(first.event, ApplicationReceived):
        raise Http404
    filing = first.event.filing
    filed = from_plain(Application, json.loads(access.document(case_access, filing.application).data))
    return ApplicationReceipt(
        number=case_access.number,
        received_at=first.event.received_at,
        recorded_at=first.at,
        application=filing.application,
        ur_decision=filing.ur_decision,
        event=first.digest,
        groups=[*describe(filed), as_filed(filed, first.event.apply(Case(number=case_access.number)))],
    )


def letter(receipt: ApplicationReceipt, organization: str) -> Letter:
    """Return the receipt as a letter."""
    blocks: list[Block] = [
        Paragraph(f"The application for Independent Medical Review was received on {moment(receipt.received_at)}."),
        Facts(tuple((name, _in_groups(value)) for name, value in receipt.proof), ("The receipt", "As recorded")),
        Heading("What the application says"),
    ]
    for title, answers in receipt.groups:
        blocks += [Heading(title, 2), Facts(tuple(answers), ("Asked", "Answered"))]
    day = receipt.recorded_at.astimezone(CALIFORNIA).date()
    return Letter(
        title="Receipt of an application",
        sender=organization,
        blocks=tuple(blocks),
        dated_on=day,
        reference=receipt.number,
    )


def _in_groups(value: str) -> str:
    """Format a digest in groups of sixteen digits, so that lines break only between them."""
    if len(value) != 64 or " " in value:
        return value
    return " ".join(value[start : start + 16] for start in range(0, 64, 16))


def moment(at: datetime) -> str:
    """Format a day and hour in California, with its zone: Friday, November 27, 2026, at 5:00 PM PST."""
    local = at.astimezone(CALIFORNIA)
    return f"{local:%A}, {long_date(local.date())}, at {hour(local)}"
