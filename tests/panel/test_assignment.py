"""The assignment is lawful, the cheapest, always the same, and proves it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.budgets import examples
from tests.factories.panel import ON, batches, member, panels, pasts, request, tied

from imr.errors import ImrError, Infeasible, Refused
from imr.law.reviewers import Party, screen
from imr.law.terms import PartyKind
from imr.panel import (
    Costs,
    Experience,
    PastAssignment,
    Weights,
    assign,
    column_generation,
    consolidated_solver,
    shortage_explanation,
)
from imr.panel.assignment import with_one_more
from imr.panel.column_generation import cheapest
from imr.panel.problem import AssignmentProblem
from imr.panel.proof import BranchCertificate, DualCertificate, proves, residual_prices
from imr.panel.simulation.chance import Chance


def by_brute_force(requests, members, history, weights):
    """The least cost: as many seats filled as can be, then the least points. Every choice is looked at."""
    costs = Costs(ON, weights, history)
    members = sorted(members, key=lambda m: m.id)
    groups = {}
    for case in requests:
        groups.setdefault((bool(case.together), case.together or case.number), []).append(case)
    choices = []
    for group in groups.values():
        cleared = [m for m in members if all(all(screen(m.reviewer, case.matter, ON)) for case in group)]
        seats = group[0].reviewers
        choices.append([(group, held) for n in range(seats + 1) for held in combinations(cleared, n)])
    points_of = {(c.number, m.id): sum(r.points for r in costs.reasons(c, m)) for c in requests for m in members}
    best = None
    for choice in product(*choices):
        taken = {m.id: sum(len(group) for group, held in choice if m in held) for m in members}
        if any(taken[m.id] > len(costs.load(m)) for m in members):
            continue
        missed = sum(len(group) * (group[0].reviewers - len(held)) for group, held in choice)
        points = sum(
            sum(points_of[case.number, m.id] for m in held for case in group)
            + (group[0].reviewers - len(held)) * sum(costs.urgency(case) for case in group)
            for group, held in choice
        )
        points += sum(sum(costs.load(m)[: taken[m.id]]) for m in members)
        best = min(best, (missed, points)) if best else (missed, points)
    return best


def measured(proposed):
    """How many seats are empty, and the points, without what an empty seat costs beyond its urgency."""
    batch, missed, points = proposed.batch, 0, proposed.cost
    for row, held in enumerate(proposed.chosen):
        empty = int(batch.seats[row]) - len(held)
        urgency = sum(proposed.costs.urgency(proposed.requests[number]) for number in proposed.rows[row])
        missed += empty * int(batch.sizes[row])
        points -= empty * (int(batch.nobody[row]) - urgency)
    return missed, points


def small_case(seed, *, groups):
    """A few cases and reviewers, by a seed: quicker to make than to draw, so that thousands can be looked at."""
    chance, ties = Chance(seed), ("Acme Care", "Beta Group", "Jane Doe")
    panel = [
        member(
            f"R{n}",
            chance.one(("Pain Management", "Neurology", "Psychiatry"), "specialty", n),
            capacity=chance.whole(0, 3, "capacity", n),
            experience=(Experience(body_part="neck", count=chance.whole(0, 12, "neck", n)),),
            languages=chance.one((("English",), ("English", "Spanish")), "language", n),
            days_a_review=chance.whole(1, 9, "pace", n),
            is_qme=chance.happens(0.1, "qme", n),
        )
        for n in range(chance.whole(0, 3, "reviewers"))
    ]
    panel = [tied(m, chance.one(ties, "tie", m.id)) if chance.happens(0.4, "tied", m.id) else m for m in panel]
    cases = []
    for n in range(chance.whole(0, 4, "cases")):
        together = chance.one(("", "one", "two"), "together", n) if groups else ""
        party = Party(kind=PartyKind.CLAIMS_ADMINISTRATOR, name=chance.one(ties, "party", n))
        cases.append(
            request(
                f"C{n}",
                specialties=chance.one(((), ("Neurology",), ("Neurology", "Pain Management")), "asked", n),
                parties=(party,) if chance.happens(0.5, "with party", n) else (),
                treatments=chance.one(((), ("Injection: Injection",), ("Surgery: Spine",)), "treatment", n),
                body_parts=("neck",) if chance.happens(0.5, "part", n) else (),
                language=chance.one(("English", "Spanish"), "language of", n),
                due=ON + timedelta(days=chance.whole(0, 12, "due", n)),
                together=together,
                reviewers=1 if together else chance.whole(1, 2, "seats", n),
                director_approved_on=ON,
            )
        )
    history = [
        PastAssignment(
            case="old", reviewer=f"R{n % 3}", on=ON - timedelta(days=n), administrators=(chance.one(ties, "past", n),)
        )
        for n in range(chance.whole(0, 5, "history"))
    ]
    load = chance.one((0, 1, 10, 300), "load")
    return cases, panel, history, Weights(load=load)


@pytest.mark.parametrize("start", range(0, 3000, 500))
def test_no_assignment_is_cheaper_by_brute_force(start):
    for seed in range(start, start + 500):
        cases, panel, history, weights = small_case(seed, groups=False)
        proposed = assign(cases, panel, ON, history=history, weights=weights)
        assert measured(proposed) == by_brute_force(cases, panel, history, weights), seed
        assert proposed.proves(), seed


def test_consolidated_cases_share_a_reviewer_and_no_assignment_is_cheaper():
    for seed in range(600):
        cases, panel, history, weights = small_case(seed, groups=True)
        proposed = assign(cases, panel, ON, history=history, weights=weights)
        assert measured(proposed) == by_brute_force(cases, panel, history, weights), seed
        assert proposed.proves(), seed
        for group in ("one", "two"):
            assert len({proposed.reviewers(case.number) for case in cases if case.together == group}) <= 1


@examples(100)
@given(batches(3, groups=True), panels(most=3), pasts)
def test_no_assignment_of_odd_records_is_cheaper(cases, panel, history):
    proposed = assign(cases, panel, ON, history=history)
    assert measured(proposed) == by_brute_force(cases, panel, history, None)
    assert proposed.proves()


@examples(60)
@given(batches(4, groups=True), panels(least=1), pasts, st.data())
def test_one_more_reviewer_is_weighed_as_if_all_were_assigned_anew(cases, panel, history, data):
    newcomer = data.draw(st.sampled_from(panel))
    without = assign(cases, [m for m in panel if m is not newcomer], ON, history=history)
    joined, anew = with_one_more(without, newcomer), assign(cases, panel, ON, history=history)
    assert joined.members == anew.members
    assert (joined.pairs, joined.cost, joined.proof) == (anew.pairs, anew.cost, anew.proof)
    with pytest.raises(ImrError, match=f"reviewer {newcomer.id} is given twice"):
        with_one_more(joined, newcomer)


@examples(60)
@given(batches(4), panels(), pasts, st.randoms(use_true_random=False), st.none() | st.text(max_size=5))
def test_the_order_of_the_input_makes_no_difference(cases, panel, history, shuffle, seed):
    first = assign(cases, panel, ON, history=history, seed=seed)
    mixed = [shuffle.sample(items, len(items)) for items in (cases, panel, history)]
    again = assign(mixed[0], mixed[1], ON, history=mixed[2], seed=seed)
    assert (again.pairs, again.cost, again.proof) == (first.pairs, first.cost, first.proof)


@examples(60)
@given(batches(4), panels(), st.text(max_size=5))
def test_a_draw_costs_nothing(cases, panel, seed):
    drawn = assign(cases, panel, ON, seed=seed)
    assert drawn.cost == assign(cases, panel, ON).cost
    assert drawn.seed == seed
    assert drawn.proves()


def test_a_draw_takes_each_of_the_equally_good_now_and_then():
    panel = [member(f"R{n}") for n in range(4)]
    drawn = {assign([request()], panel, ON, seed=str(seed)).reviewers("C1") for seed in range(60)}
    assert drawn == {("R0",), ("R1",), ("R2",), ("R3",)}


def test_a_draw_among_consolidated_cases_costs_nothing_and_takes_each_now_and_then():
    cases = [request("C1", together="one"), request("C2", together="one"), request("C3")]
    panel = [member(f"R{n}") for n in range(3)]
    drawn = [assign(cases, panel, ON, seed=str(seed)) for seed in range(30)]
    assert {answer.cost for answer in drawn} == {assign(cases, panel, ON).cost}
    assert {answer.reviewers("C1") for answer in drawn} == {("R0",), ("R1",), ("R2",)}
    assert all(answer.proves() for answer in drawn)


def test_nobody_gets_more_than_there_are_places():
    cases = [request(f"C{n}") for n in range(5)]
    proposed = assign(cases, [member("R1", capacity=2), member("R2", capacity=1)], ON)
    assert len(proposed.pairs) == 3
    assert len(proposed.unfilled) == 2
    (first, *_) = proposed.shortages
    assert first.full == first.movable == ("R1", "R2")
    assert len(first.rivals) == 3
    assert "none of 2 reviewer(s) has a free place" in first.because
    assert first.because.endswith("; 3 other case(s) can go to nobody else")
    assert first.remedy.startswith("Let one of 2 reviewer(s) take one more case")
    with pytest.raises(Infeasible, match="2 case") as raised:
        proposed.require_all()
    assert raised.value.cases == proposed.unfilled


def crowded(seed):
    """A few cases and a few reviewers with few places; who may take which case is drawn."""
    chance = Chance(f"crowded {seed}")
    panel = [member(f"R{n}", capacity=chance.whole(0, 2, "places", n)) for n in range(chance.whole(1, 4, "panel"))]
    cases = []
    for n in range(chance.whole(1, 6, "cases")):
        tied_to = [m.id for m in panel if chance.happens(0.4, "tied", n, m.id)]
        several = chance.happens(0.15, "several", n)
        cases.append(
            request(
                f"C{n}",
                matter={"earlier_reviewers": tuple(tied_to)},
                reviewers=2 if several else 1,
                director_approved_on=ON if several else None,
            )
        )
    return cases, panel


@pytest.mark.parametrize("sets", [500, 0], ids=["all sets", "by leaving out"])
def test_the_fewest_full_reviewers_are_named_and_each_remedy_mends(monkeypatch, sets):
    monkeypatch.setattr(shortage_explanation, "SETS", sets)
    seen = smaller = 0
    for seed in range(400):
        cases, panel = crowded(seed)
        proposed = assign(cases, panel, ON)
        batch, members = proposed.batch, [m.id for m in proposed.members]
        for short in (one for one in proposed.shortages if one.full):
            seen += 1
            row = [case.number for case in proposed.requests].index(short.case)
            cleared = {members[c] for c in batch.allowed[row].nonzero()[0]} - set(proposed.reviewers(short.case))

            def too_few(names, batch=batch, members=members):
                away = [[c for c in allowed.nonzero()[0] if members[c] not in names] for allowed in batch.allowed]
                needs = sum(max(0, seats - len(left)) for seats, left in zip(batch.seats, away, strict=True))
                return needs > sum(len(load) for load, name in zip(batch.loads, members, strict=True) if name in names)

            sets_of = [
                set(names)
                for size in range(len(members) + 1)
                for names in combinations(sorted(set(short.movable)), size)
                if cleared <= set(names) and too_few(set(names))
            ]
            assert set(short.full) in sets_of, seed
            if sets:
                assert len(short.full) == min(map(len, sets_of)), seed
            else:
                assert not any(one < set(short.full) and len(one) + 1 == len(short.full) for one in sets_of), seed
            smaller += len(short.full) < len(short.movable)
            if short.missing == 1 and sets:
                for m in panel:
                    more = [replace(o, capacity=o.capacity + 1) if o is m else o for o in panel]
                    mended = len(assign(cases, more, ON).pairs) > len(proposed.pairs)
                    assert mended or m.id not in short.movable, (seed, m.id)
    assert seen > 100
    assert smaller > 5


def test_the_fewest_rules_that_refuse_everybody_by_brute_force():
    rules = ("a", "b", "c", "d", "e")
    for seed in range(500):
        chance = Chance(f"rules {seed}")
        failed = Counter(
            frozenset(rule for rule in rules if chance.happens(0.35, n, rule)) or frozenset("a")
            for n in range(chance.whole(1, 6, "reviewers"))
        )
        named = shortage_explanation._fewest(failed)
        every = [
            set(some)
            for size in range(len(rules) + 1)
            for some in combinations(rules, size)
            if all(each & set(some) for each in failed)
        ]
        assert set(named) in every
        assert len(named) == min(map(len, every))


def test_nothing_is_raised_where_every_case_has_its_reviewers():
    proposed = assign([request()], [member()], ON)
    proposed.require_all()
    assert proposed.shortages == ()


def test_work_spreads_over_equals():
    cases = [request(f"C{n}") for n in range(6)]
    proposed = assign(cases, [member(f"R{n}", capacity=6) for n in range(3)], ON)
    assert sorted(pair.reviewer for pair in proposed.pairs) == ["R0", "R0", "R1", "R1", "R2", "R2"]


def test_several_reviewers_where_the_director_approved():
    case = request(reviewers=2, director_approved_on=ON)
    assert assign([case], [member("R1"), member("R2")], ON).reviewers("C1") == ("R1", "R2")
    lacking = assign([case], [member("R1")], ON)
    assert lacking.unfilled == ("C1",)
    assert lacking.shortages[0].missing == 1


def test_several_reviewers_without_the_director_are_refused():
    with pytest.raises(Refused, match=r"9792\.10\.6\(b\)\(1\)"):
        request(reviewers=2)
    with pytest.raises(ImrError, match="at least one reviewer"):
        request(reviewers=0)
    with pytest.raises(ImrError, match="share one reviewer"):
        request(reviewers=2, director_approved_on=ON, together="one")


def test_consolidated_cases_need_their_places_at_one_reviewer():
    cases = [request("C1", together="one"), request("C2", together="one"), request("C3")]
    proposed = assign(cases, [member("R1", capacity=1), member("R2", capacity=1)], ON)
    assert proposed.unfilled == ("C1", "C2")
    assert "2 free places" in proposed.shortages[0].because


def test_the_same_case_or_reviewer_twice_is_an_error():
    with pytest.raises(ImrError, match="case C1 is given twice"):
        assign([request(), request()], [member()], ON)
    with pytest.raises(ImrError, match="reviewer R1 is given twice"):
        assign([request()], [member(), member()], ON)


def test_nobody_on_the_panel():
    (shortage,) = assign([request()], [], ON).shortages
    assert shortage.because == "there are too few on the panel"
    assert shortage.remedy == "Add a reviewer whom the law clears for this case"
    assert assign([], [], ON).pairs == ()


def test_a_pair_says_its_reasons_and_who_was_passed_over():
    cases = [request("C1"), request("C2")]
    near = member("R1", capacity=1)
    texan = tuple(replace(licence, state="Texas") for licence in near.reviewer.licences)
    proposed = assign(cases, [near, member("R2", capacity=1, licences=texan)], ON)
    second = next(pair for pair in proposed.pairs if pair.reviewer == "R2")
    assert second.passed_over == 1
    assert sum(reason.points for reason in proposed.reasons(second)) == second.points == Weights().not_californian


class TestTheProof:
    def batch(self, costs, loads):
        costs = np.asarray(costs, dtype=np.int64)
        ones = np.ones(len(costs), dtype=np.int64)
        allowed = np.ones_like(costs, dtype=bool)
        return AssignmentProblem(costs=costs, allowed=allowed, seats=ones, sizes=ones, nobody=ones * 1000, loads=loads)

    def test_a_dearer_choice_is_not_proved(self):
        batch = self.batch([[0, 5], [5, 0]], ((0,), (0,)))
        chosen, proof = cheapest(batch)
        assert proves(proof, batch, chosen)
        assert not proves(proof, batch, ((1,), (0,)))

    @pytest.mark.parametrize(
        "unlawful",
        [((0,),), ((0, 1), ()), ((0, 0), ()), ((0,), (0,))],
        ids=["a row missing", "two on one seat", "one twice", "more than there are places"],
    )
    def test_an_unlawful_choice_is_not_proved(self, unlawful):
        batch = self.batch([[0, 5], [0, 5]], ((0,), (0,)))
        assert not proves(DualCertificate((0, 0)), batch, unlawful)

    def test_a_reviewer_twice_in_a_case_of_two_is_not_proved(self):
        batch = replace(self.batch([[0, 5]], ((0, 0), (0,))), seats=np.asarray([2]))
        assert proves(DualCertificate((0, 0)), batch, ((0, 1),))
        assert not proves(DualCertificate((0, 0)), batch, ((0, 0),))

    def test_a_refused_pair_is_not_proved(self):
        batch = self.batch([[0, 5]], ((0,), (0,)))
        batch.allowed[0, 0] = False
        assert not proves(DualCertificate((0, 0)), batch, ((0,),))

    def test_wrong_prices_prove_nothing(self):
        batch = self.batch([[0, 1], [0, 1]], ((0,), (0,)))
        chosen, _ = cheapest(batch)
        assert not proves(DualCertificate((0, 0)), batch, chosen)

    def test_consolidated_cases_may_need_a_proof_that_splits(self):
        sizes = np.asarray([1, 1, 1, 3], dtype=np.int64)
        costs = [[9, 8], [6, 7], [0, 9], [1, 6]]
        batch = replace(self.batch(costs, ((0,) * 3, (0,) * 4)), sizes=sizes, nobody=sizes * 100)
        chosen = consolidated_solver.cheapest(batch)
        proof = consolidated_solver.proof(batch, chosen)
        assert isinstance(proof, BranchCertificate)
        assert proves(proof, batch, chosen)
        assert consolidated_solver.proof(batch, ((), (), ())) is None

    def test_a_proof_of_too_many_parts_is_given_up_and_said_so(self, monkeypatch):
        monkeypatch.setattr(consolidated_solver, "PARTS", 0)
        cases = [request("C1", together="one"), request("C2", together="one")]
        proposed = assign(cases, [member()], ON)
        assert proposed.proof is None
        assert not proposed.proves()


@examples(100)
@given(st.data())
def test_few_pairs_at_a_time_come_to_the_same(data):
    rows, columns = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 12))
    line = st.lists(st.integers(0, 20), min_size=columns, max_size=columns)
    costs = np.asarray(data.draw(st.lists(line, min_size=rows, max_size=rows)))
    ones = np.ones(rows, dtype=np.int64)
    loads = tuple(tuple(range(data.draw(st.integers(0, 3)))) for _ in range(columns))
    batch = AssignmentProblem(
        costs=costs, allowed=costs % 5 != 0, seats=ones, sizes=ones, nobody=ones * 10_000, loads=loads
    )
    whole, _ = cheapest(batch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_generation, "PAIRS", 1)
        few, proof = cheapest(batch)
    assert batch.cost(few) == batch.cost(whole)
    assert proves(proof, batch, few)


@pytest.mark.parametrize("weights", [{"load": -1}, {"language": 10_001}, {"treatment_fit": (0, 1, 2, -3)}])
def test_a_weight_out_of_bounds_says_so(weights):
    with pytest.raises(ImrError, match=f"weight {next(iter(weights))}: whole points from 0 to 10000"):
        Weights(**weights)


def test_prices_of_a_choice_that_is_not_the_cheapest_prove_nothing():
    ones = np.ones(2, dtype=np.int64)
    costs = np.asarray([[0, 5], [5, 0]])
    batch = AssignmentProblem(
        costs=costs, allowed=costs >= 0, seats=ones, sizes=ones, nobody=ones * 100, loads=((0,), (0,))
    )
    rows, columns = np.nonzero(batch.allowed)
    worst = ((1,), (0,))
    assert not proves(residual_prices(batch, worst, rows, columns, costs.ravel()), batch, worst)


def test_what_the_solver_of_whole_numbers_cannot_solve_says_so():
    ones = np.ones(1, dtype=np.int64)
    batch = AssignmentProblem(
        costs=ones[:, None], allowed=ones[:, None] > 0, seats=-ones, sizes=ones, nobody=ones, loads=((0,),)
    )
    with pytest.raises(ImrError, match="give fewer cases at once"):
        consolidated_solver.cheapest(batch)


def test_costs_too_large_for_the_solver_say_so():
    ones = np.ones(2, dtype=np.int64)
    allowed = np.ones((2, 2), dtype=bool)
    batch = AssignmentProblem(
        costs=allowed * 2**60, allowed=allowed, seats=ones, sizes=ones, nobody=ones * 2**62, loads=((0,), (0,))
    )
    with pytest.raises(ImrError, match="give smaller weights"):
        cheapest(batch)
