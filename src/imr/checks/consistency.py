"""Checks of a draft against itself: counts that cannot all be true, what it declares unknown, and the person it describes."""

import re
from collections.abc import Callable, Iterator
from enum import Enum

from imr.checks import text
from imr.checks.absence import HINTS, missing_words
from imr.checks.draft import Draft, DraftIssue
from imr.checks.model import Concern, Evidence, Severity, concern_id
from imr.checks.text import COUNTED, COURSES, NUMBERED, CountMention, DraftText, Sentence, once_per_sentence
from imr.guidelines.keyword_index import lower, mark
from imr.guidelines.treatment_kinds import related, treatments
from imr.law.rule import labor_code

PLAIN_ERROR = labor_code("4610.6(h)(5)")
_DO = "Correct the number that is wrong: decide on what was requested."


def _concern(check: str, part: DraftIssue | None, sentence: str, says: str, do: str, *evidence: Evidence) -> Concern:
    number = part.number if part else None
    return Concern(
        id=concern_id(check, number, sentence, says), check=check, severity=Severity.ASK, issue=number, sentence=sentence,
        says=says, do=do, evidence=evidence, under=(PLAIN_ERROR,),
    )  # fmt: skip


class VisitCountKind(Enum):
    """What a number of visits counts: those done, those requested, or the most that a guideline recommends."""

    DONE = "done"
    ASKED = "asked for"
    LIMIT = "a limit"


_KIND_WORDS = (
    (VisitCountKind.LIMIT, re.compile(r"\b(?:limit(?:ed)?|recommend(?:s|ed|ations?)?|guidelines?|up to|allow(?:s|ed)?|maximum|no more than|MTUS|ODG|ACOEM|trial of|total of up to)\b", re.IGNORECASE)),
    (VisitCountKind.ASKED, re.compile(r"\b(?:request(?:ed|s|ing)?|additional|asked?|prescri\w+|order\w*|certif\w+|authori[sz]\w+|approv\w+|deni\w+|appeal\w*|remaining)\b", re.IGNORECASE)),
    (VisitCountKind.DONE, re.compile(r"\b(?:complet\w+|attend\w+|receiv\w+|underw\w+|participat\w+|has had|had|includ\w+|previous\w*|prior|to date|finished|treated with|so far|given|rendered|used|done)\b", re.IGNORECASE)),
)  # fmt: skip


_GUIDELINE = re.compile(r"\b(?:guidelines?|MTUS|ODG|ACOEM)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:patient|worker|employee|claimant|applicant|he|she|request\w*)\b", re.IGNORECASE)


def visit_count_kind(words: str, count: CountMention) -> VisitCountKind | None:
    """Say what a count of visits counts, by the nearest word that tells it in its sentence; words before it weigh more.

    After the name of a guideline, and before any mention of a person, a count is a limit.
    """
    before = words[: count.start]
    if _GUIDELINE.search(before) and not _PERSON.search(before):
        return VisitCountKind.LIMIT
    best: tuple[int, VisitCountKind] | None = None
    for kind, pattern in _KIND_WORDS:
        for match in pattern.finditer(words):
            distance = count.start - match.end() if match.end() <= count.start else 2 * (match.start() - count.end) + 10
            if abs(distance) <= 120 and (best is None or abs(distance) < best[0]):
                best = (abs(distance), kind)
    return best[1] if best else None


def _kinds_near(words: str, count: CountMention) -> frozenset[str]:
    """Give the kinds of treatment named in or next to a count."""
    near = words[max(0, count.start - 45) : count.end + 45]
    return frozenset(m.kind for m in treatments(near)) - {"conservative care", "medication", "office visit"}


#: A course that took place, not one that is asked for.
_GIVEN = re.compile(
    r"\b(?:was|were|has been|have been) (?:given|completed|done|provided)\b|\b(?:completed|underwent|attended)\b",
    re.IGNORECASE,
)
_VISIT_UNITS = {"session", "visit", "treatment"}
#: A number of what was had or granted before, beside the one that is asked for.
_OTHER_NUMBER = re.compile(r"\b(?:previous\w*|prior|already|certified|authori[sz]ed|approved|initial)\b", re.IGNORECASE)
_REQUEST = re.compile(r"\brequest", re.IGNORECASE)


