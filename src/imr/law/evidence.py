"""The basis of medical necessity: the six standards, the treatment schedule (MTUS), the order of the search.

Until 2016 the six standards were a strict order: a lower one may be used only if each higher one was set aside with a
reason. Since then the schedule says how to search and weigh; `imr.law.levels` holds the weighing.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum

from imr.errors import NotInForce
from imr.law.limit import SB_1160
from imr.law.rule import Citation, Finding, Known, Rule, Subject, labor_code, regulation, spell

#: From this day the rules of 2015 on evidence govern; the day is from memory, and is a setting wherever it is used.
EVIDENCE_RULES_OF_2015 = date(2015, 4, 20)
THAT_DAY = regulation("9792.20", Known.MEMORY, "that the evidence rules of 2015 govern from April 20, 2015")


class Standard(Enum):
    """The six standards of medical necessity, highest first (LC 4610.5(c)(2))."""

    MTUS = "A: guidelines of the treatment schedule"
    PEER_REVIEWED = "B: peer-reviewed scientific and medical evidence"
    PROFESSIONAL = "C: nationally recognized professional standards"
    EXPERT_OPINION = "D: expert opinion"
    GENERALLY_ACCEPTED = "E: generally accepted standards of medical practice"
    LIKELY_BENEFIT = "F: likely to benefit where other treatments are not clinically efficacious"


def evidence_rule(
    name: str, title: str, asks: str, *under: Citation, since: date = date(2013, 1, 1), until: date | None = None
) -> Rule:
    """Make a rule about evidence."""
    return Rule(id=name, title=title, subject=Subject.EVIDENCE, asks=asks, under=under, since=since, until=until)


NECESSITY = evidence_rule(
    "std-necessity",
    "The standards of medical necessity, in their order",
    "Treatment is necessary where it is reasonably required to cure or relieve the effects of the injury, by the first of six "
    "standards that applies: schedule, peer-reviewed evidence, professional standards, expert opinion, accepted practice, "
    "likely benefit. In decisions until 2016 a lower one is used only where each higher one does not apply, with the reason.",
    labor_code("4610.5(c)(2)"),
)
LIMIT = evidence_rule(
    "std-limit",
    "Medical necessity alone",
    "The review decides the medical necessity of the disputed treatment for this employee, and nothing else: not causation, "
    "liability, price, or whether UR was in time.",
    labor_code("4610.6(a)"),
    labor_code("4610.6(c)"),
)
PRESUMPTION = evidence_rule(
    "mtus-presumption",
    "The schedule is presumed correct",
    "The guidelines of the schedule are presumed correct on extent and scope of treatment; a preponderance of scientific "
    "medical evidence that a variance is reasonably required rebuts this.",
    labor_code("4604.5(a)"),
    regulation("9792.21(c)"),
)
OUTSIDE = evidence_rule(
    "mtus-not-covered",
    "Leaving the schedule",
    "Treatment is not denied solely because the schedule does not address the condition. There are two ways out: the "
    "condition is not addressed, or the presumption is rebutted.",
    labor_code("4604.5(d)"),
    regulation("9792.21(d)"),
)
VISIT_CAPS = evidence_rule(
    "mtus-visit-caps",
    "Twenty-four visits",
    "For injuries from 2004 on: at most 24 chiropractic, 24 occupational and 24 physical therapy visits an injury, unless the "
    "claims administrator authorizes more in writing. Visits after surgery under its own schedule are exempt.",
    labor_code("4604.5(c)"),
    since=date(2004, 1, 1),
)
#: Visits per injury, for each of the three kinds.
VISITS = 24
SEARCH = evidence_rule(
    "mtus-search-sequence",
    "Where to search, in which order",
    "First the schedule. Only where it does not address the condition, or its presumption is challenged: the most current "
    "ACOEM or ODG guideline, then other current nationally recognized guidelines, then current peer-reviewed studies. One "
    "goes down a step where nothing applies, or where better evidence is believed to be found.",
    regulation("9792.21.1(a)"),
    THAT_DAY,
    since=EVIDENCE_RULES_OF_2015,
)
DEFINITIONS = evidence_rule(
    "mtus-definitions",
    "Words of the schedule",
    "Chronic pain lasts beyond the time of healing (2009), or three months and more (since 2015). Functional improvement is a "
    "documented improvement in daily living or fewer work restrictions, and less dependence on treatment. A guideline is "
    "current where it was reviewed within five years (since 2015).",
    regulation("9792.20"),
    THAT_DAY,
)


def in_order(used: Standard, set_aside: Mapping[Standard, str], on: date) -> Finding:
    """Say whether a decision of a day may rest on a standard: until 2016, only if each higher one was set aside with a reason."""
    if on >= SB_1160:
        return NECESSITY.finds(True, "since 2017 the schedule says how to search; the strict order is gone")
    higher = list(Standard)[: list(Standard).index(used)]
    lacking = [standard.value for standard in higher if not set_aside.get(standard, "").strip()]
    if lacking:
        because = "no reason is given why these do not apply: {lacking}"
        return NECESSITY.finds(False, because, lacking="; ".join(lacking))
    return NECESSITY.finds(True, "rests on {used}, each higher standard set aside with a reason", used=used.value)


class Question(Enum):
    """A question that a dispute can be about; IMR answers only the first (LC 4610.6(a), (c))."""

    MEDICAL_NECESSITY = "medical necessity"
    CAUSATION = "causation"
    LIABILITY = "liability"
    PRICE = "price"
    UR_TIMELINESS = "whether UR was in time"


def may_decide(question: Question) -> Finding:
    """Say whether a reviewer may decide a question."""
    if question is Question.MEDICAL_NECESSITY:
        return LIMIT.finds(True, "medical necessity is what the review decides")
    return LIMIT.finds(False, "{question} is not for the review", question=question.value)


def rebutted(*, evidence_cited: bool, preponderance: bool) -> Finding:
    """Say whether the presumption that the schedule is correct is rebutted."""
    if not evidence_cited:
        return PRESUMPTION.finds(False, "no scientific medical evidence is cited: the schedule prevails")
    because = "the cited evidence preponderates" if preponderance else "the cited evidence does not preponderate"
    return PRESUMPTION.finds(preponderance, because)


def may_leave_schedule(*, addressed: bool, presumption_rebutted: bool) -> Finding:
    """Say whether another guideline or a study may be used instead of the schedule."""
    if not addressed:
        return OUTSIDE.finds(True, "the schedule does not address the condition")
    because = (
        "the presumption is rebutted" if presumption_rebutted else "the schedule addresses the condition, and prevails"
    )
    return OUTSIDE.finds(presumption_rebutted, because)


def within_visits(
    visits: int, injured_on: date, *, authorized_in_writing: bool = False, after_surgery: bool = False
) -> Finding:
    """Say whether so many visits of one kind (chiropractic, occupational or physical therapy) are within the cap."""
    if not VISIT_CAPS.governs(injured_on):
        return VISIT_CAPS.finds(True, "the cap is for injuries from 2004 on")
    if after_surgery or authorized_in_writing:
        why = (
            "visits after surgery have a schedule of their own" if after_surgery else "more were authorized in writing"
        )
        return VISIT_CAPS.finds(True, why)
    return VISIT_CAPS.finds(visits <= VISITS, "{visits} visits of at most {cap}", visits=visits, cap=VISITS)


class EvidenceSource(Enum):
    """A place to search for evidence, in the order of 8 CCR 9792.21.1(a)."""

    MTUS = "the schedule"
    ACOEM_OR_ODG = "the most current ACOEM or ODG guideline"
    OTHER_GUIDELINES = "other current nationally recognized evidence-based guidelines"
    STUDIES = "current scientifically based, peer-reviewed studies"


def searched_in_order(
    used: EvidenceSource,
    passed_over: Mapping[EvidenceSource, str],
    on: date,
    *,
    governs_from: date = EVIDENCE_RULES_OF_2015,
) -> Finding:
    """Say whether the search of a review went down to a source in order, with a reason for each source above it.

    Raises NotInForce before the rules of 2015; `governs_from` is a setting, as their first day was not seen.
    """
    if on < governs_from:
        raise NotInForce(
            f"the search sequence (8 CCR 9792.21.1) governs from {spell(governs_from)}; on {spell(on)} it was the rule of 2009"
        )
    above = list(EvidenceSource)[: list(EvidenceSource).index(used)]
    lacking = [source.value for source in above if not passed_over.get(source, "").strip()]
    because = (
        "no reason to pass over: {lacking}"
        if lacking
        else "found in {used}, each source above it passed over with a reason"
    )
    return SEARCH.finds(not lacking, because, lacking="; ".join(lacking), used=used.value)


def chronic_pain(on: date, *, months: float, beyond_healing: bool) -> Finding:
    """Say whether pain is chronic in the sense of the schedule on the day of the review."""
    if on < EVIDENCE_RULES_OF_2015:
        because = "the rule of 2009: pain beyond the anticipated time of healing"
        return DEFINITIONS.finds(beyond_healing, because)
    return DEFINITIONS.finds(months >= 3, "{months:g} months of at least three", months=months)
