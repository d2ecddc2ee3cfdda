"""The medical specialties of reviewers: their names, NUCC taxonomy codes and ABMS boards, and how near one is to another.

A register of facts: codes and names only, no definitions. A specialty whose code or board was not known for certain has
none here. `treatments` holds the specialties of each treatment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from imr.law.reviewers import Degree


class Nearness(IntEnum):
    """The distance of one specialty from another, or from a treatment. Less is nearer."""

    SAME = 0
    NEAR = 1
    RELATED = 2
    FAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Specialty:
    """A specialty or subspecialty: its name in letters, NUCC code, ABMS board, field, and degrees."""

    name: str
    nucc: str = ""
    board: str = ""
    of: str = ""
    field: str
    degrees: tuple[Degree, ...] = (Degree.MD, Degree.DO)
    also: tuple[str, ...] = ()


_PREVENTIVE = "American Board of Preventive Medicine"
_PMR = "American Board of Physical Medicine and Rehabilitation"
_ANESTHESIOLOGY = "American Board of Anesthesiology"
_ORTHOPAEDIC = "American Board of Orthopaedic Surgery"
_NEUROLOGICAL_SURGERY = "American Board of Neurological Surgery"
_PSYCHIATRY = "American Board of Psychiatry and Neurology"
_FAMILY = "American Board of Family Medicine"
_INTERNAL = "American Board of Internal Medicine"
_EMERGENCY = "American Board of Emergency Medicine"
_SURGERY = "American Board of Surgery"


def _entry(name: str, nucc: str, board: str, field: str, of: str = "", *also: str) -> Specialty:
    return Specialty(name=name, nucc=nucc, board=board, field=field, of=of, also=also)


def _other(name: str, nucc: str, field: str, *degrees: Degree) -> Specialty:
    return Specialty(name=name, nucc=nucc, field=field, degrees=degrees)


#: Every specialty that a reviewer of this register may have. Order: by field; a subspecialty follows its parent (`of`).
SPECIALTIES: tuple[Specialty, ...] = (
    _entry("Preventive Medicine", "", _PREVENTIVE, "occupational"),
    _entry("Occupational Medicine", "2083X0100X", _PREVENTIVE, "occupational", "Preventive Medicine"),
    _entry(
        "Public Health & General Preventive Medicine", "2083P0901X", _PREVENTIVE, "occupational", "Preventive Medicine"
    ),
    _entry("Medical Toxicology", "2083T0002X", _PREVENTIVE, "toxicology", "Preventive Medicine"),
    _entry(
        "Physical Medicine & Rehabilitation",
        "208100000X",
        _PMR,
        "rehabilitation",
        "",
        "Physical Medicine and Rehabilitation",
        "PM&R",
    ),
    _entry("Neuromuscular Medicine", "2081N0008X", _PMR, "neurology", "Physical Medicine & Rehabilitation"),
    _entry("Brain Injury Medicine", "2081P0301X", _PMR, "rehabilitation", "Physical Medicine & Rehabilitation"),
    _entry("Spinal Cord Injury Medicine", "2081P0004X", _PMR, "rehabilitation", "Physical Medicine & Rehabilitation"),
    _entry("Anesthesiology", "207L00000X", _ANESTHESIOLOGY, "pain", "", "Anaesthesiology"),
    _entry("Pain Management", "208VP0000X", "", "pain", "", "Pain Medicine"),
    _entry("Interventional Pain Medicine", "208VP0014X", "", "pain", "Pain Management"),
    _entry("Orthopedic Surgery", "207X00000X", _ORTHOPAEDIC, "orthopedics", "", "Orthopaedic Surgery"),
    _entry("Orthopedic Surgery of the Spine", "207XS0117X", _ORTHOPAEDIC, "spine", "Orthopedic Surgery"),
    _entry("Hand Surgery", "207XS0106X", _ORTHOPAEDIC, "orthopedics", "Orthopedic Surgery", "Surgery of the Hand"),
    _entry("Foot and Ankle Surgery", "207XX0004X", _ORTHOPAEDIC, "orthopedics", "Orthopedic Surgery"),
    _entry("Sports Medicine", "207XX0005X", "", "orthopedics", ""),
    _entry("Neurological Surgery", "207T00000X", _NEUROLOGICAL_SURGERY, "spine", "", "Neurosurgery"),
    _entry("Neurology", "2084N0400X", _PSYCHIATRY, "neurology"),
    _entry("Clinical Neurophysiology", "2084N0600X", _PSYCHIATRY, "neurology", "Neurology"),
    _entry("Psychiatry", "2084P0800X", _PSYCHIATRY, "mental health"),
    _entry("Addiction Psychiatry", "2084P0802X", _PSYCHIATRY, "addiction", "Psychiatry"),
    _entry("Addiction Medicine", "2083A0300X", _PREVENTIVE, "addiction", "Preventive Medicine"),
    _entry("Family Practice", "207Q00000X", _FAMILY, "primary care", "", "Family Medicine"),
    _entry("Internal Medicine", "207R00000X", _INTERNAL, "primary care"),
    _entry("Cardiovascular Disease", "207RC0000X", _INTERNAL, "cardiology", "Internal Medicine", "Cardiology"),
    _entry("Endocrinology", "207RE0101X", _INTERNAL, "endocrinology", "Internal Medicine"),
    _entry("Gastroenterology", "207RG0100X", _INTERNAL, "gastroenterology", "Internal Medicine"),
    _entry("Infectious Disease", "207RI0200X", _INTERNAL, "infection", "Internal Medicine"),
    _entry("Nephrology", "207RN0300X", _INTERNAL, "nephrology", "Internal Medicine"),
    _entry("Pulmonary Disease", "207RP1001X", _INTERNAL, "lungs", "Internal Medicine"),
    _entry("Rheumatology", "207RR0500X", _INTERNAL, "rheumatology", "Internal Medicine"),
    _entry("Sleep Medicine", "207RS0012X", _INTERNAL, "sleep", "Internal Medicine"),
    _entry("Hospice & Palliative Medicine", "207RH0002X", _INTERNAL, "palliative", "Internal Medicine"),
    _entry("Emergency Medicine", "207P00000X", _EMERGENCY, "emergency"),
    _entry("Surgery", "208600000X", _SURGERY, "surgery", "", "General Surgery"),
    _entry("Vascular Surgery", "2086S0129X", _SURGERY, "surgery", "Surgery"),
    _entry("Plastic Surgery", "208200000X", "American Board of Plastic Surgery", "surgery"),
    _entry("Urology", "208800000X", "American Board of Urology", "urology"),
    _entry("Ophthalmology", "207W00000X", "American Board of Ophthalmology", "eye"),
    _entry("Otolaryngology", "207Y00000X", "American Board of Otolaryngology - Head and Neck Surgery", "ear and nose"),
    _entry("Dermatology", "207N00000X", "American Board of Dermatology", "skin"),
    _entry("Allergy & Immunology", "207K00000X", "American Board of Allergy and Immunology", "allergy"),
    _entry("Obstetrics & Gynecology", "207V00000X", "American Board of Obstetrics and Gynecology", "gynecology"),
    _entry("Diagnostic Radiology", "2085R0202X", "American Board of Radiology", "imaging"),
    _other("Chiropractic", "111N00000X", "chiropractic", Degree.DC),
    _other("Acupuncture", "171100000X", "acupuncture", Degree.LAC),
    _other("Psychology", "103T00000X", "mental health", Degree.PSYCHOLOGIST),
    _other("Podiatry", "213E00000X", "foot", Degree.DPM),
    _other("Dentistry", "122300000X", "dentistry", Degree.DDS),
    _other("Optometry", "152W00000X", "eye", Degree.OD),
)

#: Pairs of fields that share much of their work.
_NEAR_FIELDS = (
    {"occupational", "primary care"},
    {"occupational", "rehabilitation"},
    {"occupational", "toxicology"},
    {"rehabilitation", "pain"},
    {"rehabilitation", "neurology"},
    {"rehabilitation", "orthopedics"},
    {"rehabilitation", "chiropractic"},
    {"pain", "addiction"},
    {"orthopedics", "spine"},
    {"orthopedics", "foot"},
    {"mental health", "addiction"},
    {"neurology", "spine"},
    {"primary care", "emergency"},
    {"pain", "acupuncture"},
)

_BY_NAME = {name.casefold(): specialty for specialty in SPECIALTIES for name in (specialty.name, *specialty.also)}


def specialty(name: str) -> Specialty | None:
    """Give the specialty with this name, in any case of letters; None if the register has none."""
    return _BY_NAME.get(" ".join(name.split()).casefold())


def named_in(text: str) -> str:
    """Give the specialty that a form's words name, such as "M.D., Pain Medicine"; the words themselves if none is known."""
    parts = (text, *re.split(r"[,;/()]", text))
    return next((found.name for found in map(specialty, parts) if found is not None), text.strip())


def nucc(code: str) -> Specialty | None:
    """Give the specialty of a NUCC taxonomy code; None if the register has none."""
    return next((entry for entry in SPECIALTIES if code and entry.nucc == code.strip().upper()), None)


def spellings(name: str) -> tuple[str, ...]:
    """Give every name of the specialty with this name, the register's own first."""
    entry = specialty(name)
    return (name,) if entry is None else (entry.name, *entry.also)


def _lineage(entry: Specialty) -> Iterator[str]:
    yield entry.name
    if entry.of:
        yield entry.of


@cache
def nearness(one: str, other: str) -> Nearness:
    """Say how near two specialties are.

    The same, or one the subspecialty of the other: SAME. The same field: NEAR. Fields that share much of their work:
    RELATED. All others, and a specialty that the register does not know: FAR.
    """
    a, b = specialty(one), specialty(other)
    if a is None or b is None:
        same = one.strip() and one.casefold().split() == other.casefold().split()
        return Nearness.SAME if same else Nearness.FAR
    if a.name in _lineage(b) or b.name in _lineage(a):
        return Nearness.SAME
    if a.field == b.field:
        return Nearness.NEAR
    return Nearness.RELATED if {a.field, b.field} in _NEAR_FIELDS else Nearness.FAR
