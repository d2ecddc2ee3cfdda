"""`imr law`: time limits with their reasoning, eligibility with its reasons, and the rules in force on a day."""

import json
import sys
import tomllib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from imr.errors import ImrError, NotInForce
from imr.plain import from_plain, to_plain

T = TypeVar("T")


@click.group("law")
def law_command() -> None:
    """Compute time limits, screen eligibility, and explain each rule of law, with the reasons."""


_YES_OR_NO = {"true": True, "yes": True, "false": False, "no": False}


def _today() -> date:
    return datetime.now().date()  # noqa: DTZ005, TID251 - the command line may ask what day it is


def _facts(file: Path | None, form: tuple[str, ...]) -> dict[str, Any]:
    """Read facts from a TOML or JSON file (`-` is standard input), or from KEY=VALUE pairs, or both."""
    data: dict[str, Any] = {}
    if file is not None:
        try:
            text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
            data = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
        except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
            raise ImrError(f"{file}: {error}; facts are written like `ur_served_on = 2015-02-06`, one a line") from None
        except UnicodeDecodeError:
            raise ImrError(f"{file} is not text in UTF-8: save it as UTF-8") from None
        except OSError as error:
            raise ImrError(f"{file}: {error.strerror}") from None
    elif not form:
        raise click.UsageError("give a file of facts, or --form KEY=VALUE; --blank prints an empty file")
    for pair in form:
        key, mark, value = pair.partition("=")
        if not mark:
            raise click.UsageError(f"--form {pair}: write KEY=VALUE")
        data[key.strip().replace("-", "_")] = _YES_OR_NO.get(value.strip().lower(), value.strip())
    return data


def _blank(*kinds: type) -> str:
    """Give an empty file of facts: each name, and its possible values."""
    import typing
    from dataclasses import fields
    from enum import Enum

    lines = ["# Facts of a case. Remove the # before each fact that is known."]
    for field, hint in ((field, typing.get_type_hints(kind)[field.name]) for kind in kinds for field in fields(kind)):
        if field.name == "closings":
            lines.append('# office_closed_on = "2015-02-06"')
            continue
        takes = []
        for option in typing.get_args(hint) or (hint,):
            if isinstance(option, type) and issubclass(option, Enum):
                takes.append(" | ".join(f'"{member.value}"' for member in option))
            elif option is not type(None) and option is not Ellipsis:
                takes.append(_EXAMPLES.get(option, '"..."'))
        lines.append(f"# {field.name} = {' or '.join(takes)}")
    return "\n".join(lines)


_EXAMPLES = {bool: "true | false", date: "2015-02-06", datetime: "2015-02-06T16:30:00"}
_file = click.argument("file", type=click.Path(path_type=Path), required=False)
_form = click.option(
    "--form",
    multiple=True,
    metavar="KEY=VALUE",
    help="A fact, instead of a file or in addition to it; may be repeated.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _day(help_text: str) -> Callable[[Any], Any]:
    return click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help=help_text)


def _plain_findings(findings: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "rule": finding.rule,
            "holds": finding.holds,
            "reason": finding.reason,
            "under": [str(citation) for citation in finding.under],
            "verified": finding.verified,
        }
        for finding in findings
    ]


@law_command.command("due")
@_file
@_form
@_day("Count the days left from this day; default: today.")
@click.option("--brief", is_flag=True, help="Print one line per deadline, without the reasoning.")
@click.option("--ical", is_flag=True, help="Print an iCalendar file.")
@click.option("--case", "case", default="case", help="The case number in the calendar.")
@click.option("--blank", is_flag=True, help="Print an empty file of facts and exit.")
@_as_json
def due_command(
    file: Path | None,
    form: tuple[str, ...],
    on: datetime | None,
    brief: bool,
    ical: bool,
    case: str,
    blank: bool,
    as_json: bool,
) -> None:
    """Print every deadline that the facts of a case start, each with its reasoning.

    FILE is TOML (or JSON) with the dates of a case, such as `ur_served_on = 2015-02-06` and `ur_service = "mail"`.
    Exits with 2 if the facts contradict each other.
    """
    from imr.law import time_limits, utilization_review

    if blank:
        click.echo(_blank(time_limits.CaseDates))
        return
    dates = _dates(_facts(file, form))
    today = on.date() if on else _today()
    wrong = time_limits.contradictions(dates)
    deadlines = tuple(
        sorted((*utilization_review.due(dates), *time_limits.due(dates)), key=lambda d: (d.due.isoformat(), d.rule))
    )
    waiting = time_limits.not_running(dates)
    if ical:
        made_at = datetime.combine(today, datetime.min.time())
        click.echo(time_limits.ical(deadlines, case, made_at), nl=False)
    elif as_json:
        plain = [_plain_deadline(deadline, today) for deadline in deadlines]
        answer = {"deadlines": plain, "not_running": _plain_findings(waiting), "contradictions": _plain_findings(wrong)}
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        _say_deadlines(deadlines, waiting, today, brief=brief)
    for finding in wrong:
        click.echo(f"These facts contradict each other: {finding.reason}.", err=True)
    if wrong:
        sys.exit(2)


