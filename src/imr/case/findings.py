"""Findings of the steps: what holds for a decision, and what refuses it."""

from typing import Any

from imr.case.digests import digest
from imr.case.filed_application import FiledApplication
from imr.case.state import Case
from imr.errors import Refused
from imr.law.rule import Citation, Finding


def finding(rule: str, holds: bool, because: str, *under: Citation, **values: Any) -> Finding:
    """Make a finding of a step: whether the rule holds, and in plain words why not."""
    return Finding(rule, holds, because, under, values)


def require(*findings: Finding) -> None:
    """Raise Refused with every finding that does not hold, each with its citation."""
    failed = [one for one in findings if not one.holds]
    if failed:
        raise Refused("; ".join(str(one) for one in failed), failed)


def matches_stored(what: str, value: object, stored: str, *under: Citation) -> Finding:
    """Find whether a supplied value matches the digest that the history records."""
    because = f"the {what} given to this step is not the one on file: load the case again"
    return finding(f"{what} is the one on file", digest(value) == stored, because, *under)


def filing_of(case: Case) -> FiledApplication:
    """Give the application that the case holds. Raises Refused if the case has none yet."""
    if case.filing is None:
        raise Refused(f"case {case.number} has no application yet: receive one first")
    return case.filing
