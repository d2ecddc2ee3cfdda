"""Every rule of law that this system knows, with the function that applies it: the source of `docs/law.md` and `imr law explain`.

It is a list for people. Code does not look rules up here: a function calls a function.
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from imr.errors import ImrError
from imr.law import (
    afterwards,
    assignment,
    conflicts,
    consent,
    dates,
    days,
    determination,
    disclosure,
    eligibility,
    evidence,
    fees,
    formulary,
    holidays,
    levels,
    organization,
    qualifications,
    records,
    reviewers,
    time_limits,
    utilization_review,
)
from imr.law.rule import Rule


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule, and the function that applies it."""

    rule: Rule
    function: Callable[..., Any]

    @property
    def place(self) -> str:
        """The function's dotted import path."""
        return f"{self.function.__module__}.{self.function.__name__}"


#: In the order in which they apply to a case.
ENTRIES: tuple[Entry, ...] = (
    Entry(days.DAY_COUNT, days.count),
    Entry(days.BUSINESS_DAY, days.count),
    Entry(days.SERVICE_EXTENSION, days.service_extension),
    Entry(days.APPEALS_BOARD_EXTENSION, days.appeals_board_extension),
    Entry(holidays.RULE, days.is_closed),
    Entry(utilization_review.RFA_VALID, utilization_review.rfa_valid),
    Entry(utilization_review.RFA_RECEIVED, utilization_review.rfa_received),
    Entry(utilization_review.PROSPECTIVE, utilization_review.due),
    Entry(utilization_review.EXPEDITED, utilization_review.due),
    Entry(utilization_review.RETROSPECTIVE, utilization_review.due),
    Entry(utilization_review.COMMUNICATED, utilization_review.due),
    Entry(utilization_review.DEFERRED, utilization_review.due),
    Entry(utilization_review.DENIAL, utilization_review.denial_complete),
    Entry(utilization_review.DENIAL_REGULATION, utilization_review.written_denial_complete),
    Entry(utilization_review.INCOMPLETE, utilization_review.may_deny_conditionally),
    Entry(utilization_review.PHYSICIAN_ONLY, utilization_review.may_deny),
    Entry(utilization_review.EXEMPTION, utilization_review.exempt_from_review),
    Entry(utilization_review.IRREVOCABLE, utilization_review.may_rescind),
    Entry(utilization_review.ONLY_IF_LATE, utilization_review.outside_imr),
    Entry(utilization_review.FORM_DUTY, utilization_review.form_supplied),
    Entry(utilization_review.INTERNAL_APPEAL, utilization_review.internal_appeal_in_time),
    Entry(time_limits.APPLICATION, time_limits.application),
    Entry(time_limits.APPLICATION_FORMULARY, time_limits.application),
    Entry(time_limits.APPLICATION_AFTER_LIABILITY, time_limits.application),
    Entry(time_limits.NO_FORM, time_limits.not_running),
    Entry(dates.DATES_AGREE, dates.contradictions),
    Entry(eligibility.SCOPE, eligibility.screen),
    Entry(eligibility.NECESSITY, eligibility.screen),
    Entry(eligibility.WHO, eligibility.screen),
    Entry(eligibility.DESIGNATION, eligibility.screen),
    Entry(eligibility.SIGNED, eligibility.screen),
    Entry(eligibility.ATTACHED, eligibility.screen),
    Entry(eligibility.COMPLETE, eligibility.screen),
    Entry(eligibility.NOT_A_DUPLICATE, eligibility.screen),
    Entry(eligibility.NOT_CONDITIONAL, eligibility.screen),
    Entry(eligibility.NOT_DEFERRED, eligibility.screen),
    Entry(eligibility.NEW_DECISION, eligibility.screen),
    Entry(eligibility.STILL_IN_DISPUTE, eligibility.screen),
    Entry(assignment.WHO_DECIDES, assignment.decision_told),
    Entry(time_limits.MORE_INFORMATION, time_limits.more_information),
    Entry(afterwards.NOTICE_PENALTY, afterwards.notified_in_time),
    Entry(assignment.CONSOLIDATE, assignment.may_consolidate),
    Entry(assignment.EXPEDITED, assignment.expedited),
    Entry(assignment.CONVERT, assignment.converts),
    Entry(time_limits.ASSIGNMENT_NOTICE, time_limits.assignment_notice),
    Entry(time_limits.DISPUTE_ENDED, time_limits.dispute_ended),
    Entry(records.RECORDS, records.records_due),
    Entry(records.RECORDS_MAIL, records.records_due),
    Entry(records.RECORDS_ELECTRONIC, records.records_due),
    Entry(records.RECORDS_EXPEDITED, records.records_due),
    Entry(time_limits.ADMINISTRATOR_CHANGED, time_limits.administrator_changed),
    Entry(consent.GIVEN, consent.findings),
    Entry(consent.TERM, consent.findings),
    Entry(consent.WITHDRAWAL, consent.findings),
    Entry(consent.EXCLUSIONS, consent.covers),
    Entry(records.DOCUMENTS, records.expected),
    Entry(records.SERVED_ON_OTHERS, records.served_on_others),
    Entry(records.NEW_DOCUMENTS, records.forwarded_at_once),
    Entry(records.OWN_DOCUMENTS, records.own_documents_due),
    Entry(records.MORE_ASKED, records.answer_due),
    Entry(records.MISSING, records.may_release),
    Entry(records.PENALTY, records.penalty),
    Entry(organization.INDEPENDENT, organization.independent),
    Entry(organization.MEDICAL_DIRECTOR, organization.medical_director_licensed),
    Entry(organization.DISCLOSURES, organization.disclosed_in_time),
    Entry(organization.QUALITY, organization.quality_ensured),
    Entry(qualifications.LICENCE, reviewers.screen),
    Entry(qualifications.GOOD_STANDING, reviewers.screen),
    Entry(qualifications.BOARD, reviewers.screen),
    Entry(qualifications.DISCIPLINE, reviewers.screen),
    Entry(qualifications.NOT_QME, reviewers.screen),
    Entry(qualifications.PRACTICE_YEARS, reviewers.screen),
    Entry(qualifications.PRACTICE_HOURS, reviewers.screen),
    Entry(qualifications.SPECIALTY, reviewers.screen),
    Entry(qualifications.VERIFIED, reviewers.screen),
    Entry(qualifications.TRAINED, reviewers.screen),
    Entry(qualifications.CALIFORNIA, qualifications.california_preferred),
    Entry(conflicts.PROFESSIONAL, reviewers.screen),
    Entry(conflicts.FAMILIAL, reviewers.screen),
    Entry(conflicts.FINANCIAL, reviewers.screen),
    Entry(conflicts.NOT_A_PARTY, reviewers.screen),
    Entry(conflicts.DEVELOPED, reviewers.screen),
    Entry(conflicts.NOT_EARLIER, reviewers.screen),
    Entry(conflicts.ORGANIZATION, reviewers.screen),
    Entry(determination.COUNT, determination.reviewers_allowed),
    Entry(determination.ANONYMOUS, determination.keeps_names),
    Entry(evidence.NECESSITY, evidence.in_order),
    Entry(evidence.LIMIT, evidence.may_decide),
    Entry(evidence.PRESUMPTION, evidence.rebutted),
    Entry(evidence.OUTSIDE, evidence.may_leave_schedule),
    Entry(evidence.VISIT_CAPS, evidence.within_visits),
    Entry(evidence.DEFINITIONS, evidence.chronic_pain),
    Entry(evidence.SEARCH, evidence.searched_in_order),
    Entry(levels.METHOD, levels.may_support),
    Entry(levels.LEVELS, levels.prevails),
    Entry(levels.STRENGTH_2009, levels.may_rate_strength_2009),
    Entry(formulary.EXEMPT, formulary.exempt),
    Entry(formulary.SPECIAL_FILL, formulary.special_fill),
    Entry(formulary.PERIOPERATIVE, formulary.perioperative),
    Entry(formulary.TRACK, formulary.on_track),
    Entry(time_limits.DETERMINATION, time_limits.determination),
    Entry(time_limits.DETERMINATION_FORMULARY, time_limits.determination),
    Entry(time_limits.DETERMINATION_EXPEDITED, time_limits.determination),
    Entry(time_limits.DETERMINATION_EXTENDED, time_limits.determination),
    Entry(determination.CONTENT, determination.lacks),
    Entry(determination.FORM, determination.written_plainly),
    Entry(determination.MAJORITY, determination.decide),
    Entry(determination.RECIPIENTS, determination.all_got_it),
    Entry(determination.BINDING, determination.binds),
    Entry(determination.NO_PROOF_OF_DELAY, determination.proves_delay),
    Entry(afterwards.AUTHORIZE, afterwards.implementation),
    Entry(afterwards.PAY, afterwards.implementation),
    Entry(afterwards.IMPLEMENTATION_PENALTY, afterwards.implemented),
    Entry(afterwards.PUBLICATION, afterwards.may_publish),
    Entry(afterwards.APPEAL, afterwards.appeal),
    Entry(afterwards.GROUNDS, afterwards.sets_aside),
    Entry(afterwards.PETITION, afterwards.petition_complete),
    Entry(afterwards.ELIGIBILITY_APPEAL, afterwards.may_appeal),
    Entry(afterwards.NO_OTHER_JUDGE, afterwards.may_decide_necessity),
    Entry(afterwards.FURTHER, afterwards.writ_in_time),
    Entry(fees.AMOUNT, fees.fee),
    Entry(fees.PAYER, fees.pays),
    *(Entry(rule, disclosure.may_see) for rule in disclosure.RULES.values()),
)


