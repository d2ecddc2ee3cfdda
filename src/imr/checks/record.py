"""Checks of a draft against its case file: claims that something is missing, documents ignored, and documents never received."""

import re
from collections.abc import Iterator

from imr.checks import text
from imr.checks.claims import GRANTS, Claim, claims, denied, negated
from imr.checks.documented_topics import Topic, documented
from imr.checks.draft import ClinicalText, Draft, DraftIssue
from imr.checks.model import Concern, Evidence, Reversal, Severity, concern_id
from imr.determination import Decision, ReviewedDocument
from imr.guidelines.anatomy import body_parts
from imr.guidelines.doses import names_of
from imr.guidelines.keyword_index import mark
from imr.guidelines.treatment_kinds import related, stems_of, treatments, words_of
from imr.law.records import CLINICAL, DOCUMENTS, MISSING, may_release
from imr.law.rule import labor_code
from imr.law.terms import RecordKind
from imr.records.model import Document

MCATEE = Reversal(
    "McAtee v. Briggs & Pearson (2015)",
    "the review found no record of relief, side effects or misuse; reports in the file held all three",
)
GONZALEZ = Reversal(
    "Gonzalez-Ornelas v. County of Riverside",
    "a report was listed as reviewed, then nothing was said to show what that report shows",
)
GARIBAY = Reversal(
    "Garibay-Jimenez v. Santa Barbara Medical Foundation (2015)",
    "the reports that recommended the surgery were never sent to the reviewer",
)
PLAIN_ERROR = labor_code("4610.6(h)(5)")
RECORD_CITED = labor_code("4610.6(e)")
_MOST = 3
#: What the employee says is not a finding of an examination.
_COMPLAINT = re.compile(
    r"\b(?:complain\w*|subjective|report(?:s|ed) (?:\w+ ){0,3}(?:numbness|weakness|tingling))\b", re.IGNORECASE
)
#: Words that name no one treatment.
_NO_KIND = {"conservative care", "medication", "office visit"}
#: Matters that are documented for one treatment, and say nothing of another.
_OF_A_TREATMENT = {"number of visits completed"}
_PHYSICIANS = frozenset(
    {
        RecordKind.FIRST_REPORT,
        RecordKind.PROGRESS_REPORT,
        RecordKind.CONSULTATION,
        RecordKind.PERMANENT_REPORT,
        RecordKind.MEDICAL_LEGAL,
    }
)
#: Kinds of document that a letter should mention: each with the words by which a letter does.
_DECISIVE = {
    RecordKind.IMAGING: r"MRI|x-?rays?|radiograph|CT\b|imaging|ultrasound",
    RecordKind.ELECTRODIAGNOSTICS: r"EMG|NC[SV]|electrodiagnos|electromyogra|nerve conduction",
    RecordKind.OPERATIVE_REPORT: r"surger|operati|arthroscop|procedure",
    RecordKind.MEDICAL_LEGAL: r"AME\b|QME\b|agreed medical|qualified medical",
    RecordKind.CONSULTATION: r"consult",
    RecordKind.THERAPY_NOTES: r"therapy|therapist|visits?\b|sessions?\b",
}  # fmt: skip
#: What an expected document is called where a UR decision or a request names it.
_NAMED = (
    (RecordKind.MEDICAL_LEGAL, r"(?:AME|QME|agreed medical (?:evaluat|examin)\w+|qualified medical (?:evaluat|examin)\w+) (?:report|evaluation)?"),
    (RecordKind.IMAGING, r"(?:MRI|x-?ray|CT scan)(?: report)?"),
    (RecordKind.ELECTRODIAGNOSTICS, r"(?:EMG|NCV|NCS|electrodiagnostic)\w*(?: stud\w+| report)?"),
    (RecordKind.OPERATIVE_REPORT, r"operative report"),
    (RecordKind.THERAPY_NOTES, r"(?:physical )?therapy (?:progress )?notes?"),
)  # fmt: skip


