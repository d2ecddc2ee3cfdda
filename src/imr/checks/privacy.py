"""Checks of what a published letter reveals: gaps left by redaction, what redaction missed, and details that identify together."""

import re
from collections.abc import Iterator
from functools import reduce
from operator import or_

from imr.checks import text
from imr.checks.draft import Draft
from imr.checks.model import Concern, Evidence, Severity, concern_id
from imr.checks.text import ANY, BEGINS_WITH_FIGURE, Sentence, once_per_sentence
from imr.guidelines.keyword_index import lower, mark
from imr.law.rule import Known, labor_code, regulation

PUBLISHED = labor_code("4610.6(m)")
FIELDS = regulation("9792.10.9", Known.MEMORY)
#: Where words were taken out and nothing was put in their place, or a mark of what took them out; [name] is our own and sound.
_HOLE = re.compile(
    r"\(\s*\)|\[\s*\]|“\s*”|\"\s+\"|\b(?:Dr|Mr|Ms|Mrs)\.\s*(?=[,.;)]|['’]s\b|$|(?:is|was|has|had|on|stated|noted|requested|recommend\w*|ask\w*)\b)"
    r"|\b(?:[Bb]y|[Ff]rom|[Ww]ith|[Aa]t|[Pp]er|[Tt]he|[Aa]n?|of|[Oo]n|[Ii]n|[Tt]o|[Ff]or)\s+(?=[,;.](?:\s|$))|(?<=\w), , |(?<=\w) ,(?= )"
    r"|\[(?:[Rr]edacted|REDACTED|Name|NAME|name(?!\])|[Dd]eleted|[Oo]mitted)[^\]]*\]|\b[Xx]{3,}\b|_{3,}|█+|\*{3,}",
)
#: Without one of these, or one of the words below, no hole is in a text; nearly no sound text has one.
_MARKS = (" ,", " ;", " .", "()", "( )", "[", "“”", "“ ”", '" "', "___", "***", "█")
_TITLES_OR_CROSSES = mark(r"^(?:Dr|Mrs?|Ms)$|xxx|XXX", cased=True)
_GAP = re.compile(
    r" (?:(?<=[a-z0-9] ) +(?=[a-z])|(?<=\b(?:of|by) a ) +\n\s*(?=[a-z])|(?<=\b(?:the|and|for) ) *\n\s*\n {2,}(?=[a-z]))"
)
_IDENTIFIER = r"(?:claim|adj|mrn|(?:medical )?record|chart|account|policy|member|patient id|employee id|npi|licen[sc]e|case|file|tax id|id)\s?(?:no\b\.?|numbers?|id|#)?\s?:?\s?#?\s?(?:[a-z]{1,4}-?)?\d[\d-]{4,}\w*"
#: The first figures of a number of nine or ten, and its last four.
_FIRST, _LAST = mark(r"(?:^|\D)\d{3}$"), mark(r"^\d{4}(?!\d)")
_FIGURE = mark(r"\d")
_CLAIMS = mark(r"^(?:claim|adj|mrn|record|chart|account|policy|member|id|npi|licen[sc]e|case|file|tax)")
_CLAIM = _CLAIMS | _FIGURE
_LONG_NUMBER = re.compile(r"\d[\d-]{4,}")
_NUMBER_OF = re.compile(r"\b(?:claim|adj|mrn|record|chart|account|policy|member|id|npi|licen[sc]e|case|file|tax)")
#: What each is called, marks that a text must all have to hold it, what else must be in it, and its pattern (in lower case).
_NUMBERS = (
    ("a social security number", _FIRST | _LAST, "-", re.compile(r"[0-9](?<![0-9]{2})[0-9]{2}-[0-9]{2}-[0-9]{4}(?![0-9])")),
    ("a telephone number", _FIRST | _LAST, "", re.compile(r"[0-9](?<![0-9]{2})[0-9]{2}(?:\) ?|[-. ])[0-9]{3}[-. ][0-9]{4}(?![0-9])")),
    ("an e-mail address", 0, "@", re.compile(r"@[\w-]+\.[a-z]{2,}\b")),
    ("an address of a site", 0, "www.", re.compile(r"\bwww\.[\w-]+\.\w+")),
    ("a claim or record number", _CLAIM, "", re.compile(rf"\b{_IDENTIFIER}")),
    ("a date of birth", mark(r"^(?:dob|birth|born$)") | _FIGURE, "", re.compile(r"\b(?:dob|date of birth|born (?:on )?)\W{0,3}(?:\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|[a-z]+ \d{1,2}, \d{4})")),
    ("a street address", mark(r"^(?:street|avenue|boulevard|blvd|road|lane|suite)$") | _FIGURE, "", re.compile(r"[0-9](?<!\w[0-9])[0-9]{1,4} [a-z]+(?: [a-z]+)? (?:street|avenue|boulevard|blvd|road|lane|suite)\b")),
    ("a postal address", mark(r"^box$"), " box ", re.compile(r"\bp\.? ?o\.? box [0-9]")),
    ("a social security number", 0, "s", re.compile(r"\b(?:ssn|social security (?:number|no\.?))\W{0,3}[0-9]{9}(?![0-9])")),
)  # fmt: skip
_PROFESSIONS = r"(?:M\.?D\.?|D\.?O\.?|D\.?C\.?|P\.?A\.?(?:-C)?|N\.?P\.?|F\.?N\.?P\.?|R\.?N\.?|P\.?T\.?|D\.?P\.?T\.?|O\.?T\.?R?|D\.?P\.?M\.?|Ph\.?D\.?|Psy\.?D\.?|L\.?Ac\.?|Esq\.?|LCSW|MFT)"
_KIN = r"(?:wife|husband|spouse|mother|father|son|daughter|brother|sister|partner|employer|supervisor|attorney|adjuster|physician|surgeon|therapist|provider|chiropractor)"
_NAME_WORD = r"[A-ZÀ-ÖØ-ÞĀ-Ž](?:[^\W\d_]|['’-](?=[^\W\d_]))+"
_NAME = re.compile(
    rf"\b(?:Dr|Drs|Mr|Mrs|Ms|Doctor)\b\.? ?(?P<name>(?:(?:[Dd]e|DE|[Ll]a|LA|[Vv]an|[Dd]el) )*{_NAME_WORD}(?: {_NAME_WORD})?)"
    rf"|\b(?P<signed>[A-Z][a-z]+ (?:[A-Z]\.? )?{_NAME_WORD}), {_PROFESSIONS}(?!\w)"
    rf"|\b{_KIN},? (?P<kin>[A-Z][a-z]+ [A-Z][a-z]+)\b"
)
#: Who the case is about, by name between commas.
_ABOUT = re.compile(rf"\b(?:employee|claimant|patient|worker), (?P<about>{_NAME_WORD} {_NAME_WORD}),")
#: The words of a name: titles, professions, and those that a name may follow, such as physician.
_TITLED = mark(
    r"^(?:Drs?|Mrs?|Ms)$|^Doctor|^(?:MD?|D[OC]?|DPM?|DPT|PA?|PT|NP?|FN?P?|RN?|OT?R?|PhD?|PsyD?|L|LAc|Esq|LCSW|MFT)$",
    cased=True,
)
_OF_KIN, _OF_A_BODY = (
    mark(rf"^{_KIN}$", cased=True),
    mark(
        r"^(?:Inc|LLC|Corp|Corporation|Incorporated|Company|Hospital|Clinic|Center|Group|Orthopa?edics|District|Associates)$",
        cased=True,
    ),
)
_KIN_NAMED = re.compile(rf"\b{_KIN},? [A-Z][a-z]+ [A-Z][a-z]+\b")
_BODY = r"(?:Inc|LLC|Corp|Corporation|Incorporated|Company|Hospital|Clinic|Medical Center|Medical Group|Imaging Center|Surgery Center|Surgical Center|Orthop(?:a?edics|a?edic Group)|Physical Therapy Center|School District|Associates)"
_ORGANIZATION = re.compile(rf"\b(?P<name>(?:[A-Z][a-z]+,? (?:of |and |& )?){{1,4}}{_BODY})\b")
#: Bodies whose publications a letter cites, and words of the program.
_PUBLIC = re.compile(
    r"\b(?:American|National|Official|University|Mayo|Cleveland|Utilization|Claims|Independent|Cochrane|Blue|Work Loss)\b"
)
#: Names of signs, tests and methods that are not persons of the case.
_EPONYMS = re.compile(
    r"\b(?:Spurling|Tinel|Phalen|Neer|Hawkins|McMurray|Lachman|Finkelstein|Kemp|Patrick|Fabere?|Lasegue|Hoffman|Babinski|Romberg|Waddell|Speed|Yergason|O'Brien|Cozen|Mill|Apley|Milgram|Jackson)\b"
)
_AGE = re.compile(r"\b(?P<age>\d{2})[- ]years?[- ]old\b", re.IGNORECASE)
_SEX = re.compile(r"\b(?:male|female|man|woman|gentleman|lady)\b", re.IGNORECASE)
_OLD, _OF_A_SEX = mark(r"^old$"), mark(r"^(?:male|female|man|woman|gentleman|lady)$")
_EXACT_DAYS = 3
#: A text with more gaps than these was set with them.
_MOST_LOST = 3


