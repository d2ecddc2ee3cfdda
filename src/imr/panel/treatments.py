"""The specialties that are at home in each treatment.

The categories are those of the Division's own search of determinations, with its spelling corrected. For each: the
specialties that order or give the treatment every day. Any other specialty is as near as it is to the nearest of these.
This is the review organization's matching method (LC 139.5(d)(2)), not law: it only ranks; the law alone refuses.
"""

from collections.abc import Iterable
from functools import cache

from imr.guidelines.treatments import UNKNOWN, classify
from imr.panel.specialties import Nearness, nearness, spellings

_PRIMARY = ("Occupational Medicine", "Family Practice", "Internal Medicine")
_PAIN = ("Pain Management", "Physical Medicine & Rehabilitation", "Anesthesiology")
_REHABILITATION = ("Physical Medicine & Rehabilitation", "Occupational Medicine")
_BONES = ("Orthopedic Surgery", "Sports Medicine")
_SPINE = ("Orthopedic Surgery of the Spine", "Neurological Surgery", "Orthopedic Surgery")
_MIND = ("Psychiatry", "Psychology")
_DRUG = (*_PRIMARY, *_PAIN)

#: Category: the specialties at home in it.
AT_HOME: dict[str, tuple[str, ...]] = {
    "DMEPOS: DME": (*_REHABILITATION, *_BONES, "Family Practice"),
    "DMEPOS: Electrical Stimulation": (*_REHABILITATION, "Pain Management"),
    "DMEPOS: Prosthetics/Orthotics": (*_REHABILITATION, *_BONES, "Podiatry"),
    "DMEPOS: Supplies": (*_REHABILITATION, "Family Practice"),
    "Diagnostic Testing: EMG/NCV/NCS": ("Neurology", "Physical Medicine & Rehabilitation", "Clinical Neurophysiology"),
    "Diagnostic Testing: Imaging": (*_BONES, *_REHABILITATION, "Neurology", "Diagnostic Radiology"),
    "Diagnostic Testing: Lab & Pathology": (*_PRIMARY, "Pain Management"),
    "Diagnostic Testing: Other Diagnostic Tests": (*_PRIMARY, "Physical Medicine & Rehabilitation"),
    "Evaluation & Management: Dental Services": ("Dentistry",),
    "Evaluation & Management: Medical Specialties": _PRIMARY,
    "Home Health: Home Health": (*_PRIMARY, "Physical Medicine & Rehabilitation"),
    "Injection: Facet Injection": _PAIN,
    "Injection: Injection": (*_PAIN, *_BONES),
    "Pharmaceuticals: Antidepressant": (*_DRUG, "Psychiatry"),
    "Pharmaceuticals: Anti-epilepsy drugs": (*_DRUG, "Neurology"),
    "Pharmaceuticals: Benzodiazepines": (*_DRUG, "Psychiatry"),
    "Pharmaceuticals: Atypical Antipsychotic": (*_PRIMARY, "Psychiatry"),
    "Pharmaceuticals: GI Agents": (*_PRIMARY, "Gastroenterology"),
    "Pharmaceuticals: Injection": _DRUG,
    "Pharmaceuticals: Proton Pump Inhibitors": (*_DRUG, "Gastroenterology"),
    "Pharmaceuticals: Viscosupplementation": (*_BONES, *_PAIN),
    "Pharmaceuticals: Misc Analgesics": _DRUG,
    "Pharmaceuticals: Muscle Relaxant": _DRUG,
    "Pharmaceuticals: NSAID": _DRUG,
    "Pharmaceuticals: Opioids": (*_DRUG, "Addiction Medicine"),
    "Pharmaceuticals: Sedative-hypnotics": (*_DRUG, "Psychiatry", "Sleep Medicine"),
    "Pharmaceuticals: Topical Analgesics": _DRUG,
    "Pharmaceuticals: Topical Compounds": _DRUG,
    "Programs: Programs": (*_REHABILITATION, "Pain Management", "Psychology"),
    "Psych Services: Evaluation & Management": _MIND,
    "Psych Services: Therapies": _MIND,
    "Rehabilitation: Acupuncture": ("Acupuncture", *_REHABILITATION, "Pain Management"),
    "Rehabilitation: Chiropractic": ("Chiropractic", *_REHABILITATION),
    "Rehabilitation: Other Therapies": _REHABILITATION,
    "Rehabilitation: Physical Therapy/Occupational Therapy (PT/OT)": (*_REHABILITATION, *_BONES),
    "Surgery: Adjunct Surgical Services": (*_BONES, "Neurological Surgery", "Surgery"),
    "Surgery: Arthroscopic Surgery": _BONES,
    "Surgery: Non-arthroscopic Surgery": (*_BONES, "Hand Surgery", "Surgery"),
    "Surgery: Spine": _SPINE,
    "Surgery: Surgical Consult": (*_BONES, "Neurological Surgery", "Surgery"),
    "Transportation: Transportation": (*_PRIMARY, "Physical Medicine & Rehabilitation"),
}


#: The specialties at home in the rest of a category.
_OTHERWISE = {"Pharmaceuticals": _PRIMARY, "Surgery": _BONES, "DMEPOS": _REHABILITATION, "Psych Services": _MIND}


def specialties_at_home(category: str) -> tuple[str, ...]:
    """Give the specialties at home in a category; empty if neither it nor its parent is in the tables."""
    return AT_HOME.get(category) or _OTHERWISE.get(category.partition(":")[0], ())


def category(description: str) -> str:
    """Give the category of a disputed treatment from its words, such as "Surgery: Spine"; empty if they name none."""
    found = classify(description)
    return "" if found.category == UNKNOWN else f"{found.category}: {found.subcategory}"


@cache
def specialty_fit(category: str, specialties: tuple[str, ...]) -> Nearness:
    """Say how near the nearest of a reviewer's specialties is to the treatment.

    At home itself: SAME. In the same field as one that is: NEAR; and so on. A category outside the table needs none in
    particular, and everybody is NEAR to it.
    """
    at_home = specialties_at_home(category)
    if not at_home:
        return Nearness.NEAR
    return min((nearness(own, wanted) for own in specialties for wanted in at_home), default=Nearness.FAR)


def specialties_for(categories: Iterable[str]) -> tuple[str, ...]:
    """Give the specialties at home in every one of the categories, or in as many of them as possible.

    In the order of the tables, by each of their names: the default specialties of a case. Empty if no category is in
    the tables.
    """
    counts: dict[str, int] = {}
    for category in dict.fromkeys(categories):
        for name in specialties_at_home(category):
            counts[name] = counts.get(name, 0) + 1
    most = max(counts.values(), default=0)
    return tuple(spelt for name, count in counts.items() if count == most for spelt in spellings(name))
