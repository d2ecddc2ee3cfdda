"""A slow, plain reader of the letters of 2014 to 2017, to judge the fast one by. It knows words, and nothing of patterns.

It goes by other evidence where it can: the days of the header by the order in which they must follow each other, and
the end of a rationale by its verdict.
"""

from dataclasses import dataclass
from datetime import date

ENDS = ("necessary.", 'necessary."', "necessary")


@dataclass(frozen=True)
class PlainIssue:
    heading: str
    decision: str
    administrator_basis: str
    reviewer_basis: str
    rationale: str


@dataclass(frozen=True)
class PlainLetter:
    case_number: str | None
    review_type: str | None
    days: tuple[date, ...]
    organization: str
    licensure: tuple[str, ...]
    specialty: str
    summary: str
    issues: tuple[PlainIssue, ...]


def read_plainly(text: str) -> PlainLetter:
    words = text.replace("\ufffe", "-").split()
    how = place(words, "HOW THE IMR FINAL DETERMINATION WAS MADE", 0)
    sent = place(words, "sent the complete case file to an expert reviewer.", how)
    licensure = place(words, "State(s) of Licensure:", sent)
    specialty = place(words, "Certification(s)/Specialty:", licensure)
    summary = place(words, "CLINICAL CASE SUMMARY", specialty)
    records = place(words, "case file, including all medical records:", summary)
    issues = place(words, "IMR ISSUES, DECISIONS AND RATIONALES", records)
    below = place(words, "set forth below:", issues)
    header = words[:how]
    return PlainLetter(
        case_number=next((w for w in header if w[:2] == "CM" and w[2:4].isdigit() and w[4:5] == "-"), None),
        review_type=next((w.lower() for w in header if w in ("Standard", "Expedited")), None),
        days=tuple(sorted(day(w) for w in header if w.count("/") == 2)),
        organization=joined(words[how + 7 : sent]),
        licensure=tuple(part.strip() for part in joined(words[licensure + 3 : specialty]).split(",") if part.strip()),
        specialty=joined(words[specialty + 1 : summary]),
        summary=joined(words[records + 6 : issues]),
        issues=tuple(items(words[below + 3 :])),
    )


def items(words: list[str]):
    labels = [n for n in range(len(words)) if words[n : n + 3] == ["Claims", "Administrator", "guideline:"]]
    begin = 0
    for number, label in enumerate(labels):
        following = labels[number + 1] if number + 1 < len(labels) else len(words)
        reviewer = place(words, "MAXIMUS guideline:", label)
        rationale = place(words, "Decision rationale:", reviewer)
        end = following
        if number + 1 < len(labels):
            end = max(n for n in range(rationale, following) if words[n] in ENDS) + 1
        decision = words[label - 1]
        yield PlainIssue(
            heading=joined(words[begin : label - 1]).removesuffix(":").rstrip(),
            decision=decision.lower(),
            administrator_basis=joined(words[label + 3 : reviewer]),
            reviewer_basis=joined(words[reviewer + 2 : rationale]),
            rationale=joined(words[rationale + 2 : end]),
        )
        begin = end


def place(words: list[str], wanted: str, start: int) -> int:
    sought = wanted.split()
    for n in range(start, len(words) - len(sought) + 1):
        if words[n : n + len(sought)] == sought:
            return n
    raise AssertionError(f"the letter has no “{wanted}”")


def joined(words: list[str]) -> str:
    return " ".join(words)


def day(word: str) -> date:
    month, of_month, year = word.split("/")
    return date(int(year), int(month), int(of_month))
