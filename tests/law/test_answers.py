"""What the rows of the files cannot say: whole matrices, values beside findings, and what bad input gets."""

from dataclasses import replace
from datetime import date, datetime
from itertools import product

import pytest

from imr.errors import ImrError, NotInForce
from imr.law.conflicts import material
from imr.law.determination import Part, contents, decide, lacks, recipients
from imr.law.eligibility import NEEDED, EligibilityFacts, screen
from imr.law.fees import Ended, Review, fee
from imr.law.levels import LOWEST, TABLE, Ask, Design, Level, level, prevails
from imr.law.records import Duty, expected, may_release
from imr.law.reviewers import Affiliation, AffiliationKind, BoardCertification, Matter, Party, Reviewer
from imr.law.reviewers import screen as screen_reviewer
from imr.law.rule import Finding, Known
from imr.law.terms import Decision, Filer, PartyKind, RecordKind, ReviewType, Role, Service, Track
from imr.law.time_limits import CaseDates, application, determination, running
from imr.law.utilization_review import due as ur_due

DATES = CaseDates(
    injured_on=date(2014, 5, 1),
    ur_decided_on=date(2015, 2, 5),
    ur_served_on=date(2015, 2, 6),
    ur_service=Service.MAIL,
    application_received_on=date(2015, 3, 10),
)
ELIGIBLE = EligibilityFacts(filed_by=Filer.EMPLOYEE, signed_on=date(2015, 3, 2), ur_decision_attached=True)


def in_time(**changes: object) -> Finding:
    findings = screen(replace(DATES, **changes), ELIGIBLE, date(2015, 6, 1))  # type: ignore[arg-type]
    (found,) = (f for f in findings if f.rule.startswith("app-time"))
    return found


def test_an_eligible_application_holds_in_everything() -> None:
    findings = screen(DATES, ELIGIBLE, date(2015, 3, 12))
    assert all(finding.holds for finding in findings)
    assert len({finding.rule for finding in findings}) == len(findings) == 12


@pytest.mark.parametrize("lacking", NEEDED)
def test_eligibility_is_not_screened_without_the_dates_that_it_needs(lacking: str) -> None:
    with pytest.raises(ImrError, match=f"without {lacking}"):
        screen(replace(DATES, **{lacking: None}), ELIGIBLE, date(2015, 3, 12))


def test_a_contradiction_is_a_finding_of_eligibility() -> None:
    findings = screen(replace(DATES, injured_on=date(2015, 2, 20)), ELIGIBLE, date(2015, 3, 12))
    assert next(f.rule for f in findings if not f.holds) == "dates-agree"


def test_one_day_late_is_late_and_says_that_filed_means_received() -> None:
    late = in_time(application_received_on=date(2015, 3, 14))
    assert not late.holds
    assert "Avila" in str(late)
    assert in_time(application_received_on=date(2015, 3, 13)).holds


@pytest.mark.parametrize(
    ("changes", "holds", "words"),
    [
        ({"ur_service": None, "application_received_on": date(2015, 3, 9)}, True, "done Monday, March 9"),
        ({"ur_service": None, "application_received_on": date(2015, 3, 10)}, False, "how it was served is not known"),
        ({"ur_service": None, "application_received_on": date(2015, 3, 16)}, False, "3 days late"),
        ({"ur_served_on": None, "application_received_on": date(2015, 3, 12)}, True, "due Thursday, March 12"),
        (
            {"ur_served_on": None, "application_received_on": date(2015, 3, 13)},
            False,
            "when the UR decision was served is not known",
        ),
        ({"form_supplied": False, "application_received_on": date(2015, 5, 1)}, True, "has not begun"),
        ({"liability_disputed": True, "application_received_on": date(2015, 5, 1)}, True, "liability is disputed"),
        ({"track": Track.FORMULARY}, True, "due Friday, March 13"),
        ({"ur_served_on": date(2012, 12, 3)}, False, "begins on 2013-01-01"),
        ({"ur_decided_on": date(2012, 11, 5), "ur_served_on": date(2012, 11, 6)}, False, "begins on 2013-01-01"),
    ],
)
def test_what_is_not_known_about_service_is_counted_both_ways(
    changes: dict[str, object], holds: bool, words: str
) -> None:
    found = in_time(**changes)
    assert found.holds == holds
    assert words in str(found)


@pytest.mark.parametrize(
    ("received", "words"), [(date(2014, 3, 31), "send a reminder"), (date(2014, 4, 1), "not attached")]
)
def test_until_march_2014_a_reminder_was_sent_for_the_ur_decision(received: date, words: str) -> None:
    dates, facts = replace(DATES, application_received_on=received), replace(ELIGIBLE, ur_decision_attached=False)
    (attached,) = (f for f in screen(dates, facts, received) if f.rule == "app-attachments")
    assert not attached.holds
    assert words in attached.reason
    assert ("reminder" in attached.reason) == (received < date(2014, 4, 1))


