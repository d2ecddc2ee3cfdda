"""The reasons for one reviewer rather than another, and the candidates of a case."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from tests.budgets import examples
from tests.factories.panel import ON, batches, member, panels, pasts, request, tied

from imr.law.reviewers import Party
from imr.law.terms import PartyKind
from imr.panel import Absence, Costs, Experience, PastAssignment, Weights, assign, candidates
from imr.panel.cost import AssignmentHistory
from imr.panel.cost_matrix import cost_matrix
from imr.panel.request import remembered


@examples(80)
@given(batches(), panels(), pasts)
def test_the_table_of_all_pairs_is_the_sums_of_the_reasons(cases, panel, history):
    costs = Costs(ON, None, history)
    table = cost_matrix(costs, cases, panel).tolist()
    assert table == [[sum(r.points for r in costs.reasons(case, m)) for m in panel] for case in cases]


def told(case, of, history=(), weights=None):
    return {r.name: (r.points, r.because) for r in Costs(ON, weights, history).reasons(case, of)}


def test_each_reason_with_its_points_and_its_words():
    party = Party(kind=PartyKind.CLAIMS_ADMINISTRATOR, name="Acme Care")
    doctor = Party(kind=PartyKind.REQUESTING_PHYSICIAN, name="Jane Roe")
    case = request(
        parties=(party, doctor),
        treatments=("Injection: Injection", "Surgery: Spine"),
        body_parts=("neck",),
        physician_specialty="Neurology",
        language="Spanish",
        due=ON + timedelta(days=3),
    )
    of = member(
        experience=(Experience(category="Surgery: Spine", count=9), Experience(body_part="neck", count=12)),
        days_a_review=5,
    )
    past = PastAssignment(
        case="C0", reviewer="R1", on=ON, administrators=("ACME care",), physicians=("Jane Roe", "jane roe")
    )
    found = told(case, of, (past, past))
    assert found == {
        "specialty and the disputed treatment": (400, "of a field far from Surgery: Spine"),
        "specialty and the requesting physician's": (120, "of a field far from Neurology"),
        "experience with the treatment": (80, "0 review(s) of Injection: Injection"),
        "experience with the body part": (0, "12 review(s) on the neck"),
        "California license": (0, "licensed in California"),
        "days left": (80, "3 day(s) left, usually takes 5"),
        "language of the records": (60, "does not read Spanish"),
        "repeated claims administrator": (12, "2 case(s) with the same claims administrator in the last 90 days"),
        "repeated requesting physician": (80, "2 case(s) with the same requesting physician in the last 90 days"),
    }


@examples(60)
@given(batches(), panels(), pasts, pasts)
def test_a_memory_that_is_kept_from_day_to_day_counts_as_one_made_anew(cases, panel, history, forgotten):
    memory = AssignmentHistory(remembered(forgotten, ON))
    for past in remembered(history, ON):
        memory.add(past)
    for past in remembered(forgotten, ON):
        memory.remove(past)
    kept, fresh = Costs(ON, None, memory), Costs(ON, None, history)
    assert cost_matrix(kept, cases, panel).tolist() == cost_matrix(fresh, cases, panel).tolist()
    assert [kept.load(m) for m in panel] == [fresh.load(m) for m in panel]
    assert [[kept.reasons(c, m) for m in panel] for c in cases] == [[fresh.reasons(c, m) for m in panel] for c in cases]


def test_what_a_case_does_not_say_gives_no_reason():
    assert set(told(request(), member())) == {"California license", "language of the records"}


def test_a_licence_elsewhere_counts_against():
    texan = tuple(replace(licence, state="Texas") for licence in member().reviewer.licences)
    assert told(request(), member(licences=texan))["California license"] == (120, "not licensed in California")


def test_only_the_last_90_days_and_what_is_open_are_remembered():
    days = {n: PastAssignment(case="C", reviewer="R1", on=ON - timedelta(days=n)) for n in (-1, 0, 90, 91)}
    still_open = replace(days[91], is_open=True)
    assert remembered([*days.values(), still_open], ON) == (days[0], days[90], still_open)


def test_the_price_of_a_place_grows_with_what_was_taken_and_ends_with_the_places():
    history = [PastAssignment(case=str(n), reviewer="R1", on=ON, is_open=n == 0) for n in range(3)]
    costs = Costs(ON, Weights(load=10), history)
    assert costs.load(member(capacity=5)) == (60, 80, 100, 120)
    assert costs.load(member("R2", capacity=5)) == (0, 20, 40, 60, 80)
    assert costs.load(member(absences=(Absence(first=ON, last=ON),))) == ()
    assert costs.load(member(capacity=0)) == ()


def test_an_urgent_case_goes_before_one_that_can_wait():
    cases = [request("C1", due=ON + timedelta(days=30)), request("C2", due=ON + timedelta(days=2)), request("C3")]
    assert [pair.case for pair in assign(cases, [member(capacity=1, days_a_review=1)], ON).pairs] == ["C2"]


def test_candidates_stand_in_order_with_every_reason_and_every_refusal():
    panel = [
        tied(member("R1"), "Acme Care"),
        member("R2", capacity=0),
        member("R3", languages=("Spanish",)),
        member("R4"),
        member("R5", absences=(Absence(first=ON, last=ON),)),
    ]
    case = request(parties=(Party(kind=PartyKind.EMPLOYER, name="Acme Care"),))
    found = candidates(case, panel, ON)
    assert [c.member.id for c in found] == ["R4", "R3", "R2", "R5", "R1"]
    assert [(c.available, c.cleared) for c in found] == [(True, True)] * 2 + [(False, True)] * 2 + [(False, False)]
    assert found[0].points == 0
    assert [r.name for r in found[0].reasons] == ["California license", "language of the records", "load"]
    assert found[3].absence is not None
    assert [f.rule for f in found[4].refusals] == ["rev-conflict-professional"]


def test_the_first_candidate_is_the_one_assigned_where_a_case_stands_alone():
    panel = [member(f"R{n}", languages=("English",) if n == 2 else ("Spanish",)) for n in range(4)]
    assert assign([request()], panel, ON).reviewers("C1") == (candidates(request(), panel, ON)[0].member.id,)


def test_a_reviewer_who_parted_from_the_case_does_not_get_it_again():
    case = request(barred=("R1",))
    assert assign([case], [member("R1"), member("R2")], ON).reviewers("C1") == ("R2",)
    (shortage,) = assign([case], [member("R1")], ON).shortages
    assert shortage.refused == {"reviewer did not part from the case": 1}
    assert shortage.because == "the law clears too few: reviewer did not part from the case (1)"
    assert shortage.remedy.startswith("Have one of 1 reviewer(s) meet reviewer did not part from the case")
    assert not candidates(case, [member("R1")], ON)[0].cleared
