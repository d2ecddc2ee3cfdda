"""What a page of a case sends as a file: a document, the determination, the deadlines."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from imr.law.time_limits import ical
from imr.web import access
from imr.web.access import CaseAccess, CaseView
from imr.web.platform import clock
from imr.web.portals.base.letters import letter_pdf


def document(case_access: CaseAccess, digest: str) -> HttpResponse:
    """Send a document unchanged; the view is logged."""
    found = access.document(case_access, digest)
    return HttpResponse(
        found.data,
        content_type=found.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, found.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
        },
    )


def determination(case_access: CaseAccess) -> HttpResponse:
    """Send the determination as a PDF. Http404 where there is none for this person."""
    found = access.determination(case_access)
    if found is None:
        raise Http404
    return HttpResponse(
        letter_pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{case_access.number}-determination.pdf"'},
    )


def calendar(view: CaseView) -> HttpResponse:
    """Send the time limits of a case as an iCalendar file."""
    waiting = tuple((one.title, one.because) for one in view.not_started)
    return HttpResponse(
        ical(view.deadlines, view.number, clock.now(), waiting),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{view.number}-deadlines.ics"'},
    )
