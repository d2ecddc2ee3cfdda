"""Deadlines as an iCalendar file (RFC 5545), for any calendar program."""

from datetime import UTC, date, datetime, timedelta

from imr.law.days import Deadline, Unit
from imr.law.rule import PACIFIC

#: The length of an entry for a moment: calendars drop or stretch an entry of no length (RFC 5545, 3.8.2.2).
_SHOWN = timedelta(minutes=15)


def ical(
    deadlines: tuple[Deadline, ...], case: str, made_at: date, not_started: tuple[tuple[str, str], ...] = ()
) -> str:
    """Give deadlines as an iCalendar file (RFC 5545). `case` is the case number of the entries; `made_at` is when the file is made.

    `not_started` are limits that do not run yet, each with the reason: tasks without a day.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//imr//law of Independent Medical Review//EN"]
    for deadline in deadlines:
        day = deadline.due
        if deadline.counted.unit is Unit.HOURS:
            span = [f"DTSTART:{_utc(day)}", f"DTEND:{_utc(day + _SHOWN)}"]
        else:
            span = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(case)}-{deadline.rule}-{deadline.who.name.lower().replace('_', '-')}@imr",
            f"DTSTAMP:{_utc(made_at)}",
            *span,
            f"SUMMARY:{_escaped(f'{deadline.title} ({case}), {deadline.by}')}",
            f"DESCRIPTION:{_escaped(' '.join(deadline.reasoning))}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    for number, (title, because) in enumerate(not_started, 1):
        lines += [
            "BEGIN:VTODO",
            f"UID:{_escaped(case)}-not-started-{number}@imr",
            f"DTSTAMP:{_utc(made_at)}",
            f"SUMMARY:{_escaped(f'{title} ({case}): {because}')}",
            "STATUS:NEEDS-ACTION",
            "END:VTODO",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _utc(when: date) -> str:
    if not isinstance(when, datetime):
        return f"{when:%Y%m%d}T000000Z"
    aware = when if when.tzinfo else when.replace(tzinfo=PACIFIC)
    return f"{aware.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """Break a line after at most 75 bytes, as iCalendar requires; continuation lines begin with a space."""
    parts: list[str] = []
    part = ""
    for character in line:
        if len((part + character).encode()) > (75 if not parts else 74):
            parts.append(part)
            part = ""
        part += character
    return "\r\n ".join((*parts, part))