def _dates(given: dict[str, Any]) -> Any:
    """Give the dates of a case from facts, some of which have a name that only a question has."""
    from imr.cli.law_questions import OTHER_FACTS, QuestionFacts
    from imr.law.dates import CaseDates

    return QuestionFacts(given).dates() if set(given) & set(OTHER_FACTS) else from_plain(CaseDates, given)


def _plain_deadline(deadline: Any, today: date) -> dict[str, Any]:
    return {
        "rule": deadline.rule,
        "title": deadline.title,
        "who": deadline.who.value,
        "start_event": deadline.start_event,
        "start": deadline.start.isoformat(),
        "due": deadline.due.isoformat(),
        "days_left": deadline.days_left(today),
        "verified": deadline.verified,
        "under": [str(citation) for citation in deadline.under],
        "reasoning": list(deadline.reasoning),
    }


def _left(days: int) -> str:
    if days < 0:
        return f"{-days} {'day' if days == -1 else 'days'} past"
    return "today" if days == 0 else f"{days} {'day' if days == 1 else 'days'} left"


def _say_deadlines(deadlines: tuple[Any, ...], waiting: tuple[Any, ...], today: date, *, brief: bool) -> None:
    from imr.law.rule import spell

    for deadline in deadlines:
        unseen = "" if deadline.verified else "  [not verified]"
        head = f"{spell(deadline.due)}  {deadline.title}, by the {deadline.by} ({_left(deadline.days_left(today))}){unseen}"
        click.echo(head)
        if not brief:
            for number, sentence in enumerate(deadline.reasoning, 1):
                click.echo(f"  {number}. {sentence}")
            click.echo()
    for finding in waiting:
        click.echo(f"Not running: {finding.rule}: {finding}")
    if not deadlines and not waiting:
        click.echo("These facts start no deadline. `imr law due --blank` lists every possible fact.")


@law_command.command("eligible")
@_file
@_form
@_day("Screen as of this day; default: today.")
@click.option("--blank", is_flag=True, help="Print an empty file of facts and exit.")
@_as_json
def eligible_command(file: Path | None, form: tuple[str, ...], on: datetime | None, blank: bool, as_json: bool) -> None:
    """Say whether an application is eligible, with every reason and its rule. Exits with 0 if it is, with 2 if not."""
    from imr.cli.law_questions import OTHER_FACTS
    from imr.law import eligibility
    from imr.law.dates import CaseDates

    if blank:
        click.echo(_blank(CaseDates, eligibility.EligibilityFacts))
        return
    given = _facts(file, form)
    of_case = {name: given.pop(name) for name in list(given) if name in {*CaseDates.__dataclass_fields__, *OTHER_FACTS}}
    dates, facts = _dates(of_case), from_plain(eligibility.EligibilityFacts, given)
    findings = eligibility.screen(dates, facts, on.date() if on else _today())
    eligible = all(finding.holds for finding in findings)
    if as_json:
        click.echo(
            json.dumps({"eligible": eligible, "findings": _plain_findings(findings)}, indent=2, ensure_ascii=False)
        )
    else:
        click.echo("Eligible." if eligible else "Not eligible.")
        for finding in sorted(findings, key=lambda f: f.holds):
            click.echo(f"  {'yes' if finding.holds else 'NO '}  {finding.rule}: {finding}")
    if not eligible:
        sys.exit(2)


