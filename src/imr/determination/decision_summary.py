"""The summary of a letter's decisions, in the words of LC 4610.6(e): whether each treatment is medically necessary."""

from collections.abc import Sequence

from imr.determination.fields import one_line
from imr.determination.model import Decision, Issue

_SAID = {
    Decision.UPHELD: "not medically necessary. The UR decision is upheld.",
    Decision.OVERTURNED: "medically necessary. The UR decision is overturned.",
}


def summarize_decisions(issues: Sequence[Issue]) -> tuple[str, tuple[str, ...]]:
    """Give one sentence on all treatments in dispute, and one on each."""
    necessary = sum(issue.decision is Decision.OVERTURNED for issue in issues)
    if len(issues) == 1:
        sentence = "One treatment was in dispute."
    elif necessary == 0:
        sentence = f"None of the {len(issues)} disputed treatments is medically necessary."
    elif necessary == len(issues):
        sentence = f"All {len(issues)} disputed treatments are medically necessary."
    else:
        verb = "is" if necessary == 1 else "are"
        sentence = f"Of the {len(issues)} disputed treatments {necessary} {verb} medically necessary."
    return sentence, tuple(f"{one_line(issue.treatment)}: {_SAID[issue.decision]}" for issue in issues)
