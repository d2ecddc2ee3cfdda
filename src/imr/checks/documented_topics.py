"""The topics that a record documents: how a claim of absence names each, what documents it, and what the next request needs.

A claim about no known topic is left alone. What was merely requested, planned or encouraged documents nothing.
"""

import re
from dataclasses import dataclass

from imr.checks.text import NUMBER_WORDS, Sentence
from imr.guidelines.keyword_index import lower

_DONE = r"(?:includ\w+|underw\w+|complet\w+|receiv\w+|treated with|has had|had|tried|fail\w*|attend\w+|participat\w+|prior|previous\w*|took|taking|prescribed|using|utili[sz]\w+|started|continu\w+|trial of)"
_CARE = r"(?:physical therapy|physiotherapy|chiropract\w+|acupuncture|home exercises?|nsaids?|anti-inflammator\w+|ibuprofen|naproxen|meloxicam|activity modification|(?:cortisone|steroid) injections?|massage|tens|bracing|pt)"
_VISITS = r"(?:visits?|sessions?|treatments?)"
_NUMBER = rf"(?:\d+|{'|'.join(NUMBER_WORDS)})"
_TESTS = r"(?:neer|hawkins|spurling|tinel|phalen|mcmurray|lachman|drawer|straight leg|faber|patrick|kemp|finkelstein|speed|yergason|apley|empty can|impingement|slump)"
_TRIED = r"(?:tried|trial|failed|stopped|discontinued|did not (?:help|work|relieve)|no help|no relief|without (?:relief|benefit|effect)|ineffective|upset|caused|causes|could not tolerate|not tolerated|intoleran\w+|allerg\w+|contraindicated)"
_FIRST_LINE = r"(?:nsaids?|anti-?inflammator\w+|ibuprofen|naproxen|meloxicam|diclofenac|etodolac|nabumetone|celecoxib|acetaminophen|tylenol|gabapentin|neurontin|pregabalin|lyrica|duloxetine|cymbalta|amitriptyline|nortriptyline|venlafaxine|antidepressants?|anticonvulsants?)"


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that a record documents: how a claim names it, what documents it, and what a new request should say of it.

    `documents` is a pattern for a text in lower case, of which every match holds one of the `stems`. `even_denied` is True
    where a denial documents it too ("denies side effects" documents side effects).
    """

    name: str
    claimed: re.Pattern[str]
    documents: str
    stems: tuple[str, ...]
    asks: str
    even_denied: bool
    _documented: re.Pattern[str]

    def named(self, missing: str) -> bool:
        """Say whether the words of what is missing name it."""
        return bool(self.claimed.search(lower(missing)))

    def documented(self, words: str) -> re.Match[str] | None:
        """Find where a text in lower case documents it."""
        return self._documented.search(words) if any(stem in words for stem in self.stems) else None


def documented(matter: Topic, sentence: Sentence) -> re.Match[str] | None:
    """Find where a sentence documents a topic; searched for once."""
    if matter.name not in sentence.facts:
        sentence.facts[matter.name] = matter.documented(sentence.lower)
    found: re.Match[str] | None = sentence.facts[matter.name]
    return found


def _topic(name: str, claimed: str, documents: str, stems: str, asks: str, *, even_denied: bool = False) -> Topic:
    documents = rf"\b(?:{documents})"
    return Topic(
        name,
        re.compile(rf"\b(?:{claimed})"),
        documents,
        tuple(stems.split("|")),
        asks,
        even_denied,
        re.compile(documents),
    )


TOPICS = (
    _topic(
        "number of visits completed",
        rf"(?:number|amount|total|how many|how much|quantity|count)\b[^.]{{0,50}}\b(?:{_VISITS}|therapy)|{_VISITS} (?:completed|attended|to date)",
        rf"(?:complet\w+|attend\w+|receiv\w+|underw\w+|participat\w+ in|finished|had|has had|given|used) (?:a total of |approximately |about |at least |his |her )?{_NUMBER} (?:\(\d+\) )?(?:of \d+ )?(?:[\w-]+ ){{0,4}}{_VISITS}|{_NUMBER} (?:[\w-]+ ){{0,4}}{_VISITS} (?:were |was |have been |has been )?(?:completed|attended|given|done|rendered|used)|visit (?:#|no\.?|number) ?\d+",
        "visit|session|treatments", "how many visits of this treatment were done, and when"),
    _topic(
        "conservative care",
        r"conservative (?:care|treatment|therap\w+|management|measures|modalit\w+)|(?:prior|previous|initial|lower levels? of) (?:care|treatment|therap\w+)|(?:failure|failed) (?:of|an?|with)? ?(?:\w+ ){0,3}(?:therapy|treatment|care|modalit\w+)|other conservative",
        rf"{_DONE}\b[^.]{{0,80}}\b{_CARE}|{_CARE}\b[^.]{{0,60}}\b(?:{_DONE}|without (?:relief|improvement|benefit)|did not help|no relief)",
        "physical therapy|physiotherapy|chiropract|acupuncture|home exercise|nsaid|anti-inflammator|ibuprofen|naproxen|meloxicam|activity modification|injection|massage|tens|bracing|no relief| pt",
        "which conservative care was tried, for how long, and with what result"),
    _topic(
        "home exercise", r"home exercise|self-directed|exercise program",
        r"(?:perform\w*|does|did|do|doing|tried|continu\w+|complian\w+|complet\w+|on a|taught|independent with)\b[^.]{0,30}\b(?:home exercise|hep\b)|home exercises?\b[^.]{0,40}\b(?:tried|perform\w*|daily|done|completed|failed|complian\w+|without|taught|helps?)|\bhep\b[^.]{0,20}\b(?:daily|done|complian\w+)",
        "home exercise|hep", "a home exercise program, and why it is not enough"),
    _topic(
        "side effects", r"side[- ]effects?|adverse (?:effects?|reactions?|events?)|tolera\w+",
        r"side[- ]effects?|adverse (?:effects?|reactions?)|tolerat(?:es|ed|ing) (?:the |his |her |it |this )?(?:medication|drug|well)\w*|well tolerated|(?:causes?|caused|due to|from|with) [^.]{0,40}\b(?:constipation|drowsiness|nausea|dizziness|sedation|itching|stomach upset|dry mouth)|(?:constipation|drowsiness|nausea|dizziness|sedation|itching|stomach upset|dry mouth) (?:from|with|due to|on) ",
        "side effect|side-effect|adverse|tolerat|constipation|drowsiness|nausea|dizziness|sedation|itching|stomach upset|dry mouth",
        "side effects of the drug, or that there are none", even_denied=True),
    _topic(
        "use of the drug watched", r"aberrant|drug[- ]seeking|misuse|abuse|(?:pain|opioid|narcotic|medication|treatment) (?:contract|agreement)|urine (?:drug|toxicology)|drug screen\w*|cures\b|pdmp|(?:drug|opioid|prescription|other) monitoring",
        r"aberrant|drug[- ]seeking|(?:cures|pdmp)\b[^.]{0,40}\b(?:reviewed|checked|consistent|report|no |shows?|obtained|run)|(?:reviewed|checked|obtained) (?:the )?(?:cures|pdmp)|urine (?:drug|toxicology)[^.]{0,50}(?:\d{1,2}/\d|consistent|negative|positive|showed|results?|appropriate|obtained today)|(?:pain|opioid|narcotic|medication|treatment) (?:contract|agreement)\b[^.]{0,40}\b(?:signed|on file|in place|renewed|reviewed|updated)|signed (?:an? |the )?(?:\w+ )?(?:contract|agreement)",
        "aberrant|seeking|cures|pdmp|urine|contract|agreement", "how use of the drug is watched: agreement, urine tests, prescription database", even_denied=True),
    _topic("pain rated on a scale", r"pain (?:levels?|scores?|ratings?|scales?)|vas\b|visual analog", r"\d{1,2} ?(?:/|out of) ?10\b|vas\b[^.]{0,20}\d", "10|vas", "pain on a scale with and without the treatment"),
    _topic(
        "functional improvement",
        r"(?:objective |functional |significant |clinical )*(?:improvements?|gains?|benefits?|progress)\b|(?:response|benefit) (?:to|from|of|with) (?:the )?(?:\w+ ){0,2}(?:therapy|treatment|medication|acupuncture|care|visits|sessions)|(?:effectiveness|efficacy)|help(?:ed|s)? function",
        r"(?:improve[ds]?|increase[ds]?|better|gained?) (?:[\w-]+ ){0,6}(?:function|activit\w+|adls?|range of motion|walking|grip|tolerance|strength|mobility|flexion|extension|abduction|rotation|motion)|(?:function|activit\w+|adls?|walking|grip strength|strength|range of motion|flexion|abduction|tolerance) (?:[\w-]+ ){0,3}(?:improved|increased|better|rose|went up|from \d+ to \d+)|(?:returned|back) to (?:\w+ ){0,2}(?:work|duty|days)|able to (?:work|walk|sit|stand|lift) (?:longer|more|again)",
        "function|activit|adl|range of motion|walking|grip|tolerance|strength|mobility|returned to|back to|able to|flexion|extension|abduction|rotation|motion", "what the employee can do now that was not possible before the treatment"),
    _topic(
        "relief of pain", r"(?:pain )?relief|(?:reduction|decrease) (?:in|of) pain|pain (?:reduction|relief)|(?:response|benefit) (?:to|from|of|with) (?:the )?(?:\w+ ){0,2}(?:injections?|acupuncture|blocks?|medications?)",
        r"(?:pain|symptoms?)\b[^.]{0,40}\b(?:improved|decreased|reduced|relieved|lessened|lowered|eased)|(?:improved|decreased|reduced|relieved|lessened|lowered|eased) (?:the |his |her )?(?:\w+ )?(?:pain|symptoms)|(?:relief|reduction|improvement) of \d+ ?%|\d+ ?%? (?:percent )?(?:pain )?(?:relief|improvement|reduction|better)|pain (?:went )?from \d+(?:/10)? to \d|relieve[sd]? (?:the |his |her )?pain|lowered (?:the )?pain by",
        "improved|decreased|reduced|relie|lessened|lowered|eased|%|from ", "how much the treatment relieved pain, and for how long"),
    _topic(
        "function at the start", r"baseline|functional (?:capacity|status|levels?|limitations?|abilit\w+|deficits?)",
        r"baseline\W{1,3}[^.]{0,60}\d|(?:lifts?|carr(?:y|ies)|walks?|sits?|stands?) (?:up to |about |only )?(?:\d+|one|two|three|half)|able to (?:lift|walk|sit|stand|carry) (?:up to |about |only |for )?\d+|functional capacity evaluation[^.]{0,40}(?:\d{1,2}/\d|showed|found|revealed)",
        r"baseline|lift|carr|walk|sit|stand|functional capacity", "what the employee could and could not do before the treatment, in numbers"),
    _topic(
        "return to work", r"return\w* to (?:\w+ ){0,2}(?:work|duty)|(?:is|are|was) working",
        r"(?:returned|back|went back) to (?:\w+ ){0,2}(?:work|duty|days)|(?:is|has been|continues) working|works (?:full|modified|part|with)|working (?:full|modified|part|with)", "returned to|back to|work", "whether and how the employee works"),
    _topic(
        "work status", r"work (?:status|restrictions?|capacity)",
        r"work status\W{1,3}(?!\s*not)\w|(?:modified|full|light|regular) (?:duty|work)|(?:temporar\w+|permanent\w+) (?:totally |partially |total |partial )?disab\w+|off (?:of )?work|\bttd\b", "work status|duty|modified work|full work|light work|regular work|disab|off work|off of work|ttd", "the work status at the last visit"),
    _topic(
        "nerve findings",
        r"radicul\w+|nerve[- ]root|neurolog\w+ (?:\w+ )?(?:deficits?|findings?|compromise|abnormalit\w+|examination|dysfunction|symptoms?)|nerve (?:compromise|dysfunction|impingement)|(?:sensory|motor) (?:deficits?|loss|changes)|red flags?",
        r"(?:decreased|diminished|reduced|absent|altered) (?:\w+ ){0,2}(?:sensation|reflex\w*|strength|light touch)|(?:sensation|reflex\w*|strength) (?:(?:is|was|are|were) )?(?:\w+ )?(?:decreased|diminished|reduced|absent)|weakness|[0-4][+-]?/5\b|positive (?:straight[- ]leg|spurling|slr)|numbness",
        "sensation|reflex|strength|light touch|weakness|/5|straight|spurling|slr|numbness", "an examination of sensation, reflexes and strength, by side and level"),
    _topic("provocative tests", r"provocative|(?:positive|orthop\w+|impingement) (?:\w+ )?(?:tests?|testing|signs?|maneuvers?)", rf"{_TESTS}\w*(?:'s)?\b[^.]{{0,60}}\bpositive|positive (?:[\w' ]{{0,30}})?{_TESTS}", "positive", "the tests of the joint and what they showed"),
    _topic("instability", r"instability|giving[- ]way|unstable", r"instability|giv(?:es|ing|en) way|unstable|(?:lachman|drawer)\w*\b[^.]{0,15}(?:[123]\+|positive)|positive (?:lachman|drawer)|buckl\w+", "instability|way|unstable|lachman|drawer|buckl", "the tests of stability and what they showed"),
    _topic("spasm", r"spasms?", r"spasms?", "spasm", "whether muscle spasm was found on examination"),
    _topic("examination", r"^(?:(?!on\b)[\w-]+ ){0,5}exam(?:ination)?s?(?: findings?)?$", r"(?:exam\w*|evaluation) (?:of the [\w ]{1,25})?(?:\w+ ){0,2}(?:note[ds]?|reveal\w+|show\w*|demonstrat\w+|document\w+)", "exam|evaluation", "the examination of the part of the body that is to be treated"),
    _topic(
        "stomach complaints or risk", r"gastro\w+|gi\b|dyspepsia|ulcers?|heartburn|reflux|gerd",
        r"gastritis|gastroesophageal|dyspepsia|peptic ulcers?|heartburn|reflux|gerd|gi (?:upset|bleed\w*|symptoms|distress)|stomach (?:upset|pain)|upset (?:his |her |the )?stomach", "gastritis|gastroesophageal|dyspepsia|ulcer|heartburn|reflux|gerd|gi |stomach", "complaints or risks of the stomach that ask for protection"),
    _topic("imaging", r"(?:prior |previous |plain |recent ){0,4}(?:imaging|radiographs?|x-?rays?|mri|ct scans?)\b(?! of unknown)", r"(?:mri|x-?rays?|radiographs?|ct(?: scan)?)\b[^.]{0,80}\b(?:reveal\w*|show\w*|demonstrat\w+|report\w*|impression|findings|negative|normal|dated)", "mri|x-ray|xray|radiograph|ct", "the report of the imaging, or that none was made"),
    _topic("electrodiagnostic studies", r"electrodiagnos\w+|emg|nc[sv]|nerve conduction", r"(?:emg|nc[sv]|electrodiagnostic\w*|nerve conduction\w*)\b[^.]{0,80}\b(?:reveal\w*|show\w*|demonstrat\w+|report\w*|impression|findings|negative|normal)", "emg|ncs|ncv|electrodiagnostic|nerve conduction", "the report of the studies of nerves and muscles"),
    _topic("plan for surgery", r"(?:candidate for|consider\w*|plans? for|contemplat\w+) (?:\w+ ){0,2}surg\w+|surgical (?:candidate|intervention|plan)", r"surg(?:ery|ical)\b[^.]{0,50}\b(?:recommend\w+|candidate|considered|planned|scheduled|discussed|authori[sz]\w+)|recommend\w* (?:\w+ ){0,3}surg\w+", "surg", "whether surgery is planned"),
    _topic("earlier surgery", r"(?:previous|prior|past|earlier) (?:\w+ )?(?:surg\w+|operation)|surgical history|operative report", r"(?:underwent|status post|s/p|had) (?:[\w-]+ ){0,4}(?:\w*scop\w+|surg\w+|\w+ectomy|fusion|repair|decompression|replacement|reconstruction|\w+plasty)", "underwent|status post|s/p|had ", "which operations there were, and when"),
    _topic("reason for the request", r"(?:clear |clinical |specific ){0,4}(?:rationale|reasons?|purpose|justification|explanation)\b|why (?:\w+ ){0,3}(?:study|request\w*|treatment|test)|(?:study|test|results?|imaging|mri) (?:\w+ ){0,3}(?:would|will|might|could) (?:change|affect|alter)", r"(?:is|are|was|were) (?:being )?(?:requested|needed|ordered|planned) (?:in order )?(?:to|because|if)\b|to (?:rule out|decide between|plan (?:the )?surgery|guide (?:the )?treatment)|if the (?:study|mri|scan|test|x-?ray|imaging)\b", "requested|needed|ordered|planned|rule out|decide|to plan|to guide|if the", "why this treatment is asked for now, and what it would change"),
    _topic("psychological evaluation", r"psych\w* (?:evaluations?|clearance|screening|assessment|consult\w*)", r"psych\w* (?:evaluation|clearance|screening|assessment|testing|consult\w*)\b[^.]{0,60}(?:\d{1,2}/\d|cleared|showed|found|completed|performed|concluded|revealed)", "psych", "the psychological evaluation and its conclusion"),
    _topic("sleep disturbance", r"insomnia|sleep", r"insomnia|(?:difficulty|trouble) (?:falling asleep|sleeping)|sleep (?:disturbance|difficult\w+|is poor|interrupted)|sleeps (?:only )?(?:\w+ )?(?:\d+|two|three|four|five) hours|wakes? (?:up )?(?:at night|from pain)", "insomnia|sleep|wake", "how sleep is disturbed and what was tried"),
    _topic("depression or anxiety", r"depress\w+|anxiety|psychological (?:symptoms|complaints|condition)", r"depress(?:ed|ion)|anxiety|anxious|phq-?9|bdi|tearful", "depress|anxi|phq|bdi|tearful", "complaints of mood and their assessment"),
    _topic(
        "drugs tried before", r"first[- ]line|(?:nsaids?|anti-?inflammator\w+|anticonvulsants?|antidepressants?|neuropathic (?:agents|medications?))\b|(?:oral|other|previous|prior) (?:medications?|drugs?)|ineffective|contraindicat\w+|intoleran\w+",
        rf"{_FIRST_LINE}\b[^.]{{0,60}}\b{_TRIED}|{_TRIED}\b (?:[\w,-]+ ){{0,6}}{_FIRST_LINE}",
        "nsaid|inflammator|ibuprofen|naproxen|meloxicam|diclofenac|etodolac|nabumetone|celecoxib|acetaminophen|tylenol|gabapentin|neurontin|pregabalin|lyrica|duloxetine|cymbalta|triptyline|venlafaxine|antidepress|anticonvuls",
        "which drugs were tried first, for how long, and why they did not do"),
    _topic("drugs taken", r"^(?:any |current |recent |list of |the )*medications?$|medications? (?:list|taken|regimen)", r"(?:current |taking |prescribed |list of )+medications? (?:\w+ )?(?:list )?(?:include[ds]?|are|were)|(?:is|was|are) (?:taking|prescribed|on) [a-z]+", "medication|taking|prescribed|is on|was on", "the drugs that the employee takes, with their doses"),
    _topic("tapering", r"taper\w*|wean\w*|(?:lower|reduc)\w* (?:of )?(?:the )?dos\w+", r"tapered|weaned|(?:dose|dosage) (?:was |has been )?(?:reduced|lowered|decreased|tapered)|(?:reduced|lowered|decreased) (?:the dose |the dosage )?(?:from|to) \w+", "taper|wean|dose|dosage|from|to ", "whether the dose was lowered, and what came of it"),
    _topic("weight", r"weight|body mass|bmi|obes\w+", r"bmi\W{0,6}(?:is |of |was )?\d|weigh\w*\W{0,3}(?:is |of |was |at )?\d{2,3}|body mass index\W{0,3}(?:is |of |was )?\d", "bmi|weigh|body mass", "height and weight"),
    _topic("duration of the complaint", r"(?:duration|onset|how long)\b[^.]{0,30}\b(?:symptoms?|complaints?|pain)|(?:symptoms?|complaints?|pain)\b[^.]{0,20}\b(?:duration|onset|lasted)", rf"(?:for|lasted|over|past|last) (?:the )?(?:past |last )?{_NUMBER} (?:days?|weeks?|months?|years?)|since (?:\w+ )?(?:19|20)\d\d", "day|week|month|year|since", "how long the complaint has lasted"),
    _topic("the request itself", r"rfa\b|request for authorization", r"request for authorization\b[^.]{0,30}\b(?:dated|signed|received|of|included|requested|noted)|rfa\b[^.]{0,20}\b(?:dated|signed|received)|(?:on the )?[\w ]{0,15}rfa form", "request for authorization|rfa", "the request for authorization, with its date"),
)  # fmt: skip
