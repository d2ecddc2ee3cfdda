"""The findings of checks (concerns), and the context that checks use."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from imr.determination import Determination
from imr.guidelines import Register, known_guidelines
from imr.law.reviewers import Matter, Reviewer
from imr.law.rule import Citation


class Severity(Enum):
    """How much a concern weighs: a stop blocks the signature, an ask needs an answer, a note is for the reader."""

    STOP = "stop"
    ASK = "ask"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that bear on a concern, and where they are: a document and page of the case file, or a place of the draft.

    `page` counts through the case file; `file` and `file_page` name the file that was sent and its own page, which stay
    right when more comes.
    """

    where: str
    words: str
    page: int | None = None
    document: str | None = None
    file: str = ""
    file_page: int | None = None


@dataclass(frozen=True, slots=True)
class Reversal:
    """A determination that was set aside, or nearly, for an error of this kind, and what had gone wrong in it."""

    name: str
    fault: str

    def __str__(self) -> str:
        return f"{self.name}: {self.fault}. Panel decisions are not binding precedent."


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing that a check found in a draft.

    `id` is the same for the same words under the same check, so that an answer to it stays with it. `issue` counts from 1;
    none is the whole letter. `sentence` is quoted from the draft. `usual` is True for what nearly every published letter
    of 2014 to 2017 has, so that a list of many letters can tell it apart.
    """

    id: str
    check: str
    severity: Severity
    says: str
    do: str
    sentence: str = ""
    issue: int | None = None
    usual: bool = False
    evidence: tuple[Evidence, ...] = ()
    under: tuple[Citation, ...] = ()
    reversals: tuple[Reversal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known around a draft beside its case file. Everything may be left out; a check that lacks it is silent.

    `on` is the day whose law and guidelines count, by default the day of the decision. `text` is the letter as printed,
    with the white space that the reader of letters folds. `earlier` are the determinations of the same claim, and
    `own_letters` texts of the reviewer's earlier letters; `earlier_lost` and `own_letters_lost` count those of either
    that cannot be read. `ur_text` is the UR decision, by default that of the case file. `names` are words that no public
    text may hold. `public` is True for a letter as published.
    """

    on: date | None = None
    text: str = ""
    register: Register = field(default_factory=known_guidelines)
    earlier: tuple[Determination, ...] = ()
    earlier_lost: int = 0
    own_letters: tuple[str, ...] = ()
    own_letters_lost: int = 0
    ur_text: str = ""
    reviewer: Reviewer | None = None
    matter: Matter | None = None
    names: tuple[str, ...] = ()
    public: bool = False


def concern_id(check: str, *parts: object) -> str:
    """Name a concern: its check, and a digest of the words that it is about. Answers are kept under it: keep the words."""
    words = "\n".join(" ".join(str(part).split()).lower() for part in parts)
    return f"{check}-{hashlib.sha256(words.encode()).hexdigest()[:10]}"


def unanswered(concerns: tuple[Concern, ...], answers: Mapping[str, str]) -> tuple[Concern, ...]:
    """Give the concerns that still block the signature: every stop, and each ask without an answer in words."""
    return tuple(
        concern
        for concern in concerns
        if concern.severity is Severity.STOP
        or (concern.severity is Severity.ASK and not answers.get(concern.id, "").strip())
    )
