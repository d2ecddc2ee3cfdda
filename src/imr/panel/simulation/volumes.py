"""The number of cases of a year and their subjects: published figures where there are any, and named assumptions.

Published: the Division's releases and the studies of the California Workers' Compensation Institute. A figure that was
not published, or not seen, is marked as assumed in the report, and can be changed.
"""

from dataclasses import dataclass

from imr.errors import ImrError


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, its name, and its source; `assumed` if nobody published it."""

    name: str
    value: float
    source: str
    assumed: bool = False


#: Final determination letters a year (DWC, CWCI), and the applications where they were published.
LETTERS = {
    2014: 137_781,
    2015: 163_826,
    2016: 176_002,
    2017: 172_194,
    2018: 184_735,
    2019: 164_000,
    2020: 136_740,
    2021: 133_494,
    2022: 127_215,
    2023: 130_774,
    2024: 141_621,
}
APPLICATIONS = {2018: 250_000, 2019: 222_000, 2020: 184_100, 2023: 175_027, 2024: 199_651}
#: The share of drugs among disputed items, in percent, and the items a letter, in the years in which they were published.
DRUGS = {2015: 49.0, 2017: 46.0, 2019: 36.7, 2020: 34.0, 2022: 33.9, 2023: 31.0, 2024: 32.7}
ITEMS = {2014: 1.89, 2015: 1.86, 2019: 1.60, 2020: 1.58, 2021: 1.57, 2022: 1.55}

#: Drugs by class, and everything else, by our own weights around the published shares (CWCI 2015, 2017; DWC 2024).
DRUG_WEIGHTS = {
    "Pharmaceuticals: Opioids": 27.0,
    "Pharmaceuticals: NSAID": 14.0,
    "Pharmaceuticals: Muscle Relaxant": 14.0,
    "Pharmaceuticals: Topical Analgesics": 15.0,
    "Pharmaceuticals: Anti-epilepsy drugs": 8.0,
    "Pharmaceuticals: Proton Pump Inhibitors": 8.0,
    "Pharmaceuticals: Antidepressant": 5.0,
    "Pharmaceuticals: Sedative-hypnotics": 4.0,
    "Pharmaceuticals: Benzodiazepines": 5.0,
}
OTHER_WEIGHTS = {
    "Rehabilitation: Physical Therapy/Occupational Therapy (PT/OT)": 19.0,
    "Rehabilitation: Acupuncture": 8.0,
    "Rehabilitation: Chiropractic": 6.0,
    "Diagnostic Testing: Imaging": 10.0,
    "Diagnostic Testing: Lab & Pathology": 6.0,
    "Diagnostic Testing: EMG/NCV/NCS": 3.0,
    "Injection: Injection": 12.0,
    "Injection: Facet Injection": 3.0,
    "DMEPOS: DME": 8.0,
    "DMEPOS: Electrical Stimulation": 4.0,
    "Evaluation & Management: Medical Specialties": 6.0,
    "Surgery: Arthroscopic Surgery": 3.0,
    "Surgery: Spine": 3.0,
    "Surgery: Non-arthroscopic Surgery": 1.5,
    "Psych Services: Therapies": 2.5,
    "Psych Services: Evaluation & Management": 1.5,
    "Programs: Programs": 2.0,
    "Home Health: Home Health": 1.0,
    "Transportation: Transportation": 0.3,
    "Evaluation & Management: Dental Services": 0.2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """The cases of a year in figures."""

    year: int
    letters: int
    applications: int
    drugs: Figure
    items: Figure
    assumed: tuple[Figure, ...]

    def share(self, name: str) -> float:
        """Give an assumed share by its name."""
        return next(figure.value for figure in self.assumed if figure.name == name)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Give every figure with its source, for the report."""
        known = self.year in APPLICATIONS
        return (
            Figure("determination letters", self.letters, "DWC and CWCI releases"),
            Figure("applications", self.applications, "DWC release" if known else "the ratio of 2018", not known),
            self.drugs,
            self.items,
            *self.assumed,
        )


def volume(year: int) -> Volume:
    """Give the figures of a year. Raises ImrError for a year without a published number of letters."""
    if year not in LETTERS:
        raise ImrError(f"the letters of {year} were not published; there are {min(LETTERS)} to {max(LETTERS)}")
    letters = LETTERS[year]
    ratio = APPLICATIONS[2018] / LETTERS[2018]
    return Volume(
        year=year,
        letters=letters,
        applications=APPLICATIONS.get(year, round(letters * ratio)),
        drugs=_nearest("drugs among the items, %", DRUGS, year),
        items=_nearest("items a letter", ITEMS, year),
        assumed=(
            Figure("expedited", 0.03, "assumed", True),
            Figure("formulary track, of letters about one drug since 2018", 0.1, "assumed", True),
            Figure("duplicates, of applications that end before review", 0.75, "assumed", True),
            Figure("records late", 0.18, "assumed", True),
            Figure("records of a late administrator never come", 0.05, "assumed", True),
            Figure("reviewer declines", 0.01, "assumed", True),
            Figure("draft returned by quality", 0.08, "assumed", True),
            Figure("overturned, an item", 0.10, "DWC, CWCI: about 10 % in 2018"),
        ),
    )


def _nearest(name: str, known: dict[int, float], year: int) -> Figure:
    """Give the figure of the year, or a linear interpolation between the years before and after, or that of the nearest year."""
    if year in known:
        return Figure(name, known[year], f"CWCI, DWC {year}")
    before = max((y for y in known if y < year), default=min(known))
    after = min((y for y in known if y > year), default=max(known))
    if before == after or not before < year < after:
        nearest = min(known, key=lambda y: abs(y - year))
        return Figure(name, known[nearest], f"that of {nearest}", True)
    value = known[before] + (known[after] - known[before]) * (year - before) / (after - before)
    return Figure(name, round(value, 2), f"between {before} and {after}", True)
