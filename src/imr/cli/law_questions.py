"""The questions that `imr law ask` puts to one rule: which facts each takes, and what it answers.

Facts have the names of `imr.law.dates.CaseDates` and `imr.law.eligibility.EligibilityFacts`, and the names of `OTHER_FACTS`.
"""

import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from imr.errors import ImrError
from imr.law import afterwards, assignment, determination, eligibility, formulary, records, time_limits
from imr.law import utilization_review as ur
from imr.law.counting import Count, Unit, count
from imr.law.dates import CaseDates, day_of
from imr.law.days import Deadline
from imr.law.holidays import Closings
from imr.law.limit import TimeLimit
from imr.law.organization import DISCLOSURES
from imr.law.records import Duty
from imr.law.register import find
from imr.law.rule import Finding, Rule
from imr.law.terms import Decision, RecordKind, Role, Track
from imr.plain import from_plain

#: QuestionFacts that no case and no application holds by these names, with what each is.
OTHER_FACTS = {
    "office_closed_on": "days on which the public office was closed all day, parted by commas",
    "received_at": "when the application, or what is asked about, was received",
    "received_on": "the day on which the application was received",
    "rfa_sent_at": "when a request for authorization was sent",
    "rfa_means": "how it was sent: fax, e-mail or mail",
    "expedited": "whether that request is an expedited one",
    "records_due_on": "the day on which the records were due",
    "records_came_on": "the day on which they came",
    "reports_came_on": "the day on which the physicians' reports came",
    "application_copy_came_on": "the day on which the copy of the application came",
    "nothing_else_exists": "whether the administrator stated that nothing else exists",
    "asked_on": "the day that is asked about, or on which a question was received",
    "notice_due_on": "the day on which the notice to the employee was due",
    "notice_given_on": "the day on which it was given",
    "found_on": "the day on which a document was found",
    "ur_received_on": "the day on which the employee received the UR decision",
    "clients_changed_on": "the day on which the organization's clients changed",
    "act": "the act that is appealed",
    "votes": "the decisions of several reviewers, parted by commas",
    "file_holds": "the kinds of documents in a file, parted by commas",
    "same_employee": "whether two applications are of one employee",
    "same_physician": "whether they are of one requesting physician",
    "other_injured_on": "the day of injury of the other application",
    "found_untimely_by_board": "whether the appeals board found the UR decision untimely",
    "certified_on": "the day on which a threat was certified",
    "documents": "whether documents came with the certification",
    "care": "the kind of care",
    "dollars": "the price of equipment",
    "surgery_on": "the day of the surgery",
    "given_on": "the day on which treatment was given",
}
_OF_CASE = frozenset(CaseDates.__dataclass_fields__) - {"closings"}
_OF_APPLICATION = frozenset(eligibility.EligibilityFacts.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a rule answers: a last day, whether the limit runs, whether an act was in time, a value, whether the rule holds."""

    rule: str
    verified: bool
    reasoning: tuple[str, ...] = ()
    due: date | None = None
    runs: bool | None = None
    in_time: bool | None = None
    holds: bool | None = None
    value: str | None = None


class QuestionFacts:
    """The facts of one question, read by name. Raises ImrError for a name that is not known, or a fact that is lacking."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        unknown = sorted(set(given) - _OF_CASE - _OF_APPLICATION - set(OTHER_FACTS))
        if unknown:
            raise ImrError(f"no fact is called {', '.join(unknown)}; `imr law ask --blank` lists every fact")
        self.given = given

    def has(self, name: str) -> bool:
        """Say whether a fact is given."""
        return name in self.given

    def word(self, name: str) -> str:
        """Give a fact as text."""
        if name not in self.given:
            raise ImrError(f"this question needs {name}: {OTHER_FACTS.get(name, 'a fact of the case')}")
        return str(self.given[name])

    def words(self, name: str) -> list[str]:
        """Give a fact that holds several words, parted by commas."""
        return [word.strip() for word in self.word(name).split(",")]

    def yes(self, name: str, *, otherwise: bool | None = None) -> bool:
        """Give a fact that is yes or no; `otherwise` where it is not given."""
        if name not in self.given and otherwise is not None:
            return otherwise
        return bool(from_plain(bool, self.given[name] if self.has(name) else self.word(name)))

    def day(self, name: str) -> date:
        """Give a day in California."""
        value = self.given[name] if self.has(name) else self.word(name)
        return day_of(_time(value, name))

    def time(self, name: str) -> datetime:
        """Give a time. Raises ImrError for a day without an hour."""
        found = _time(self.given[name] if self.has(name) else self.word(name), name)
        if not isinstance(found, datetime):
            raise ImrError(f"{name}: a time is expected, such as 2015-02-06T16:30:00, not {found}")
        return found

    def dates(self, **neutral: date) -> CaseDates:
        """Give the dates of the case. `neutral` are dates that the question does not rest on, where they are not given."""
        given = {name: value for name, value in self.given.items() if name in _OF_CASE}
        for name in ("received_at", "received_on"):
            if self.has(name):
                given.setdefault("application_received_on", self.day(name).isoformat())
        dates = from_plain(CaseDates, {**{name: day.isoformat() for name, day in neutral.items()}, **given})
        if self.has("office_closed_on"):
            days = frozenset(date.fromisoformat(day) for day in self.words("office_closed_on"))
            dates = replace(dates, closings=Closings(offices=days))
        if self.has("rfa_sent_at") and dates.rfa_received_on is None:
            dates = replace(dates, rfa_received_on=_rfa(self)[0])
        return dates

    def of_application(self) -> eligibility.EligibilityFacts:
        """Give what decides eligibility besides the dates."""
        given = {name: value for name, value in self.given.items() if name in _OF_APPLICATION}
        return from_plain(eligibility.EligibilityFacts, given)


def _time(value: object, name: str) -> date:
    if isinstance(value, date):
        return value
    try:
        text = str(value)
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        raise ImrError(f"{name}: a day or a time is expected, such as 2015-02-06, not {value!r}") from None


def _found(finding: Finding, value: str | None = None) -> Answer:
    reasoning = (str(finding),)
    return Answer(rule=finding.rule, verified=finding.verified, reasoning=reasoning, holds=finding.holds, value=value)


def _rfa(facts: QuestionFacts) -> tuple[date, Finding]:
    hurried = facts.yes("expedited", otherwise=False) or facts.yes("concurrent", otherwise=False)
    return ur.rfa_received(facts.time("rfa_sent_at"), ur.Means(facts.word("rfa_means")), expedited=hurried)


def _rfa_receipt(facts: QuestionFacts) -> Answer:
    day, finding = _rfa(facts)
    return _found(finding, day.isoformat())


def _track(facts: QuestionFacts) -> Answer:
    track, finding = assignment.track_of(facts.dates())
    return replace(_found(finding, track.value), rule=formulary.TRACK.id)


def _expedited(facts: QuestionFacts) -> Answer:
    asked = {name: facts.yes(name, otherwise=False) for name in ("ur_expedited", "certified", "treatment_given")}
    return _found(assignment.expedited(**asked))


def _consolidate(facts: QuestionFacts) -> Answer:
    def one(*, same_employee: bool, same_physician: bool, injured_on: date) -> assignment.Sameness:
        employee, physician = ("one" if same else "another" for same in (same_employee, same_physician))
        return assignment.Sameness(employee=employee, requesting_physician=physician, injured_on=injured_on)

    first = one(same_employee=True, same_physician=True, injured_on=facts.day("injured_on"))
    other = one(
        same_employee=facts.yes("same_employee"),
        same_physician=facts.yes("same_physician"),
        injured_on=facts.day("other_injured_on"),
    )
    return _found(assignment.may_consolidate(first, other))


def _converts(facts: QuestionFacts) -> Answer:
    certified_on = facts.day("certified_on") if facts.has("certified_on") else None
    documents = facts.yes("documents", otherwise=False)
    return _found(
        assignment.converts(received_on=facts.day("received_on"), certified_on=certified_on, documents=documents)
    )


def _exemption(facts: QuestionFacts) -> Answer:
    care, dollars = ur.Care(facts.word("care")), int(facts.word("dollars")) if facts.has("dollars") else 0
    injured, given = facts.day("injured_on"), facts.day("given_on")
    return _found(
        ur.exempt_from_review(injured, given, care, follows_schedule=True, body_part_accepted=True, dollars=dollars)
    )


def _special_fill(facts: QuestionFacts) -> Answer:
    injured, given = facts.day("injured_on"), facts.day("given_on")
    return _found(formulary.special_fill(injured, given, initial_visit=True, within_supply=True, follows_schedule=True))


def _perioperative(facts: QuestionFacts) -> Answer:
    surgery, given = facts.day("surgery_on"), facts.day("given_on")
    return _found(formulary.perioperative(surgery, given, within_supply=True, follows_schedule=True))


def _majority(facts: QuestionFacts) -> Answer:
    decision, finding = determination.decide([Decision(vote) for vote in facts.words("votes")])
    return _found(finding, decision.value)


def _records_penalty(facts: QuestionFacts) -> Answer:
    if facts.has("records_due_on"):
        dollars, finding = records.penalty(facts.day("records_due_on"), facts.day("records_came_on"))
        return _found(finding, str(dollars))
    came = {Duty.REPORTS: "reports_came_on", Duty.APPLICATION: "application_copy_came_on"}
    received = {duty: facts.day(name) for duty, name in came.items() if facts.has(name)}
    on = facts.day("asked_on")
    looked_at = tuple(Duty) if not facts.yes("nothing_else_exists", otherwise=False) else tuple(came)
    owed = records.expected(facts.dates(), on, received=received, looked_at=looked_at)
    dollars, finding = records.penalty_of(owed, on)
    return _found(finding, str(dollars))


def _implementation_penalty(facts: QuestionFacts) -> Answer:
    done = facts.day("implemented_on") if facts.has("implemented_on") else None
    on = facts.day("asked_on") if facts.has("asked_on") else done
    if on is None:
        raise ImrError("this question needs implemented_on, or asked_on: the day that is asked about")
    late = afterwards.implemented(facts.dates(), done, on)
    if not late:
        raise ImrError("nothing was to be implemented: the facts start no such duty")
    worst = max(late, key=lambda finding: finding.values["dollars"])
    return _found(worst, str(worst.values["dollars"]))


def _notice_penalty(facts: QuestionFacts) -> Answer:
    finding = afterwards.notified_in_time(facts.day("notice_due_on"), facts.day("notice_given_on"))
    return _found(finding, str(finding.values["dollars"]))


def _counted(rule: Rule, counted: Count) -> Answer:
    verified = rule.verified and all(citation.known.verified for citation in counted.under())
    return Answer(rule=rule.id, verified=verified, reasoning=counted.sentences(), due=counted.due, runs=True)


def _counts(rule: Rule, starts: str, amount: int, unit: Unit) -> Callable[[QuestionFacts], Answer]:
    """Give the question of a rule that counts from one day to one last day."""
    return lambda facts: _counted(rule, count(facts.day(starts), amount, unit, closings=facts.dates().closings))


def _question(facts: QuestionFacts) -> Answer:
    expedited = facts.dates().track is Track.EXPEDITED
    return _of(records.answer_due(facts.day("asked_on"), expedited=expedited, who=Role.CLAIMS_ADMINISTRATOR), facts)


def _own_documents(facts: QuestionFacts) -> Answer:
    found = records.own_documents_due(facts.dates())
    return _of(found[0], facts) if found else _not_running(records.OWN_DOCUMENTS, facts.dates())


#: What a screening of one rule rests on; the other dates that a screening needs are neutral days.
_SCREENED: Mapping[str, tuple[str, ...]] = {
    eligibility.SCOPE.id: ("injured_on", "ur_decided_on"),
    eligibility.NECESSITY.id: ("ur_decided_on",),
    eligibility.WHO.id: (),
    eligibility.DESIGNATION.id: ("ur_decided_on",),
    eligibility.SIGNED.id: ("ur_decided_on",),
    eligibility.ATTACHED.id: ("application_received_on",),
    eligibility.COMPLETE.id: (),
    eligibility.NOT_A_DUPLICATE.id: (),
    eligibility.NOT_CONDITIONAL.id: (),
    eligibility.NOT_DEFERRED.id: (),
    eligibility.NEW_DECISION.id: ("application_received_on",),
    eligibility.STILL_IN_DISPUTE.id: (),
}


def _screening(rule: str, facts: QuestionFacts) -> Answer:
    known = facts.dates()
    for name in _SCREENED[rule]:
        if getattr(known, name) is None:
            raise ImrError(f"this question needs {name}")
    decided = known.ur_decided_on or known.application_received_on or date(2024, 6, 3)
    received = known.application_received_on or max(decided, facts.of_application().appointed_on or decided)
    injured = known.injured_on or min(decided, date(2013, 6, 3))
    dates = facts.dates(ur_decided_on=decided, application_received_on=received, injured_on=injured)
    findings = [
        finding for finding in eligibility.screen(dates, facts.of_application(), received) if finding.rule == rule
    ]
    if not findings:
        return Answer(rule=rule, verified=True, holds=True, reasoning=("the rule asks nothing of this application",))
    first = next((finding for finding in findings if not finding.holds), findings[0])
    return _found(first)


_QUESTIONS: Mapping[str, Callable[[QuestionFacts], Answer]] = {
    ur.RFA_RECEIVED.id: _rfa_receipt,
    ur.EXEMPTION.id: _exemption,
    ur.ONLY_IF_LATE.id: lambda facts: _found(
        ur.outside_imr(found_untimely_by_board=facts.yes("found_untimely_by_board"))
    ),
    ur.INTERNAL_APPEAL.id: _counts(ur.INTERNAL_APPEAL, "ur_received_on", 10, Unit.CALENDAR),
    formulary.TRACK.id: _track,
    formulary.SPECIAL_FILL.id: _special_fill,
    formulary.PERIOPERATIVE.id: _perioperative,
    assignment.EXPEDITED.id: _expedited,
    assignment.CONSOLIDATE.id: _consolidate,
    assignment.CONVERT.id: _converts,
    records.NEW_DOCUMENTS.id: _counts(records.NEW_DOCUMENTS, "found_on", 1, Unit.BUSINESS),
    records.MORE_ASKED.id: _question,
    records.OWN_DOCUMENTS.id: _own_documents,
    records.MISSING.id: lambda facts: _found(records.may_release(map(RecordKind, facts.words("file_holds")))),
    records.PENALTY.id: _records_penalty,
    determination.MAJORITY.id: _majority,
    afterwards.IMPLEMENTATION_PENALTY.id: _implementation_penalty,
    afterwards.NOTICE_PENALTY.id: _notice_penalty,
    afterwards.ELIGIBILITY_APPEAL.id: lambda facts: _found(afterwards.may_appeal(afterwards.Act(facts.word("act")))),
    DISCLOSURES.id: _counts(DISCLOSURES, "clients_changed_on", 5, Unit.BUSINESS),
}


def _of(deadline: Deadline, facts: QuestionFacts) -> Answer:
    acted = facts.time("received_at") if facts.has("received_at") else None
    finding = None if acted is None else time_limits.timely(deadline, acted)
    return Answer(
        rule=deadline.rule,
        verified=deadline.verified if finding is None else deadline.verified and finding.verified,
        reasoning=deadline.reasoning if finding is None else (*deadline.reasoning, str(finding)),
        due=deadline.due,
        runs=True,
        in_time=None if finding is None else finding.holds,
    )


def _not_running(rule: Rule, dates: CaseDates) -> Answer:
    why = [
        finding
        for finding in time_limits.not_running(dates)
        if finding.rule in (rule.id, *_SAID_UNDER.get(rule.id, ()))
    ]
    verified = all(finding.verified for finding in why)
    reasoning = tuple(map(str, why)) or ("these facts do not start it",)
    return Answer(rule=rule.id, verified=verified, reasoning=reasoning, runs=False)


#: Rules under which the reason of another limit that does not run is said.
_SAID_UNDER = {
    time_limits.PAY.id: (time_limits.AUTHORIZE.id,),
    time_limits.APPLICATION.id: (time_limits.NO_FORM.id, time_limits.APPLICATION_AFTER_LIABILITY.id),
    time_limits.APPLICATION_FORMULARY.id: (time_limits.NO_FORM.id, time_limits.APPLICATION_AFTER_LIABILITY.id),
}


def answer(name: str, given: Mapping[str, Any]) -> Answer:
    """Answer one rule from facts. Raises ImrError where a fact is lacking, NotInForce where the law of that day is not known."""
    rule, facts = find(name).rule, QuestionFacts(given)
    if rule is time_limits.NO_FORM:
        found = time_limits.application(facts.dates())
        return replace(_of(found[0], facts), rule=rule.id) if found else _not_running(rule, facts.dates())
    if rule.id in _QUESTIONS:
        return _QUESTIONS[rule.id](facts)
    if rule.id in _SCREENED:
        return _screening(rule.id, facts)
    dates = facts.dates()
    for deadline in (*ur.due(dates), *time_limits.due(dates)):
        if deadline.rule == rule.id:
            return _of(deadline, facts)
    if not isinstance(rule, TimeLimit) and rule.id not in _UR_LIMITS:
        raise ImrError(f"{rule.id} answers no question of dates here: `imr law eligible` screens an application")
    return _not_running(rule, dates)


_UR_LIMITS = frozenset(
    rule.id for rule in (ur.PROSPECTIVE, ur.EXPEDITED, ur.RETROSPECTIVE, ur.COMMUNICATED, ur.DEFERRED)
)


def facts_text() -> str:
    """List every fact that a question takes, one a line."""
    hints = {**typing.get_type_hints(CaseDates), **typing.get_type_hints(eligibility.EligibilityFacts)}
    known = [name for name in hints if name not in OTHER_FACTS and name != "closings"]
    return "\n".join((*known, *(f"{name}: {words}" for name, words in OTHER_FACTS.items())))
