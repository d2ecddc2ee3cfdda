"""The time limits that start with the service of a letter and have not started: which, and who has not been served."""

from collections.abc import Iterator
from dataclasses import dataclass

from imr.case.letters import CaseLetter, LetterKind
from imr.case.state import Case, Stage
from imr.law.afterwards import liability_is_open
from imr.law.records import records_due
from imr.law.roles import EMPLOYEE_SIDE
from imr.law.rule import spell
from imr.law.terms import Role
from imr.law.time_limits import APPEAL, AUTHORIZE, MORE_INFORMATION, PAY, appeal, more_information

#: The title for the records, whichever of their rules will apply.
RECORDS = "Records of the claims administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotStarted:
    """A time limit that has not started: its title, the letter it waits for, and the recipients; `because` explains it."""

    title: str
    letter: int
    what: LetterKind
    roles: tuple[Role, ...]
    because: str


def not_started(case: Case) -> tuple[NotStarted, ...]:
    """Give the time limits that wait for the service of a letter, or for its receipt. None of them has a day yet."""
    return tuple(_waiting(case))


def _waiting(case: Case) -> Iterator[NotStarted]:
    dates = case.dates
    if case.stage is Stage.INFORMATION_ASKED and not more_information(dates):
        yield from _for(case, LetterKind.INFORMATION, MORE_INFORMATION.title, case.asked_of, every=True)
    if case.stage is Stage.ASSIGNED and not records_due(dates):
        yield from _for(case, LetterKind.ASSIGNMENT, RECORDS, (Role.CLAIMS_ADMINISTRATOR,))
    if case.stage not in (Stage.ISSUED, Stage.PUBLISHED) or (case.appeal and case.appeal.decided_on is None):
        return
    if case.appeal is None and not appeal(dates):
        yield from _for(case, LetterKind.DETERMINATION, APPEAL.title, EMPLOYEE_SIDE)
    to_do = dates.overturned is True and dates.implemented_on is None and not liability_is_open(dates)
    if to_do and dates.determination_received_on is None:
        rules = {True: (PAY,), False: (AUTHORIZE,), None: (AUTHORIZE, PAY)}[dates.treatment_given]
        for rule in rules:
            yield from _for(case, LetterKind.DETERMINATION, rule.title, (Role.CLAIMS_ADMINISTRATOR,))


def _for(
    case: Case, kind: LetterKind, title: str, roles: tuple[Role, ...], *, every: bool = False
) -> Iterator[NotStarted]:
    """Give the time limit that waits for the service of this letter on one of these roles, or on `every` one."""
    letter = case.letter_of(kind)
    assert letter is not None  # noqa: S101 - a case is at these stages by the event that made the letter
    copies = [copy for copy in letter.copies if copy.role in roles]
    unserved = tuple(copy.role for copy in copies if copy.served is None)
    if unserved and (every or len(unserved) == len(copies)):
        parties = " and the ".join(role.value for role in unserved)
        because = f"not served yet: the {kind.value} has not reached the {parties}"
        yield NotStarted(title=title, letter=letter.number, what=kind, roles=unserved, because=because)
        return
    yield _receipt_unknown(letter, title, roles)


def _receipt_unknown(letter: CaseLetter, title: str, roles: tuple[Role, ...]) -> NotStarted:
    unknown = [
        (copy.role, copy.served)
        for copy in letter.copies
        if copy.role in roles and copy.served is not None and copy.served.received_at is None
    ]
    said = "; ".join(
        f"served on the {role.value} by {'means not recorded' if served.service is None else served.service.value} on "
        f"{spell(served.on)}, and when it was received is not known"
        for role, served in unknown
    )
    return NotStarted(
        title=title, letter=letter.number, what=letter.kind, roles=tuple(role for role, _ in unknown), because=said
    )
