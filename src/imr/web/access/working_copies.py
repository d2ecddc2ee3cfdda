"""Working copies: what somebody has typed and not sent yet. Its owner alone reads it, whatever their role."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404
from django.utils.crypto import salted_hmac

from imr.case.state import Stage
from imr.errors import Refused
from imr.law.disclosure import Thing
from imr.law.terms import Role
from imr.web.access.case_access import CaseAccess, Viewer, person
from imr.web.models import WorkingCopyRow
from imr.web.platform.keys import Purpose

#: What the fields of a form hold: texts, and the choices of a field with several.
Content = Mapping[str, str | list[str]]
#: The working copies of drafts of determinations; their key is the number of the case.
DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCopy:
    """What the fields of a form hold, as it was saved last. Its version is 0 where nothing was saved yet."""

    kind: str
    key: str
    version: int = 0
    content: Content | None = None
    saved_at: datetime | None = None


class Outdated(Refused):
    """Raised where what was sent was written over an older version than the one that is saved, which `saved` gives."""

    def __init__(self, saved: WorkingCopy) -> None:
        super().__init__("this was changed in another window since the page was made: look at what is saved now")
        self.saved = saved


def working_copy(user: Viewer, kind: str, key: str) -> WorkingCopy:
    """Return this person's working copy of that kind and key; without content where there is none."""
    row = WorkingCopyRow.objects.filter(person=person(user), kind=kind, key=key).first()
    return WorkingCopy(kind=kind, key=key) if row is None else copy_of(row)


def copy_of(row: WorkingCopyRow) -> WorkingCopy:
    """Return the working copy that a row holds."""
    return WorkingCopy(kind=row.kind, key=row.key, version=row.version, content=row.content, saved_at=row.saved_at)


def working_draft(case_access: CaseAccess) -> WorkingCopy:
    """Return the draft that this person is writing as the reviewer of a case. The look is logged. Raises as `require_drafting` does."""
    require_drafting(case_access)
    found = working_copy(case_access.viewer, DRAFT, case_access.number)
    if found.content is not None:
        case_access.log(Thing.DRAFT)
    return found


def require_drafting(case_access: CaseAccess) -> None:
    """Raise Http404 for everybody but the reviewer of a case, Refused where no draft is being written now."""
    case_access.require(Thing.DRAFT)
    if Role.REVIEWER not in case_access.roles:
        raise Http404
    if case_access.case.stage is not Stage.UNDER_REVIEW:
        raise Refused(f"the draft is not being written now: the case is at “{case_access.case.stage.value}”")


def browser_key(user: Viewer) -> str:
    """Return the key under which this person's browser keeps what the site does not have yet, in base64.

    Nobody else gets it, so that only the person who typed it, signed in, can read what is left in a browser.
    """
    key = salted_hmac("imr.web.working copy key", str(user.pk), _secret(), algorithm="sha256")
    return b64encode(key.digest()).decode()


def browser_name(user: Viewer, kind: str, key: str) -> str:
    """Return the name under which a browser keeps a working copy, which tells neither whose it is nor of which case."""
    name = salted_hmac("imr.web.working copy name", f"{user.pk} {kind} {key}", _secret(), algorithm="sha256")
    return name.hexdigest()[:32]


def _secret() -> str:
    key: str = settings.KEYS.current(Purpose.WORKING_COPIES)
    return key
