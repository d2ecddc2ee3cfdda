"""The law of the final determination: its contents, its recipients, and the decision where reviewers differ.

`contents(on)` is what the letter must contain; `lacks` names what a letter lacks. `imr.law.afterwards` holds what
follows a determination.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from imr.law.rule import Citation, Finding, Known, Rule, Subject, case_law, labor_code, regulation
from imr.law.terms import Decision, Role


def _rule(name: str, title: str, asks: str, *under: Citation) -> Rule:
    return Rule(id=name, title=title, subject=Subject.DETERMINATION, asks=asks, under=under)


class Part(Enum):
    """A part that the law requires of the letter."""

    NECESSITY = "whether each disputed treatment is medically necessary"
    CONDITION = "the employee's medical condition"
    DOCUMENTS = "the relevant documents of the record"
    FINDINGS = "the relevant findings under the standards of necessity"
    DISPUTED_TREATMENT = "a statement of the disputed treatment"
    EVIDENCE = "the medical and scientific evidence that was used"
    REASONS = "the clinical reasons"
    QUALIFICATIONS = "a description of the reviewer's qualifications, without a name"
    PLAIN_LANGUAGE = "plain words, as far as possible"


@dataclass(frozen=True, slots=True)
class Content:
    """A part that the letter must contain, with its citation."""

    part: Part
    under: tuple[Citation, ...]

    @property
    def verified(self) -> bool:
        """False if the provision was not seen in the text of the law."""
        return all(citation.known.verified for citation in self.under)


_LISTED = regulation("9792.10.6(d)", Known.MEMORY, "the wording of the list was not seen")
_CONTENTS = (
    Content(Part.NECESSITY, (labor_code("4610.6(e)"),)),
    Content(Part.CONDITION, (labor_code("4610.6(e)"), regulation("9792.10.6(d)", note="its opening"))),
    Content(Part.DOCUMENTS, (labor_code("4610.6(e)"),)),
    Content(Part.FINDINGS, (labor_code("4610.6(e)"),)),
    Content(Part.DISPUTED_TREATMENT, (_LISTED,)),
    Content(Part.EVIDENCE, (_LISTED,)),
    Content(Part.REASONS, (_LISTED,)),
    Content(Part.QUALIFICATIONS, (labor_code("4610.6(f)"),)),
    Content(Part.PLAIN_LANGUAGE, (labor_code("4610.6(d)(1)"),)),
)
CONTENT = _rule(
    "det-content",
    "What the determination says",
    "Whether each disputed treatment is medically necessary; and for each the employee's condition, the relevant documents, "
    "and the findings under the standards. The regulation adds (wording from memory) the disputed treatment, the evidence "
    "used, and the clinical reasons.",
    labor_code("4610.6(e)"),
    regulation("9792.10.6(d)", Known.PART),
)
FORM = _rule(
    "det-form",
    "Written plainly",
    "The determination is in writing, in words that a lay person understands, as far as possible.",
    labor_code("4610.6(d)(1)"),
    regulation("9792.10.6(b)(1)"),
)
MAJORITY = _rule(
    "det-majority",
    "Where reviewers differ",
    "The majority prevails; where they are evenly split, the decision is in favor of providing the treatment. The analyses of "
    "all are given.",
    labor_code("4610.6(e)"),
    labor_code("4610.6(f)"),
)
COUNT = _rule(
    "rev-count",
    "One reviewer",
    "One reviewer decides. More than one needs the Administrative Director's written approval, and a finding that the matter "
    "is too complex for one.",
    regulation("9792.10.6(b)(1)"),
    regulation("9792.10.6(c)"),
)
RECIPIENTS = _rule(
    "det-recipients",
    "Who gets the determination",
    "The Administrative Director, the claims administrator, the employee and the employee's provider get it, with the "
    "analyses and the description of qualifications; the attorney too, by the regulation (from memory).",
    labor_code("4610.6(f)"),
)
#: The roles that must get it, and the attorney, added by the regulation (from memory).
MUST_GET_IT = (Role.DIVISION, Role.CLAIMS_ADMINISTRATOR, Role.EMPLOYEE, Role.REQUESTING_PHYSICIAN)
_ATTORNEY = regulation("9792.10.6", Known.MEMORY, "that the attorney gets it was not seen")
BINDING = _rule(
    "det-binding",
    "Binding",
    "The determination is deemed to be the Administrative Director's, and binds all parties. Late or not makes no difference.",
    labor_code("4610.6(g)"),
)
NO_PROOF_OF_DELAY = _rule(
    "det-not-penalty-proof",
    "No proof of unreasonable delay",
    "That IMR found treatment necessary is not by itself conclusive that it was unreasonably delayed.",
    labor_code("4610.1"),
)
ANONYMOUS = _rule(
    "rev-anonymous",
    "No name of a reviewer",
    "The review organization describes qualifications, and keeps the reviewer's name from everybody outside.",
    labor_code("4610.6(f)"),
    case_law("Zuniga v. WCAB (2018)", note="the appeals board cannot order disclosure"),
)


def contents(on: date) -> tuple[Content, ...]:
    """Give what the letter must contain on a day: the same since IMR began. Empty before 2013; raises nothing."""
    return _CONTENTS if CONTENT.governs(on) else ()


def lacks(present: Collection[Part], on: date) -> tuple[Finding, ...]:
    """Give a finding for every part that the letter must contain on a day: whether it is there."""
    return tuple(
        CONTENT.finds(
            content.part in present,
            "the letter has {part}" if content.part in present else "the letter lacks {part}",
            content.under,
            part=content.part.value,
        )
        for content in contents(on)
        if content.part is not Part.PLAIN_LANGUAGE
    )


def written_plainly(words_a_sentence: float, most: float = 25) -> Finding:
    """Say whether the letter is plain, by the mean length of its sentences; the measure is a setting, not law."""
    because = "{mean:.0f} words a sentence; {most:g} is the setting of the house"
    return FORM.finds(words_a_sentence <= most, because, mean=words_a_sentence, most=most)


def decide(decisions: Sequence[Decision]) -> tuple[Decision, Finding]:
    """Give the decision of several reviewers on one treatment: the majority's; if evenly split, in favor of the treatment."""
    if not decisions:
        raise ValueError("nobody has decided")
    votes = Counter(decisions)
    uphold, overturn = votes[Decision.UPHELD], votes[Decision.OVERTURNED]
    outcome = Decision.UPHELD if uphold > overturn else Decision.OVERTURNED
    split = uphold == overturn
    because = "{uphold} to uphold, {overturn} to overturn" + (
        "; evenly split: the treatment is provided" if split else ""
    )
    return outcome, MAJORITY.finds(outcome is Decision.OVERTURNED, because, uphold=uphold, overturn=overturn)