def counts_conflict(draft: Draft) -> Iterator[Concern]:
    """Find numbers of visits that cannot all be true within one letter."""
    done = [item for item in _numbers(draft.summary, _done) if item[1]]
    for part in draft.parts:
        yield from _done_twice(done, part)
        yield from _asked_otherwise(part)
        yield from _sum(part)
        yield from _product(part)


Numbers = tuple[tuple[CountMention, frozenset[str]], ...]


@once_per_sentence(COUNTED | COURSES, ())
def _done(sentence: Sentence) -> Numbers:
    """Give the numbers of visits that a sentence says were done, each with the kinds of treatment named near it."""
    if not sentence.marks & NUMBERED:
        return ()
    counts = text.counts(sentence.words)
    course = text.course(sentence.words) if sentence.marks & COURSES and _GIVEN.search(sentence.words) else None
    return _of_visits(sentence, (*counts, course) if course else counts, VisitCountKind.DONE)


@once_per_sentence(COUNTED, ())
def _asked(sentence: Sentence) -> Numbers:
    """Give the numbers of visits that a sentence says were asked for."""
    counts = text.counts(sentence.words) if sentence.marks & NUMBERED else ()
    return _of_visits(sentence, counts, VisitCountKind.ASKED)


def _of_visits(sentence: Sentence, counts: tuple[CountMention, ...], wanted: VisitCountKind) -> Numbers:
    words = sentence.words
    visits = (count for count in counts if count.unit in _VISIT_UNITS and visit_count_kind(words, count) is wanted)
    return tuple((count, _kinds_near(words, count)) for count in visits)


def _numbers(
    passage: DraftText, find: Callable[[Sentence], Numbers]
) -> Iterator[tuple[CountMention, frozenset[str], Sentence]]:
    for sentence in passage.with_mark(COUNTED | COURSES):
        for count, named in find(sentence):
            yield count, named, sentence


def _done_twice(first: list[tuple[CountMention, frozenset[str], Sentence]], part: DraftIssue) -> Iterator[Concern]:
    """Find two sentences with different numbers of visits done of one kind."""
    for count, named, sentence in _numbers(part.rationale, _done) if first else ():
        for other, kinds, where in first:
            same = named and any(one == two for one in named for two in kinds)
            if same and (count.low, count.high) != (other.low, other.high):
                yield _concern("counts-conflict", part, sentence.words,
                               f"The summary says {other.words}; the rationale says {count.words}.",
                               "Find the number in the therapy notes and write it once.", Evidence("clinical case summary", where.words))  # fmt: skip
                return


def _asked_otherwise(part: DraftIssue) -> Iterator[Concern]:
    """Find a rationale that names another number as requested than the heading."""
    said = list(_numbers(part.rationale, _asked))
    if not said:
        return
    heading = part.issue.heading
    asked = {n for count in text.counts(heading) if count.unit in _VISIT_UNITS for n in (count.low, count.high)}
    course = text.course(heading)
    if course is not None:
        asked |= {course.low, course.high}
    asked |= {int(n) for n in re.findall(r"#\s?(\d{1,3})\b", heading)} if asked or part.treatments else set()
    if not asked:
        return
    for count, named, sentence in said:
        if _OTHER_NUMBER.search(sentence.words):
            continue
        fits = not named or any(related(one, two) for one in named for two in part.treatments)
        if fits and _REQUEST.search(sentence.words) and count.low not in asked and count.high not in asked:
            yield _concern("counts-conflict", part, sentence.words,
                           f"The heading asks for {' or '.join(map(str, sorted(asked)))}; this sentence says {count.words}.", _DO)  # fmt: skip
            return


def _sum(part: DraftIssue) -> Iterator[Concern]:
    """Find an original request that is not the sum of what UR authorized and what remains."""
    issue = part.issue
    if not issue.original_request or not issue.authorized:
        return
    numbers = [_quantity(words) for words in (issue.original_request, issue.authorized, issue.treatment)]
    original, authorized, remaining = numbers
    if original and authorized and remaining and original != authorized + remaining:
        yield _concern("counts-conflict", part, issue.heading,
                       f"{original} were requested and {authorized} authorized; {remaining} remain in dispute, which does not add up.",
                       "Correct the number that is wrong: only what UR did not authorize is in dispute.")  # fmt: skip


