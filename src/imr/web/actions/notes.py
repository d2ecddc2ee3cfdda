"""A reviewer's own notes on pages of the case file: working papers, and no part of the history of the case."""

from django.http import Http404

from imr.errors import Refused
from imr.law.disclosure import Thing
from imr.web import access
from imr.web.models import NoteRow
from imr.web.platform import clock

#: The longest note on a page, in characters.
NOTE = 4000


def note(user: access.Viewer, number: str, digest: str, page: int, text: str) -> None:
    """Save a reviewer's own note on a page. It is a working paper, and no part of the history of the case."""
    text = text.strip()
    if not 0 < len(text) <= NOTE:
        raise Refused(f"a note has 1 to {NOTE} characters: shorten it, or write two")
    case_access = _own(user, number)
    if digest not in {line.digest for line in access.file(case_access)}:
        raise Http404
    NoteRow.objects.create(case=number, digest=digest, page=page, person=access.person(user), text=text, at=clock.now())


def remove_note(user: access.Viewer, number: str, note_id: int) -> None:
    """Delete one of the person's own notes."""
    _own(user, number)
    if not NoteRow.objects.filter(case=number, person=access.person(user), pk=note_id).delete()[0]:
        raise Http404


def _own(user: access.Viewer, number: str) -> access.CaseAccess:
    case_access = access.open_case(user, number)
    case_access.require(Thing.REVIEWER_NOTES)
    return case_access