def test_nobody_said_who_filed() -> None:
    (who,) = (f for f in screen(DATES, replace(ELIGIBLE, filed_by=None), date(2015, 3, 12)) if f.rule == "app-who")
    assert not who.holds
    assert "ask" in who.reason


def test_a_dispute_of_liability_never_shortens_the_time() -> None:
    dates = CaseDates(
        ur_served_on=date(2015, 2, 6),
        ur_service=Service.MAIL,
        liability_disputed=True,
        liability_resolution_served_on=date(2015, 2, 7),
        liability_resolution_service=Service.PERSONAL,
    )
    (deadline,) = application(dates)
    assert deadline.due == date(2015, 3, 13)
    (without_form,) = application(replace(dates, form_supplied=False))
    assert without_form.rule == "app-time-liability"


#: For each kind of affiliation: a relation that counts, and one that does not.
RELATIONS = {
    AffiliationKind.PROFESSIONAL: ({"relation": "employment"}, {"relation": "staff privileges"}),
    AffiliationKind.FAMILIAL: ({"relation": "spouse"}, {"relation": "neighbour"}),
    AffiliationKind.FINANCIAL: (
        {"relation": "interest", "income_share": 0.06},
        {"relation": "interest", "income_share": 0.05},
    ),
}


@pytest.mark.parametrize(("party", "kind"), list(product(PartyKind, AffiliationKind)))
def test_every_kind_of_party_by_every_kind_of_affiliation(party: PartyKind, kind: AffiliationKind) -> None:
    on = date(2015, 4, 1)
    matter = Matter(
        parties=(Party(kind=party, name="Alder Mutual, Inc."), Party(kind=PartyKind.EMPLOYEE, name="Kim Field"))
    )
    for facts, conflict in zip(RELATIONS[kind], (True, False), strict=True):
        tie = Affiliation(name="ALDER MUTUAL", kind=kind, since=date(2010, 1, 1), **facts)  # type: ignore[arg-type]
        reviewer = Reviewer(id="r", name="Robin Vale", affiliations=(tie,))
        findings = screen_reviewer(reviewer, matter, on)
        refused = [f for f in findings if f.rule == f"rev-conflict-{kind.value}" and not f.holds]
        assert bool(refused) == conflict
        assert all(party.value in f.reason and "Alder" not in f.reason and "Vale" not in f.reason for f in refused)
        organization = screen_reviewer(Reviewer(id="r", name="Robin Vale"), replace(matter, organization=(tie,)), on)
        assert any(f.rule == "imro-conflicts-list" and not f.holds for f in organization) == conflict


@pytest.mark.parametrize("kind", [AffiliationKind.PROFESSIONAL, AffiliationKind.FAMILIAL])
def test_a_relation_in_no_word_of_the_statute_is_refused(kind: AffiliationKind) -> None:
    judged = material(Affiliation(name="Alder", kind=kind, relation="acquaintance of old", since=date(2010, 1, 1)))
    assert judged.counts
    assert "name it in their words" in judged.because


def test_no_specialty_asked_for_asks_for_none() -> None:
    findings = {f.rule: f for f in screen_reviewer(Reviewer(id="r", name="Robin Vale"), Matter(), date(2015, 4, 1))}
    assert findings["rev-specialty"].holds
    assert not findings["rev-board"].holds
    assert not findings["rev-verified"].holds
    assert findings["rev-practice-years"].verified is False


def test_what_the_letter_must_hold_begins_with_imr() -> None:
    assert contents(date(2012, 12, 31)) == ()
    parts = contents(date(2015, 4, 10))
    assert {content.part for content in parts} == set(Part)
    assert [content.part for content in parts if not content.verified] == [
        Part.DISPUTED_TREATMENT,
        Part.EVIDENCE,
        Part.REASONS,
    ]
    assert sum(not finding.holds for finding in lacks((), date(2015, 4, 10))) == len(Part) - 1


def test_somebody_must_decide() -> None:
    with pytest.raises(ValueError, match="nobody has decided"):
        decide(())
    assert decide([Decision.OVERTURNED])[0] is Decision.OVERTURNED


def test_the_attorney_gets_the_determination_where_there_is_one() -> None:
    assert [role for role, _ in recipients(attorney=True)][-1] is Role.EMPLOYEE_ATTORNEY
    assert len(recipients(attorney=False)) == 4


