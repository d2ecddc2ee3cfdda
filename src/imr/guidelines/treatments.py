"""What a disputed treatment is: category, subcategory, drug class, body parts, codes, each with the words it rests on.

The categories are those of the Division's own decision search. Rules are tried in their order, and the
first whose words are found decides; what no rule knows is "unknown". Only the heading of an issue is read: the rationale
names many treatments that are not in dispute.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from imr.guidelines.anatomy import body_parts
from imr.guidelines.body_part_list import BodyPart
from imr.guidelines.drugs import drug_class, misspelled

UNKNOWN = "unknown"

#: (category, subcategory, words). The Division's name for imaging was not seen whole; "Imaging" is ours.
_RULES: tuple[tuple[str, str, str], ...] = (
    (
        "Surgery",
        "Adjunct Surgical Services",
        (
            r"^associated (?:surgical )?(?:service|item)|\bassistant surgeon|\bpa-?c\b|\bsurgical assist\w*|\bpa[- ]assist|\bassist(?:ant)?,? (?:pa|surgeon)|\bco-?surgeon"
            r"|\bpre-?\s?op(?:erative)? (?:medical )?(?:clearance|testing|labs?|work-?up|evaluation|exam\w*|consult\w*|h&p|history)|\bmedical clearance"
            r"|\bpre-?\s?op(?:erative)?,? (?:ekg|ecg|chest|cbc|cmp|blood|urin\w+|x-?rays?|cardiac|stress)\b|\b(?:pre-?op\w*|surgical) clearance|\bclearance for surgery|\bintraoperative|\binpatient (?:stay|hospital\w*)|\bhospital stay|\blength of stay|\blos\b|\bfacility fee|\bsurgery cent(?:er|re)|\banesthesi(?:a|ologist)\b(?! block)|\bovernight stay|\boutpatient facility"
            r"|\bpost[- ]?op(?:erative)? (?:\w+ immobili[sz]er|sling|brace|cold|ice|hot|dvt|cpm|walker|crutch\w*|nurs\w*|medication\w*)|\bcold therapy unit,? (?:post)"
        ),
    ),
    (
        "Programs",
        "Programs",
        (
            r"\bfunctional restoration|\bfrp\b|\bhelp\b(?= (?:program|eval\w*|treatment|day|remote|interdisc))|\bnorthern california functional|\bpartial hospitali[sz]ation|\bday treatment|\bwork (?:hardening|conditioning)"
            r"|\bweight (?:loss|reduction|management)|\bgym member\w*|\bhealth club|\bdetox\w*|\bpain (?:rehabilitation|management) program|\binpatient (?:rehab\w*|program)"
            r"|\bbrain injury program|\bsmoking cessation|\bmultidisciplinary\b|\binterdisciplinary\b|\bresidential\b|\bprograms?\b(?!m)"
        ),
    ),
    (
        "Home Health",
        "Home Health",
        r"\bhhas?\b|\bhome (?:health|care|aide|nurs\w+|attendant|assist\w+|helper)|\bin-home\b|\bhousekeep\w*|\bhomemaker|\bcaregiver|\bskilled nurs\w+|\bvisiting nurse",
    ),
    (
        "Transportation",
        "Transportation",
        r"\btransport\w*|\btaxi\w*|\brides?\b|\bmileage\b|\bambulance\b|\bdriver\b",
    ),
    (
        "Rehabilitation",
        "Acupuncture",
        r"\b(?:electro-?)?acc?upunctur\w*|\binfrared.{0,20}acupunct\w*",
    ),
    (
        "Rehabilitation",
        "Chiropractic",
        r"\bchiro\w*|\bcmt\b|\bspinal manipulati\w*|\bmanipulati(?:on|ve) (?:therapy|treatment|visits?)|\bosteopathic manip\w*|\bmanual manipulation",
    ),
    (
        "Psych Services",
        "Therapies",
        (
            r"\bcognitive[- ]behaviou?ral|\bcbt\b|\bpsycho-?therap\w*|\bbiofeedback|\bhypno\w*|\bpsych\w* (?:treatment|therap\w+|counsell?ing|sessions?|visits?)"
            r"|\bgroup (?:therapy|medical)|\bcounsell?ing|\brelaxation (?:training|therapy)"
        ),
    ),
    (
        "Psych Services",
        "Evaluation & Management",
        r"\bpain psych\w*|\bpsych(?:ological|iatric|ologist|iatrist|iatry|ology)?\b(?!\w)|\bneuro-?psych\w*",
    ),
    (
        "Diagnostic Testing",
        "EMG/NCV/NCS",
        r"\bemgs?\b|\bncv\b|\bncs\b|\bnerve conduction|\belectro-?(?:myo\w+|diagnos\w+)|\bvs-?nct\b|\bnerve fiber threshold|\bsomatosensory|\bsseps?\b",
    ),
    (
        "Diagnostic Testing",
        "Imaging",
        (
            r"\bmr[ia]s?\b|\bmagnetic resonance|\bmr arthro\w*|\bct\b(?! release)|\bcat scans?|\bcomputed tomograph\w*|\bcomputeri[sz]ed (?:axial )?tomograph\w*|\bx-?\s?rays?\b|\bradiograph\w*"
            r"|\barthrogra\w*|\bmyelogra\w*|\bdiscogra\w*|\bbone scans?|\bdexa\b|\bpet(?:[- ]ct| scan)|\bspect\b|\bdiagnostic ultrasound|\bsonogra\w*|\bdoppler|\bduplex"
            r"|\bultrasound (?:of|study|imaging|exam\w*)|\bmammogra\w*|(?<!under )(?<!with )(?<!by )(?<!and )\bfluoroscopy\b(?! guid)|\b(?:plain|extension|flexion|x-?ray) films?\b|\broentgen\w*|\b(?:ap|lateral|oblique|\d) (?:and \w+ )?views?\b|\bultrasound\b.{0,30}\bdiagnostic\b|\bimaging\b"
        ),
    ),
    (
        "Diagnostic Testing",
        "Lab & Pathology",
        (
            r"\burin\w+|\butox\b|\buds\b|\budts?\b|\bgc[/-]?ms\b|\bdrug (?:screen\w*|test\w*)|\btoxicolog\w*|\blab(?:s|oratory|oratories)?\b|\bblood (?:test|work|draw|count)\w*|\bcbc\b|\bcmp\b|\bmetabolic panel"
            r"|\bgenetic|\bdna test\w*|\bpharmacogen\w*|\bcytochrome|\bhepatic|\bliver function|\blfts?\b|\bbun\b|\bcreatinine|\bhba1c|\besr\b|\bcrp\b|\btsh\b|\blipid panel|\burinalysis|\brenal function|\bh\.? ?pylori|\ba1c\b|\bpathology|\bchemistry panel|\bserum\b|\bpt/inr|\bculture\b"
        ),
    ),
    (
        "Injection",
        "Facet Injection",
        r"\bfacets?\b.{0,40}(?:inject\w*|block\w*)|\bmedial branch|\bfacet\b|\brhizotom\w*|\bradio-?frequency|\brfa\b|\bneurotom\w*|\bmbb\b",
    ),
    (
        "Surgery",
        "Spine",
        (
            r"\b\w*laminect\w*|\b\w*laminot\w*|\b\w*dis[ck]ectom\w*|\bmicrodis[ck]\w*|\bmicro-?decompress\w*|\bfusion\b|\bcorpectomy|\bforaminotomy|\bkyphoplast\w*|\bvertebroplast\w*|\bdis[ck] (?:replacement|arthroplasty)"
            r"|\bacdf\b|\btlif\b|\balif\b|\bplif\b|\bspin(?:e|al) (?:surgery|decompression surgery)|\bneuroplasty\b|\blysis of adhesions|\bspinal cord stimulat\w*|\bscs\b|\bintrathecal pump"
        ),
    ),
    (
        "Surgery",
        "Arthroscopic Surgery",
        r"\barthroscop\w*|\b(?:knee|shoulder|ankle|hip|wrist|elbow) scope\b|\brcr\b|\bsad\b",
    ),
    (
        "Injection",
        "Injection",
        (
            r"\binjections?\b|\binject\b|\bepidurals?\b|\besi\b|\btf?esi\b|\blesi\b|\bnerve (?:root )?blocks?|\bblocks?\b|\bbotox\b|\bbotulinum|\btrigger point|\bprp\b|\bplatelet[- ]rich"
            r"|\bprolotherap\w*|\binfusions?\b|\bbursal? inject\w*|\barthrocentesis|\baspiration"
        ),
    ),
    (
        "Rehabilitation",
        "Physical Therapy/Occupational Therapy (PT/OT)",
        (
            r"\bphysical[- ]therap\w*|\bphysio-?therap\w*|\boccupational therap\w*|\bhand therap\w*|\bcht\b|\baqua(?:tic)?[- ](?:therap\w*|physical)|\bpool therap\w*|\bpt\b|\bot\b|\bphysical medicine (?:treatment|sessions?|visits?)"
            r"|\btherapeutic (?:exercises?|activit\w+)|\bvestibular (?:therap\w*|rehab\w*)|\bphysical rehab\w*|\bphysiotherapeutic|\bgait training|\brehabilitative therap\w*"
        ),
    ),
    (
        "Surgery",
        "Surgical Consult",
        r"\b(?:surg\w+|neurosurg\w+|orthop\w+ surg\w+) (?:consult\w*|referral|evaluation|follow[- ]?up)|\b(?:consult\w*|referral|evaluation) (?:with|by|to) (?:an? )?(?:\w+ )?(?:spine |orthop\w+ |neuro)?surgeon",
    ),
    (
        "DMEPOS",
        "Electrical Stimulation",
        (
            r"\btens\b|\bh-?wave|\binterferential (?:unit|stimulator|current (?:unit|stimulator))|\bif unit|\bnmes\b|\bneuromuscular electr\w*|\bmuscle stimulator|\bbone (?:growth )?stimulat\w*"
            r"|\belectr\w+ stimulat(?:or|ion unit)\w*|\bstimulator\b|\bstim unit|\bmicrocurrent|\balpha-?stim\b|\bortho-?stim\w*|\bsolace multi|\bprime dual|\bx-?force stim\w*|\bvector flow|\bems unit|\belectrodes?\b"
        ),
    ),
    (
        "DMEPOS",
        "Prosthetics/Orthotics",
        (
            r"\bbrac(?:e|es|ing)\b|\borthoti?c?s?\b|\borthos[ie]s\b|\blso\b|\btlso\b|\bafo\b|\bsplints?\b|\bprosthe\w+|\bback support|\blumbar (?:support|corset|sacral)|\bcorset|\bcollar\b|\bsling\b"
            r"|\bcam (?:boot|walker)|\bwalking boot|\bshoes?\b|\binserts?\b|\bcustom mold\w*|\bhearing aids?|\bwrist supports?|\bknee supports?|\bcompression (?:stocking|sleeve|glove)s?"
        ),
    ),
    (
        "DMEPOS",
        "DME",
        (
            r"\bdme\b|\bdurable medical|\bpillows?\b|\bmattress|\bbed\b|\bwheel-?\s?chair|\bscooter\b|\bwalker\b|\bcanes?\b|\bcrutch\w*|\bcommode|\btoilet|\bgrab bars?|\bshower (?:chair|bench)|\btraction|\bhome exercise kit"
            r"|\bexercise (?:kit|ball|equipment|bike)|\bcold (?:therapy|pack|compress\w*)|\bhot (?:and|&|/) ?cold|\bheat(?:ing)? pad|\bcryo\w*|\bpolar care|\bice machine|\bparaffin|\binversion|\bergonomic"
            r"|\bwork-?station|\bchair\b|\bcpap\b|\bbi-?pap|\bvascutherm|\bdvt\b|\bcontinuous passive motion|\bcpm\b|\btherma\w*|\bvehicle|\bstairlift|\bramp\b|\bhot tub|\bjacuzzi|\bkit\b|\bunit\b|\bmachine\b|\bdevice\b"
        ),
    ),
    (
        "DMEPOS",
        "Supplies",
        r"\bsuppl(?:y|ies)\b|\bbatter(?:y|ies)\b|\blead wires?|\bdressings?\b|\bbandages?\b|\bgloves?\b|\bgauze|\bcatheters?\b|\bdiapers?|\bincontinence",
    ),
    (
        "Surgery",
        "Non-arthroscopic Surgery",
        (
            r"\bsurger(?:y|ies)\b|\bsurgical\b|\b\w+plasty\b|\b\w{3,}ectomy\b|\b(?:carpal|cubital|tunnel|trigger finger|quervain\w*) .{0,20}release|\bctr\b|\btransposition|\b\w*fixation\b|\borif\b"
            r"|\bhardware removal|\bremoval of hardware|\bopen (?:reduction|repair)|\b(?:tendon|hernia|rotator cuff|ligament|labral|meniscal) repair|\brepair\b|\breconstruct\w*|\bosteotomy|\bdebridement|\bexcision"
            r"|\bamputat\w*|\bimplant\w*|\bexploration|\bneurolysis|\btotal (?:knee|hip|shoulder)|\btk[ar]\b|\bthr\b|\bmanipulation under anesth\w*|\bmua\b|\bscar revision|\bgraft\w*|\bdecompression\b|\btenotomy|\bfasciotomy"
        ),
    ),
    (
        "Evaluation & Management",
        "Dental Services",
        r"\b(?:night|mouth|occlusal) ?guard|\bbruxism|\bdent(?:al|ist|istry|ures?)\b|\bteeth|\btooth|\bcrowns?\b|\broot canal|\bextraction",
    ),
    (
        "Rehabilitation",
        "Other Therapies",
        (
            r"\bmassage|\blint\b|\blocali[sz]ed intense neuro\w*|\btrigger points? impedance|\btpii\b|\bmyofascial|\belectr\w+[- ]stim\w*|\bultra-?sound\b|\bshock-?\s?wave|\beswt\b|\blaser\b|\bdiathermy|\binfra-?red|\bhot packs?|\bheat(?: |/)|\bkinesio\w*|\bcupping|\bmodalit\w*|\bspeech|\bswallow\w*"
            r"|\bdecompression (?:therapy|treatment)|\bmechanical traction|\bcraniosacral|\bstretch\w*|\byoga\b|\btai chi|\bpilates|\bfeldenkrais|\btherapeutic\b|\bcardiac rehab\w*"
        ),
    ),
    (
        "Diagnostic Testing",
        "Other Diagnostic Tests",
        (
            r"\bsleep (?:study|studies|test\w*)|\bpolysomn\w*|\bekg\b|\becg\b|\belectrocardi\w*|\bechocardi\w*|\bstress test|\bholter|\bpulmonary function|\bpft\b|\bspirometr\w*|\beegs?\b|\belectroenceph\w*"
            r"|\bendoscop\w*|\bcolonoscop\w*|\begd\b|\b(?:functional|work|physical) capacity|\boximetry|\bfce\b|\b(?:range of motion|rom)\b.{0,30}\b(?:test\w*|measur\w*)|\bmuscle (?:strength|test)\w*|\bcomputeri[sz]ed (?:rom|muscle|strength)|\baudio(?:gram|metr\w*|logic\w*)|\bvng\b|\bbiops\w*"
            r"|\bautonomic|\bsudoscan|\bqst\b|\bquantitative sensory|\bthermogra\w*|\bimpairment rating|\btest(?:s|ing)?\b|\bstud(?:y|ies)\b|\bscreening"
        ),
    ),
    (
        "Evaluation & Management",
        "Medical Specialties",
        (
            r"\bconsult\w*|\breferrals?\b|\bfollow[- ]?ups?\b|\bf/u\b|\bre-?eval\w*|\beval\b|\bpain m(?:ana)?ge?mt\b|\boffice visits?|\b(?:initial|physical|re-?) ?(?:exam\w*|evaluation)|\bre-?check|\bexam(?:ination)?s?\b|\bevaluat\w*|\bvisits? with|\breturn visit"
            r"|\b(?:pain management|internal medicine|neurolog\w+|orthop(?:a?edic)?\w*|physiatr\w+|urolog\w+|podiatr\w+|dermatolog\w+|cardiolog\w+|gastroenterolog\w+|ophthalmolog\w+|rheumatolog\w+|endocrinolog\w+|ent|internist|specialist)\b"
            r"|\bmedication management|\btelephone (?:call|conference)|\bcase management|\breports?\b|\bpr-?2\b|\bvisits?\b"
        ),
    ),
    ("Therapies", "Therapies", r"\btherap(?:y|ies)\b|\bsessions?\b|\btreatments?\b"),
)
_ASKED = [(category, subcategory, re.compile(words, re.IGNORECASE)) for category, subcategory, words in _RULES]
_UNNAMED_DRUG = re.compile(
    r"\b(?:tablets?|tabs?|capsules?|caps?|suspension|by mouth|po|bid|tid|qhs|refills?|medications?|prescription|cream|ointment|patch(?:es)?)\b"
    r"|\d\s?(?:mg|mcg|ml|gm|grams?)\b",
    re.IGNORECASE,
)
#: Codes of the CPT and HCPCS by their first and last, each with its meaning. They decide where the words say nothing
#: or no more than a visit or a session.
_CODES: tuple[tuple[str, str, str, str], ...] = (
    ("97810", "97814", "Rehabilitation", "Acupuncture"),
    ("98940", "98943", "Rehabilitation", "Chiropractic"),
    ("97124", "97124", "Rehabilitation", "Other Therapies"),
    ("97001", "97799", "Rehabilitation", "Physical Therapy/Occupational Therapy (PT/OT)"),
    ("64490", "64495", "Injection", "Facet Injection"),
    ("64622", "64627", "Injection", "Facet Injection"),
    ("64633", "64636", "Injection", "Facet Injection"),
    ("20526", "20611", "Injection", "Injection"),
    ("27096", "27096", "Injection", "Injection"),
    ("62310", "62327", "Injection", "Injection"),
    ("64400", "64530", "Injection", "Injection"),
    ("22520", "22899", "Surgery", "Spine"),
    ("63001", "63688", "Surgery", "Spine"),
    ("29800", "29999", "Surgery", "Arthroscopic Surgery"),
    ("10021", "69990", "Surgery", "Non-arthroscopic Surgery"),
    ("70010", "79999", "Diagnostic Testing", "Imaging"),
    ("80047", "89398", "Diagnostic Testing", "Lab & Pathology"),
    ("95860", "95913", "Diagnostic Testing", "EMG/NCV/NCS"),
    ("93000", "95857", "Diagnostic Testing", "Other Diagnostic Tests"),
    ("90785", "90792", "Psych Services", "Evaluation & Management"),
    ("96101", "96146", "Psych Services", "Evaluation & Management"),
    ("90832", "90911", "Psych Services", "Therapies"),
    ("99201", "99499", "Evaluation & Management", "Medical Specialties"),
    ("E0720", "E0770", "DMEPOS", "Electrical Stimulation"),
    ("A4206", "A7527", "DMEPOS", "Supplies"),
    ("L0112", "L9900", "DMEPOS", "Prosthetics/Orthotics"),
    ("E0100", "E8002", "DMEPOS", "DME"),
    ("D0120", "D9999", "Evaluation & Management", "Dental Services"),
)
#: Categories whose words, such as "visit" or "session", say less than a code does.
_SAYS_LITTLE = frozenset(
    {(UNKNOWN, UNKNOWN), ("Evaluation & Management", "Medical Specialties"), ("Therapies", "Therapies")}
)
#: What a drug can be the object of, without being what is asked for.
_ABOUT_DRUGS = frozenset({"Injection", "Diagnostic Testing", "Programs", "Surgery"})
#: The Division files what is only ever injected into a joint among the drugs.
_INJECTED = "Viscosupplementation"
_ICD10 = re.compile(r"\b[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})\b")
_CPT = re.compile(
    r"\bCPT\b[ :#]*(?:codes?[ :#]*)?((?:[0-9]{4}[0-9T](?:\s*(?:,|and|&|x\s?\d+|-\d\d)\s*)*)+)", re.IGNORECASE
)
_FIVE = re.compile(r"\b[0-9]{4}[0-9T]\b")
_HCPCS = re.compile(r"\b[ADEGJLSV]\d{4}\b")
_BARE = re.compile(r"(?<![#$\d,.-])\b(?:\d{4}[0-9T])\b(?!\s*(?:mg|ml|mcg|units?|iu|%|,\d))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What a disputed treatment is. `words` are the words of the heading on which the category rests."""

    category: str
    subcategory: str
    drug_class: str
    body_parts: tuple[BodyPart, ...]
    words: str
    icd10: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()