def redaction_holes(draft: Draft) -> Iterator[Concern]:
    """Find a hole where words were taken out, or the same words elsewhere with what was taken out."""
    fields = (
        [(None, draft.summary)]
        + [(p.number, p.heading) for p in draft.parts]
        + [(p.number, p.rationale) for p in draft.parts]
    )
    for issue, field in fields:
        if "  " in field.words:
            yield from _lost(issue, field.words)
        if not any(map(_may_have_a_hole, field.sentences)) and not ('"' in field.words or "“" in field.words):
            continue
        words = " ".join(field.words.split())
        for match in _HOLE.finditer(words):
            sentence = text.around(words, match.start())
            left = _left_elsewhere(draft, words[: match.start()])
            yield _concern(
                issue, sentence, "hole", f"Something was taken out here and left a hole: {_near(words, match)!r}.",
                f"Put a plain word in its place{'' if not left else ', and take out what stands elsewhere'}.", left,
            )  # fmt: skip
    yield from _gaps(draft)


_LOST = re.compile(r"\b(?:of|by|the|from|with|at|to|an?)  +(?=[a-z])")


def _lost(issue: int | None, words: str) -> Iterator[Concern]:
    """Find a little word, two spaces and a verb: the name between them is gone."""
    for match in list(_LOST.finditer(words))[:_MOST_LOST]:
        yield _concern(issue, text.around(words, match.start()), "lost", f"Something was taken out here and left a gap: {_near(words, match)!r}.",
                       "Put a plain word in its place, or close the gap.", ())  # fmt: skip


