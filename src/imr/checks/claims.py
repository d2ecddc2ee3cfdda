"""Claims of absence: "no documentation of X", "X was not documented", "failed to provide X", and what would speak against them.

A claim is about a matter: something that a record would document in words of its own. For each matter stands what names
it in a claim, and what documents it in a record or a summary. A claim about nothing known is left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from imr.checks import text
from imr.guidelines.doses import drugs
from imr.guidelines.kinds import kinds

_SHOW = r"(?:documentation|documented(?: evidence)?|documenting|evidence|indication|indicat\w+|mention|record|reports?|discussions?|(?:clear |firm |adequate |sufficient |objective |significant )+\w+)"
_CLAIM = re.compile(
    rf"\b(?:(?:there (?:is|was|were|are|has been|have been) (?:also )?(?:no|insufficient|little|limited)|no|without|absen(?:t|ce of)|lack(?:s|ed|ing)?(?: of)?|a lack of) "
    rf"(?:\w+ ){{0,2}}?{_SHOW}|"
    r"(?:do|does|did|has|have|had) not (?:\w+ )?(?:document|provide|indicate|mention|include|show|note|contain|demonstrate|discuss|describe|specify|establish|support)(?:d|ed)?|"
    r"fail(?:s|ed|ure)? to (?:\w+ )?(?:document|provide|indicate|mention|include|show|note|contain|demonstrate|discuss|describe|specify|establish)|"
    r"(?:is|was|were|are) (?:\w+ )?lack(?:ing)? of|lack of|(?:it is|is|remains|was) (?:also )?(?:unclear|unknown|not (?:clear|known))|no recent|"
    r"there (?:is|was|were|are) no|not clearly documenting|nothing in (?:the )?(?:[\w-]+ ){1,4}?(?:shows?|says?|indicates?|suggests?|documents?))\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:(?:is|was|were|are) not|(?:has|have|had) not been|not) (?:\w+ly )?(?:been )?(?:documented|provided|noted|mentioned|indicated|discussed|evident|submitted|"
    r"included|available|described|established|demonstrated|specified|reported|apparent|quantified)\b",
    re.IGNORECASE,
)
#: What a guideline or the UR decision says is not the reviewer's claim about this file.
_NOT_THE_CLAIM = re.compile(
    r"\b(?:guidelines?|MTUS|ACOEM|ODG|utilization review|UR (?:physician|decision|review\w*)|claims administrator|prior (?:determination|review|UR)|previously denied|"
    r"previous(?:ly)? (?:deemed|non-certified|determin\w+)|non-?certified|was denied|were denied|medically necessary|if there|unless|when there|should|patients who)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:no|not|without|denie[sd]|denying|negative for|never|none|nor|lack(?:s|ed|ing)?|absent|unremarkable|normal|intact|full)\b",
    re.IGNORECASE,
)
_DONE = r"(?:includ\w+|underw\w+|complet\w+|receiv\w+|treated with|has had|had|tried|fail\w*|attend\w+|participat\w+|prior|previous\w*|took|taking|prescribed|using|utili[sz]\w+|started|continu\w+|trial of)"
_CARE = r"(?:physical therapy|physiotherapy|chiropract\w+|acupuncture|home exercises?|NSAIDs?|anti-inflammator\w+|ibuprofen|naproxen|meloxicam|activity modification|(?:cortisone|steroid) injections?|massage|TENS|bracing|PT)"
_VISITS = r"(?:visits?|sessions?|treatments?)"


_OF_SCIENCE = re.compile(
    r"\b(?:clinical trials|literature|sham|superior to|studies have|et al)\b|\(\w+, (?:19|20)\d\d\)", re.IGNORECASE
)
_BEFORE = re.compile(r"[;:,] (?:and|but|however|while) |; ")
_AFTER = re.compile(
    r"[;.]|, (?:and|but|however|while|which|as|along with|therefore)\b |\b(?:to (?:support|warrant|justify|establish)|that would|which would|"
    r"prior to|would|along with)\b|(?<=\w)(?<!evidence)(?<!documentation) (?:supporting|demonstrating|showing)\b",
    re.IGNORECASE,
)
#: A claim that grants some care, or asks for a degree of a finding, is not answered by that care or any such finding.
GRANTS = re.compile(r"\b(?:other than|beyond|besides|aside from|severe|progressive|exhaust\w+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that a record documents: how a claim names it, and what documents it.

    `in_records` is the pattern of `documents` for a text in lower case, of which every match holds one of the `stems`. `even_denied` is True where a denial documents it
    too ("denies side effects" documents side effects).
    """

    name: str
    claimed: re.Pattern[str]
    documents: re.Pattern[str]
    in_records: str
    stems: tuple[str, ...]
    even_denied: bool = False


