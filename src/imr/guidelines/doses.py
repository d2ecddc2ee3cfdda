"""Drugs as headings, rationales and records name them, with their doses: several names of one drug are one drug.

A view of `drug_list`; the class of a drug, by the Division's own categories, is given by `drugs`.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from imr.guidelines.drug_list import DRUG_NAMES
from imr.guidelines.keyword_index import mark

_DOSE = r"(?P<amount>\d+(?:\.\d+)?)(?:\s?[-/]\s?(?P<second>\d+(?:\.\d+)?))?\s?(?P<unit>mg/ml|mg|mcg(?:/hr?)?|milligrams?|micrograms?|grams?|gm|%|units?)(?![a-z])"


@dataclass(frozen=True, slots=True)
class DrugMention:
    """A place in a text that names a drug: its generic name, and the dose and quantity behind it."""

    drug: str
    start: int
    end: int
    dose: str = ""
    quantity: int | None = None


#: Every name in small letters with its generic name.
_NAMES = {entry.name: entry.generic for entry in DRUG_NAMES if entry.has_compared_doses}
_WORD = re.compile(r"[A-Za-z]{4,}")
#: The mark of the names of drugs.
DRUGS = mark(rf"(?<![a-z])(?:{'|'.join(_NAMES)})(?![a-z])")
_BEHIND = re.compile(
    rf"(?:[^.;,#/\d]{{0,30}}?{_DOSE})?(?:[^.;]{{0,40}}?(?:#\s?|quantity of |quantity: ?|qty\.? ?)(?P<quantity>\d+))?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def drugs(text: str) -> tuple[DrugMention, ...]:
    """Give every drug that the text names, with the dose and the quantity just behind it."""
    found = []
    for word in _WORD.finditer(text):
        drug = _NAMES.get(word.group().lower())
        if drug is None:
            continue
        match = _BEHIND.match(text, word.end())
        assert match is not None  # noqa: S101 - both parts of it may be empty
        dose = settled_dose(match["amount"], match["unit"]) if match["amount"] and not match["second"] else ""
        if match["second"]:
            dose = f"{_plain(match['amount'])}/{_plain(match['second'])} {_unit(match['unit'])}"
        quantity = int(match["quantity"]) if match["quantity"] else None
        found.append(DrugMention(drug, word.start(), match.end(), dose, quantity))
    return tuple(found)


def names_of(drug: str) -> tuple[str, ...]:
    """Give every name of a drug by its generic name."""
    return tuple(name for name, generic in _NAMES.items() if generic == drug)


def settled_dose(amount: str, unit: str) -> str:
    """Give a dose in one form: 7.50MG and 7.5 mg are the same."""
    return f"{_plain(amount)} {_unit(unit)}"


def _plain(amount: str) -> str:
    return f"{Decimal(amount).normalize():f}"


def _unit(unit: str) -> str:
    unit = unit.lower()
    return {"milligram": "mg", "milligrams": "mg", "microgram": "mcg", "micrograms": "mcg", "gram": "g", "grams": "g", "gm": "g",
            "mcg/h": "mcg/hr", "unit": "units"}.get(unit, unit)  # fmt: skip