def _quantity(words: str) -> int | None:
    found = [int(n) for n in re.findall(r"#\s?(\d{1,4})\b", words)]
    found = found or [c.high for c in text.counts(words) if c.unit in _VISIT_UNITS and c.low == c.high]
    course = text.course(words)
    if not found and course is not None and course.low == course.high:
        found = [course.low]
    refills = re.search(r"\bwith (\w+) refills?\b|\bhours? (?:per|a) day\b", words)
    return found[0] if len(found) == 1 and not refills else None


def _product(part: DraftIssue) -> Iterator[Concern]:
    """Find a course, so many a week for so many weeks, that differs from the number of sessions named beside it."""
    if part.issue.authorized:
        return
    # In this order, so that every process finds the same.
    for words in dict.fromkeys((part.issue.heading, part.issue.original_request or "", part.issue.treatment)):
        course = text.course(words)
        if course is None:
            continue
        totals = [c for c in text.counts(words) if c.unit in _VISIT_UNITS and c.low == c.high]
        if len(totals) == 1 and not course.low <= totals[0].low <= course.high:
            yield _concern("counts-conflict", part, words,
                           f"{course.words} comes to {course.high}, not {totals[0].low}.", "Correct the number or the frequency.")  # fmt: skip
            return


# ------------------------------------------------------------------------------------------------ declared unknown

#: A number of something that is done or taken, as the words of what is missing name it.
_QUANTITY = re.compile(
    r"\b(?:(?:number|amount|total|count|how many|how much|how often|how long|quantity|duration|length|frequency|dos(?:e|age)|extent|timing)\b(?:[^.]{0,70}\b(?:visits?|sessions?|treatments?|therapy|care|injections?|acupuncture|attend\w+|use[ds]?|taken|tak\w+|medications?|opioids?|drugs?|relaxants?|pills|seen|course)\b)?|"
    r"(?:visits?|sessions?|treatments?) (?:completed|attended|to date|so far|rendered)|total\b|past attendance|attendance|(?:\d+|\w+) or (?:\d+|\w+) (?:visits?|sessions?|treatments?))"
)
#: A number that is said to be missing without the words of absence.
_UNCOUNTED = re.compile(
    r"\b(?:not (?:been )?(?:quantified|counted|numbered)|unquantified|without (?:a|any|the) (?:number|count|quantity))\b"
)
_UNKNOWN = mark(r"^unquantified$")
_NOT_OF_CARE = re.compile(r"\b(?:pain (?:scores?|levels?)|smok\w+|body mass|weight)\b")
_OVER = r"(?:beyond|over|above|past|more than|more [\w ]{1,20} than|greater than|higher than|longer than|too many|outside|not within|in addition to|not in (?:keeping|line) with)"
_LIMITED = r"(?:recommend\w*|guidelines?|limits?|allow\w*|maximum|suggest\w*|support\w*|advised|ceiling|permitted|schedule|course|cap|standard)"
EXCEEDS = re.compile(
    rf"\b(?:exceed\w*|in excess of|excessive\w*|surpass\w*|overshoot\w*|goes? past|{_OVER}\b[^.]{{0,50}}\b{_LIMITED}|(?:maximum|limit|allow\w+|recommended (?:number|total|course)|number of (?:visits|sessions)|course)\b[^.]{{0,40}}\b(?:reached|exhausted|used up|completed|met|surpassed)|"
    r"exhausted\b[^.]{0,40}\b(?:visits|sessions|number|allow\w+|course))\b",
    re.IGNORECASE,
)


def unknown_then_used(draft: Draft) -> Iterator[Concern]:
    """Find a count that is declared unknown, and that a later sentence calls too high."""
    for part in draft.parts:
        unknown = None
        if not any(_number_unknown(s) for s in part.rationale.with_mark(_UNKNOWN | HINTS)):
            continue
        for sentence in part.sentences:
            if _number_unknown(sentence):
                unknown = sentence
            elif unknown is not None and _concludes_too_much(sentence.words):
                yield _concern("unknown-used", part, sentence.words,
                               "This concludes that a number is too high, though the letter says that the number is not known.",
                               "Find the number in the file or ask for it; else decide without it, and say on what.",
                               Evidence("rationale, earlier", unknown.words))  # fmt: skip
                break


