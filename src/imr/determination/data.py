"""A determination as JSON-ready data, the form for files and other programs.

The keys are the fields of `Determination` and `Issue`, with `outcome`, which is derived. Days are ISO dates; a decision
is "upheld" or "overturned".
"""

from collections.abc import Mapping
from typing import Any

from imr.determination.headings import partial_heading, treatment_of
from imr.determination.model import Determination
from imr.errors import ImrError
from imr.plain import from_plain, to_plain


def to_data(determination: Determination) -> dict[str, Any]:
    """Give the determination as data, with its outcome."""
    data: dict[str, Any] = to_plain(determination)
    data["outcome"] = determination.outcome.value
    return data


def from_data(data: Mapping[str, Any]) -> Determination:
    """Give the determination of JSON-ready data.

    Optional are: days, the number, lists, the outcome, and either the heading or the treatment. Raises ImrError if a
    field does not fit, or if `outcome` contradicts the decisions.
    """
    whole: dict[str, Any] = {"case_number": None, "review_type": None, "licensure": [], "specialty": "", "summary": ""}
    whole |= dict.fromkeys(("injured_on", "ur_decided_on", "received_on", "assigned_on", "decided_on"))
    given = {key: value for key, value in data.items() if key != "outcome"}
    issues = given.get("issues")
    if not isinstance(issues, list) or not issues or not all(isinstance(issue, Mapping) for issue in issues):
        raise ImrError("issues: a list of at least one disputed treatment is expected")
    given["issues"] = [_whole_issue(issue, f"issues[{number}]") for number, issue in enumerate(issues)]
    determination = from_plain(Determination, whole | given)
    if data.get("outcome") not in (None, determination.outcome.value):
        raise ImrError(
            f"outcome: {data['outcome']!r} is given, and the decisions make it {determination.outcome.value!r}; "
            "correct the decisions, or leave the outcome out"
        )
    return determination


def _whole_issue(data: Mapping[str, Any], path: str) -> dict[str, Any]:
    issue: dict[str, Any] = {"administrator_basis": "", "reviewer_basis": "", "rationale": "", **data}
    if "decision" not in issue:
        raise ImrError(f"{path}.decision must be given: upheld or overturned")
    heading, treatment = issue.get("heading"), issue.get("treatment")
    original, authorized = issue.get("original_request"), issue.get("authorized")
    if heading is None and isinstance(treatment, str):
        if isinstance(original, str) and isinstance(authorized, str):
            issue["heading"] = partial_heading(original, authorized, treatment)
        else:
            issue["heading"] = treatment
    elif treatment is None and isinstance(heading, str):
        issue["treatment"], issue["original_request"], issue["authorized"] = treatment_of(heading)
    return issue
