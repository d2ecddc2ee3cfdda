"""Facts about a physician reviewer, the review organization and the parties of a case.

`imr.law.reviewers` exports these names together with the rules that judge them.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from imr.law.terms import PartyKind


class Degree(Enum):
    """The profession of a license (LC 3209.3)."""

    MD = "M.D."
    DO = "D.O."
    DC = "D.C."
    DPM = "D.P.M."
    LAC = "L.Ac."
    PSYCHOLOGIST = "Ph.D. or Psy.D."
    DDS = "D.D.S. or D.M.D."
    OD = "O.D."


class LicenceStatus(Enum):
    """The status of a license on a day."""

    CURRENT = "current"
    RESTRICTED = "restricted"
    SUSPENDED = "suspended"
    SURRENDERED = "surrendered"
    EXPIRED = "expired"


class AffiliationKind(Enum):
    """The three kinds of material affiliation (LC 139.5(d)(6))."""

    PROFESSIONAL = "professional"
    FAMILIAL = "familial"
    FINANCIAL = "financial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The source in which a credential was looked up, and the day."""

    source: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A license to practice in a state of the United States."""

    state: str
    number: str
    degree: Degree
    status: LicenceStatus
    since: date
    until: date
    verified: Verified | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCertification:
    """A certification by a specialty board. `until` is None if it is for life."""

    board: str
    specialty: str
    subspecialty: str = ""
    since: date
    until: date | None = None
    verified: Verified | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A period of active clinical practice, with the hours a week spent in it."""

    since: date
    until: date | None = None
    hours_a_week: float
    setting: str = ""
    verified: Verified | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discipline:
    """A disciplinary action or sanction, taken or pending, including the loss of staff privileges."""

    on: date
    body: str
    action: str
    pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """A tie of a reviewer, or of the review organization, to somebody named.

    `relation` names it (employment, partnership, staff privileges, spouse, interest ...); `income_share` is its share
    of yearly income, 0 to 1, if it is financial.
    """

    name: str
    kind: AffiliationKind
    relation: str
    income_share: float | None = None
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party of one case by name, and its role in the case. `aliases` are its other names."""

    kind: PartyKind
    name: str
    aliases: tuple[str, ...] = ()
    npi: str = ""


class Identity(Enum):
    """A coordinator's answer about two names that may be the same."""

    SAME = "they are the same"
    DIFFERENT = "they are not the same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A doubt about two names that a coordinator settled, by the key of the doubt."""

    doubt: str
    found: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """A physician reviewer. `name` never leaves the review organization.

    `discipline` is None if nobody has looked yet; an empty tuple means that it was looked up and there is none.
    """

    id: str
    name: str
    licences: tuple[Licence, ...] = ()
    boards: tuple[BoardCertification, ...] = ()
    practice: tuple[Practice, ...] = ()
    discipline: tuple[Discipline, ...] | None = None
    is_qme: bool | None = None
    specialties: tuple[str, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    languages: tuple[str, ...] = ("English",)
    trained_on: date | None = None
    npi: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """The program's criteria for reviewers beyond the statute. They are settings, and are shown as unverified wherever they decide.

    `verification_years` is how old the verification of a license or a certification may be.
    """

    years_of_practice: float = 5
    hours_a_week: float = 24
    verification_years: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """The facts of one case that a reviewer is screened against, for independence and expertise.

    `specialties` are those that fit the condition or the treatment, any of which will do; an empty tuple requires none.
    `earlier_reviewers` are the ids of those who decided before a remand. `organization` holds the review organization's
    own affiliations, and those of its officers. `settled` are the doubts that a coordinator settled, in order.
    """

    parties: tuple[Party, ...] = ()
    specialties: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    earlier_reviewers: tuple[str, ...] = ()
    organization: tuple[Affiliation, ...] = ()
    criteria: Criteria = Criteria()
    settled: tuple[Settled, ...] = ()
