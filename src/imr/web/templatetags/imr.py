"""Filters and tags of the templates: dates as people read them, roles, citations, the menu."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django import forms, template
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext

from imr.case.event_types import NOT_MET, NOT_ON_PAGE, REASONS
from imr.errors import ImrError
from imr.law.afterwards import RIGHTS
from imr.law.days import Deadline, Unit
from imr.law.limit import in_prose
from imr.law.prose import LimitsInProse, limits_on
from imr.law.register import find
from imr.law.rule import Citation
from imr.law.terms import Role
from imr.web.access.cases import CaseLine
from imr.web.platform import clock, known_devices, periods, session_limits
from imr.web.platform.formatting import capitalized, day, days_until, only_day, role
from imr.web.portals.base.registry import MenuEntry, PortalInfo, apply_at, entries, portals_of
from imr.web.portals.base.stage_texts import stage_label
from imr.web.store.timeline import Moment

register = template.Library()

for named in (role, capitalized, day, only_day):
    register.filter(named)

#: From how many days on a deadline is called near.
SOON = 5


@register.filter
def dollars(cents: int) -> str:
    """Format an amount of cents as dollars: $1,250.00."""
    return f"${cents / 100:,.2f}"


@register.filter
def stage_of(line: CaseLine) -> str:
    """Return the stage of a listed case, in the words for its reader."""
    return capitalized(stage_label(line.stage, line.roles))


@register.filter
def days_left(due: date | datetime | None) -> str:
    """Return how long a deadline still runs, in words."""
    if due is None:
        return ""
    days = days_until(due)
    if days < 0:
        return f"{-days} day{'s' if days < -1 else ''} late"
    return {0: "Due today", 1: "Due tomorrow"}.get(days, f"{days} days left")


@register.filter
def time_left(deadline: Deadline) -> str:
    """Return how long a deadline still runs. The time for a right, such as an appeal, has passed: nobody is late."""
    return gettext("has passed") if is_past(deadline) else days_left(deadline.due)


@register.filter
def is_past(deadline: Deadline) -> bool:
    """Return whether a deadline is the time for a right, and has passed."""
    return deadline.rule in RIGHTS and days_until(deadline.due) < 0


@register.filter
def may_appeal(deadlines: Iterable[Deadline]) -> bool:
    """Return whether the employee's time for an appeal still runs, or is not known."""
    return not any(is_past(deadline) for deadline in deadlines if deadline.who is Role.EMPLOYEE)


@register.filter
def urgency(due: date | datetime | None) -> str:
    """Return `late`, `soon`, or nothing: the class that colors a deadline."""
    if due is None:
        return ""
    days = days_until(due)
    return "late" if days < 0 else "soon" if days <= SOON else ""


@register.filter
def unverified(citations: Iterable[Citation]) -> bool:
    """Return whether any of these provisions was not seen in the text of the law."""
    return any(not citation.known.verified for citation in citations)


@register.filter
def sources(deadline: Deadline) -> str:
    """Return the provisions of a deadline on one line."""
    return "; ".join(str(citation) for citation in deadline.under)


@register.filter
def field_layout(field: forms.BoundField) -> str:
    """Return how a field is laid out: choices in a fieldset, a checkbox with its label after it, or the label above the field."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "box"


@register.filter
def display_name(person: AbstractBaseUser | AnonymousUser) -> str:
    """Return the name of a signed-in person, shown to themselves alone."""
    return getattr(person, "name", "") or str(person)


@register.simple_tag(takes_context=True)
def menu(context: template.Context) -> list[MenuEntry]:
    """Return the entries of the main menu, with the open one marked; none is open on an error page."""
    request = context.get("request")
    found = getattr(request, "resolver_match", None)
    portal = getattr(context.get("portal_info"), "name", "") if found is not None and found.app_name == "cases" else ""
    return entries(getattr(request, "user", None), getattr(request, "path", ""), portal)


@register.simple_tag
def session_times(request: HttpRequest) -> dict[str, object]:
    """Return how many seconds the session still lasts and when a page warns, with what stands for the person who is signed in."""
    return {
        "left": session_limits.seconds_left(request.session),
        "warning": session_limits.WARNING,
        "person": known_devices.mark(request.user) if request.user.is_authenticated else "",
    }


@register.simple_tag(takes_context=True)
def application_portal(context: template.Context) -> str:
    """Return the portal in which this person applies, or enters an application: empty where there is none."""
    return apply_at(context.get("user"))


@register.filter
def portals(person: AbstractBaseUser | AnonymousUser) -> tuple[PortalInfo, ...]:
    """Return the portals of this person."""
    return portals_of(person)


@register.simple_tag
def law_limits(day: date | None = None) -> LimitsInProse:
    """The numbers of the law that a page says, as of `day`; today where there is no such day yet."""
    return limits_on(day or clock.today())


@register.simple_tag
def site_periods() -> dict[str, str]:
    """The periods of this site that a page says: how long refused files are kept, failures are shown, mail is tried, and the others."""
    named = {
        "quarantine": periods.REFUSED_FILES,
        "failures": periods.PAST_FAILURES,
        "mail": sum(periods.MAIL_PAUSES, timedelta()),
        "account_changes": periods.ACCOUNT_CHANGES,
    }
    hours = {"signing_pause": periods.SIGNING_PAUSE, "next_signing_key": periods.NEXT_SIGNING_KEY}
    return {
        **{name: in_prose(round(period / timedelta(days=1)), Unit.CALENDAR) for name, period in named.items()},
        **{name: in_prose(round(period / timedelta(hours=1)), Unit.HOURS) for name, period in hours.items()},
    }


@register.simple_tag
def is_demo_site() -> bool:
    """Return whether the people and cases of this site are demo data."""
    return settings.INVENTED_PASSWORD.exists()


@register.filter
def event_details(moment: Moment) -> list[tuple[str, str]]:
    """Return what an event tells beyond its day and its role."""
    listed = [(name, value) for name, value in moment.details if name not in NOT_ON_PAGE]
    return [(NOT_MET, _titles(value)) if name == REASONS else (name, value) for name, value in listed]


def _titles(names: str) -> str:
    """Return the titles of rules, by their names."""
    found = []
    for name in names.split(", "):
        try:
            found.append(find(name).rule.title)
        except ImrError:  # a rule of an older version of the law, of which only the name is known
            found.append(name)
    return "; ".join(found)
