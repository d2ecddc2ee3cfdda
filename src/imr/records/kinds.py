"""What kind of document a page begins: the titles that forms and reports carry, and the words that give a kind away.

One row a kind. To recognise a kind better, add a title or a mark to its row, and a page to its test. Rows stand in the
order in which they are tried: a title that holds another ("qualified medical evaluation, consultation") stands above it.
Form titles are the Division's own (8 CCR 9785, 9785.2-9785.5, 14006); the others are usage.
"""

import re
from dataclasses import dataclass

from imr.law.terms import RecordKind


@dataclass(frozen=True, slots=True)
class Row:
    """How a kind is known. `titles` stand alone on a line near the top; `marks` weigh where they stand in the text."""

    kind: RecordKind
    titles: re.Pattern[str]
    marks: tuple[tuple[re.Pattern[str], float], ...] = ()


def _row(kind: RecordKind, titles: str, *marks: tuple[str, float]) -> Row:
    weighed = tuple((re.compile(mark, re.IGNORECASE), weight) for mark, weight in marks)
    return Row(kind, re.compile(rf"\b(?:{titles})\b", re.IGNORECASE), weighed)


_THERAPY = r"(?:physical|occupational|aquatic|aqua|massage|hand|speech|recreation(?:al)?|manual|myofascial)[ -]therapy"
_STUDY = (
    r"mri|mra|ct|cat scan|x-?rays?|radiographs?|radiographic|ultrasound|sonogram|bone scan|arthrogram|myelogram|dexa|pet(?:/ct)?|"
    r"magnetic resonance(?: imaging)?|computed tomography|fluoroscop\w+|mammogra\w+|echocardiogra\w+|venous doppler|nuclear medicine"
)

