"""Checks of a draft against what was requested: body part, level, side, drug, dose, and the days of the header."""

import re
from collections.abc import Iterator
from datetime import date

from imr.checks import text
from imr.checks.draft import Draft, DraftIssue
from imr.checks.model import Concern, Evidence, Reversal, Severity, concern_id
from imr.checks.text import Sentence, once_per_sentence
from imr.guidelines.anatomy import REGIONS, Side, mentions, spine_levels
from imr.guidelines.body_part_list import ARM, LEG, BodyPart
from imr.guidelines.doses import DRUGS, DrugMention, drugs
from imr.guidelines.keyword_index import mark
from imr.guidelines.treatment_kinds import KINDS, related, treatments
from imr.law.rule import labor_code
from imr.law.terms import RecordKind

HEATH = Reversal("Heath (2016)", "the review decided on another segment of the spine than the one that was requested")
PLAIN_ERROR = labor_code("4610.6(h)(5)")
#: A sentence that says what was asked for, or decides on it.
_ASKS = re.compile(
    r"\b(?:request(?:ed|s|ing)?|medically necessary|is not necessary|authoriz\w+|certif\w+)\b", re.IGNORECASE
)
#: A sentence that reports what a guideline says.
_CAUTION = re.compile(r"\b(?:guidelines?|MTUS|ACOEM|ODG|recommend(?:s|ed|ation|ations)?|according to)\b", re.IGNORECASE)
_CAUTIONS = mark(r"^(?:guidelines?|mtus|acoem|odg|recommend(?:s|ed|ations?)?|according)$")
_OF_THIS = re.compile(r"\b(?:this|the) (?:patient|request|injured worker)\b", re.IGNORECASE)
_OF_ANOTHER_TIME = re.compile(
    r"\b(?:previous\w*|prior(?! to)|earlier|past|already|history|had|underwent|complet\w+|reveal\w*|show\w*|demonstrat\w+|utilization review|UR|denied|dated|include[sd]?)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\brequest", re.IGNORECASE)
_BEHIND = re.compile(r"\s+(?:of|for|to) (?:the )?(?:(?:left|right|bilateral) )?")
_DO = "Decide on what was requested: correct the heading or the rationale."


def _concern(
    severity: Severity,
    part: DraftIssue | None,
    sentence: str,
    says: str,
    do: str,
    *evidence: Evidence,
    reversals: tuple[Reversal, ...] = (HEATH,),
) -> Concern:
    number = part.number if part else None
    return Concern(
        id=concern_id("request-mismatch", number, sentence, says), check="request-mismatch", severity=severity, issue=number,
        sentence=sentence, says=says, do=do, evidence=evidence, under=(PLAIN_ERROR,), reversals=reversals,
    )  # fmt: skip


def request_mismatch(draft: Draft) -> Iterator[Concern]:
    """Find a body part, level, side, drug or dose that differs between the heading, the rationale and the request in the file."""
    for part in draft.parts:
        if part.asked_parts:
            yield from _other_part(part)
            yield from _other_level(part)
            yield from _other_side(part, draft)
        if part.drugs:
            yield from _other_drug(part)
        yield from _other_than_the_rfa(draft, part)
    yield from _other_days(draft)


def _served(asked: frozenset[BodyPart], spoken: frozenset[BodyPart]) -> bool:
    """Say whether one is a limb and the other the part of the spine that serves it."""
    return any(
        (BodyPart.NECK in one and other >= ARM) or (BodyPart.LOW_BACK in one and other >= LEG)
        for one, other in ((asked, spoken), (spoken, asked))
    )


def _other_part(part: DraftIssue) -> Iterator[Concern]:
    """Find a rationale that names only other body parts than the heading, or the treatment for another one."""
    # A mind is treated for pain of any part: psychotherapy for a low back is no mismatch.
    asked = part.asked_parts
    if not asked - {BodyPart.MIND}:
        return
    spoken = part.own_parts - {BodyPart.MIND}
    if spoken and not asked & spoken and not _served(asked, spoken):
        first = next(s.words for s in part.sentences if text.parts(s))
        said, named = (", ".join(sorted(p.value for p in parts)) for parts in (spoken, asked))
        yield _concern(Severity.ASK, part, first,
                       f"The heading asks for the {named}; the rationale speaks only of the {said}.", _DO)  # fmt: skip
        return
    for sentence in part.rationale.with_mark(KINDS):
        for kind, words, near in _treated_near(sentence):
            if kind in part.treatments and not near & asked and not _served(asked, near):
                said, named = (", ".join(sorted(p.value for p in parts)) for parts in (near, asked))
                yield _concern(Severity.ASK, part, sentence.words,
                               f"The heading asks for the {named}; this sentence speaks of {words} for the {said}.", _DO)  # fmt: skip
                return


