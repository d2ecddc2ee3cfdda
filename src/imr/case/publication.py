"""The withdrawal of a published determination."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class WithdrawalReason(Enum):
    """The reason why a published determination is withdrawn. The value is the text shown in its place."""

    IDENTIFIES = "it could tell who a person is"
    NOT_TO_BE_PUBLISHED = "it was not to be published"
    FAULTY = "the public version was faulty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A withdrawn publication: the days on which it was published and withdrawn, and the reason."""

    published_on: date
    on: date
    because: WithdrawalReason
