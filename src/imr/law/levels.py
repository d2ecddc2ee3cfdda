"""Weighing of evidence: the levels of 8 CCR 9792.25.1 by question and design, and the strength rating of 2009.

Raises `NotInForce` for a cell of the table that was not seen; nothing is guessed.
"""

from datetime import date
from enum import Enum
from types import MappingProxyType

from imr.errors import NotInForce
from imr.law.evidence import EVIDENCE_RULES_OF_2015, THAT_DAY, evidence_rule
from imr.law.rule import Citation, Finding, Known, regulation, spell

METHOD = evidence_rule(
    "mtus-evidence-method",
    "Studies that apply",
    "Where recommendations compete: a study that does not apply to the employee (patients, setting, intervention, outcome) "
    "does not support, deny, delay or modify treatment; the decision explains this.",
    regulation("9792.25.1(a)", Known.PART),
    THAT_DAY,
    since=EVIDENCE_RULES_OF_2015,
)
LEVELS = evidence_rule(
    "mtus-evidence-levels",
    "Levels of evidence",
    "Evidence is 1a, 1b, 1c, 2, 3, 4 or 5, by the question (benefit, diagnosis, prognosis, harm) and the design of the study; "
    "the higher level prevails. Levels 4 and 5 are from memory; the third level of prognosis was not seen.",
    regulation("9792.25.1"),
    THAT_DAY,
    since=EVIDENCE_RULES_OF_2015,
)
STRENGTH_2009 = evidence_rule(
    "mtus-evidence-2009",
    "Strength of evidence, in the rules of 2009",
    "Studies are rated by strength only where neither the schedule nor another nationally recognized guideline covers the "
    "matter, the treatment departs from both, or such other guidelines conflict.",
    regulation("9792.25", Known.PART, "text of 2009"),
    until=EVIDENCE_RULES_OF_2015,
)


def may_support(*, applicable: bool, explained: bool) -> Finding:
    """Say whether a study is used as the method requires: it applies, or the decision explains why it does not."""
    if applicable:
        return METHOD.finds(True, "the study applies to the employee")
    because = "the study does not apply, and the decision " + ("explains it" if explained else "does not explain it")
    return METHOD.finds(explained, because)


class Ask(Enum):
    """The clinical question that evidence answers."""

    BENEFIT = "how useful is the treatment?"
    DIAGNOSIS = "how useful is the test?"
    PROGNOSIS = "what happens if nothing is done?"
    HARM = "what are the harms of the treatment?"


class Design(Enum):
    """The design of a study, in the words of 8 CCR 9792.25.1."""

    REVIEW_OF_LOW_BIAS_TRIALS = "systematic review of randomized trials with low risk of bias"
    LOW_BIAS_TRIAL = "randomized trial with low risk of bias"
    BIASED_TRIAL = "randomized trial with identified bias, or a review of such"
    REVIEW_OF_PROSPECTIVE = "systematic review of high-quality prospective studies"
    PROSPECTIVE = "high-quality prospective or cohort study"
    REVIEW_OF_INCEPTION_COHORTS = "systematic review of inception cohorts"
    INCEPTION_COHORT = "inception cohort"
    COHORT = "cohort study"
    BIASED_CROSS_SECTIONAL = "cross-sectional study with bias"
    NON_RANDOMIZED_COHORT = "non-randomized controlled cohort or follow-up study"
    CASE_CONTROL = "case-control study"
    CASE_CONTROL_SEVERE = "case-control study of severe cases and healthy controls"
    HISTORICAL_CONTROLS = "historically controlled study"
    CASE_SERIES = "case series"
    UNCONTROLLED = "uncontrolled study, case report"
    EXPERT_OPINION = "published expert opinion"


class Level(Enum):
    """The level of evidence, highest first."""

    L1A = "1a"
    L1B = "1b"
    L1C = "1c"
    L2 = "2"
    L3 = "3"
    L4 = "4"
    L5 = "5"