def absence_contradicted(draft: Draft) -> Iterator[Concern]:
    """Find a claim that the record does not document something which the file, or the letter itself, documents."""
    for part in draft.parts:
        for claim in claims(part.sentences):
            evidence = list(_against(draft, part, claim))[:_MOST]
            if evidence:
                in_file = any(item.page is not None for item in evidence)
                yield Concern(
                    id=concern_id("absence-contradicted", part.number, claim.sentence.words),
                    check="absence-contradicted",
                    severity=Severity.ASK,
                    issue=part.number,
                    sentence=claim.sentence.words,
                    says=f"By this sentence the record does not show: {_matters(claim)}. {'The file' if in_file else 'The summary of this letter'} speaks of it.",
                    do="Read each place. Weigh it in the rationale, or say why it does not show what is asked.",
                    evidence=tuple(evidence),
                    under=(PLAIN_ERROR,),
                    reversals=(MCATEE,),
                )


def _matters(claim: Claim) -> str:
    """Give what a claim says is missing, in a few words."""
    names = [matter.name for matter in claim.matters] or sorted(claim.drugs | claim.kinds)
    return " and ".join(names[:2]) or "something"


def _against(draft: Draft, part: DraftIssue, claim: Claim) -> Iterator[Evidence]:
    """Give the places that document what a claim says is not documented: first in the file, then in the summary."""
    if GRANTS.search(claim.missing):
        return
    if draft.record is not None:
        for matter in claim.matters:
            yield from _in_record(draft.record, part, matter, claim)
        yield from _named_in_record(draft.record, claim)
        yield from _tried_in_record(draft.record, claim)
    for sentence in draft.summary:
        for matter in claim.matters:
            match = documented(matter, sentence)
            if (
                match
                and _speaks(sentence.words, match.start(), part, matter, claim)
                and (matter.name == "the request itself" or not _of_the_decision(sentence.words))
            ):
                yield Evidence("clinical case summary", sentence.words)
                break


def _in_record(record: ClinicalText, part: DraftIssue, matter: Topic, claim: Claim) -> Iterator[Evidence]:
    seen = set()
    for start, end in record.finds(matter.documents, matter.stems):
        place = record.place(start, end)
        at = place.words.find(" ".join(record.text[start:end].split()))
        if place.page in seen or not _speaks(place.words, max(at, 0), part, matter, claim):
            continue
        seen.add(place.page)
        yield place
        if len(seen) == _MOST:
            return


def _speaks(words: str, at: int, part: DraftIssue, matter: Topic, claim: Claim) -> bool:
    """Say whether a sentence documents the matter, undenied, and not for another part of the body or another treatment."""
    if not matter.even_denied and negated(words, at):
        return False
    if matter.name == "nerve findings" and _COMPLAINT.search(words):
        return False
    named = body_parts(words)
    about = claim.parts or part.parts
    if named and about and not named & about:
        return False
    asked = claim.kinds - _NO_KIND
    if matter.name == "conservative care" and asked:
        return any(related(mention.kind, kind) for mention in treatments(words) for kind in asked)
    if matter.name in _OF_A_TREATMENT and (asked or part.treatments):
        spoken = {mention.kind for mention in treatments(words)} - _NO_KIND
        return not spoken or any(related(one, other) for one in spoken for other in asked or part.treatments)
    return True


def _of_the_decision(words: str) -> bool:
    """Say whether a sentence is about what was requested or decided, not about how the employee is or was treated."""
    return bool(
        re.search(
            r"\b(?:request\w*|certif\w+|den(?:y|ied|ial)|approv\w+|utilization review|recommend\w+|plan)\b",
            words,
            re.IGNORECASE,
        )
    )


def _named_in_record(record: ClinicalText, claim: Claim) -> Iterator[Evidence]:
    """Find places of the file that name the drug which a claim says was never used or tried."""
    if not re.search(
        r"\b(?:us(?:e|ed)|tri(?:al|ed)|fail\w*|previous|prior|prescri\w+|tak\w+)\b", claim.missing, re.IGNORECASE
    ):
        return
    for name in sorted(claim.drugs):
        for start, end in record.finds(rf"\b(?:{'|'.join(names_of(name))})\b", names_of(name)):
            place = record.place(start, end)
            if not denied(place.words):
                yield place
                break


