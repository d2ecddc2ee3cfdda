"""Recognizes how reviewers say that something is not in the file: before its name, after it, or around it.

`missing_words` gives the words of what a sentence says is missing. A guideline that does not say something, a patient who does
not report something, and a judgment ("not necessary") are no absence from the file.
"""

import re

from imr.checks.text import Sentence, once_per_sentence
from imr.guidelines.keyword_index import mark

_SHOW = r"(?:documentation|documented(?: evidence)?|documenting|evidence|indication|indicat\w+|mention|record|reports?|discussions?|information|descriptions?|statements?|notes?|(?:clear |firm |adequate |sufficient |objective |significant )+\w+)"
_TELL = r"(?:document|provide|indicate|mention|include|show|note|contain|demonstrate|discuss|describe|specify|establish|support|comment|address|outline|explain|state|say|tell|report|reveal|reflect|record|identify|clarify|substantiate|quantify|list|detail|know)"
_SHOWN = (
    r"(?:documented|provided|noted|mentioned|indicated(?! (?:for|as|at this)\b)|discussed|evident|submitted|included|available|described|established|demonstrated|specified|reported|apparent|"
    r"quantified|furnished|supplied|given|recorded|shown|stated|seen(?! as\b)|found(?! to be\b)|addressed|explained|outlined|identified|located|clear|known|made (?:available|clear|known))"
)
_ASKED = r"(?:if|whether|how|what|why|when|which|that|who)"
_OF = r"(?:to|of|on|about|as to|regarding|concerning|for|with (?:respect|regard) to)"
#: What is missing is named behind these words.
_ACTIVE = re.compile(
    rf"\b(?:(?:there(?:'s| is| was| were| are| has been| have been) (?:also )?(?:no|not enough|insufficient|inadequate|little|limited)|no|without|insufficient|inadequate|absen(?:t|ce of)|lack(?:s|ed|ing)?(?: of)?|a lack of) "
    rf"(?:\w+ ){{0,2}}?{_SHOW}|"
    rf"(?:do|does|did|has|have|had)(?: not|n't) (?:\w+ )?{_TELL}(?:d|ed)?(?: (?:on|about))?|"
    rf"(?:fail(?:s|ed|ure)?|neglect(?:s|ed)?) to (?:\w+ )?{_TELL}(?: on)?|"
    rf"(?:makes?|made|contains?|offers?|offered|gives?|gave|provides?|provided) no(?: (?:mention|reference|comment|note|discussion) {_OF})?|(?:comes?|came|submitted) without(?: any)?|"
    rf"devoid of(?: any)?|silent {_OF}|omit(?:s|ted)? (?:the|any|all)|"
    rf"(?:was|were|is|are|am) unable to (?:locate|find|identify|determine|ascertain|tell|confirm|verify)|(?:could|can) ?(?:not|n't) (?:locate|find|identify|determine|ascertain|tell|see|confirm|verify)(?: from [\w ]{{1,25}}?(?= {_ASKED}))?|"
    rf"(?:absent|missing|lacking)(?: from [\w ]{{1,30}}?)? (?:is|are|was|were)|"
    rf"(?:at no (?:point|time)|nowhere|in no [\w ]{{1,20}}?) (?:do|does|did|is|are|was|were|has|have) [\w' ]{{1,40}}?{_TELL}(?:d|ed)?|"
    rf"it (?:is|was|has|remains?|cannot|could not)(?: also| still)? (?:not )?(?:been |be )?(?:\w+ly )?(?:unclear|uncertain|unknown|unstated|undocumented|{_SHOWN}|ascertained|determined)(?= {_ASKED}\b)|"
    r"(?:is|was|were|are) (?:\w+ )?lack(?:ing)? of|lacks?(?! of)|lack of|(?:it is|is|remains|was) (?:also )?(?:unclear|unknown|uncertain|not (?:clear|known|certain))|no recent|"
    r"there(?:'s| is| was| were| are) no|not clearly documenting|nothing in (?:the )?(?:[\w-]+ ){1,4}?(?:shows?|says?|indicates?|suggests?|documents?))(?!\w)"
)
#: What is missing is named before these words.
_PASSIVE = re.compile(
    rf"\b(?:(?:(?:is|was|were|are)(?: not|n't)|(?:has|have|had)(?: not|n't) been|not) (?!(?:clinically|medically) )(?:\w+ly )?(?:been )?{_SHOWN}|(?:is|was|were|are) (?:neither|nowhere|never) {_SHOWN}|"
    r"(?:could|can) ?(?:not|n't) be (?:found|located|determined|ascertained|identified|established|verified|confirmed)|"
    r"(?:is|was|are|were|remains?|remained) (?:entirely |also |still )?(?:absent|missing|undocumented|unclear|unknown|uncertain|unspecified|unstated|unrecorded|omitted|unavailable))\b"
)
#: What is missing is named within these words.
_AROUND = re.compile(
    rf"\b(?:no|neither) (?P<missing>[^.;:]{{3,110}}?) (?:is|was|were|are|has been|have been|could be) (?:\w+ly )?(?:{_SHOWN})\b"
)
#: What a guideline or the UR decision says is not the reviewer's claim about this file.
_NOT_THE_CLAIM = re.compile(
    r"\b(?:guidelines?|mtus|acoem|odg|utilization review|ur (?:physician|decision|review\w*)|claims administrator|prior (?:determination|review|ur)|previously denied|"
    r"previous(?:ly)? (?:deemed|non-certified|determin\w+)|non-?certified|was denied|were denied|medically necessary|if there|unless|when there|should|patients who)\b"
)
#: Somebody who does not report a complaint has said something about it.
_OF_A_PERSON = re.compile(
    r"\b(?:patient|worker|employee|claimant|applicant|he|she) (?:do|does|did|has|have|had)(?: not|n't) (?:report|state|say|describe|note|mention|indicate)"
)
_OF_SCIENCE = re.compile(
    r"\b(?:clinical trials|literature|sham|superior to|studies have|et al)\b|\(\w+, (?:19|20)\d\d\)"
)
_BEFORE = re.compile(r"[;:,] (?:and|but|however|while) |; ")
_AFTER = re.compile(
    r"[;.]|, (?:and|but|however|while|which|as|along with|therefore)\b |, (?:the|this) (?:\w+ ){0,2}(?:request\w*|quantity|treatment|medication)\b|\b(?:to (?:support|warrant|justify|establish)|that would|which would|"
    r"prior to|would|along with|given|since|because|despite)\b|(?<=\w)(?<!evidence)(?<!documentation) (?:supporting|demonstrating|showing)\b"
)
_END = re.compile(r"[;.]")
_QUESTION = re.compile(rf"\s*{_ASKED}\b")
#: "There are no findings documented": the verb belongs to the denial.
_TRAILING = re.compile(r" (?:documented|noted|provided|reported|available|submitted|recorded)$", re.IGNORECASE)
_HINT = re.compile(
    r"\b(?:no|not|without|nothing|neither|nowhere|never|insufficient|inadequate|cannot|unable)\b|n't\b|\b(?:lack|absen|fail|neglect|omit|silent|devoid|missing|un(?:clear|known|certain|specified|stated|recorded|available|documented))"
)