@once_per_sentence(_UNKNOWN | HINTS, False)
def _number_unknown(sentence: Sentence) -> bool:
    """Say whether a sentence says that a number of visits, doses or weeks is not known."""
    missing = lower(missing_words(sentence))
    return bool(_UNCOUNTED.search(sentence.lower) or (_QUANTITY.search(missing) and not _NOT_OF_CARE.search(missing)))


_LIMIT_TOLD = re.compile(
    r"\b(?:guidelines?|MTUS|ODG|ACOEM)\s+(?:\w+ ){0,3}(?:states?|recommends?|indicates?|allows?)\b", re.IGNORECASE
)
_OF_THE_CASE = re.compile(r"\b(?:request\w*|in this case|therefore|additional)\b", re.IGNORECASE)


def _concludes_too_much(words: str) -> bool:
    """Say whether a sentence concludes that a number is too high, and does not only cite a guideline."""
    too_much, told = EXCEEDS.search(words), _LIMIT_TOLD.search(words)
    if too_much is None:
        return False
    return told is None or too_much.start() < told.start() or bool(_OF_THE_CASE.search(words))


# ------------------------------------------------------------------------------------------------ the person it describes

_AGE = re.compile(r"\b(?P<age>\d{1,2})[- ]years?[- ]old\b", re.IGNORECASE)
_HE = re.compile(r"(?<![(\w])(?:he|his|him|himself|male|man|gentleman)\b(?!\s*/\s*(?:she|her))", re.IGNORECASE)
_HIS, _HERS = mark(r"^(?:he|his|him|himself|male|man|gentleman)$"), mark(r"^(?:she|hers?|herself|female|woman|lady)$")
_OLD = mark(r"^old$")
_SHE = re.compile(r"(?<!/)\b(?:she|her|hers|herself|female|woman|lady)\b", re.IGNORECASE)


def another_person(draft: Draft) -> Iterator[Concern]:
    """Find words of another letter: a person of another sex or age than in the summary, or of both sexes."""
    if not draft.summary.marks & _OLD:
        return
    sex = _sex(draft.summary)
    age = draft.summary.search(_AGE, _OLD)
    other = _HERS if sex == "male" else _HIS if sex == "female" else 0
    for part in draft.parts:
        wrong = next((s for s in part.rationale.with_mark(other) if _speaks_of(s) & other), None)
        if wrong is not None:
            yield _concern("counts-conflict", part, wrong.words, f"The summary speaks of a {sex} person; this sentence does not.",
                           "Check that this sentence is about this employee.")  # fmt: skip
        found = _AGE.search(part.own_words) if part.rationale.marks & _OLD else None
        if age is not None and found is not None and found["age"] != age["age"]:
            yield _concern("counts-conflict", part, found.group(), f"The summary gives the age as {age['age']}, the rationale as {found['age']}.",
                           "Check that this sentence is about this employee.")  # fmt: skip


_SEX = re.compile(r"\byears?[- ]old,? (?:\w+[- ]){0,3}?(?P<sex>male|female|man|woman|gentleman|lady)\b", re.IGNORECASE)


def _sex(summary: DraftText) -> str:
    match = summary.search(_SEX, _OLD)
    if match is None:
        return ""
    return "male" if match["sex"].lower() in {"male", "man", "gentleman"} else "female"


#: "He" or "she" may be the physician, or part of a quotation.
_OF_OTHERS = re.compile(
    r"\b(?:physician|provider|doctor|Dr\.|chiropractor|therapist|specialist|wife|husband)\b|[\"“”]|he/she|his/her",
    re.IGNORECASE,
)


@once_per_sentence(_HIS | _HERS, 0)
def _speaks_of(sentence: Sentence) -> int:
    """Say whether a sentence describes the employee as a man or a woman: the marks of the words for both."""
    words = sentence.words
    his, hers = (_HIS if _HE.search(words) else 0), (_HERS if _SHE.search(words) else 0)
    return (his | hers) if (his or hers) and not _OF_OTHERS.search(words) else 0
