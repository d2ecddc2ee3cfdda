"""What a reset of an account does: its sessions end, and it signs nothing for a while."""

from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession

from imr.web.models import PersonRow
from imr.web.platform import clock
from imr.web.platform.formatting import long_date
from imr.web.platform.periods import SIGNING_PAUSE


def pause_signing(person: PersonRow) -> None:
    """Let this account sign nothing for a while: whoever reset it may not be its owner, who learns of it meanwhile.

    The hours are counted in UTC: a day of the wall clock may have 23.
    """
    person.signs_from = clock.now().astimezone(UTC) + SIGNING_PAUSE
    PersonRow.objects.filter(pk=person.pk).update(signs_from=person.signs_from)


def end_sessions(person: PersonRow) -> None:
    """Sign this account out everywhere: whoever has one of its devices may be why it is reset."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def may_sign_from(person: PersonRow) -> datetime | None:
    """Return from when an account may sign again, as the database has it now; None where it may sign now."""
    until: datetime | None = PersonRow.objects.values_list("signs_from", flat=True).get(pk=person.pk)
    return until if until is not None and until > clock.now() else None


def paused(until: datetime) -> str:
    """Return why an account does not sign before a moment, with what to do."""
    return (
        f"you can sign again from {long_date(until)}: your password, second factor, address or place on the panel was changed by a "
        f"reset, and nobody signs with an account for {SIGNING_PAUSE // timedelta(hours=1)} hours after that. If it was not you who asked "
        "for it, tell the people who run this site now"
    )