@pytest.mark.parametrize(
    ("question", "design", "expected_level", "known"),
    [
        (Ask.BENEFIT, Design.BIASED_TRIAL, Level.L1C, Known.TEXT),
        (Ask.HARM, Design.BIASED_TRIAL, Level.L2, Known.TEXT),
        (Ask.HARM, Design.NON_RANDOMIZED_COHORT, Level.L3, Known.PART),
        (Ask.DIAGNOSIS, Design.CASE_CONTROL_SEVERE, Level.L3, Known.TEXT),
        (Ask.PROGNOSIS, Design.CASE_SERIES, Level.L2, Known.TEXT),
        (Ask.PROGNOSIS, Design.EXPERT_OPINION, Level.L5, Known.MEMORY),
        (Ask.BENEFIT, Design.UNCONTROLLED, Level.L4, Known.MEMORY),
    ],
)
def test_the_table_of_levels(question: Ask, design: Design, expected_level: Level, known: Known) -> None:
    found, citation = level(question, design)
    assert (found, citation.known) == (expected_level, known)


def test_every_cell_of_the_table_answers_or_says_that_it_was_not_seen() -> None:
    seen = {(q, d) for q in Ask for d in Design if d in LOWEST or d in TABLE[q]}
    assert len(seen) == 34
    for question, design in product(Ask, Design):
        if (question, design) in seen:
            assert prevails(question, design, design).holds
        else:
            with pytest.raises(NotInForce, match="was not seen"):
                level(question, design)


def test_the_hard_stop_says_what_to_ask_for() -> None:
    alone = may_release((RecordKind.UR_DECISION, RecordKind.CORRESPONDENCE))
    assert "the only clinical document is the UR decision" in alone.reason
    assert "no clinical document" in may_release((RecordKind.APPLICATION,)).reason
    assert "consultation" in may_release((RecordKind.CONSULTATION,)).reason


def test_a_board_that_is_missing_is_told_from_one_that_does_not_fit() -> None:
    board = BoardCertification(board="a board", specialty="Ophthalmology", since=date(2004, 1, 1))
    matter = Matter(specialties=("Pain Medicine",))
    for boards, words in (
        ((), "no board certification is in force"),
        ((board,), "certified in Ophthalmology, which is none of"),
    ):
        findings = screen_reviewer(Reviewer(id="r", name="Robin Vale", boards=boards), matter, date(2015, 4, 1))
        (found,) = (f for f in findings if f.rule == "rev-board")
        assert not found.holds
        assert words in found.reason


def test_nothing_is_owed_before_there_is_a_notice() -> None:
    assert expected(CaseDates(), date(2015, 4, 1)) == ()


def test_what_came_stops_being_late() -> None:
    dates = CaseDates(notice_sent_on=date(2015, 3, 10))
    owed = expected(dates, date(2015, 4, 30), received={Duty.REPORTS: date(2015, 3, 27)})
    late = {o.duty: o.days_late for o in owed}
    assert late[Duty.REPORTS] == 2
    assert late[Duty.SUPPORT] == 36
    assert owed[0].reports_since is None
    assert owed[0].verified
    assert not owed[-1].verified


@pytest.mark.parametrize("year", [2014, 2015, 2016, 2017, 2018, 2019, 2026])
@pytest.mark.parametrize("ended", Ended)
def test_the_fees_of_years_that_were_not_seen_are_not_guessed(year: int, ended: Ended) -> None:
    gap = date(2014, 2, 1) if year == 2014 else date(year, 6, 1)
    for pace in ReviewType:
        with pytest.raises(NotInForce, match=r"9792\.10\.8"):
            fee(Review(type=pace, ended=ended), gap)


def test_a_fee_taken_on_as_unchanged_is_not_verified() -> None:
    found = fee(Review(), date(2015, 3, 10), assume_unchanged=True)
    assert not found.finding.verified
    assert fee(Review(), date(2014, 4, 1), assume_unchanged=True).finding.verified


def test_utilization_review_without_dates_has_no_limits() -> None:
    assert ur_due(CaseDates()) == ()
    both = ur_due(CaseDates(rfa_received_on=date(2015, 2, 2), ur_decided_on=date(2015, 2, 5)))
    assert [deadline.rule for deadline in both] == ["ur-time-prospective", "ur-communication"]
    timed = CaseDates(
        rfa_received_on=date(2015, 2, 2), ur_information_received_at=datetime.fromisoformat("2015-02-03T09:00")
    )
    assert [d.start for d in ur_due(timed)] == [date(2015, 2, 3)]


def test_a_limit_whose_law_is_not_known_on_that_day_starts_no_deadline() -> None:
    long_ago = CaseDates(records_complete_on=date(1999, 3, 1))
    with pytest.raises(NotInForce):
        determination(long_ago)
    assert running(determination, long_ago) == ()