def _matter(name: str, claimed: str, documents: str, stems: str, *, even_denied: bool = False) -> Matter:
    documents = rf"\b(?:{documents})"
    lower = re.sub(r"(?<!\\)[A-Z]", lambda letter: letter.group().lower(), documents)
    return Matter(
        name,
        re.compile(rf"\b(?:{claimed})", re.IGNORECASE),
        re.compile(documents, re.IGNORECASE),
        lower,
        tuple(stems.split("|")),
        even_denied,
    )


MATTERS = (
    _matter(
        "number of visits completed",
        rf"(?:number|amount|total|how many|quantity)\b[^.]{{0,50}}\b{_VISITS}|{_VISITS} (?:completed|attended|to date)",
        rf"(?:complet\w+|attend\w+|receiv\w+|underw\w+|participat\w+ in|finished|had|has had) (?:a total of |approximately |about |his |her )?(?:\d+|{'|'.join(w for w in text.NUMBER_WORDS)}) (?:of \d+ )?(?:[\w-]+ ){{0,4}}{_VISITS}|visit (?:#|no\.?|number) ?\d+", "visit|session|treatments"),
    _matter(
        "conservative care",
        r"conservative (?:care|treatment|therap\w+|management|measures|modalit\w+)|first[- ]line|(?:prior|previous|initial|lower levels? of) (?:care|treatment|therap\w+)|(?:failure|failed) (?:of|an?|with)? ?(?:\w+ ){0,3}(?:therapy|treatment|care)",
        rf"{_DONE}\b[^.]{{0,80}}\b{_CARE}|{_CARE}\b[^.]{{0,60}}\b(?:{_DONE}|without (?:relief|improvement|benefit)|did not help|no relief)", "physical therapy|physiotherapy|chiropract|acupuncture|home exercise|nsaid|anti-inflammator|ibuprofen|naproxen|meloxicam|activity modification|injection|massage|tens|bracing|no relief| pt"),
    _matter("home exercise", r"home exercise|self-directed|exercise program", r"home exercises?(?: program)?|HEP\b", "home exercise|hep"),
    _matter(
        "side effects", r"side[- ]effects?|adverse (?:effects?|reactions?)",
        r"side[- ]effects?|adverse (?:effects?|reactions?)|tolerat(?:es|ed|ing) (?:the |his |her )?(?:medication|drug)\w*", "side effect|side-effect|adverse|tolerat", even_denied=True),
    _matter(
        "use of the drug watched", r"aberrant|drug[- ]seeking|misuse|abuse|pain (?:contract|agreement)|urine (?:drug|toxicology)|CURES",
        r"aberrant|drug[- ]seeking|CURES|PDMP|urine (?:drug|toxicology)|pain (?:contract|agreement)|opioid agreement", "aberrant|seeking|cures|pdmp|urine|contract|agreement", even_denied=True),
    _matter("pain rated on a scale", r"pain (?:levels?|scores?|ratings?|scale)|VAS\b", r"\d{1,2} ?(?:/|out of) ?10\b|VAS\b", "10|vas"),
    _matter(
        "functional improvement",
        r"(?:objective |functional |significant |clinical )*(?:improvements?|gains?|benefits?|progress)\b|response to (?:\w+ )?(?:therapy|treatment|medication)|(?:effectiveness|efficacy)",
        r"(?:improve[ds]?|increase[ds]?|better|gained?) (?:[\w-]+ ){0,6}(?:function|activit\w+|ADLs?|range of motion|walking|grip|tolerance|strength|mobility)|(?:function|activit\w+|ADLs?|walking|grip strength|range of motion) (?:[\w-]+ ){0,3}(?:improved|increased|better)|returned to (?:full |modified |regular )?(?:work|duty)|able to (?:work|walk|sit|stand|lift) (?:longer|more|again)", "function|activit|adl|range of motion|walking|grip|tolerance|strength|mobility|returned to|able to"),
    _matter(
        "relief of pain", r"(?:pain )?relief|(?:reduction|decrease) (?:in|of) pain|pain (?:reduction|relief)",
        r"(?:pain|symptoms?)\b[^.]{0,40}\b(?:improved|decreased|reduced|relieved|lessened)|(?:relief|reduction|improvement) of \d+ ?%|\d+ ?% (?:relief|improvement|reduction|better)|relieve[sd]? (?:the |his |her )?pain", "improved|decreased|reduced|relie|lessened|%"),
    _matter(
        "nerve findings",
        r"radicul\w+|nerve[- ]root|neurolog\w+ (?:\w+ )?(?:deficits?|findings?|compromise|abnormalit\w+|examination|dysfunction|symptoms?)|nerve (?:compromise|dysfunction|impingement)|(?:sensory|motor) (?:deficits?|loss|changes)|red flags?",
        r"(?:decreased|diminished|reduced|absent|altered) (?:\w+ ){0,2}(?:sensation|reflex\w*|strength|light touch)|(?:sensation|reflex\w*|strength) (?:(?:is|was|are|were) )?(?:\w+ )?(?:decreased|diminished|reduced|absent)|weakness|[0-4][+-]?/5\b|positive (?:straight[- ]leg|spurling|SLR)|numbness", "sensation|reflex|strength|light touch|weakness|/5|straight|spurling|slr|numbness"),
    _matter("spasm", r"spasms?", r"spasms?", "spasm"),
    _matter(
        "stomach complaints or risk", r"gastro\w+|GI\b|dyspepsia|ulcers?|heartburn|reflux|GERD",
        r"gastritis|gastroesophageal|dyspepsia|peptic ulcers?|heartburn|reflux|GERD|GI (?:upset|bleed\w*|symptoms|distress)|stomach (?:upset|pain)", "gastritis|gastroesophageal|dyspepsia|ulcer|heartburn|reflux|gerd|gi |stomach"),
    _matter("imaging", r"(?:prior |previous |plain |recent )*(?:imaging|radiographs?|x-?rays?|MRI|CT scans?)\b(?! of unknown)", r"(?:MRI|x-?rays?|radiographs?|CT(?: scan)?)\b[^.]{0,80}\b(?:reveal\w*|show\w*|demonstrat\w+|report\w*|impression|findings|negative|normal|dated)", "mri|x-ray|xray|radiograph|ct"),
    _matter("electrodiagnostic studies", r"electrodiagnos\w+|EMG|NC[SV]|nerve conduction", r"(?:EMG|NC[SV]|electrodiagnostic\w*|nerve conduction\w*)\b[^.]{0,80}\b(?:reveal\w*|show\w*|demonstrat\w+|report\w*|impression|findings|negative|normal)", "emg|ncs|ncv|electrodiagnostic|nerve conduction"),
    _matter("plan for surgery", r"(?:candidate for|consider\w*|plans? for|contemplat\w+) (?:\w+ ){0,2}surg\w+|surgical (?:candidate|intervention|plan)", r"surg(?:ery|ical)\b[^.]{0,50}\b(?:recommend\w+|candidate|considered|planned|scheduled|discussed|authori[sz]\w+)|recommend\w* (?:\w+ ){0,3}surg\w+", "surg"),
    _matter("sleep disturbance", r"insomnia|sleep", r"insomnia|(?:difficulty|trouble) (?:falling asleep|sleeping)|sleep (?:disturbance|difficult\w+|is poor|interrupted)|wakes? (?:up )?(?:at night|from pain)", "insomnia|sleep|wake"),
    _matter("depression or anxiety", r"depress\w+|anxiety|psychological (?:symptoms|complaints|condition)", r"depress(?:ed|ion)|anxiety|anxious|PHQ-?9|BDI|tearful", "depress|anxi|phq|bdi|tearful"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that says something is not there, the words of what is missing, and the matters that they name."""

    sentence: text.Sentence
    missing: str
    matters: tuple[Matter, ...]
    drugs: frozenset[str]
    kinds: frozenset[str]


def claims(sentences: tuple[text.Sentence, ...]) -> Iterator[Claim]:
    """Every claim of absence among these sentences."""
    for sentence in sentences:
        missing = absent(sentence.words)
        if missing:
            matters = tuple(matter for matter in MATTERS if matter.claimed.search(missing))
            if "conservative" not in missing and {"functional improvement", "relief of pain"} & {
                m.name for m in matters
            }:
                matters = tuple(matter for matter in matters if matter.name != "conservative care")
            named = frozenset(mention.drug for mention in drugs(missing))
            yield Claim(sentence, missing, matters, named, kinds(missing))


@lru_cache(maxsize=4096)
def absent(sentence: str) -> str:
    """The words of what a sentence says is missing from the file; nothing where it says no such thing."""
    passive, active = _PASSIVE.search(sentence), _CLAIM.search(sentence)
    match = passive or active
    if match is None or _NOT_THE_CLAIM.search(sentence[: match.start()]) or _OF_SCIENCE.search(sentence):
        return ""
    if passive is not None and (active is None or passive.start() <= active.start()):
        return _BEFORE.split(sentence[: passive.start()])[-1].strip()
    assert active is not None  # noqa: S101 - one of the two matched
    missing = _AFTER.split(sentence[active.end() :])[0].strip(" ,:")
    if not missing and active.group().lower().endswith(("unclear", "unknown", "not clear", "not known")):
        return _BEFORE.split(sentence[: active.start()])[-1].strip()
    # "no indication for imaging" and "not necessary" judge; they do not say what is missing from the file.
    return (
        "" if missing.lower().startswith(("for ", "further indication for")) or "necess" in missing.lower() else missing
    )


def negated(words: str, start: int) -> bool:
    """True where the words just before a place deny what stands there."""
    before = re.split(r"[.;:]|\bbut\b|\bhowever\b", words[:start])[-1]
    return bool(_NEGATED.search(" ".join(before.split()[-7:])))


def denied(words: str) -> bool:
    """True where a sentence denies something anywhere."""
    return bool(_NEGATED.search(words))
