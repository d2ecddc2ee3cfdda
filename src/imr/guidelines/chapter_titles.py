"""The titles by which letters name chapters and sections: facts of the form, as patterns that fold case and space.

A title here is enough to be recognized; `register` has what is known of the chapter.
"""

import re

#: Chapters of the MTUS as letters of 2014 to 2017 print them, longest first where one begins with another.
MTUS_TITLES = (
    r"General Approach(?:es)? to Initial Assessment and Documentation",
    r"General Approach(?:es)?(?: to)?",
    r"Initial Approaches to Treatment",
    r"Cornerstones? of Disability Prevention and Management",
    r"Neck (?:and|&) Upper Back(?: Complaints)?",
    r"Shoulder Complaints",
    r"Elbow (?:Complaints|Disorders)",
    r"Cervical (?:and|&) Thoracic Spine(?: Disorders)?",
    r"Shoulder Disorders",
    r"Low Back Disorders",
    r"Knee Disorders",
    r"Ankle (?:and|&) Foot Disorders",
    r"Eye Disorders",
    r"Hip (?:and|&) Groin(?: Disorders)?",
    r"(?:Occupational(?:/Work-Related)?|Work-Related) Asthma",
    r"(?:Occupational )?Interstitial Lung Disease",
    r"Traumatic Brain Injury",
    r"Workplace Mental Health(?:: [A-Z][\w -]+)?",
    r"(?:Coronavirus|COVID-19)(?: \(COVID-19\))?",
    r"Antiemetics",
    r"Forearm,? Wrist,? (?:and|&) Hand Complaints",
    r"Hand,? Wrist,? (?:and|&) Forearm Disorders",
    r"Low Back Complaints",
    r"Knee Complaints",
    r"Ankle (?:and|&) Foot Complaints",
    r"Stress[ -]Related Conditions(?: Complaints)?",
    r"Eye(?: Complaints)?",
    r"Acupuncture(?: Medical)?(?: Treatment)?(?: Guidelines?)?",
    r"Post[ -]?surgical(?: Physical Medicine)?(?: Treatment)?(?: Guidelines?)?",
    r"Chronic Pain Medical Treatment(?: Guidelines?)?",
    r"Chronic Pain(?: Treatment)?(?: Guidelines?)?",
    r"Opioids? (?:Medical )?Treatment(?: Guidelines?)?",
    r"Opioids? Guidelines?",
    r"Drug Formulary|MTUS Formulary|Formulary",
)
#: Chapters of the Official Disability Guidelines by name.
ODG_TITLES = (
    r"Neck (?:and|&) Upper Back",
    r"Neck",
    r"Low(?:er)? Back",
    r"Lumbar (?:&|and) Thoracic",
    r"Forearm,? ?Wrist,? ?(?:and|&) Hand",
    r"Hand",
    r"Carpal Tunnel Syndrome",
    r"Shoulder",
    r"Elbow",
    r"Hips? (?:and|&) Pelvis",
    r"Hip",
    r"Knee (?:and|&) Leg",
    r"Knee",
    r"Ankle (?:and|&) Foot",
    r"Mental Illness (?:and|&) Stress",
    r"Head",
    r"Eye",
    r"Hernia",
    r"Pulmonary",
    r"Burns",
    r"Diabetes",
    r"Infectious Diseases?",
    r"Fitness for Duty",
    r"Pain",
)
#: Section titles that hold a comma; a list of sections is not cut there. A following word in lower case is kept too.
COMMA_SECTIONS = (
    "NSAIDs, GI symptoms",
    "Opioids, Specific drug list",
    "Opioids, Criteria for use",
    "CRPS, Medications",
    "CRPS, Spinal cord stimulators",
    "CRPS, Sympathetic",
    "CRPS, Treatment",
    "CRPS, Diagnostic criteria",
    "TENS, Chronic pain",
    "TENS, Post operative pain",
)


def folded(pattern: str) -> str:
    """Let the spaces of a pattern match any white space, so that a title may run over the end of a line."""
    return pattern.replace(", ", r",\s+").replace(" ", r"\s+")


MTUS_PATTERN = folded("(?:" + "|".join(MTUS_TITLES) + ")")
_QUALIFIED = r"(?:\s?[-–,]?\s?Lumbar (?:&|and) Thoracic)?(?:\s?\((?=[^()]*(?:acute|chronic))[^()]*\))?"
ODG_PATTERN = folded("(?:" + "|".join(ODG_TITLES) + ")" + _QUALIFIED)
_CUT = re.compile("[,;]")
_COMMA = re.compile("|".join(re.escape(title) for title in COMMA_SECTIONS), re.IGNORECASE)


def split_sections(text: str) -> tuple[str, ...]:
    """Cut a list into sections at commas and semicolons outside parentheses, and never inside a title that has a comma."""
    pieces: list[str] = []
    for piece in _top_level(text):
        if pieces and (piece[0].islower() or ("," not in pieces[-1] and _COMMA.match(f"{pieces[-1]}, {piece}"))):
            pieces[-1] = f"{pieces[-1]}, {piece}"
        else:
            pieces.append(piece)
    return tuple(pieces)


def _top_level(text: str) -> list[str]:
    if "(" not in text and "[" not in text:
        return [stripped for piece in _CUT.split(text) if (stripped := piece.strip())]
    depth, start, pieces = 0, 0, []
    for at, letter in enumerate(text):
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth = max(0, depth - 1)
        elif letter in ",;" and depth == 0:
            pieces.append(text[start:at])
            start = at + 1
    pieces.append(text[start:])
    return [stripped for piece in pieces if (stripped := piece.strip())]