#: Other names of a rule: switches between versions of the law, and sections that hold several rules.
OTHER_NAMES = MappingProxyType(
    {
        "ver-bizday": "day-business",
        "ver-regs-emergency": "elig-more-information",
        "ver-regs-final": "app-attachments",
        "ver-ur-regs-2026": "assign-notice",
        "ver-mtus-evidence": "mtus-search-sequence",
        "ver-formulary": "form-dispute",
        "ver-sb1160": "std-necessity",
        "ver-wcab-rules": "appeal-form",
        "rev-qualifications": "rev-licence",
        "rev-practice-boilerplate": "rev-practice-years",
        "imro-affiliation-definitions": "rev-conflict-financial",
    }
)


def find(name: str) -> Entry:
    """Give the entry of a rule by its name or by another name.

    Raises ImrError, with similar names, if there is none.
    """
    for entry in ENTRIES:
        if name == entry.rule.id:
            return entry
    for entry in ENTRIES:
        if name in entry.rule.also or entry.rule.id == OTHER_NAMES.get(name):
            return entry
    names = [known for entry in ENTRIES for known in (entry.rule.id, *entry.rule.also)] + list(OTHER_NAMES)
    near = get_close_matches(name, names, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "docs/law.md lists every rule"
    raise ImrError(f"no rule is called {name!r}; {hint}")
