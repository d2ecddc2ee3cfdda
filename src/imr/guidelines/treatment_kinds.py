"""Kinds of treatment wherever a text names one: headings, rationales, sections of guidelines, pages of a record.

`treatments` says into which of the Division's categories one disputed treatment falls; this module says which kinds of
treatment a sentence names, so that two texts can be compared.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from imr.guidelines.keyword_index import KeywordIndex, alternatives

#: Kind by kind: the words that name it. Where one is a form of another, `_WIDER` says so.
_KINDS: tuple[tuple[str, str], ...] = (
    ("physical therapy", r"physical therapy|physiotherap\w+|physical medicine|pt sessions?|hand therapy|occupational therapy"),
    ("myofascial therapy", r"myofascial (?:therapy|release|sessions?)|deep tissue massage|soft tissue mobili[sz]ation"),
    ("massage", r"massage(?: therapy)?"),
    ("chiropractic", r"chiro\w*(?: ?physio\w*)?(?: therapy)?|manual therapy|spinal manipulation|manipulation"),
    ("acupuncture", r"acupuncture"),
    ("exercise", r"exercise (?:kit|program|equipment)s?|home exercises?|exercises?|gym (?:membership|ball)"),
    ("aquatic therapy", r"aqua(?:tic)? therapy|pool therapy"),
    ("psychotherapy", r"psychotherap\w+|cognitive behaviou?ral therapy|cbt|psychological (?:treatment|evaluation|testing)s?|biofeedback"),
    ("MRI", r"mri'?s?|magnetic resonance(?: imaging)?|mr arthrogram"),
    ("CT", r"ct(?: scans?)?|cat scan|computed tomography|computeri[sz]ed tomography"),
    ("x-ray", r"x[- ]?rays?|radiograph(?:y|s|ic)?"),
    ("ultrasound", r"ultrasound(?: guidance)?|sonogra\w+"),
    ("electrodiagnostics", r"emg(?:s|/ncs|/ncv)?|electromyogra\w+|ncs|ncv|nerve conduction(?: (?:study|studies|velocity|velocities))?|electrodiagnostic\w*"),
    ("urine drug test", r"urine (?:drug|toxicology) (?:test\w*|screen\w*)|urine drug testing|udt|uds|drug testing|drug screen\w*"),
    ("epidural steroid injection", r"epidural(?: steroid)? injections?|transforaminal (?:epidural|injection)[\w ]{0,20}|esis?"),
    ("facet injection", r"facet (?:joint )?(?:injections?|blocks?)|medial branch blocks?|rhizotomy|radiofrequency(?: ablation)?"),
    ("trigger point injection", r"trigger point injections?"),
    ("steroid injection", r"corticosteroid injections?|steroid injections?|cortisone injections?"),
    ("joint injection", r"viscosupplementation|hyaluronic acid injections?|platelet[- ]rich plasma|prp"),
    ("TENS", r"tens(?: unit)?|transcutaneous electrical (?:nerve )?stimulation"),
    ("electrical stimulation", r"electrical stimulation|interferential|h-wave|neuromuscular stimulator"),
    ("brace", r"braces?|orthos[ei]s|splint\w*|lumbar support|back support"),
    ("pillow", r"pillows?"),
    ("hot or cold therapy", r"cryotherapy|cold therapy|hot/cold|heat(?:ing)? (?:pack|pad|wrap)s?|ice pack"),
    ("workstation", r"workstations?|ergonomic\w*|sit[- ]stand"),
    ("home health care", r"home (?:health|aide|care)(?: aides?| services?)?"),
    ("surgery", r"surger(?:y|ies)|surgical|arthroscop\w+|meniscectomy|fusion|laminectomy|discectomy|decompression|arthroplasty|repair|neuroplasty|adhesiolysis"),
    ("medical clearance", r"pre-?operative(?: medical)? clearance|pre-?op(?: medical)? clearance|medical(?: medical)? clearance"),
    ("office visit", r"office visits?|follow[- ]?up visits?|initial (?:exam|evaluation)\w*|consult\w*|re-?examination|physical exam\w*"),
    ("work conditioning", r"work (?:conditioning|hardening)"),
    ("functional restoration", r"functional restoration(?: program)?s?|pain (?:management )?program"),
    ("functional capacity evaluation", r"functional capacity(?: evaluation)?s?|fce"),
    ("conservative care", r"conservative (?:care|treatments?|therap\w+|management|measures)"),
    ("medication", r"medications?|drugs?|prescriptions?"),
)  # fmt: skip
#: The letters of a name before the first that may differ or be left out.
_PLAIN = re.compile(r"[a-z](?:[a-z ](?!\?))*")
_WIDER = {
    "myofascial therapy": {"massage", "physical therapy"},
    "massage": {"myofascial therapy"},
    "aquatic therapy": {"physical therapy"},
    "TENS": {"electrical stimulation"},
    "epidural steroid injection": {"steroid injection"},
}
_SEARCH = KeywordIndex(_KINDS)
#: The mark of the words with which the name of a treatment can begin.
KINDS = _SEARCH.mark


@dataclass(frozen=True, slots=True)
class TreatmentMention:
    """A place in a text that names a kind of treatment."""

    kind: str
    words: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def treatments(text: str) -> tuple[TreatmentMention, ...]:
    """Give every kind of treatment that the text names, in its order."""
    return tuple(TreatmentMention(kind, text[start:end], start, end) for kind, start, end in _SEARCH.find(text))


def kinds(text: str) -> frozenset[str]:
    """Give all kinds of treatment that the text names."""
    return frozenset(mention.kind for mention in treatments(text))


def words_of(kind: str) -> str:
    """Give the words that name a kind of treatment, as a pattern."""
    return next(words for name, words in _KINDS if name == kind)


def stems_of(kind: str) -> tuple[str, ...]:
    """Give how the names of a kind of treatment begin, letter by letter: every name holds one of these."""
    return tuple(sorted({_PLAIN.match(name)[0] for name in alternatives(words_of(kind))}))  # type: ignore[index]


def related(one: str, other: str) -> bool:
    """Say whether these are one kind, or one is a form of the other."""
    return one == other or other in _WIDER.get(one, ()) or one in _WIDER.get(other, ())