#: Headings repeat: a large corpus asks for the same few treatments over and over.
@lru_cache(maxsize=65_536)
def classify(treatment: str, heading: str = "") -> Treatment:
    """Say what `treatment` is, as an issue's heading words it; body parts and codes are read from the whole `heading`."""
    whole = heading or treatment
    category, subcategory, named, words = _category(treatment)
    if category == UNKNOWN and whole != treatment:
        category, subcategory, named, words = _category(whole)
    procedures = _procedures(whole)
    if (category, subcategory) in _SAYS_LITTLE:
        for code in procedures:
            stands_for = _by_code(code)
            if stands_for is not None:
                category, subcategory, named, words = *stands_for, "", code
                break
    parts = body_parts(whole)
    return Treatment(
        category=category,
        subcategory=subcategory,
        drug_class=named,
        body_parts=tuple(part for part in BodyPart if part in parts),
        words=words,
        icd10=tuple(dict.fromkeys(_ICD10.findall(whole))),
        procedures=procedures,
    )


def _procedures(text: str) -> tuple[str, ...]:
    """Give the codes of the CPT and HCPCS that the text states; five bare digits only where they are such a code."""
    listed = [code for codes in _CPT.findall(text) for code in _FIVE.findall(codes)]
    bare = [code for code in _BARE.findall(text) if _by_code(code) is not None]
    return tuple(dict.fromkeys([*listed, *bare, *_HCPCS.findall(text)]))


def _by_code(code: str) -> tuple[str, str] | None:
    return next(
        ((category, subcategory) for first, last, category, subcategory in _CODES if first <= code <= last), None
    )


def _category(text: str) -> tuple[str, str, str, str]:
    drug = drug_class(text)
    for category, subcategory, words in _ASKED:
        found = words.search(text)
        if found is None:
            continue
        # A drug is a drug, unless what is asked for is to inject it, to test for it, or to attend a program about it.
        if drug is not None and (category not in _ABOUT_DRUGS or drug[0] == _INJECTED):
            break
        return category, subcategory, "", found.group().strip()
    drug = drug or misspelled(text)
    if drug is not None:
        return "Pharmaceuticals", drug[0], drug[0], drug[1]
    unnamed = _UNNAMED_DRUG.search(text)
    if unnamed is not None:
        return "Pharmaceuticals", UNKNOWN, UNKNOWN, unnamed.group()
    return UNKNOWN, UNKNOWN, "", ""
