"""Checks of the language: words that a lay reader will not follow, and sentences that are too long (LC 4610.6(d)(1))."""

import re
from collections.abc import Iterator

from imr.checks.draft import Draft, DraftIssue
from imr.checks.model import Concern, Evidence, Severity, concern_id
from imr.checks.text import ANY, Sentence, once_per_sentence
from imr.guidelines.keyword_index import KeywordIndex, mark
from imr.law.rule import labor_code

PLAIN = labor_code("4610.6(d)(1)")
#: A sentence of more words than this is hard to follow.
LONG = 40
#: Words of medicine, and how a lay reader would say them.
WORDS = {
    "radiculopathy": "pressed nerve root", "radicular": "from a nerve root", "myofascial": "of muscle and its covering",
    "myelopathy": "damage of the spinal cord", "paresthesia": "tingling or numbness", "hypoesthesia": "lessened feeling",
    "stenosis": "narrowing", "spondylosis": "wear of the spine", "spondylolisthesis": "slipped vertebra", "foraminal": "where the nerve leaves the spine",
    "electrodiagnostic": "by tests of nerves and muscles", "electromyography": "test of muscles", "arthrogram": "joint picture with dye",
    "arthroscopy": "keyhole surgery of a joint", "tenosynovitis": "inflamed tendon sheath", "epicondylitis": "tennis or golfer's elbow",
    "contraindicated": "harmful in this case", "contraindication": "reason against", "nociceptive": "from damaged tissue", "neuropathic": "from damaged nerves",
    "paraspinal": "beside the spine", "paravertebral": "beside the spine", "palpation": "touch", "dermatome": "skin area of one nerve", "dermatomal": "of the skin area of one nerve",
    "myotomes": "muscles of one nerve", "fluoroscopic": "under X-ray", "transforaminal": "where the nerve leaves the spine", "percutaneous": "through the skin",
    "adhesiolysis": "freeing of scar tissue", "neuroplasty": "freeing of a nerve", "debridement": "removal of dead tissue", "acromioplasty": "shaving of the shoulder roof",
    "meniscectomy": "removal of torn cartilage", "cephalgia": "headache", "cervicalgia": "neck pain", "lumbago": "low back pain", "hypertonicity": "tight muscle",
    "etiology": "cause", "sequelae": "after-effects", "idiopathic": "of unknown cause", "comorbid": "present as well", "prophylaxis": "prevention", "prophylactic": "preventive",
    "analgesic": "pain reliever", "analgesics": "pain relievers", "efficacy": "how well it works", "titration": "slow change of dose", "modalities": "kinds of treatment",
    "concomitant": "at the same time", "intraarticular": "into the joint", "intra-articular": "into the joint", "osteonecrosis": "death of bone", "extruded": "pushed out",
}  # fmt: skip
_ABBREVIATIONS = (
    "ADLs",
    "ADL",
    "DME",
    "EMG",
    "NCS",
    "NCV",
    "ESI",
    "ROM",
    "TTD",
    "VAS",
    "CRPS",
    "TFCC",
    "LUE",
    "RUE",
    "BUE",
    "LLE",
    "RLE",
    "IW",
    "HEP",
    "NSAID",
    "NSAIDs",
    "TENS",
    "PRP",
    "UDT",
    "DVT",
    "GERD",
)
_WORD = KeywordIndex([(word, re.escape(word)) for word in sorted(WORDS, key=len, reverse=True)])
_SHORT = re.compile(rf"\b(?:{'|'.join(sorted(_ABBREVIATIONS, key=len, reverse=True))})\b")
_SHORTS = mark(rf"^(?:{'|'.join(_ABBREVIATIONS)})$", cased=True)
_HARD = _WORD.mark | _SHORTS
_MANY = 3


@once_per_sentence(_HARD, (frozenset(), frozenset()))
def _hard(sentence: Sentence) -> tuple[frozenset[str], frozenset[str]]:
    """Give the words of medicine and the abbreviations of a sentence."""
    found, short = _WORD.find(sentence.words), _SHORT.findall(sentence.words)
    return frozenset([word for word, _, _ in found]), frozenset(short)


