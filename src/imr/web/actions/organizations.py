"""Organizations that people sign in for, and the review organization's own affiliations, as administrators enter and remove them."""

from django.db import transaction
from django.db.models import ProtectedError

from imr.errors import Refused
from imr.law.reviewers import Affiliation
from imr.plain import to_plain
from imr.web import access
from imr.web.access import AuditAction
from imr.web.actions.account_changes import insist_recent_factor
from imr.web.models import AffiliationRow, MembershipRow, OrganizationRow, PersonRow


@transaction.atomic
def enter_organization(user: access.Viewer, name: str) -> None:
    """Enter an organization. Its name is not changed afterwards: a party is recognized by it. Raises Refused where it is there."""
    administrator, name = insist_recent_factor(user), " ".join(name.split())[:200]
    if not name:
        raise Refused("write the name of the organization")
    if OrganizationRow.objects.filter(name__iexact=name).exists():
        raise Refused(f"there is an organization {name} already: use that one")
    OrganizationRow.objects.create(name=name)
    access.log_account(administrator, AuditAction.ACCOUNT, f"entered the organization {name}")


@transaction.atomic
def remove_organization(user: access.Viewer, organization: int) -> None:
    """Remove an organization that was entered by mistake. Raises Refused where an account or a case names it."""
    administrator = insist_recent_factor(user)
    row = OrganizationRow.objects.select_for_update().filter(pk=organization).first()
    if row is None:
        raise Refused("this organization is removed already: reload the page")
    named = (PersonRow, MembershipRow)
    if any(model.objects.filter(organization=row).exists() for model in named):
        raise Refused(f"accounts or cases name {row.name}: it stays")
    try:
        row.delete()
    except ProtectedError as error:
        raise Refused(f"cases name {row.name}: it stays") from error
    access.log_account(administrator, AuditAction.ACCOUNT, f"removed the organization {row.name}")


@transaction.atomic
def enter_affiliation(user: access.Viewer, affiliation: Affiliation) -> None:
    """Enter an affiliation of the review organization."""
    administrator = insist_recent_factor(user)
    AffiliationRow.objects.create(facts=to_plain(affiliation))
    access.log_account(
        administrator, AuditAction.ACCOUNT, f"entered the affiliation {affiliation.name}: {affiliation.relation}"
    )


@transaction.atomic
def remove_affiliation(user: access.Viewer, affiliation: int) -> None:
    """Remove an affiliation of the review organization; what was screened with it stays in the history of its cases."""
    administrator = insist_recent_factor(user)
    row = AffiliationRow.objects.select_for_update().filter(pk=affiliation).first()
    if row is None:
        raise Refused("this affiliation is removed already: reload the page")
    access.log_account(
        administrator, AuditAction.ACCOUNT, f"removed the affiliation {row}: {row.facts.get('relation', '')}"
    )
    row.delete()
