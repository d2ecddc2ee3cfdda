"""Drafts with one planted fault, and their twins without it, for every check: the data behind `docs/checks.md`.

The wordings are our own and were written as reviewers write, not after the patterns of the checks; those that a check
misses stay in the list and count against it. Trial n is the same each time.
"""

from collections.abc import Callable
from functools import partial

from tools.planted_faults import of_fact, of_form, wordings
from tools.planted_faults.trials import TRIALS, Trial

__all__ = ["FAULTS", "HELD_BACK", "TRIALS", "WORKED", "Plant", "Trial"]

Plant = tuple[str, str, Callable[[int], tuple[Trial, Trial]]]

#: The planted fault of each check: its name, and its function.
FAULTS: tuple[Plant, ...] = (
    ("absence-contradicted", "claims of absence that a report answers", of_fact.absence),
    ("document-ignored", "an imaging report passed over", of_fact.ignored),
    ("document-missing", "a report named by UR that never came", of_fact.never_came),
    ("no-records", "the UR decision alone", of_fact.nothing),
    ("request-mismatch", "another part, side or level", of_fact.other_part),
    ("request-mismatch", "another drug or dose", of_fact.other_drug),
    ("chapter-mismatch", "the chapter of another part", of_fact.chapter),
    ("counts-conflict", "another count, sex", of_fact.counts),
    ("counts-conflict", "a day that cannot be, an unlisted treatment", of_fact.history),
    ("unknown-used", "too many of an unknown number", of_fact.unknown),
    ("part-undecided", "one of two treatments passed over", of_fact.undecided),
    ("verdict", "the opposite verdict", of_form.verdict),
    ("guideline-standing", "another edition or page", of_form.edition),
    ("quotation", "an altered quotation", of_form.quotation),
    ("outranked", "ODG without a word on the MTUS", of_form.lower_source),
    ("reviewer", "a license not valid", of_form.reviewer),
    ("taken-over", "words of the UR decision", of_form.taken_over),
    ("earlier", "against an earlier determination", of_form.earlier),
    ("redaction", "holes, names, numbers", of_form.holes),
    ("limits", "over a limit, or within it", of_form.limits),
    ("content-missing", "required content taken out", of_form.contents),
    ("language", "hard words, a long sentence", of_form.hard),
)


def _worded(half: slice, name: str) -> tuple[Plant, ...]:
    """Give the same faults in the other wordings of `wordings`, one half of them."""
    return (
        ("absence-contradicted", f"claims of absence, {name}", partial(of_fact.absence, wordings=wordings.ABSENT[half])),
        ("counts-conflict", f"another count, {name}", partial(of_fact.counts_worded, wordings=wordings.COUNTS[half])),
        ("unknown-used", f"too many of an unknown number, {name}", partial(of_fact.unknown, wordings=wordings.UNKNOWN[half])),
        ("verdict", f"the opposite verdict, {name}", partial(of_form.verdict_worded, favour=wordings.IN_FAVOUR[half], against=wordings.AGAINST[half])),
        ("outranked", f"ODG without a word on the MTUS, {name}", partial(of_form.lower_source, reasons=wordings.SET_ASIDE[half])),
        ("redaction", f"holes, names, numbers, {name}", partial(of_form.holes, wordings=wordings.LEFT_IN[half])),
    )  # fmt: skip


#: The same faults in other wordings: those that the rules were made with, and those that were held out at first.
WORKED: tuple[Plant, ...] = _worded(wordings.WORKED, "first half")
HELD_BACK: tuple[Plant, ...] = _worded(wordings.HELD_BACK, "second half")