_BENEFIT = {
    Design.REVIEW_OF_LOW_BIAS_TRIALS: Level.L1A,
    Design.LOW_BIAS_TRIAL: Level.L1B,
    Design.BIASED_TRIAL: Level.L1C,
    Design.NON_RANDOMIZED_COHORT: Level.L2,
    Design.CASE_CONTROL: Level.L3,
    Design.HISTORICAL_CONTROLS: Level.L3,
}
_DIAGNOSIS = {
    Design.REVIEW_OF_PROSPECTIVE: Level.L1A,
    Design.REVIEW_OF_LOW_BIAS_TRIALS: Level.L1A,
    Design.PROSPECTIVE: Level.L1B,
    Design.LOW_BIAS_TRIAL: Level.L1B,
    Design.BIASED_CROSS_SECTIONAL: Level.L1C,
    Design.CASE_CONTROL: Level.L2,
    Design.CASE_CONTROL_SEVERE: Level.L3,
}
_PROGNOSIS = {
    Design.REVIEW_OF_INCEPTION_COHORTS: Level.L1A,
    Design.REVIEW_OF_LOW_BIAS_TRIALS: Level.L1A,
    Design.INCEPTION_COHORT: Level.L1B,
    Design.LOW_BIAS_TRIAL: Level.L1B,
    Design.COHORT: Level.L1C,
    Design.BIASED_TRIAL: Level.L1C,
    Design.CASE_SERIES: Level.L2,
    Design.CASE_CONTROL: Level.L2,
}
_HARM = {
    Design.REVIEW_OF_LOW_BIAS_TRIALS: Level.L1A,
    Design.LOW_BIAS_TRIAL: Level.L1B,
    Design.PROSPECTIVE: Level.L1C,
    Design.BIASED_TRIAL: Level.L2,
    Design.NON_RANDOMIZED_COHORT: Level.L3,
}
#: The cells of the table that were seen, a question a column. The level of a cohort in the column of harms is not certain.
TABLE = MappingProxyType({Ask.BENEFIT: _BENEFIT, Ask.DIAGNOSIS: _DIAGNOSIS, Ask.PROGNOSIS: _PROGNOSIS, Ask.HARM: _HARM})
#: The same for every question, from memory.
LOWEST = MappingProxyType({Design.UNCONTROLLED: Level.L4, Design.EXPERT_OPINION: Level.L5})


def level(question: Ask, design: Design) -> tuple[Level, Citation]:
    """Give the level of evidence of a design for a question, and how well that cell of the table is known.

    Raises NotInForce for a cell that was not seen.
    """
    section = "9792.25.1"
    if design in LOWEST:
        return LOWEST[design], regulation(section, Known.MEMORY, "levels 4 and 5 were not seen")
    found = TABLE[question].get(design)
    if found is None:
        raise NotInForce(
            f"8 CCR {section}: the level of a {design.value} for {question.value!r} was not seen in the table"
        )
    unsure = question is Ask.HARM and found is Level.L3
    return found, regulation(section, Known.PART if unsure else Known.TEXT, "column not certain" if unsure else "")


def prevails(question: Ask, one: Design, other: Design) -> Finding:
    """Say whether the first of two recommendations rests on evidence of at least the level of the second."""
    (first, first_under), (second, second_under) = level(question, one), level(question, other)
    order = list(Level)
    holds = order.index(first) <= order.index(second)
    because = "level {first} against level {second} for the question: {question}"
    under = tuple(dict.fromkeys((first_under, second_under, THAT_DAY)))
    return LEVELS.finds(holds, because, under, first=first.value, second=second.value, question=question.value)


def may_rate_strength_2009(
    on: date,
    *,
    covered_by_schedule: bool,
    covered_by_other: bool,
    departs: bool = False,
    guidelines_conflict: bool = False,
) -> Finding:
    """Say whether studies may be rated by strength under the rules of 2009. Raises NotInForce once those of 2015 govern."""
    if not STRENGTH_2009.governs(on):
        raise NotInForce(
            f"the strength-of-evidence rule of 2009 ended on {spell(EVIDENCE_RULES_OF_2015)} (from memory)"
        )
    if not covered_by_schedule and not covered_by_other:
        return STRENGTH_2009.finds(True, "neither the schedule nor another guideline covers it")
    if departs:
        return STRENGTH_2009.finds(True, "the treatment departs from the guidelines that cover it")
    if not covered_by_schedule and guidelines_conflict:
        return STRENGTH_2009.finds(True, "the guidelines outside the schedule conflict")
    return STRENGTH_2009.finds(False, "a guideline covers it: it is followed, and studies are not rated")
