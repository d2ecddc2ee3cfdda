"""The list of cases of a portal: its groups, and which cases belong to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from imr.case.state import Stage
from imr.law.terms import Role
from imr.web.access import CaseLine


@dataclass(frozen=True, slots=True)
class Queue:
    """Lines of a work list that belong together."""

    title: str
    lines: Sequence[CaseLine]
    empty: str = ""


def is_over(line: CaseLine) -> bool:
    """Return whether nothing more happens in the case, or its determination is published."""
    return line.stage.ended or line.stage is Stage.PUBLISHED


def due_from(lines: Sequence[CaseLine], *roles: Role) -> list[CaseLine]:
    """Return the lines whose next deadline is one of these roles'."""
    return [line for line in lines if line.due is not None and line.due.role in roles]