def hard_words(draft: Draft) -> Iterator[Concern]:
    """Find words of medicine and abbreviations that a rationale uses and nowhere explains."""
    for part in draft.parts:
        rationale = part.issue.rationale
        found = [(s, *_hard(s)) for s in part.rationale.with_mark(_HARD)]
        all_words = {word for _, words, _ in found for word in words}
        all_short = {short for _, _, shorts in found for short in shorts}
        if len(all_words) + len(all_short) < _MANY:
            continue
        words = {word for word in all_words if not _explained(rationale, word)}
        short = {one for one in all_short if not _spelled_out(draft.words, one)}
        short -= {f"{one}s" for one in short}
        if len(words) + len(short) < _MANY:
            continue
        offers = [f"{word}: {WORDS[word]}" for word in sorted(words)]
        yield Concern(
            id=concern_id("language", part.number, "words", *sorted(words | short)),
            check="language", severity=Severity.NOTE, issue=part.number,
            sentence=next(s.words for s, words, shorts in found if words or shorts),
            says=f"A lay reader may not follow: {', '.join([*sorted(words), *sorted(short)])}.",
            do=f"Say it in plain words once. {'; '.join(offers)}".strip(), under=(PLAIN,),
        )  # fmt: skip


def _explained(rationale: str, word: str) -> bool:
    return bool(
        re.search(rf"\b{word}\b\s*(?:\(|, (?:that is|or|meaning)\b|,? which (?:is|means))", rationale, re.IGNORECASE)
    )


def _spelled_out(words: str, short: str) -> bool:
    """Say whether an abbreviation is once in parentheses beside its words, in the singular or the plural."""
    one = short.removesuffix("s")
    return bool(re.search(rf"\([^()]*\b{one}s?\b[^()]*\)|\b{one}s? \(", words))


def long_sentences(draft: Draft) -> Iterator[Concern]:
    """Find sentences of a rationale that are too long to follow."""
    for part in draft.parts:
        found = _too_long(part)
        if found:
            longest = max(found, key=lambda s: len(s.words.split()))
            yield Concern(
                id=concern_id("language", part.number, "long", longest.words),
                check="language", severity=Severity.NOTE, issue=part.number, sentence=longest.words,
                says=f"{len(found)} sentence{'s are' if len(found) > 1 else ' is'} longer than {LONG} words; the longest has {len(longest.words.split())}.",
                do="Cut it into sentences of one thought each.", evidence=tuple(Evidence("rationale", s.words) for s in found if s is not longest)[:2], under=(PLAIN,),
            )  # fmt: skip


#: Numbers and names of studies in brackets, which are no words of the sentence.
_REFERENCE = re.compile(r"\[[\d, -]+\]|\([A-Z][\w-]+,? (?:et al\.?,? )?(?:19|20)\d\d\)")
_QUOTE = re.compile(r"[“”\"]")
#: Where a text that was pasted lost the full stop after a bracket.
_PASTED = re.compile(r"\)\s+(?=[A-Z][a-z]+ )")


def _is_list(sentence: Sentence) -> bool:
    return sentence.words.count(";") > 3 or sentence.words.count(":") > 2


def _too_long(part: DraftIssue) -> list[Sentence]:
    """Give the sentences of more own words than a reader follows; quoted words of a guideline are not the reviewer's to shorten."""
    # So many words with their spaces are no shorter than this.
    if not any(len(sentence.words) > 2 * LONG for sentence in part.sentences):
        return []
    if not _QUOTE.search(part.issue.rationale):
        return [sentence for sentence in part.sentences if len(sentence.words) > 2 * LONG and _is_long(sentence)]
    found, quoting = [], False
    for sentence in part.sentences:
        pieces = _QUOTE.split(_REFERENCE.sub(" ", sentence.words))
        ours = pieces[1 if quoting else 0 :: 2]
        quoting ^= len(pieces) % 2 == 0
        if _runs_on(" ".join(ours)) and not _is_list(sentence):
            found.append(sentence)
    return found


@once_per_sentence(ANY, False)
def _is_long(sentence: Sentence) -> bool:
    return _runs_on(_REFERENCE.sub(" ", sentence.words)) and not _is_list(sentence)


def _runs_on(own: str) -> bool:
    return any(len(piece.split()) > LONG for piece in _PASTED.split(own))