@law_command.command("ask")
@click.argument("rule", required=False)
@_form
@click.option("--blank", is_flag=True, help="List every fact and exit.")
@_as_json
def ask_command(rule: str | None, form: tuple[str, ...], blank: bool, as_json: bool) -> None:
    """Ask one RULE: a last day, a day of receipt, a track, dollars, a decision, or whether it holds.

    Facts are given as --form KEY=VALUE. Exits with 3 if the law of that day is not known.
    """
    from imr.cli.law_questions import answer, facts_text

    if blank:
        click.echo(facts_text())
        return
    if rule is None:
        raise click.UsageError("give a rule; `imr law list` lists them")
    told = answer(rule, _facts(None, form))
    if as_json:
        click.echo(json.dumps(to_plain(told), indent=2, ensure_ascii=False))
        return
    unseen = "" if told.verified else "  [not verified]"
    for name in ("due", "runs", "in_time", "value", "holds"):
        if (said := getattr(told, name)) is not None:
            click.echo(f"{name.replace('_', ' ')}: {_SAID.get(said, said) if isinstance(said, bool) else said}{unseen}")
    for number, sentence in enumerate(told.reasoning, 1):
        click.echo(f"  {number}. {sentence}")


_SAID = {True: "yes", False: "no"}


def say_value(value: Any) -> str:
    """Give the value of a version in words: 30 calendar days, 6, or the amounts of a table."""
    from imr.law.days import Unit, in_words

    match value:
        case (int() as amount, Unit() as unit):
            return in_words(amount, unit)
        case (int() as first, int() as most):
            return f"{first} dollars a day, at most {most}"
        case dict():
            return ", ".join(f"{dollars} dollars" for dollars, _ in value.values())
        case None:
            return "not known"
    return str(value)


@law_command.command("explain")
@click.argument("rule")
@_day("Explain the text of this day; default: the newest text.")
@_as_json
def explain_command(rule: str, on: datetime | None, as_json: bool) -> None:
    """Explain RULE as of a day, in plain words, with its citation and its versions.

    Exits with 3 if no text of that day is known.
    """
    from imr.law.register import find
    from imr.law.rule import spell

    entry = find(rule)
    known = entry.rule
    day = on.date() if on else None
    if day is not None and not known.governs(day):
        ended = f" and ended on {spell(known.until)}" if known.until else ""
        raise NotInForce(f"{known.id} governs from {spell(known.since)}{ended}; {spell(day)}, is outside")
    in_force = [(number, number.version(day) if day else number.versions[-1]) for number in known.numbers]
    if as_json:
        answer = {
            "rule": known.id,
            "also": list(known.also),
            "title": known.title,
            "asks": known.asks,
            "since": known.since.isoformat(),
            "verified": known.verified,
            "under": [{"citation": str(c), "known": c.known.value, "note": c.note} for c in known.under],
            "versions": [
                {
                    "number": n.name,
                    "since": v.since.isoformat(),
                    "value": say_value(v.value),
                    "under": str(v.under),
                    "unknown": v.unknown,
                }
                for n in known.numbers
                for v in n
            ],
            "in_force": [
                {"number": n.name, "since": v.since.isoformat(), "value": say_value(v.value)} for n, v in in_force
            ],
            "function": entry.place,
        }
        click.echo(json.dumps(to_plain(answer), indent=2, ensure_ascii=False))
        return
    also = f" (also {', '.join(known.also)})" if known.also else ""
    click.echo(f"{known.id}{also}: {known.title}\n\n{known.asks}\n")
    for citation in known.under:
        note = f"; {citation.note}" if citation.note else ""
        click.echo(f"  under  {citation}: {citation.known.value}{note}")
    click.echo(f"  since  {spell(known.since)}" + (f", until {spell(known.until)}" if known.until else ""))
    for number in known.numbers:
        click.echo(f"\n{number.name} (the version is that of the day of: {number.governs})")
        for version in number:
            mark = "->" if (number, version) in in_force else "  "
            value = say_value(version.value) + (f": {version.unknown}" if version.unknown else "")
            click.echo(f"  {mark} from {spell(version.since)}: {value} ({version.under}; {version.under.known.value})")
    click.echo(f"\nfunction: {entry.place}")
    click.echo(f"cases that test it: `python -m tools.law_document {known.id}` in the source")


@law_command.command("list")
@_as_json
def list_command(as_json: bool) -> None:
    """List every rule by its subject."""
    from imr.law.register import ENTRIES
    from imr.law.rule import Subject

    if as_json:
        plain = [
            {"rule": e.rule.id, "title": e.rule.title, "subject": e.rule.subject.value, "verified": e.rule.verified}
            for e in ENTRIES
        ]
        click.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    for subject in Subject:
        click.echo(subject.value)
        for entry in ENTRIES:
            if entry.rule.subject is subject:
                click.echo(
                    f"  {entry.rule.id:30} {entry.rule.title}{'' if entry.rule.verified else '  [not verified]'}"
                )
