"""Requirements on the review organization itself (LC 139.5)."""

from datetime import date
from enum import Enum

from imr.law.days import Unit, add
from imr.law.rule import Citation, Finding, Rule, Subject, labor_code, spell


def _rule(name: str, title: str, asks: str, *under: Citation) -> Rule:
    return Rule(id=name, title=title, subject=Subject.REVIEWERS, asks=asks, under=under)


INDEPENDENT = _rule(
    "imro-independent",
    "The review organization is independent of insurers",
    "It is independent of insurers and claims administrators in California: no affiliate, subsidiary, owned or controlled by "
    "one or their association, and shares no board member, director, officer or employee with one.",
    labor_code("139.5(a)(1)"),
    labor_code("139.5(d)(1)"),
)
MEDICAL_DIRECTOR = _rule(
    "imro-medical-director",
    "Medical director",
    "Its medical director is a physician and surgeon licensed by the Medical Board of California or the Osteopathic Medical "
    "Board.",
    labor_code("139.5(c)(1)"),
)
DISCLOSURES = _rule(
    "imro-disclosures",
    "Disclosures",
    "It discloses owners of more than 5 %, holders of over 100,000 dollars of its notes, affiliates, officers, its revenue from "
    "reviews and its clients; a change of clients within 5 business days.",
    labor_code("139.5(d)(2)"),
)
QUALITY = _rule(
    "imro-quality",
    "Quality",
    "Its quality system ensures credentialing, timely and clear reviews that are monitored, fair selection of qualified "
    "reviewers, confidentiality, and independence with screening for conflicts.",
    labor_code("139.5(d)(3)"),
)


def independent(*, owned_by_insurer: bool, shared_people: int) -> Finding:
    """Say whether the organization is independent of insurers and claims administrators."""
    wrong = [
        w
        for w, is_so in (
            ("owned or controlled by one", owned_by_insurer),
            ("shares people with one", shared_people > 0),
        )
        if is_so
    ]
    return INDEPENDENT.finds(
        not wrong,
        "{wrong}" if wrong else "is independent of insurers and claims administrators",
        wrong="; ".join(wrong),
    )


class Board(Enum):
    """The board that licensed the medical director."""

    MEDICAL = "Medical Board of California"
    OSTEOPATHIC = "Osteopathic Medical Board of California"
    OTHER = "another board"


def medical_director_licensed(board: Board) -> Finding:
    """Say whether the medical director holds a license of one of the two boards."""
    return MEDICAL_DIRECTOR.finds(board is not Board.OTHER, "licensed by {board}", board=board.value)


def disclosed_in_time(changed_on: date, disclosed_on: date) -> Finding:
    """Say whether a change of clients was disclosed within 5 business days."""
    due = add(changed_on, 5, Unit.BUSINESS)
    return DISCLOSURES.finds(disclosed_on <= due, "due {due}, disclosed {day}", due=spell(due), day=spell(disclosed_on))


class Assurance(Enum):
    """A quality that the quality system ensures."""

    CREDENTIALING = "credentialing"
    REVIEWS = "timely, clear, credible and monitored reviews"
    SELECTION = "fair selection of qualified reviewers"
    CONFIDENTIALITY = "confidentiality"
    INDEPENDENCE = "independence, with screening for conflicts"


def quality_ensured(assured: frozenset[Assurance]) -> Finding:
    """Say whether the quality system ensures all that it must."""
    lacking = [a.value for a in Assurance if a not in assured]
    because = "does not ensure: {lacking}" if lacking else "ensures all that it must"
    return QUALITY.finds(not lacking, because, lacking=", ".join(lacking))