KINDS = (
    _row(
        RecordKind.FAX_COVER,
        r"fax(?: cover| transmittal| transmission| message)?(?: sheet| page| letter| memo)?$|facsimile(?: \w+){0,3}|fax cover.*|"
        r"(?:this )?fax (?:is )?(?:to|from)",
        (r"number of pages|pages?,? (?:including|incl\.?)|including (?:this )?cover", 2.0),
        (r"if you (?:have )?received? this (?:fax|facsimile|transmission|communication) in error", 1.5),
        (r"^\s*(?:to|attn)\b.*\n(?:.*\n){0,3}\s*(?:from|fax)\b", 1.0),
    ),
    _row(
        RecordKind.APPLICATION,
        r"application for independent medical review|dwc form imr\b|imr application|independent medical review application|"
        r"state of california.*independent medical review",
        (r"employee signature|signature of employee", 0.5),
        (r"consent to obtain|release of (?:my )?(?:medical )?records", 1.0),
        (r"application for independent medical review", 2.0),
    ),
    _row(
        RecordKind.UR_DECISION,
        r"utili[sz]ation review(?: \S+){0,4}|notice of (?:\S+ ){0,4}(?:denial|modification|non-?certification|adverse determination|"
        r"certification)|ur (?:decision|determination|denial|notice|review)|physician advis[eo]r (?:review|report|determination)|"
        r"peer review(?: report| determination| recommendation)?|(?:notice of )?non-?certification|"
        r"(?:adverse|modified|initial|prospective|retrospective|concurrent) (?:determination|review)|treatment (?:authori[sz]ation )?denial",
        (r"utili[sz]ation review", 1.5),
        (r"not medically necessary|non-?certif|is (?:denied|modified)", 1.0),
        (r"independent medical review.{0,200}30 (?:calendar )?days", 1.0),
        (r"(?:date|receipt) of (?:the )?(?:rfa|request for authorization)", 0.5),
    ),
    _row(
        RecordKind.RFA,
        r"request for authori[sz]ation(?: \S+){0,5}|dwc form rfa|rfa(?: form)?|treatment authori[sz]ation request",
        (r"new request|resubmission|expedited review: ?check", 1.0),
        (r"cpt/?hcpcs|procedure requested|service/?good requested", 1.5),
        (r"request for authori[sz]ation", 1.0),
    ),
    _row(
        RecordKind.FIRST_REPORT,
        r"doctor.?s first report.*|form 5021.*|first report of (?:occupational )?(?:injury|illness).*|dfr",
        (r"occupational injury or illness", 1.0),
        (r"how (?:did )?the (?:accident|injury)|describe how", 0.5),
    ),
    _row(
        RecordKind.PERMANENT_REPORT,
        r"(?:primary treating physician.?s )?permanent (?:and|&) stationary.*|pr-? ?[34]|p ?& ?s report|"
        r"(?:maximum medical improvement|mmi) (?:report|evaluation)|impairment rating(?: report)?",
        (r"permanent (?:and|&) stationary", 1.5),
        (r"whole person impairment|\bwpi\b", 1.0),
        (r"apportionment", 0.7),
        (r"future medical (?:care|treatment)", 0.5),
    ),
    _row(
        RecordKind.MEDICAL_LEGAL,
        r"(?:panel )?qualified medical (?:re-?)?(?:evaluat\w+|examin\w+).*|agreed medical (?:re-?)?(?:evaluat\w+|examin\w+).*|"
        r"(?:p?qme|ame|ime)(?: (?:supplemental|initial|comprehensive))?(?: (?:re-?)?(?:report|evaluation|examination|consult))?|"
        r"independent medical (?:evaluation|examination|exam|evaluator).*|(?:comprehensive )?medical[- ]legal.*|"
        r"(?:supplemental|comprehensive) (?:qme|ame|medical-?legal) report|records? review",
        (r"\b(?:qme|ame|ime)\b|independent medical e[vx]|qualified medical e|agreed medical e", 1.5),
        (r"(?:labor code (?:section )?|lc ?)4628|declare under penalty of perjury", 1.5),
        (r"apportionment|causation", 0.5),
        (r"allowed condition|contested condition|doctor-patient relationship|physician-patient relationship", 2.0),
        (r"review of (?:medical )?records|records? reviewed", 0.5),
    ),
    _row(
        RecordKind.OPERATIVE_REPORT,
        r"operative (?:report|note|procedure|summary)|report of operation|operation (?:report|record)|"
        r"(?:\S+ ){0,3}procedure (?:note|report|record)|surgical (?:report|note|record)|brief operative note",
        (r"pre-?(?:operative|procedure|op) diagnos[ei]s", 2.5),
        (r"post-?(?:operative|procedure|op) diagnos[ei]s", 1.5),
        (r"estimated blood loss|anesthesia ?:|tourniquet|(?:prepped and draped)|informed consent", 1.2),
        (r"description of (?:the )?(?:procedure|operation)|details? of (?:the )?(?:procedure|operation)|procedures? (?:performed|in detail)", 1.0),
    ),
    _row(
        RecordKind.ELECTRODIAGNOSTICS,
        r"electro-?diagnostic.*|electromyogra\w+.*|(?:emg|ncv|ncs|nerve conduction)\b.*|eeg\b.*|electroencephalogra\w+.*",
        (r"nerve conduction", 1.5),
        (r"\bemg\b|electromyograph", 1.2),
        (r"motor unit|fibrillation|f-?wave|distal latenc|sensory latenc|needle exam", 1.5),
    ),
    _row(
        RecordKind.IMAGING,
        rf"(?:{_STUDY})(?: \S+){{0,12}}|(?:diagnostic )?(?:radiology|imaging)(?: \S+)? (?:report|consultation|study|interpretation)|"
        rf"radiologic(?:al)? (?:report|examination|consultation)|(?:\S+ ){{0,4}}(?:{_STUDY})(?: (?:report|study|scan|examination))?",
        (r"(?:^|\n)\s*(?:exam(?:ination)?|study|procedure)s? ?:.{0,40}(?:mri|ct\b|x-?ray|radiograph|ultrasound|scan)", 2.5),
        (r"(?:^|\n)\s*technique ?:|(?:^|\n)\s*comparison ?:|(?:^|\n)\s*findings ?:", 1.2),
        (r"t[12][- ]weighted|signal intensity|axial images|views? of the|sagittal|with(?:out)? contrast", 1.2),
        (r"(?:^|\n)\s*impression ?:", 0.5),
        (r"radiologist", 0.6),
    ),
    _row(
        RecordKind.LABORATORY,
        r"(?:clinical )?laborator(?:y|ies)(?: \S+){0,3}|lab(?: test)? (?:report|results?)|(?:urine )?toxicology.*|"
        r"(?:urine )?drug (?:screen|test|monitoring)\w*(?: report| results?)?|pathology report|surgical pathology|complete blood count.*|"
        r"(?:comprehensive|basic) metabolic panel.*|final report laborator\w+",
        (r"reference (?:range|interval)|ref\.? range", 2.0),
        (r"specimen|collected|accession", 1.2),
        (r"mg/dl|mmol/l|ng/ml|k/ul|u/l\b", 1.5),
        (r"cutoff|immunoassay|lc-?ms", 1.0),
    ),
    _row(
        RecordKind.THERAPY_NOTES,
        rf"{_THERAPY}.*|(?:pt|ot) (?:daily|progress|initial|treatment|discharge|eval\w*)(?: \S+){{0,2}}|"
        r"chiropractic (?:\S+ )?(?:note|treatment|visit|report|progress note|soap note)s?|acupuncture.*|"
        r"daily (?:treatment |progress |therapy )?notes?|(?:therapy|treatment) (?:log|notes?|encounter|flow ?sheet)|work (?:hardening|conditioning).*|"
        r"plan of care|visit note",
        (r"therapeutic exercise|therapeutic activit|neuromuscular re-?education|manual therapy|ultrasound,? e-?stim|hot packs?", 1.5),
        (r"\bvisits? ?(?:#|no\.?|number|\d+ of)", 1.0),
        (r"physical therap(?:y|ist)|chiropract|acupunctur", 0.8),
        (r"(?:short|long)[- ]term goals?|rehab(?:ilitation)? potential", 1.5),
        (r"97110|97140|97530|97112|97014|98941|97810", 1.5),
    ),
    _row(
        RecordKind.PHARMACY,
        r"pharmacy(?: \S+){0,4}|prescription(?:s)?(?: \S+){0,3}|medication (?:dispens\w+|history|log|profile|list)(?: \S+)?|dispensing.*|"
        r"cures(?: \S+){0,4}|patient activity report|rx (?:history|profile|summary)",
        (r"\bndc\b|days? supply|qty|quantity dispensed|refills?", 1.2),
        (r"\bsig\b|prescriber|dispensed", 1.0),
        (r"pharmacist|pharmacy", 1.0),
    ),
    _row(
        RecordKind.PROGRESS_REPORT,
        r"(?:(?:primary|secondary) )?treating physician.?s? (?:progress )?report.*|pr-? ?2|(?:\S+ ){0,4}progress (?:report|note)s?.*|"
        r"(?:\S+ ){0,3}(?:follow[- ]?up|recheck|re-?evaluation|return|office|clinic|established patient|encounter)"
        r"(?: (?:visit|note|report|evaluation|examination|consultation|summary|exam))?(?: (?:note|report))?|soap note|interval (?:history|note)",
        (r"work status|modified (?:duty|work)|temporarily totally disabled|\bttd\b", 1.2),
        (r"(?:^|\n)\s*(?:s|subjective)(?: complaints?)? ?:|(?:^|\n)\s*(?:o|objective)(?: findings)? ?:", 1.0),
        (r"returns? (?:today |to (?:the )?clinic )?for|follow-?up|here for|since (?:the )?last visit|return to clinic", 0.8),
        (r"treatment plan", 0.5),
    ),
    _row(
        RecordKind.CONSULTATION,
        r"(?:\S+ ){0,5}consult(?:ation)?(?: (?:report|note|request))?|(?:\S+ ){0,4}initial (?:\S+ ){0,3}(?:evaluation|examination|visit|report|assessment)|"
        r"history (?:and|&) physical.*|h ?& ?p|new patient(?: \S+){0,3}|(?:\S+ ){0,4}evaluation(?: report)?|initial orthop\w+ .*",
        (r"thank you (?:very much )?for (?:referring|asking|the (?:referral|opportunity|kind referral)|allowing)", 2.0),
        (r"reason for (?:consult|referral|visit)|referring physician|requesting physician|asked to (?:see|evaluate)", 1.2),
        (r"chief complaint|history of present illness", 0.6),
        (r"social history|family history|review of systems", 0.7),
    ),
    _row(
        RecordKind.CORRESPONDENCE,
        r"(?:cover|transmittal|referral|appeal) letter|memorandum|memo|letter of (?:medical necessity|appeal|representation).*|"
        r"notice of (?:assignment|representation|hearing|delay|benefits?).*|claims? (?:notice|correspondence)|advocacy letter|objection to .*",
        (r"(?:^|\n)\s*dear\b[^\n]{2,50}[,:]", 1.5),
        (r"(?:^|\n)\s*(?:sincerely|very truly yours|respectfully|regards|yours truly)", 1.0),
        (r"enclosed (?:please )?(?:find|is|are)|please (?:find|be advised)|claims? (?:adjuster|examiner|administrator)", 0.8),
    ),
    _row(
        RecordKind.OTHER,
        r"discharge (?:summary|instructions)|proof of service(?: \S+){0,3}|declaration of.*|work status(?: report| slip| note)?|"
        r"billing statement|health insurance claim form|cms-?1500|explanation of (?:review|benefits)|invoice|itemi[sz]ed statement|"
        r"consent (?:form|for).*|emergency (?:department|room).*|patient (?:questionnaire|intake|information).*|job description.*|"
        r"index of (?:medical )?records|table of contents|list of (?:documents|records).*|medical index|separator",
        (r"(?:^|\n)\s*(?:date of )?(?:admission|admit|discharge)(?: date| diagnos\w+)? ?:", 2.0),
        (r"i am over the age of (?:18|eighteen)", 2.5),
    ),
)  # fmt: skip


def title(cell: str) -> RecordKind | None:
    """The kind whose title this line, or cell of a line, is. A sentence is no title, however it begins."""
    words = cell.split()
    if not 1 <= len(words) <= 14 or len(cell) > 100 or cell.endswith((",", ";")):
        return None
    long_words = [word for word in words if len(word) > 3 and word[0].isalpha()]
    if long_words and sum(word[0].isupper() for word in long_words) < 0.7 * len(long_words):
        return None
    plain = cell.strip(" .:-_*#|")
    for row in KINDS:
        found = row.titles.search(plain)
        if found and (found.end() - found.start()) >= 0.5 * len(plain):
            return row.kind
    return None


def by_marks(text: str) -> tuple[RecordKind, float]:
    """The kind that the words of a document's first pages speak for, and by how much (0 to 1)."""
    weights: dict[RecordKind, float] = {}
    for row in KINDS:
        weights[row.kind] = sum(weight for mark, weight in row.marks if mark.search(text))
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    (first, best), (_, second) = ranked[0], ranked[1]
    if best < 1.0:
        return RecordKind.OTHER, 0.3
    return first, min(1.0, 0.4 + 0.2 * (best - second))
