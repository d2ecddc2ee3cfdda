"""The facts about a physician reviewer, the review organization and the parties of a case, as the panel keeps them.

`imr.law.reviewers` gives these names together with the rules that judge them.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from imr.law.terms import PartyKind


class Degree(Enum):
    """The profession a licence is for (LC 3209.3)."""

    MD = "M.D."
    DO = "D.O."
    DC = "D.C."
    DPM = "D.P.M."
    LAC = "L.Ac."
    PSYCHOLOGIST = "Ph.D. or Psy.D."
    DDS = "D.D.S. or D.M.D."
    OD = "O.D."


class LicenceStatus(Enum):
    """Whether a licence is free of restriction on a day."""

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
    """Where a credential fact was looked up, and on which day."""

    source: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence to practise in a state of the United States."""

    state: str
    number: str
    degree: Degree
    status: LicenceStatus
    since: date
    until: date
    verified: Verified | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCertification:
    """A certification by a specialty board. `until` is empty where it is for life."""

    board: str
    specialty: str
    subspecialty: str = ""
    since: date
    until: date | None = None
    verified: Verified | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A stretch of active clinical practice, with the hours a week spent in it."""

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

    `relation` says what it is in a word (employment, partnership, staff privileges, spouse, interest ...);
    `income_share` is the part of yearly income that it brings, 0 to 1, where it is financial.
    """

    name: str
    kind: AffiliationKind
    relation: str
    income_share: float | None = None
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party of one case by name, and what it is to the case. `aliases` are other names it goes by."""

    kind: PartyKind
    name: str
    aliases: tuple[str, ...] = ()
    npi: str = ""


class Identity(Enum):
    """What a coordinator found of two names that may be one."""

    SAME = "they are the same"
    DIFFERENT = "they are not the same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A doubt about two names that a coordinator settled, by the key of the doubt."""

    doubt: str
    found: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """A physician reviewer as the panel knows one. `name` never leaves the review organization.

    `discipline` is None where nobody has looked yet; an empty tuple says that it was looked up and there is none.
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
    """What the program asks of a reviewer beyond the statute: settings, and shown as unverified wherever they decide.

    `verification_years` is how old the look-up of a licence or a certification may be.
    """

    years_of_practice: float = 5
    hours_a_week: float = 24
    verification_years: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a reviewer is screened against: one case, as far as independence and expertise are concerned.

    `specialties` are those that fit the condition or the treatment, any of which will do; none asks for none.
    `earlier_reviewers` are the ids of those who decided before a remand. `organization` holds the review
    organization's own affiliations, and those of its officers. `settled` are the names that a coordinator looked at, in order.
    """

    parties: tuple[Party, ...] = ()
    specialties: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    earlier_reviewers: tuple[str, ...] = ()
    organization: tuple[Affiliation, ...] = ()
    criteria: Criteria = Criteria()
    settled: tuple[Settled, ...] = ()
