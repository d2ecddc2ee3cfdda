"""Checks a draft determination against its case file, its guidelines and itself, before it is signed.

`run(draft, file, context)` gives the concerns: a stop blocks the signature, an ask needs an answer in words, a note is for
the reader. `unanswered(concerns, answers)` gives those that still block it. `would_change` lists what was missing for
an upheld treatment. A determination can be set aside for a plainly erroneous finding of fact, a conflict of interest or an
act beyond powers (LC 4610.6(h)); each check says which reversal it would have prevented. Panel decisions are not binding
precedent. No check decides anything, and none uses a language model.
"""

from imr.checks.missing import Missing, as_paragraph, would_change
from imr.checks.model import Concern, Context, Evidence, Reversal, Severity, unanswered
from imr.checks.run import CHECKS, Check, run

__all__ = [
    "CHECKS",
    "Check",
    "Concern",
    "Context",
    "Evidence",
    "Missing",
    "Reversal",
    "Severity",
    "as_paragraph",
    "run",
    "unanswered",
    "would_change",
]  # fmt: skip
