"""The panel proposes reviewers whom the law clears, for all cases of a day at once, and proves that none are better.

- `roster`: a reviewer as the panel keeps one; `sheet` reads and writes the register as CSV; `specialties` and
  `treatments` are the registers of what reviewers are and what treatments ask.
- `assign(requests, members, on)`: lawful by `law.reviewers.screen`, cheapest by the reasons of `cost`, with a proof.
- `candidates(request, members, on)`: for one case, everybody in order with every reason.
- `commitment`: at assignment, a seal that shows the parties what was true of the reviewer, and not who it is.
- `simulation`: a year at real volumes through the real law, panel and case.

Labor Code 139.5 and 4610.6(f), (i); 8 CCR 9792.10.4(a), 9792.10.6(b)-(c).
"""

from imr.panel.assignment import Assignment, Pair, assign
from imr.panel.candidates import Candidate, candidates
from imr.panel.cost import Costs, Reason, Weights
from imr.panel.request import PastAssignment, ReviewRequest
from imr.panel.roster import Absence, Experience, PanelMember, ReviewFee
from imr.panel.shortage import Shortage

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