_TRIAL = re.compile(r"\b(?:trial|tried|previous use|prior use|use of)\b", re.IGNORECASE)
_TRIED = re.compile(r"\b(?:trial of|tried|used|using|underwent|completed|has had|wears?|wore|rented)\b", re.IGNORECASE)
_WANTED = re.compile(
    r"\b(?:request\w*|recommend\w*|order\w*|plan\w*|will|would|consider\w*|authori[sz]\w*|refer\w*)\b", re.IGNORECASE
)


def _tried_in_record(record: ClinicalText, claim: Claim) -> Iterator[Evidence]:
    """Find places of the file that report the trial of a treatment which a claim says never took place."""
    if not _TRIAL.search(claim.missing):
        return
    for kind in sorted(claim.kinds - _NO_KIND - {"surgery", "exercise"}):
        for start, end in record.finds(rf"\b(?:{words_of(kind)})\b", stems_of(kind)):
            place = record.place(start, end)
            if _TRIED.search(place.words) and not _WANTED.search(place.words) and not denied(place.words):
                yield place
                break


def document_ignored(draft: Draft) -> Iterator[Concern]:
    """Find a document listed as reviewed that speaks to the question, and of which the letter says nothing."""
    if draft.record is None:
        return
    listed = draft.determination.documents
    for document in draft.record.file.documents:
        pattern = _DECISIVE.get(document.kind)
        if pattern is None or document.duplicate_of is not None or (listed and not _is_listed(document, listed)):
            continue
        if _mentioned(document, pattern, draft):
            continue
        for part in draft.parts:
            place = _speaks_to(draft, document, part)
            if place is None:
                continue
            upheld = part.issue.decision is Decision.UPHELD
            yield Concern(
                id=concern_id("document-ignored", part.number, document.id, place.words),
                check="document-ignored",
                severity=Severity.ASK if upheld else Severity.NOTE,
                issue=part.number,
                sentence=part.issue.heading,
                says=f"The letter says nothing of a document of the file that speaks to this question: {document.title or document.kind.value}.",
                do="Name what the document shows and weigh it, or say why it does not bear on the decision.",
                evidence=(place,),
                under=(RECORD_CITED, PLAIN_ERROR),
                reversals=(GONZALEZ,),
            )
            break


def _is_listed(document: Document, listed: tuple[ReviewedDocument, ...]) -> bool:
    return any(
        (item.dated_on == document.dated_on and item.kind in (document.kind, RecordKind.OTHER))
        or (item.title and item.title.lower() == document.title.lower())
        for item in listed
    )


def _mentioned(document: Document, pattern: str, draft: Draft) -> bool:
    words = draft.words
    if document.dated_on is not None and any(day == document.dated_on for _, _, day in text.days(words)):
        return True
    if (
        document.author
        and (name := re.search(r"\b([A-Z][a-z]{2,})\b[^a-z]*$", document.author.split(",")[0]))
        and name[1] in words
    ):
        return True
    found = re.search(rf"\b(?:{pattern})", words, re.IGNORECASE)
    return found is not None and document.kind is not RecordKind.MEDICAL_LEGAL and document.dated_on is None


def _speaks_to(draft: Draft, document: Document, part: DraftIssue) -> Evidence | None:
    """Give the first place of a document that names the treatment or the drug of this issue, or concludes on its body part."""
    assert draft.file is not None  # noqa: S101 - the caller has looked
    kinds = sorted(part.treatments - {"medication", "office visit", "surgery"})
    words = [words_of(kind) for kind in kinds] + [name for drug in sorted(part.drugs) for name in names_of(drug)]
    named = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) if words else None
    for page in draft.file.pages[document.first - 1 : document.last]:
        match = named.search(page.text) if named else None
        if match is None and document.kind in _CONCLUDES and body_parts(page.text[:600]) & part.asked_parts:
            match = _CONCLUSION.search(page.text)
        if match is not None:
            return _place(document, page.number, page.text, match.start(), match.end())
    return None


_CONCLUDES = frozenset({RecordKind.IMAGING, RecordKind.ELECTRODIAGNOSTICS, RecordKind.OPERATIVE_REPORT})
_CONCLUSION = re.compile(r"\b(?:impression|conclusion)\b.{0,200}", re.IGNORECASE | re.DOTALL)


