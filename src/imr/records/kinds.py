"""Rules for the kind of document that a page begins: the titles of forms and reports, and phrases typical of a kind.

One row a kind. To recognize a kind better, add a title or a mark to its row, and a page to its test. Rows are tried in
order: a title that contains another ("qualified medical evaluation, consultation") comes before it. Form titles are the
Division's own (8 CCR 9785, 9785.2-9785.5, 14006); the others are usage.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from imr.law.terms import RecordKind


@dataclass(frozen=True, slots=True)
class KindRule:
    """The signs of one kind.

    `titles` are alone on a line near the top. `marks` are phrases in small letters, of which any one counts its weight:
    a line feed before a phrase means the start of a line, a ^ the start of the document.
    """

    kind: RecordKind
    titles: re.Pattern[str]
    marks: tuple[tuple[tuple[str, ...], float], ...] = ()


def _row(kind: RecordKind, titles: str, *marks: tuple[str, float]) -> KindRule:
    weighed = tuple((tuple(phrases.split("|")), weight) for phrases, weight in marks)
    return KindRule(kind, re.compile(rf"\b(?:{titles})\b", re.IGNORECASE), weighed)


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
        ("number of pages|including cover|pages including|incl. cover|including this", 2.0),
        ("transmission in error|fax in error|facsimile in error|received this", 1.0),
        ("\nto:|\nattn", 0.6),
        ("\nfrom:|\nfax:", 0.6),
    ),
    _row(
        RecordKind.APPLICATION,
        r"application for independent medical review|dwc form imr\b|imr application|independent medical review application|"
        r"state of california.*independent medical review",
        ("application for independent medical review", 2.5),
        ("employee signature|signature of employee", 0.6),
        ("consent to obtain|release of my", 1.0),
    ),
    _row(
        RecordKind.UR_DECISION,
        r"utili[sz]ation review(?: \S+){0,4}|notice of (?:\S{1,40} ){0,4}(?:denial|modification|non-?certification|adverse determination|"
        r"certification)|ur (?:decision|determination|denial|notice|review)|physician advis[eo]r (?:review|report|determination)|"
        r"peer review(?: report| determination| recommendation)?|(?:notice of )?non-?certification|"
        r"(?:adverse|modified|initial|prospective|retrospective|concurrent) (?:determination|review)|treatment (?:authori[sz]ation )?denial",
        ("utilization review|utilisation review", 1.5),
        ("not medically necessary|non-certif|not certified|is denied|is modified", 1.0),
        ("independent medical review", 0.7),
        ("date of rfa|receipt of the request|request for authorization was received|date of the request", 0.7),
    ),
    _row(
        RecordKind.RFA,
        r"request for authori[sz]ation(?: \S+){0,5}|dwc form rfa|rfa(?: form)?|treatment authori[sz]ation request",
        ("request for authorization", 1.0),
        ("cpt/hcpcs|procedure requested|service/good requested", 1.5),
        ("new request|resubmission", 1.0),
    ),
    _row(
        RecordKind.FIRST_REPORT,
        r"doctor.?s first report.*|form 5021.*|first report of (?:occupational )?(?:injury|illness).*|dfr",
        ("occupational injury or illness|first report of", 1.2),
        ("how did the accident|how the accident|describe how|how did the injury", 0.7),
    ),
    _row(
        RecordKind.PERMANENT_REPORT,
        r"(?:primary treating physician.?s )?permanent (?:and|&) stationary.*|pr-? ?[34]|p ?& ?s report|"
        r"(?:maximum medical improvement|mmi) (?:report|evaluation)|impairment rating(?: report)?",
        ("permanent and stationary|permanent & stationary|maximum medical improvement", 1.5),
        ("whole person impairment|wpi", 1.0),
        ("apportionment|impairment rating|disability rating", 0.8),
        ("future medical", 0.6),
        ("work restriction|lost approximately|preclud", 0.8),
        ("factors of disability|objective factors|subjective factors", 1.2),
    ),
    _row(
        RecordKind.MEDICAL_LEGAL,
        r"(?:panel )?qualified medical (?:re-?)?(?:evaluat\w+|examin\w+).*|agreed medical (?:re-?)?(?:evaluat\w+|examin\w+).*|"
        r"(?:p?qme|ame|ime)(?: (?:supplemental|initial|comprehensive))?(?: (?:re-?)?(?:report|evaluation|examination|consult))?|"
        r"independent medical (?:evaluation|examination|exam|evaluator).*|(?:comprehensive )?medical[- ]legal.*|"
        r"(?:supplemental|comprehensive) (?:qme|ame|medical-?legal) report|records? review",
        ("qualified medical|agreed medical|independent medical e|medical-legal|medical legal", 1.8),
        ("4628|under penalty of perjury", 1.5),
        ("causation|apportionment", 0.6),
        ("allowed condition|contested condition|requested allowance|disallowed", 2.5),
        ("doctor-patient relationship|physician-patient relationship|opinions expressed|for evaluative purposes", 2.5),
        ("review of records|records reviewed|review of medical records|medical records were reviewed|file review|records review", 1.0),
        ("examinee|claimant|insured", 0.8),
        ("reasonable degree of medical", 1.0),
    ),
    _row(
        RecordKind.OPERATIVE_REPORT,
        r"operative (?:report|note|procedure|summary)|report of operation|operation (?:report|record)|"
        r"(?:\S{1,40} ){0,3}procedure (?:note|report|record)|surgical (?:report|note|record)|brief operative note",
        ("preoperative diagnos|pre-operative diagnos|preprocedure diagnos|preop diagnos|pre-procedure diagnos", 2.5),
        ("postoperative diagnos|post-operative diagnos|postop diagnos", 1.5),
        ("blood loss|\nanesthesia|tourniquet|prepped and draped|sterile fashion|informed consent", 1.2),
        ("description of procedure|description of the procedure|details of procedure|procedure in detail|operative procedure|description of operation|procedure performed|procedures performed|\nprocedure:|technique:", 0.8),
        ("was placed in the prone|was placed in the supine|was taken to the operating|operating room|was inserted|was advanced|was injected|fluoroscop|gauge", 1.0),
        ("complications:", 0.6),
    ),
    _row(
        RecordKind.ELECTRODIAGNOSTICS,
        r"electro-?diagnostic.*|electromyogra\w+.*|(?:emg|ncv|ncs|nerve conduction)\b.*|eeg\b.*|electroencephalogra\w+.*",
        ("nerve conduction", 1.5),
        ("emg|electromyogra|eeg|electroencephalogra", 1.2),
        ("motor unit|fibrillation|f-wave|distal latenc|sensory latenc|needle exam|peak latenc|amplitude|insertional activity", 1.5),
        ("^emg|^eeg|^electro|^nerve conduction|^needle|^nerve", 2.0),
    ),
    _row(
        RecordKind.IMAGING,
        rf"(?:{_STUDY})(?: \S+){{0,12}}|(?:diagnostic )?(?:radiology|imaging)(?: \S+)? (?:report|consultation|study|interpretation)|"
        rf"radiologic(?:al)? (?:report|examination|consultation)|(?:\S{{1,40}} ){{0,4}}(?:{_STUDY})(?: (?:report|study|scan|examination))?",
        ("\nexam:|\nexamination:|\nstudy:|\nexam |examination performed|type of study|type of exam", 1.5),
        ("\ntechnique:|\ncomparison:|technique|comparison is", 0.8),
        ("\nfindings:|\nfindings|radiographic findings", 0.8),
        ("t1-weighted|t2-weighted|t1 weighted|t2 weighted|signal intensity|signal abnormal|axial images|axial ct|sagittal|views of the|without contrast|with contrast|noncontrast|intravenous contrast|contrast enhanc", 1.3),
        ("\nimpression", 0.8),
        ("radiologist|radiology", 0.5),
        ("tracer|perfusion|ejection fraction|doppler|echocardiogra|arteriogra|angiogra|ultrasound|transducer|radioisotope|spect|sestamibi|thallium|treadmill", 1.2),
        ("^ct |^mri|^exam:|^x-ray|^ultrasound|^echocardiogram|^examination:|^technique|^indication|^reason for exam|^study|^transthoracic|^cardiac ct|^procedure: ct|^nuclear", 1.8),
    ),
    _row(
        RecordKind.LABORATORY,
        r"(?:clinical )?laborator(?:y|ies)(?: \S+){0,3}|lab(?: test)? (?:report|results?)|(?:urine )?toxicology.*|"
        r"(?:urine )?drug (?:screen|test|monitoring)\w*(?: report| results?)?|pathology report|surgical pathology|complete blood count.*|"
        r"(?:comprehensive|basic) metabolic panel.*|final report laborator\w+",
        ("reference range|reference interval|ref. range|ref range", 2.0),
        ("specimen|collected|accession", 1.0),
        ("mg/dl|mmol/l|ng/ml|k/ul", 0.8),
        ("cutoff|immunoassay|lc-ms|lc/ms", 1.0),
    ),
    _row(
        RecordKind.THERAPY_NOTES,
        rf"{_THERAPY}.*|(?:pt|ot) (?:daily|progress|initial|treatment|discharge|eval\w*)(?: \S+){{0,2}}|"
        r"chiropractic (?:\S{1,40} )?(?:note|treatment|visit|report|progress note|soap note)s?|acupuncture.*|"
        r"daily (?:treatment |progress |therapy )?notes?|(?:therapy|treatment) (?:log|notes?|encounter|flow ?sheet)|work (?:hardening|conditioning).*|"
        r"plan of care|^visit note$",
        ("therapeutic exercise|therapeutic activit|neuromuscular re-education|manual therapy|hot pack|e-stim|electrical stimulation|modalities", 1.5),
        ("visit #|visit no|visit number", 1.0),
        ("physical therap|occupational therap|chiropract|acupunctur|speech therap|recreation therap", 0.8),
        ("short-term goal|long-term goal|short term goal|long term goal|rehab potential|rehabilitation potential|\ngoals|plan of care", 1.8),
        ("97110|97140|97530|97112|97014|98941|97810", 1.5),
        ("home exercise program|assistive device|activities of daily living", 0.6),
    ),
    _row(
        RecordKind.PHARMACY,
        r"pharmacy(?: \S+){0,4}|prescription(?:s)?(?: \S+){0,3}|medication (?:dispens\w+|history|log|profile|list)(?: \S+)?|dispensing.*|"
        r"cures(?: \S+){0,4}|patient activity report|rx (?:history|profile|summary)",
        ("days supply|day supply|qty|quantity dispensed", 1.2),
        ("ndc|refills", 0.8),
        ("prescriber|dispensed|date filled|pharmacist", 1.0),
    ),
    _row(
        RecordKind.PROGRESS_REPORT,
        r"(?:(?:primary|secondary) )?treating physician.?s? (?:progress )?report.*|pr-? ?2|(?:\S{1,40} ){0,4}progress (?:report|note)s?.*|"
        r"(?:\S{1,40} ){0,3}(?:follow[- ]?up|re-?check|re-?evaluation|return|office|clinic|established patient|encounter)"
        r"(?: (?:visit|note|report|evaluation|examination|consultation|summary|exam))?(?: (?:note|report))?|soap note|interval (?:history|note)",
        ("work status|modified duty|modified work|temporarily totally disabled", 1.2),
        ("\ns:|\nsubjective|\no:|\nobjective", 1.0),
        ("returns today|returns for|return for|follow-up visit|followup visit|here for follow|since the last visit|since last visit|return to clinic|recheck|presents today|comes in today|is here for|in for follow", 1.2),
        ("treatment plan|\nplan", 0.5),
        ("vital signs|well-developed|alert and oriented|normocephalic", 0.7),
    ),
    _row(
        RecordKind.CONSULTATION,
        r"(?:\S{1,40} ){0,5}consult(?:ation)?(?: (?:report|note|request))?|(?:\S{1,40} ){0,4}initial (?:\S{1,40} ){0,3}(?:evaluation|examination|visit|report|assessment)|"
        r"history (?:and|&) physical.*|h ?& ?p|new patient(?: \S+){0,3}|(?:\S{1,40} ){0,4}evaluation(?: report)?|initial orthop\w+ .*",
        ("thank you for referring|thank you for asking|kind referral|opportunity to|thank you very much for|referred by|was referred|asked to see|asked to evaluate|consulted", 1.8),
        ("reason for consult|reason for referral|referring physician|requesting physician|reason for visit", 1.4),
        ("chief complaint|history of present illness", 0.8),
        ("social history|family history|review of systems|past medical history|past surgical history", 0.8),
        ("assessment and plan|recommendations|\nassessment|\nimpression", 0.4),
    ),
    _row(
        RecordKind.CORRESPONDENCE,
        r"(?:cover|transmittal|referral|appeal) letter|memorandum|memo|letter of (?:medical necessity|appeal|representation).*|"
        r"notice of (?:assignment|representation|hearing|delay|benefits?).*|claims? (?:notice|correspondence)|advocacy letter|objection to .*",
        ("\ndear ", 1.5),
        ("\nsincerely|very truly yours|respectfully|\nregards", 0.8),
        ("enclosed please|please find|please be advised|enclosed is|enclosed are|claims examiner|claims adjuster", 0.9),
    ),
    _row(
        RecordKind.OTHER,
        r"discharge (?:summary|instructions)|proof of service(?: \S+){0,3}|declaration of.*|work status(?: report| slip| note)?|"
        r"billing statement|health insurance claim form|cms-?1500|explanation of (?:review|benefits)|invoice|itemi[sz]ed statement|"
        r"consent (?:form|for).*|emergency (?:department|room).*|patient (?:questionnaire|intake|information).*|job description.*|"
        r"index of (?:medical )?records|table of contents|list of (?:documents|records).*|medical index|separator",
        ("date of admission|admission date|date of discharge|discharge date|\nadmission|discharge diagnos|admitting diagnos|discharge instructions|disposition|hospital course", 2.2),
        ("over the age of 18|over the age of eighteen", 2.5),
    ),
)  # fmt: skip


@lru_cache(maxsize=4096)
def kind_of_title(cell: str) -> RecordKind | None:
    """Give the kind of which this line, or cell of a line, is a title; None if it is none.

    A sentence is not a title, however it begins.
    """
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


def kind_by_phrases(text: str) -> tuple[RecordKind, float]:
    """Give the kind that the words of a document's first pages suggest, with the confidence (0 to 1)."""
    low = "\n" + text.lower()
    opening = low.lstrip()[:60]
    ranked = sorted(((_weight(row, low, opening), row.kind) for row in KINDS), key=lambda one: -one[0])
    (best, kind), (second, _) = ranked[0], ranked[1]
    if best < 1.0:
        return RecordKind.OTHER, 0.3
    return kind, min(1.0, 0.4 + 0.2 * (best - second))


def _weight(row: KindRule, low: str, opening: str) -> float:
    return sum(
        weight
        for phrases, weight in row.marks
        if any(opening.startswith(phrase[1:]) if phrase[0] == "^" else phrase in low for phrase in phrases)
    )