@once_per_sentence(_CAUTIONS, False)
def _cautions(sentence: Sentence) -> bool:
    """Say whether a sentence reports what a guideline says."""
    return bool(_CAUTION.search(sentence.words))


@once_per_sentence(KINDS, ())
def _treated_near(sentence: Sentence) -> tuple[tuple[str, str, frozenset[BodyPart]], ...]:
    """Give the treatments that a sentence names for a part of the body, now and not by a guideline: kind, words, parts."""
    words = sentence.words
    attached = [(m.kind, m.words, _attached(words, m.start, m.end)) for m in text.treated(sentence)]
    found = tuple(one for one in attached if one[2])
    if not found or (_cautions(sentence) and not _OF_THIS.search(words)) or _OF_ANOTHER_TIME.search(words):
        return ()
    return found


def _attached(words: str, start: int, end: int) -> frozenset[BodyPart]:
    """Give the body part named right before a treatment (shoulder MRI) or after it (MRI of the shoulder)."""
    near = words[max(0, start - 25) : start]
    before = [m for m in mentions(near) if not near[m.end :].strip()] if near else []
    if before:
        return before[-1].parts
    behind = _BEHIND.match(words, end)
    if behind is None:
        return frozenset()
    after = [m for m in mentions(words[behind.end() : behind.end() + 25]) if m.start == 0]
    return after[0].parts if after else frozenset()


def _other_level(part: DraftIssue) -> Iterator[Concern]:
    asked = set(spine_levels(part.issue.heading))
    if not asked:
        return
    vertebrae = {v for level in asked for v in level.split("-")}
    for sentence in part.sentences:
        if _REQUEST.search(sentence.words) and not _cautions(sentence):
            other = {level for level in spine_levels(sentence.words) if not set(level.split("-")) & vertebrae}
            if other:
                yield _concern(Severity.ASK, part, sentence.words,
                               f"The heading asks for {', '.join(sorted(asked))}; this sentence for {', '.join(sorted(other))}.", _DO)  # fmt: skip
                return


def _other_side(part: DraftIssue, draft: Draft) -> Iterator[Concern]:
    """Find a rationale that names the other side than the heading, and a side that the summary does not name."""
    asked = {mention.parts: mention.side for mention in mentions(part.issue.heading) if mention.side}
    for parts, side in asked.items():
        if side is Side.BOTH or len([p for p in asked if p & parts]) > 1:
            continue
        said = [
            (m.side, s) for s in part.rationale.with_mark(REGIONS) for m in text.body(s) if m.parts == parts and m.side
        ]
        wrong = [(other, s) for other, s in said if other not in (side, Side.BOTH)]
        if not wrong:
            continue
        known = {(m.parts, m.side) for m in mentions(draft.determination.summary)}
        if len(wrong) == len(said) or not known & {(parts, wrong[0][0]), (parts, Side.BOTH)}:
            other, sentence = wrong[0]
            region = ", ".join(sorted(p.value for p in parts))
            yield _concern(Severity.ASK, part, sentence.words,
                           f"The heading asks for the {side.value} {region}; this sentence speaks of the {other.value} one.", _DO)  # fmt: skip


def _other_drug(part: DraftIssue) -> Iterator[Concern]:
    asked = drugs(part.issue.heading)
    if not asked:
        return
    names = {mention.drug for mention in asked}
    for sentence in part.rationale.with_mark(DRUGS):
        if _cautions(sentence) or not _ASKS.search(sentence.words):
            continue
        said = text.medicines(sentence)
        if said and not names & {mention.drug for mention in said} and _REQUEST.search(sentence.words):
            if not any(name in part.own_words.lower() for name in names):
                yield _concern(Severity.ASK, part, sentence.words,
                               f"The heading asks for {', '.join(sorted(names))}; the rationale decides on {said[0].drug}.", _DO)  # fmt: skip
                return
            continue
        yield from _other_dose(part, sentence, asked, said)


