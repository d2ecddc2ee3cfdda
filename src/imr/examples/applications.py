"""Invented applications for review, each fitting the determination of the same seed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from imr.case.application import Application, DisputedTreatment
from imr.examples.clinic import INJURIES, Injury
from imr.examples.letters import InventedRequest, requests
from imr.examples.people import (
    administrator,
    attorney,
    chance,
    employee,
    employer,
    physician,
    provider_network,
    ur_organization,
)
from imr.law.terms import Filer, ReviewType, Service


@dataclass(frozen=True, slots=True)
class InventedDispute:
    """The subject of an application: the injury, and each treatment that was refused."""

    injury: Injury
    requests: tuple[InventedRequest, ...]


def dispute(seed: int, number: int | None = None) -> InventedDispute:
    """Draw an injury and a number of refused treatments."""
    draw = chance("dispute", seed)
    injury = draw.choice(INJURIES)
    return InventedDispute(injury, requests(draw, injury, number or draw.choice((1, 1, 1, 2, 2, 3))))


def application(seed: int, received_on: date = date(2015, 3, 2), about: InventedDispute | None = None) -> Application:
    """Make an eligible application that is received on a day."""
    draw = chance("application", seed)
    about = about or dispute(seed)
    ur_on = received_on - timedelta(days=draw.randrange(8, 29))
    injured_on = max(ur_on - timedelta(days=draw.randrange(60, 1500)), date(2013, 1, 1))
    signed_on = received_on - timedelta(days=draw.randrange(1, 7))
    after_icd10 = received_on >= date(2015, 10, 1)
    injury = about.injury
    expedited = draw.random() < 0.03
    return Application(
        review_type=ReviewType.EXPEDITED if expedited else ReviewType.STANDARD,
        ur_expedited=expedited,
        employee=employee(seed),
        employer=employer(draw.randrange(400)),
        claim_number=f"WC{draw.randrange(10**8):08d}",
        wcis_number=f"{draw.randrange(10**12):012d}" if draw.random() < 0.5 else "",
        eams_number=f"ADJ{draw.randrange(10**7):07d}" if draw.random() < 0.6 else "",
        injured_on=injured_on,
        attorney=attorney(draw.randrange(200)) if draw.random() < 0.7 else None,
        physician=physician(draw.randrange(300), draw.choice(injury.specialties)),
        administrator=administrator(draw.randrange(60)),
        ur_organization=ur_organization(draw.randrange(12)),
        provider_network=provider_network(draw.randrange(20)) if draw.random() < 0.5 else "",
        diagnosis=f"{injury.diagnosis} ({injury.icd10 if after_icd10 else injury.icd9})",
        rfa_on=ur_on - timedelta(days=draw.randrange(3, 6)),
        ur_decided_on=ur_on,
        ur_served_on=ur_on,
        ur_service=Service.MAIL,
        treatments=tuple(
            DisputedTreatment(description=request.text, category=request.category, authorized=request.authorized)
            for request in about.requests
        ),
        filed_by=Filer.EMPLOYEE,
        signed_on=signed_on,
        records_consent=True,
        copy_to_administrator=True,
        ur_decision_attached=True,
    )


#: Changes that make an application ineligible, by the rule of `law.eligibility` that fails.
SPOILT: dict[str, Callable[[Application], Application]] = {
    "app-signed": lambda form: replace(form, signed_on=None),
    "app-attachments": lambda form: replace(form, ur_decision_attached=False),
    "app-who": lambda form: replace(form, filed_by=Filer.REQUESTING_PHYSICIAN),
    "elig-any-necessity-issue": lambda form: replace(form, liability_disputed=True, liability_reason="body part"),
    "app-time-standard": lambda form: replace(
        form,
        ur_decided_on=form.ur_decided_on - timedelta(days=60),
        ur_served_on=form.ur_decided_on - timedelta(days=60),
        rfa_on=None,
        injured_on=form.injured_on - timedelta(days=60),
    ),
}


def ineligible(seed: int, received_on: date = date(2015, 3, 2)) -> tuple[Application, str]:
    """Make an application that is not eligible; give it with the rule that fails."""
    rules = sorted(SPOILT)
    rule = rules[chance("ineligible", seed).randrange(len(rules))]
    form = replace(application(seed, received_on), review_type=ReviewType.STANDARD)
    return SPOILT[rule](form), rule
