"""An invented panel of reviewers with typical specialties, none of them a real person.

Specialties follow what is known of determinations: physical medicine and rehabilitation, occupational and family
medicine are most of them. Names have the form "Reviewer 0042"; license numbers belong to nobody.
"""

from datetime import date, timedelta

from imr.guidelines.body_part_list import BodyPart
from imr.law.npi import npi_check_digit
from imr.law.reviewers import (
    Affiliation,
    AffiliationKind,
    BoardCertification,
    Degree,
    Licence,
    LicenceStatus,
    Matter,
    Party,
    Practice,
    Reviewer,
    Verified,
)
from imr.law.terms import PartyKind
from imr.panel.request import ReviewRequest
from imr.panel.roster import Absence, Experience, PanelMember
from imr.panel.simulation.chance import Chance, Weighted
from imr.panel.specialties import specialty
from imr.panel.treatments import AT_HOME, specialties_for

#: The weights of the specialties of reviewers, invented around the published shares of 2016.
SPECIALTIES = Weighted(
    {
        "Physical Medicine & Rehabilitation": 22,
        "Occupational Medicine": 18,
        "Family Practice": 18,
        "Pain Management": 9,
        "Internal Medicine": 7,
        "Orthopedic Surgery": 8,
        "Anesthesiology": 3,
        "Neurological Surgery": 2,
        "Neurology": 3,
        "Psychiatry": 3,
        "Psychology": 3,
        "Emergency Medicine": 2,
        "Chiropractic": 2,
        "Acupuncture": 1,
        "Dentistry": 1,
        "Podiatry": 1,
    }
)
_STATES = Weighted({"California": 68, "Texas": 10, "New York": 8, "Florida": 7, "Arizona": 7})
BODY_PARTS = Weighted(
    {
        BodyPart.LOW_BACK.value: 30,
        BodyPart.NECK.value: 16,
        BodyPart.SHOULDER.value: 14,
        BodyPart.KNEE.value: 13,
        BodyPart.HAND.value: 10,
        BodyPart.ANKLE.value: 6,
        BodyPart.HIP.value: 4,
        BodyPart.ELBOW.value: 3,
        BodyPart.HEAD.value: 2,
        BodyPart.MIND.value: 2,
    }
)
_CATEGORIES = tuple(AT_HOME)
ADMINISTRATORS = tuple(f"Invented Claims Administrator {number:03}" for number in range(200))


def member(seed: int | str, number: int, on: date, capacity: int = 10, of: str = "") -> PanelMember:
    """Give the invented reviewer of a number: qualified on the day, with affiliations of their own. `of` is the specialty."""
    chance, who = Chance(seed), f"R{number:05}"
    name = of or chance.weighted(SPECIALTIES, "specialty", who)
    entry = specialty(name)
    degree = entry.degrees[0] if entry else Degree.MD
    began = on - timedelta(days=chance.whole(6 * 366, 30 * 365, "began", who))
    verified = Verified(source="invented register", on=on - timedelta(days=chance.whole(1, 300, "verified", who)))
    # Licenses outlast the simulated year and its tail: a lapse between assignment and signature is not simulated.
    until = on + timedelta(days=chance.whole(700, 1800, "until", who))
    licence = Licence(
        state=chance.weighted(_STATES, "state", who),
        number=f"X{number:05}",
        degree=degree,
        status=LicenceStatus.CURRENT,
        since=began,
        until=until,
        verified=verified,
    )
    board = BoardCertification(
        board=entry.board if entry and entry.board else "Invented Board", specialty=name, since=began, verified=verified
    )
    digits = f"1{number:08}"
    return PanelMember(
        reviewer=Reviewer(
            id=who,
            name=f"Reviewer {number:05}",
            licences=(licence,),
            boards=(board,),
            practice=(
                Practice(
                    since=began, hours_a_week=chance.whole(24, 50, "hours", who), setting="clinic", verified=verified
                ),
            ),
            discipline=(),
            is_qme=False,
            specialties=(name,),
            affiliations=_ties(chance, who, began),
            languages=("English", "Spanish") if chance.happens(0.2, "Spanish", who) else ("English",),
            trained_on=began + timedelta(days=365),
            npi=digits + npi_check_digit(digits),
        ),
        capacity=capacity,
        days_a_review=chance.whole(2, 9, "pace", who),
        experience=tuple(
            Experience(category=category, count=chance.whole(1, 15, "experience", who, category))
            for category, home in AT_HOME.items()
            if name in home
        )
        + tuple(Experience(body_part=part, count=chance.whole(0, 20, "part", who, part)) for part in BODY_PARTS.items),
        absences=_absences(chance, who, on),
    )


def _ties(chance: Chance, who: str, since: date) -> tuple[Affiliation, ...]:
    """Draw a tie to a claims administrator for one reviewer in five, and to a medical group for most."""
    ties = [
        Affiliation(
            name=f"Invented Medical Group {chance.whole(0, 400, 'group', who):03}",
            kind=AffiliationKind.PROFESSIONAL,
            relation="employment",
            since=since,
        )
    ]
    if chance.happens(0.2, "tied", who):
        share = chance.whole(1, 30, "share", who) / 100
        administrator = chance.one(ADMINISTRATORS, "administrator", who)
        ties.append(
            Affiliation(
                name=administrator,
                kind=AffiliationKind.FINANCIAL,
                relation="consulting",
                income_share=share,
                since=since,
            )
        )
    return tuple(ties)


def _absences(chance: Chance, who: str, on: date) -> tuple[Absence, ...]:
    """Draw two absences of three weeks in the year that follows the day."""
    starts = (chance.whole(first, first + 160, "away", who, first) for first in (0, 182))
    return tuple(Absence(first=on + timedelta(days=start), last=on + timedelta(days=start + 20)) for start in starts)


def request(seed: int | str, number: int, on: date) -> ReviewRequest:
    """Give the invented case of a number that waits for a reviewer on the day."""
    chance, case = Chance(seed), f"C{number:06}"
    treatments = tuple(
        dict.fromkeys(chance.one(_CATEGORIES, "treatment", case, n) for n in range(chance.whole(1, 2, "items", case)))
    )
    group = chance.whole(0, 400, "group of", case)
    return ReviewRequest(
        number=case,
        matter=Matter(
            parties=(
                Party(kind=PartyKind.EMPLOYEE, name=f"Employee Invented{number}"),
                Party(kind=PartyKind.CLAIMS_ADMINISTRATOR, name=chance.one(ADMINISTRATORS, "administrator of", case)),
                Party(
                    kind=PartyKind.REQUESTING_PHYSICIAN,
                    name=f"Physician Invented{chance.whole(0, 3000, 'doctor', case)}",
                ),
                Party(kind=PartyKind.MEDICAL_GROUP, name=f"Invented Medical Group {group:03}"),
            ),
            specialties=specialties_for(treatments),
        ),
        treatments=treatments,
        body_parts=(chance.weighted(BODY_PARTS, "part of", case),),
        physician_specialty=chance.weighted(SPECIALTIES, "doctor's specialty", case),
        language="Spanish" if chance.happens(0.05, "language of", case) else "English",
        due=on + timedelta(days=chance.whole(3, 30, "due", case)),
    )