@once_per_sentence(ANY, False)
def _may_have_a_hole(sentence: Sentence) -> bool:
    words = sentence.words
    return bool(sentence.marks & _TITLES_OR_CROSSES or [mark for mark in _MARKS if mark in words])


def _near(words: str, match: re.Match[str]) -> str:
    return " ".join(words[max(0, match.start() - 25) : match.end() + 10].split())


def _left_elsewhere(draft: Draft, before: str) -> tuple[Evidence, ...]:
    """Find what is in parentheses behind the same two words in another place of the letter."""
    tail = re.findall(r"[A-Za-z]+", before)[-2:]
    if len(tail) < 2:
        return ()
    found = re.search(
        rf"\b{tail[0]}\s+{tail[1]}\s+\((?P<left>[^()]{{3,40}})\)",
        draft.determination.summary + " " + draft.words,
        re.IGNORECASE,
    )
    return (Evidence("elsewhere in the letter", found.group(), None),) if found else ()


def _gaps(draft: Draft) -> Iterator[Concern]:
    """Find two spaces where one belongs, in a text that otherwise has one: a word is gone."""
    words = draft.context.text
    found = list(_GAP.finditer(words)) if "  " in words else []
    if not 0 < len(found) <= max(3, len(words) // 1500):
        return
    for match in found:
        start, end = words.rfind("\n", 0, match.start()) + 1, words.find("\n", match.end())
        line = " ".join(words[start : end if end > 0 else None].split())
        yield _concern(None, line, "gap", f"Two spaces stand where a word may have been taken out: {_around(words, match)!r}.",
                       "Put a plain word in its place, or close the gap.", ())  # fmt: skip


def _around(words: str, match: re.Match[str]) -> str:
    return (
        " ".join(words[max(0, match.start() - 20) : match.start()].split())
        + " … "
        + words[match.end() : match.end() + 15].split("\n", maxsplit=1)[0]
    )


def residue(draft: Draft) -> Iterator[Concern]:
    """Find a name, number or address that no published letter may contain."""
    words = draft.words + " " + " ".join(part.issue.heading for part in draft.parts)
    severity = Severity.STOP if draft.context.public else Severity.ASK
    marks = reduce(or_, [part.heading.marks for part in draft.parts], draft.marks)
    lowered = lower(words)
    for what, needed, holds, pattern in _NUMBERS:
        if marks & needed != needed or holds not in lowered or (needed == _CLAIM and not _may_number(draft)):
            continue
        for match in pattern.finditer(lowered):
            yield _concern(
                None, text.around(words, match.start()), what, f"The letter holds {what}.", "Take it out.", (), severity
            )
    named = _NAME.finditer(words) if marks & _TITLED or (marks & _OF_KIN and _kin_may_be_named(draft)) else iter(())
    for match in (*named, *_ABOUT.finditer(words)):
        found_name = match.groupdict()
        said = next(filter(None, found_name.values()))
        # Behind a title or before a degree even Phalen is a person; a positive Tinel is none.
        is_person = found_name.get("name") or (
            found_name.get("signed") and not said.startswith(("Positive", "Negative"))
        )
        if is_person or not _EPONYMS.search(said):
            yield _concern(None, text.around(words, match.start()), "name", "The letter holds the name of a person.",
                           "Write what the person is to the case instead: the treating physician.", ())  # fmt: skip
    for match in _ORGANIZATION.finditer(words) if marks & _OF_A_BODY else ():
        if not _PUBLIC.search(match["name"]):
            yield _concern(None, text.around(words, match.start()), "body", f"The letter names a body: {match['name']}.",
                           "Write what it is to the case instead: the employer, the imaging center.", ())  # fmt: skip
    for name in draft.context.names:
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE) if name.strip() else None
        if found is not None:
            yield _concern(
                None,
                text.around(words, found.start()),
                "party",
                "The letter names a party of the case.",
                "Take it out.",
                (),
                Severity.STOP,
            )