def _place(document: Document, page: int, words: str, start: int, end: int) -> Evidence:
    dated = f" of {document.dated_on.isoformat()}" if document.dated_on else ""
    around = " ".join(words[max(0, start - 80) : end + 120].split())
    return Evidence(f"{document.title or document.kind.value}{dated}, page {page}", around, page, document.id)


def expected_missing(draft: Draft) -> Iterator[Concern]:
    """Find a document that the file or the UR decision names, or that the question needs, and that never came."""
    if draft.record is None:
        return
    held = {document.kind for document in draft.record.file.documents}
    if not held & _PHYSICIANS:
        yield Concern(
            id=concern_id("document-missing", "physician report"),
            check="document-missing",
            severity=Severity.ASK,
            says="The file holds no report of a physician: no first report, progress report, consultation or evaluation.",
            do="Ask the claims administrator and the requesting physician for the reports that are owed with the request.",
            under=DOCUMENTS.under,
            reversals=(GARIBAY,),
        )
    texts: list[tuple[str, int | None, str]] = [
        ("UR decision", None, draft.ur_text),
        ("clinical case summary", None, draft.determination.summary),
    ]
    texts += [(f"page {page.number}", page.number, page.text) for page in draft.record.file.pages]
    for kind, pattern in _NAMED:
        if kind in held:
            continue
        for where, page, words in texts:
            match = re.search(
                rf"\b(?:{pattern})\b[^.\n]{{0,60}}\b(?:dated|of|from|on)\s+(?=\d|[A-Z])", words, re.IGNORECASE
            )
            if match and any(abs(start - match.end()) < 4 for start, _, _ in text.days(words)):
                quoted = " ".join(words[max(0, match.start() - 60) : match.end() + 40].split())
                yield Concern(
                    id=concern_id("document-missing", kind.value, quoted),
                    check="document-missing",
                    severity=Severity.ASK,
                    says=f"The {where} names a document that the file does not hold: {kind.value}.",
                    do="Ask for it before deciding; until it comes, do not write that such a document shows nothing.",
                    evidence=(Evidence(where, quoted, page),),
                    under=DOCUMENTS.under,
                    reversals=(GARIBAY,),
                )
                break


def no_records(draft: Draft) -> Iterator[Concern]:
    """Find a case without records, or with none but the UR decision: no determination may rest on that alone."""
    if draft.record is not None:
        finding = may_release(document.kind for document in draft.record.file.documents)
        if finding.holds:
            return
        says, under = f"There is nothing to decide on: {finding.reason}.", finding.under
    else:
        kinds = {document.kind for document in draft.determination.documents}
        if not kinds or kinds & (CLINICAL | {RecordKind.OTHER}):
            sentence = next((s for s in draft.summary.with_mark(_OF_RECORDS) if _says_no_records(s)), None)
            if sentence is None:
                return
            says, under = f"The summary says that there were no records: {sentence.words}", MISSING.under
        else:
            says, under = (
                f"The letter lists no clinical document, only: {', '.join(sorted(k.value for k in kinds))}.",
                MISSING.under,
            )
    yield Concern(
        id=concern_id("no-records", says),
        check="no-records",
        severity=Severity.STOP,
        says=says,
        do="Ask the claims administrator, the employee and the requesting physician for records; do not issue before any came.",
        under=under,
    )


_NO_RECORDS = re.compile(
    r"\bno (?:medical |clinical )*(?:records?|documents?|reports?) (?:were|was|have been|had been)? ?(?:received|submitted|provided|available|sent)|"
    r"\b(?:only|solely) (?:on )?(?:the )?(?:UR|utilization review) (?:decision|denial|report|determination) (?:was|is|were)?",
    re.IGNORECASE,
)
#: Words of which every such sentence has one.
_OF_RECORDS = mark(r"^(?:records?|documents?|reports?|ur|utilization)$")
_DENIES = mark(r"^(?:no|only|solely)$")


@text.once_per_sentence(_DENIES, False)
def _says_no_records(sentence: text.Sentence) -> bool:
    return bool(_NO_RECORDS.search(sentence.words))
