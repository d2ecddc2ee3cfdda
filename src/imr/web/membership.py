"""Who becomes a party of a case on the site: accounts that the application names, and whoever filed it."""

from typing import Any

from django.db.models import Q

from imr.case.application import Application
from imr.case.chain import Recorded
from imr.case.events import ApplicationReceived, InformationAnswered, RemandOpened
from imr.case.state import Filing
from imr.law.roles import PARTIES
from imr.law.terms import Role
from imr.web import rows
from imr.web.models import MembershipRow, OrganizationRow, PersonRow


def follow(item: Recorded, user: Any) -> None:
    """Give the parties that an application names the case on their list, and take it from nobody."""
    event = item.event
    if not isinstance(event, ApplicationReceived | InformationAnswered | RemandOpened):
        return
    filing: Filing = event.filing
    application = rows.value(Application, filing.application)
    if isinstance(event, ApplicationReceived) and item.by.role in PARTIES and user is not None:
        _enter(item, item.by.role, person=user)
    named = {
        Role.EMPLOYEE: application.employee.email,
        Role.EMPLOYEE_ATTORNEY: application.attorney.email if application.attorney else "",
        Role.REQUESTING_PHYSICIAN: application.physician.email,
    }
    for role, email in named.items():
        for person in _accounts(role, email):
            _enter(item, role, person=person)
    office = application.administrator
    for organization in OrganizationRow.objects.filter(name__iexact=office.company.strip()):
        _enter(item, Role.CLAIMS_ADMINISTRATOR, organization=organization)


def _accounts(role: Role, email: str) -> list[PersonRow]:
    if not email.strip():
        return []
    return list(PersonRow.objects.filter(Q(email__iexact=email.strip()), roles__contains=[role.value], is_active=True))


def _enter(
    item: Recorded, role: Role, person: PersonRow | None = None, organization: OrganizationRow | None = None
) -> None:
    MembershipRow.objects.get_or_create(
        case=item.case, role=role.value, person=person, organization=organization, defaults={"since": item.at}
    )
