"""Appeals of a determination to the Workers' Compensation Appeals Board, and their grounds."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class AppealGround(Enum):
    """The five grounds on which a determination can be set aside (LC 4610.6(h)(1)-(5))."""

    POWERS = "the Administrative Director acted without or in excess of powers"
    FRAUD = "the determination was procured by fraud"
    CONFLICT = "the reviewer had a material conflict of interest"
    BIAS = "the determination was the result of bias"
    PLAIN_ERROR = "a plainly erroneous finding of fact that needs no expert opinion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An appeal to the Workers' Compensation Appeals Board."""

    grounds: tuple[AppealGround, ...]
    decided_on: date | None = None
    reversed: bool = False
