"""What is asked for and what is decided: the application, the draft with its concerns, the determination, and what everybody may read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404

from imr.case.answers import Answers
from imr.case.application import Application
from imr.case.chain import replay
from imr.checks import Concern
from imr.determination.model import Determination
from imr.law.disclosure import Thing
from imr.law.terms import Outcome
from imr.web import bringing, clock, rows
from imr.web.access.door import opened
from imr.web.models import CaseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLine:
    """A published determination in a list."""

    number: str
    published_on: date
    outcome: Outcome | None


def application(user: Any, number: str) -> Application:
    """The application of a case as it stands now."""
    door = opened(user, number, Thing.APPLICATION)
    found = rows.application(door.case)
    if found is None or door.case.filing is None:
        raise Http404
    door.log(Thing.APPLICATION, door.case.filing.application)
    return found


def draft(user: Any, number: str) -> Determination | None:
    """The draft of a determination, for its reviewer and the quality review."""
    door = opened(user, number, Thing.DRAFT)
    if not door.case.draft:
        return None
    door.log(Thing.DRAFT, door.case.draft)
    return rows.value(Determination, door.case.draft)


def concerns(user: Any, number: str, drafted: Determination | None = None) -> tuple[Concern, ...]:
    """What the checks find in a draft beside its case file, for its reviewer and the quality review.

    `drafted` is what is being written; without it the draft as saved is looked at.
    """
    door = opened(user, number, Thing.DRAFT)
    if drafted is None and not door.case.draft:
        return ()
    door.log(Thing.DRAFT, door.case.draft)
    draft = drafted or rows.value(Determination, door.case.draft)
    return bringing.concerns(door.case, draft, clock.today())


def answers(user: Any, number: str) -> Answers:
    """What the reviewer answered to the checks, for the reviewer and the quality review."""
    door = opened(user, number, Thing.DRAFT)
    if not door.case.answers:
        return Answers()
    door.log(Thing.DRAFT, door.case.answers)
    return rows.value(Answers, door.case.answers)


def determination(user: Any, number: str) -> Determination | None:
    """What was signed; for the parties once it is issued."""
    door = opened(user, number, Thing.DETERMINATION)
    if not door.case.determination or not door.is_told:
        return None
    door.log(Thing.DETERMINATION, door.case.determination)
    return rows.value(Determination, door.case.determination)


def published() -> tuple[PublishedLine, ...]:
    """The published determinations, the latest first."""
    found = CaseRow.objects.filter(published_on__isnull=False).order_by("-published_on", "-number")
    return tuple(
        PublishedLine(
            number=row.number,
            published_on=row.published_on,
            outcome=Outcome(row.outcome) if row.outcome else None,
        )
        for row in found
        if row.published_on is not None
    )


def public_determination(number: str) -> Determination:
    """The redacted determination of a published case."""
    if not CaseRow.objects.filter(number=number, published_on__isnull=False).exists():
        raise Http404
    return rows.value(Determination, replay(rows.chain(number)).public)
