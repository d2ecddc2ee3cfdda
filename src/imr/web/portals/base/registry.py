"""The portals, and what the menu shows. Which roles each is for is in the table of roles, `law.roles.ROLES`."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from imr.errors import ImrError
from imr.law.roles import EMPLOYEE_SIDE, ROLES, SIGNED_IN, of_portal
from imr.law.terms import Role
from imr.web.access import is_administrator, is_officer


@dataclass(frozen=True, slots=True)
class PortalInfo:
    """A portal: its name in addresses, its title in the menu, and the roles that it is for."""

    name: str
    title: str
    roles: tuple[Role, ...]

    @property
    def address(self) -> str:
        """The address of its list of cases."""
        return reverse(f"{self.name}:case-list")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the menu; `here` where the open page belongs to it, `exact` where it is that page."""

    title: str
    href: str
    here: bool
    exact: bool


_TITLES = {
    "employee": "My reviews",
    "claims": "Claims",
    "physician": "Reviews of my requests",
    "imro": "Review organization",
    "reviewer": "My assignments",
    "dwc": "Oversight",
}


def portals(titles: Mapping[str, str]) -> tuple[PortalInfo, ...]:
    """The portals of these names, each with its roles. Raises ImrError for a portal without a role, and a role without one."""
    found = tuple(PortalInfo(name, title, of_portal(name)) for name, title in titles.items())
    if empty := [one.name for one in found if not one.roles]:
        raise ImrError(f"law.roles has no role for the portal {', '.join(empty)}")
    reached = {role for one in found for role in one.roles}
    if missing := [role.name for role in SIGNED_IN if role not in reached]:
        raise ImrError(f"there is no portal {ROLES[Role[missing[0]]].portal!r} for {missing[0]}: enter its title")
    return found


#: The portals in their order: whoever sees a case in two roles sees it in the first of their portals.
PORTAL_INFO = portals(_TITLES)

_PUBLIC = (
    ("How a review works", "public:about"),
    ("Published determinations", "public:determinations"),
    ("Statistics", "corpus:statistics"),
    ("Time limits", "public:deadlines"),
)


def roles_of(person: AbstractBaseUser | AnonymousUser | None) -> tuple[Role, ...]:
    """The roles in which somebody signed in may act; none for the public."""
    return tuple(Role(name) for name in getattr(person, "roles", ()) or ())


def portal_info(name: str) -> PortalInfo:
    """The portal of that name."""
    return next(found for found in PORTAL_INFO if found.name == name)


def portals_of(person: AbstractBaseUser | AnonymousUser | None) -> tuple[PortalInfo, ...]:
    """The portals that are for this person."""
    held = set(roles_of(person))
    return tuple(found for found in PORTAL_INFO if held & set(found.roles))


def start_of(person: AbstractBaseUser | AnonymousUser | None) -> str:
    """The address at which this person begins: their first portal, the administration of accounts, the audit log, or the first page."""
    own = portals_of(person)
    if own:
        return own[0].address
    if is_administrator(person):
        return reverse("administration:index")
    return reverse("audit:log" if is_officer(person) else "public:home")


def apply_at(person: AbstractBaseUser | AnonymousUser | None) -> str:
    """The portal in which this person applies, or enters an application: empty where neither is theirs.

    Who has not signed in may be an employee, and is asked to sign in first.
    """
    held = set(roles_of(person))
    if not getattr(person, "is_authenticated", False) or held & set(EMPLOYEE_SIDE):
        return "employee"
    return "imro" if Role.INTAKE in held else ""


def entries(person: AbstractBaseUser | AnonymousUser | None, path: str, portal: str = "") -> list[MenuEntry]:
    """The menu: the person's own portals first, then what is open to everybody. `portal` is the one that shows a case."""
    listed = [(found.title, found.address) for found in portals_of(person)]
    shown = portal_info(portal).address if portal else path
    if Role.COORDINATOR in roles_of(person):
        listed.append(("Reviewers", reverse("panel:register")))
    if is_administrator(person):
        listed.append(("Administration", reverse("administration:index")))
    if getattr(person, "is_staff", False) and is_officer(person):
        listed.append(("Audit log", reverse("audit:log")))
    listed += [(title, reverse(name)) for title, name in _PUBLIC]
    return [MenuEntry(title, href, shown.startswith(href), path == href) for title, href in listed]
