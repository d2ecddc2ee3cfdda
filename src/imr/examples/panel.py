"""Invented physician reviewers, cleared for most cases; some are unfit, each for one reason."""

from datetime import date, timedelta
from random import Random

from imr.examples.clinic import (
    ACU,
    ANESTHESIA,
    CHIRO,
    FAMILY,
    INTERNAL,
    NEURO,
    OCC,
    ORTHO,
    PAIN,
    PMR,
    PSYCH,
    SPINE,
)
from imr.examples.people import administrator, chance, employer, house, name, npi
from imr.law.reviewers import (
    Affiliation,
    AffiliationKind,
    BoardCertification,
    Degree,
    Discipline,
    Licence,
    LicenceStatus,
    Practice,
    Reviewer,
    Verified,
)

_BOARDS = {
    PMR: "American Board of Physical Medicine and Rehabilitation",
    PAIN: "American Board of Anesthesiology",
    ORTHO: "American Board of Orthopaedic Surgery",
    OCC: "American Board of Preventive Medicine",
    FAMILY: "American Board of Family Medicine",
    NEURO: "American Board of Psychiatry and Neurology",
    PSYCH: "American Board of Psychiatry and Neurology",
    INTERNAL: "American Board of Internal Medicine",
    ANESTHESIA: "American Board of Anesthesiology",
    SPINE: "American Board of Neurological Surgery",
}
#: Physical medicine, occupational medicine and orthopedics make most determinations; the weights reflect that.
_SPECIALTIES = (
    (PMR,) * 6
    + (OCC,) * 5
    + (ORTHO,) * 4
    + (PAIN,) * 3
    + (FAMILY, NEURO, PSYCH, INTERNAL, ANESTHESIA, SPINE, CHIRO, ACU)
)
_STATES = ("California",) * 8 + ("Texas", "New York", "Florida", "Oregon")
_OTHER_DEGREES = {CHIRO: Degree.DC, ACU: Degree.LAC}


def reviewer(seed: int, on: date = date(2015, 1, 1), specialty: str = "") -> Reviewer:
    """Make a reviewer as of a day, fit for any case of the specialty unless there is a conflict."""
    draw = chance("reviewer", seed)
    first, last = name(draw)
    of = draw.choice(_SPECIALTIES)
    of = specialty or of
    looked_up = Verified(source="the board's public register", on=on - timedelta(days=draw.randrange(5, 300)))
    began = on - timedelta(days=draw.randrange(6 * 366, 30 * 366))
    return Reviewer(
        id=f"R{seed:05d}",
        name=f"{first} {last}",
        licences=tuple(
            Licence(
                state=state,
                number=f"{draw.choice('ACG')}{draw.randrange(10_000, 99_999)}",
                degree=_OTHER_DEGREES.get(of) or (Degree.DO if draw.random() < 0.1 else Degree.MD),
                status=LicenceStatus.CURRENT,
                since=began,
                until=on + timedelta(days=draw.randrange(400, 1500)),
                verified=looked_up,
            )
            for state in dict.fromkeys(draw.choice(_STATES) for _ in range(draw.choice((1, 1, 2))))
        ),
        boards=(_board(draw, of, began, on, looked_up),) if of in _BOARDS else (),
        practice=(
            Practice(since=began, hours_a_week=draw.choice((24.0, 30.0, 40.0)), setting="clinic", verified=looked_up),
        ),
        discipline=(),
        is_qme=False,
        specialties=(of,),
        affiliations=_affiliations(draw, began),
        languages=("English", "Spanish") if draw.random() < 0.25 else ("English",),
        trained_on=on - timedelta(days=draw.randrange(30, 2000)),
        npi=npi(draw),
    )


def _board(draw: Random, specialty: str, began: date, on: date, looked_up: Verified) -> BoardCertification:
    return BoardCertification(
        board=_BOARDS[specialty],
        specialty=specialty,
        since=began + timedelta(days=400),
        until=on + timedelta(days=draw.randrange(400, 3000)) if draw.random() < 0.8 else None,
        verified=looked_up,
    )


def _affiliations(draw: Random, began: date) -> tuple[Affiliation, ...]:
    """Draw the hospital where most have privileges, which alone is no conflict, and a tie to some employer or administrator."""
    found = [
        Affiliation(
            name=f"{house(draw)} Hospital", kind=AffiliationKind.PROFESSIONAL, relation="staff privileges", since=began
        )
    ]
    if draw.random() < 0.3:
        party = employer(draw.randrange(400)) if draw.random() < 0.5 else administrator(draw.randrange(60)).company
        kind = draw.choice((AffiliationKind.PROFESSIONAL, AffiliationKind.FINANCIAL))
        professional = kind is AffiliationKind.PROFESSIONAL
        found.append(
            Affiliation(
                name=party,
                kind=kind,
                relation="employment" if professional else "interest",
                income_share=None if professional else draw.choice((0.03, 0.08, 0.2)),
                since=began,
            )
        )
    return tuple(found)


def unfit(seed: int, on: date = date(2015, 1, 1)) -> tuple[Reviewer, str]:
    """Make a reviewer who may not review on a day, for one reason; give them with the rule that fails."""
    from dataclasses import replace

    draw = chance("unfit reviewer", seed)
    fit = reviewer(seed, on)
    licence = fit.licences[0]
    wrong = (
        ({"licences": (replace(licence, until=on - timedelta(days=1)),)}, "rev-licence"),
        ({"licences": (replace(licence, status=LicenceStatus.RESTRICTED),)}, "rev-good-standing"),
        ({"discipline": (Discipline(on=on, body="licensing board", action="reprimand"),)}, "rev-discipline"),
        ({"discipline": None}, "rev-discipline"),
        ({"is_qme": True}, "rev-not-qme"),
        ({"practice": (replace(fit.practice[0], hours_a_week=12.0),)}, "rev-practice-hours"),
        ({"practice": (replace(fit.practice[0], since=on - timedelta(days=900)),)}, "rev-practice-years"),
        ({"trained_on": None}, "rev-trained"),
    )
    changes, rule = wrong[draw.randrange(len(wrong))]
    return replace(fit, **changes), rule


def panel(size: int, on: date = date(2015, 1, 1), seed: int = 0) -> tuple[Reviewer, ...]:
    """Make a panel of a number of reviewers."""
    return tuple(reviewer(seed + place, on) for place in range(1, size + 1))