def _other_dose(
    part: DraftIssue, sentence: Sentence, asked: tuple[DrugMention, ...], mentions: tuple[DrugMention, ...]
) -> Iterator[Concern]:
    if re.search(
        r"\b(?:previous\w*|prior|earlier|currently|current (?:dose|medication)\w*|increase\w*|decrease\w*|taper\w*|wean\w*)\b",
        sentence.words,
        re.IGNORECASE,
    ):
        return
    for mention in mentions:
        doses = {a.dose for a in asked if a.drug == mention.drug and a.dose}
        if mention.dose and doses and mention.dose not in doses:
            yield _concern(Severity.ASK, part, sentence.words,
                           f"The heading asks for {mention.drug} {', '.join(sorted(doses))}; this sentence says {mention.dose}.", _DO)  # fmt: skip


def _other_than_the_rfa(draft: Draft, part: DraftIssue) -> Iterator[Concern]:
    """Find a request for authorization in the file that names another side or level than the heading."""
    if draft.file is None:
        return
    asked_sides = {m.parts: m.side for m in mentions(part.issue.heading) if m.side}
    asked_levels = set(spine_levels(part.issue.heading))
    for document in draft.file.documents:
        if document.kind is not RecordKind.RFA:
            continue
        for page in draft.file.pages[document.first - 1 : document.last]:
            for line in page.text.splitlines():
                if not any(related(m.kind, kind) for m in treatments(line) for kind in part.treatments):
                    continue
                where = Evidence(
                    f"{document.title or 'request for authorization'}, page {page.number}",
                    line.strip(),
                    page.number,
                    document.id,
                )
                levels = set(spine_levels(line))
                if asked_levels and levels and not asked_levels & levels:
                    yield _concern(Severity.ASK, part, part.issue.heading,
                                   f"The request in the file asks for {', '.join(sorted(levels))}, the heading for {', '.join(sorted(asked_levels))}.", _DO, where)  # fmt: skip
                for mention in mentions(line):
                    side = asked_sides.get(mention.parts)
                    if side and mention.side and mention.side not in (side, Side.BOTH) and side is not Side.BOTH:
                        yield _concern(Severity.ASK, part, part.issue.heading,
                                       f"The request in the file asks for the {mention.side.value} side, the heading for the {side.value}.", _DO, where)  # fmt: skip


_INJURY = re.compile(
    r"\b(?:date of (?:the )?injury|DOI|(?:industrial|work|occupational)(?:[- ]related)? injury|injured on|occupational claim|sustained (?:an? )?(?:\w+[ -]){0,4}injur(?:y|ies))\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:utilization review|UR\b|non-?certified|prior (?:determination|review|denial)|previously denied)",
    re.IGNORECASE,
)


_INJURED, _DENIED = mark("injur|^doi$|^occupational$"), mark("utilization|^ur$|certif|prior|previously")


def _other_days(draft: Draft) -> Iterator[Concern]:
    """Find a summary that gives another day of injury or of the UR decision than the header."""
    for field, words, needed, known in (
        ("injury", _INJURY, _INJURED, draft.determination.injured_on),
        ("UR decision", _DENIAL, _DENIED, draft.determination.ur_decided_on),
    ):
        if known is None or not draft.summary.marks & text.DATED:
            continue
        said: list[tuple[date, Sentence]] = []
        for sentence in draft.summary.sentences[:4] if field == "injury" else draft.summary:
            days = text.days_of(sentence)
            if not days:
                continue
            if any(day == known for _, _, day in days):
                said.append((known, sentence))
            if sentence.marks & needed and (found := words.search(sentence.words)) is not None:
                said += [(day, sentence) for start, end, day in days if _belongs(sentence.words, found, start, end)]
        if said and all(day != known for day, _ in said):
            day, sentence = said[0]
            yield _concern(Severity.ASK, None, sentence.words,
                           f"The header gives {known.isoformat()} as the day of the {field}; this sentence {day.isoformat()}.",
                           "Find the right day in the file and write it in both places.", reversals=())  # fmt: skip


def _belongs(words: str, found: re.Match[str], start: int, end: int) -> bool:
    """Say whether a date follows closely enough on the words (or is just before them) to be theirs."""
    if start >= found.end():
        between = words[found.end() : start]
        return len(between) < 60 and not re.search(
            r"\d{1,2}[/-]\d|\b(?:request\w*|report\w*|progress|note|dated by|received)\b", between, re.IGNORECASE
        )
    return 0 <= found.start() - end < 25 and "." not in words[end : found.start()]