#: Words of which every such sentence has one; "t" is that of "didn't".
HINTS = mark(
    r"^(?:no|not|t|without|nothing|neither|nowhere|never|insufficient|inadequate|cannot|unable)$"
    r"|^(?:lack|absen|fail|neglect|omit|silent|devoid|missing|un(?:clear|known|certain|specified|stated|recorded|available|documented))"
)


@once_per_sentence(HINTS, "")
def missing_words(claim: Sentence) -> str:
    """Give the words for what a sentence says is missing from the file; empty where it says no such thing."""
    sentence, words = claim.words, claim.lower
    if not _HINT.search(words):
        return ""
    found = [m for m in (_PASSIVE.search(words), _AROUND.search(words), _ACTIVE.search(words)) if m is not None]
    if not found:
        return ""
    match = min(found, key=lambda m: m.start())
    if _NOT_THE_CLAIM.search(words[: match.start()]) or _OF_SCIENCE.search(words) or _OF_A_PERSON.search(words):
        return ""
    if match.re is _AROUND:
        return sentence[match.start("missing") : match.end("missing")].strip()
    if match.re is _PASSIVE:
        return _said_before(sentence, words, match)
    missing = _behind(sentence, words, match.end())
    if not missing and match.group().endswith(("unclear", "unknown", "uncertain", "not clear", "not known")):
        return _subject(sentence, words, match.start())
    # "no indication for imaging" and "not necessary" judge; they do not say what is missing from the file.
    lowered = missing.lower()
    return "" if lowered.startswith(("for ", "further indication for")) or "necess" in lowered else missing


def _said_before(sentence: str, words: str, match: re.Match[str]) -> str:
    """Give what is missing before a verb; behind it where the subject is a mere "it"; nothing where a request is judged."""
    missing = _subject(sentence, words, match.start())
    if missing.lower() in {"it", "this", "also it"}:
        return _behind(sentence, words, match.end())
    return "" if missing.lower().startswith(("the request", "this request")) else missing


def _subject(sentence: str, words: str, end: int) -> str:
    start = 0
    for cut in _BEFORE.finditer(words, 0, end):
        start = cut.end()
    return sentence[start:end].strip()


def _behind(sentence: str, words: str, start: int) -> str:
    cut = (_END if _QUESTION.match(words, start) else _AFTER).search(words, start)
    if cut and cut.group().startswith("to ") and not words[start : cut.start()].strip():
        return _behind(sentence, words, cut.end())
    return _TRAILING.sub("", sentence[start : cut.start() if cut else len(sentence)].strip(" ,:"))
