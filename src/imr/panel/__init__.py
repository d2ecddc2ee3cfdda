"""The panel: proposes reviewers whom the law clears for all cases of a day at once, and proves that no proposal costs less.

- `roster` describes a reviewer of the panel; `roster_csv` reads and writes the register as CSV; `specialties` and
`treatments` are the registers of reviewers' specialties and of the specialties that treatments need.

- `assign(requests, members, on)` returns the cheapest lawful assignment with a proof: lawful by `law.reviewers.screen`,
cheapest by the reasons of `cost`.

- `candidates(request, members, on)` returns every reviewer for one case, in order, with every reason.

- `commitment` seals each assignment: the parties can verify what was true of the reviewer without learning who it is.

- `simulation` runs a year at real volumes through the real law, panel and case.

Importing a value from here loads no numerical library. The solvers are loaded with `assign`, `Assignment` and `Pair`,
on their first use.

Labor Code 139.5 and 4610.6(f), (i); 8 CCR 9792.10.4(a), 9792.10.6(b)-(c).
"""

from typing import TYPE_CHECKING, Any

from imr.panel.candidates import Candidate, candidates
from imr.panel.cost import Costs, Reason, Weights
from imr.panel.request import PastAssignment, ReviewRequest
from imr.panel.roster import Absence, Experience, PanelMember, ReviewFee
from imr.panel.shortage import Shortage

if TYPE_CHECKING:
    from imr.panel.assignment import Assignment, Pair, assign

__all__ = [
    "Absence",
    "Assignment",
    "Candidate",
    "Costs",
    "Experience",
    "Pair",
    "PanelMember",
    "PastAssignment",
    "Reason",
    "ReviewFee",
    "ReviewRequest",
    "Shortage",
    "Weights",
    "assign",
    "candidates",
]


def __getattr__(name: str) -> Any:
    """Load a name that needs a solver on its first use."""
    if name not in {"Assignment", "Pair", "assign"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from imr.panel import assignment

    return getattr(assignment, name)