def reviewers_allowed(number: int, *, approved_in_writing: bool = False, too_complex: bool = False) -> Finding:
    """Say whether so many reviewers may decide a case."""
    if number < 1:
        return COUNT.finds(False, "nobody reviews")
    if number == 1:
        return COUNT.finds(True, "one reviewer")
    lacking = [
        w
        for w, has in (("the written approval", approved_in_writing), ("the finding of complexity", too_complex))
        if not has
    ]
    because = "{number} reviewers without {lacking}" if lacking else "{number} reviewers, approved for complexity"
    return COUNT.finds(not lacking, because, number=number, lacking=" and ".join(lacking))


def recipients(*, attorney: bool) -> tuple[tuple[Role, Citation], ...]:
    """Give everybody who gets the determination, each with its citation."""
    found = tuple((role, RECIPIENTS.under[0]) for role in MUST_GET_IT)
    return (*found, (Role.EMPLOYEE_ATTORNEY, _ATTORNEY)) if attorney else found


def all_got_it(sent_to: Collection[Role], *, attorney: bool) -> Finding:
    """Say whether everybody who must get the determination got it."""
    owed = recipients(attorney=attorney)
    lacking = [role.value for role, _ in owed if role not in sent_to]
    because = "not sent to: {lacking}" if lacking else "sent to all who must get it"
    under = tuple(dict.fromkeys(citation for _, citation in owed))
    return RECIPIENTS.finds(not lacking, because, under, lacking=", ".join(lacking))


def binds(*, set_aside: bool) -> Finding:
    """Say whether a determination binds the parties: it does until an appeal sets it aside."""
    return BINDING.finds(not set_aside, "it was set aside on appeal" if set_aside else "it binds all parties")


def proves_delay(*, overturned: bool, delay_shown_otherwise: bool) -> Finding:
    """Say whether unreasonable delay is shown: an overturned UR decision alone does not show it."""
    if delay_shown_otherwise:
        return NO_PROOF_OF_DELAY.finds(True, "unreasonable delay is shown by other evidence")
    because = "that UR was overturned is not conclusive" if overturned else "nothing shows unreasonable delay"
    return NO_PROOF_OF_DELAY.finds(False, because)


def keeps_names(text: str, names: Collection[str]) -> Finding:
    """Say whether a text that leaves the organization is free of the names of reviewers."""
    folded = " ".join(text.casefold().split())
    found = any(" ".join(name.casefold().split()) in folded for name in names if name.strip())
    because = "it holds the name of a reviewer: take it out" if found else "it holds no name of a reviewer"
    return ANONYMOUS.finds(not found, because)