def _may_number(draft: Draft) -> bool:
    """Say whether a number of five and more figures may follow closely on a word such as claim."""
    texts = (*draft.passages, *[part.heading for part in draft.parts])
    return draft.marks & BEGINS_WITH_FIGURE != 0 or any(
        _numbers_close(sentence) for passage in texts for sentence in passage.with_mark(_CLAIMS)
    )


@once_per_sentence(_CLAIMS, False)
def _numbers_close(sentence: Sentence) -> bool:
    words = sentence.lower
    places = (match.start() for match in _LONG_NUMBER.finditer(words))
    # Behind "no." the number may be in what looks like a sentence of its own.
    return words.endswith("no.") or any(_NUMBER_OF.search(words, max(0, place - 32), place) for place in places)


@once_per_sentence(_OF_KIN, False)
def _names_kin(sentence: Sentence) -> bool:
    return bool(_KIN_NAMED.search(sentence.words))


def _kin_may_be_named(draft: Draft) -> bool:
    """Say whether a sentence or a heading names a relative or a physician, or a name may run from one text into the next."""
    headings = [part.heading.words for part in draft.parts]
    return (
        any(_names_kin(s) for passage in draft.passages for s in passage.with_mark(_OF_KIN))
        or any(passage.words[-1:].isalpha() or passage.words[-1:] == "," for passage in draft.passages)
        or (
            any(part.heading.marks & _OF_KIN for part in draft.parts)
            and _KIN_NAMED.search(" ".join(headings)) is not None
        )
    )


def identifying_together(draft: Draft) -> Iterator[Concern]:
    """Find exact days, age and sex that together may single out a person."""
    if not draft.marks & _OLD or not draft.marks & _OF_A_SEX:
        return
    exact = draft.days
    if len(exact) < _EXACT_DAYS:
        return
    sentence = _sentence_with_age(draft)
    if sentence and any(passage.search(_SEX, _OF_A_SEX) for passage in draft.passages):
        yield _concern(
            None, sentence, "linkable",
            f"Age, sex and {len(exact)} exact days stand in one letter; together they may single out a person.",
            "In the public version give months or spans instead of days.", (), Severity.NOTE, usual=True,
        )  # fmt: skip


def _sentence_with_age(draft: Draft) -> str:
    """Give the sentence that gives an age; nothing where none does."""
    number, passage = next(((n, p) for n, p in enumerate(draft.passages) if p.search(_AGE, _OLD)), (0, None))
    if passage is None:
        return ""
    for place, sentence in enumerate(passage.sentences[:-1]) if passage.folded else ():
        if _AGE.search(sentence.words):
            # The first sentence of a text may go on from the text before.
            if place or not number:
                return sentence.words
            break
    age = _AGE.search(draft.words)
    return text.around(draft.words, age.start()) if age is not None else ""


def _concern(
    issue: int | None,
    sentence: str,
    kind: str,
    says: str,
    do: str,
    evidence: tuple[Evidence, ...],
    severity: Severity = Severity.ASK,
    *,
    usual: bool = False,
) -> Concern:
    return Concern(
        id=concern_id("redaction", issue, kind, sentence, says), check="redaction", severity=severity, issue=issue,
        sentence=sentence, says=says, do=do, evidence=evidence, under=(PUBLISHED, FIELDS), usual=usual,
    )  # fmt: skip
