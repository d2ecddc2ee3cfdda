"""Organizations that people sign in for, and the review organization's own affiliations, for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from imr.law.reviewers import Affiliation
from imr.plain import from_plain
from imr.web.access.accounts import insist_administrator
from imr.web.access.case_access import Viewer
from imr.web.access.paging import Paged
from imr.web.models import AffiliationRow, MembershipRow, OrganizationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationEntry:
    """An organization with the number of its accounts; `free` where nothing names it, so that it can be removed."""

    id: int
    name: str
    accounts: int
    free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AffiliationEntry:
    """An affiliation of the review organization itself."""

    id: int
    affiliation: Affiliation


def organizations(user: Viewer) -> Sequence[OrganizationEntry]:
    """Return the organizations that people sign in for, by name."""
    insist_administrator(user)
    parties = MembershipRow.objects.filter(organization=OuterRef("pk"))
    found = OrganizationRow.objects.annotate(held=Count("personrow"), party=Exists(parties)).order_by("name")
    return Paged(found, _entry)


def affiliations(user: Viewer) -> tuple[AffiliationEntry, ...]:
    """Return the affiliations of the review organization, for which every reviewer is screened too."""
    insist_administrator(user)
    rows = AffiliationRow.objects.order_by("pk")
    return tuple(AffiliationEntry(id=row.pk, affiliation=from_plain(Affiliation, row.facts)) for row in rows)


def _entry(row: OrganizationRow) -> OrganizationEntry:
    held, party = getattr(row, "held", 0), getattr(row, "party", True)
    return OrganizationEntry(id=row.pk, name=row.name, accounts=held, free=not (held or party))
