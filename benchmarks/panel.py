"""Assignments compared with HiGHS of scipy: the same cost, and the time of each, in one run.

    python benchmarks/panel.py [--small]

Ours is measured completely: screening of every pair, costs, solving, the check of the proof. The peer is given the finished
table of costs, and solves the same assignment as a linear program over all cleared pairs (small) or over the 24
cheapest of each case (large, and ours on the same sparse table). Seconds are of the
processor, so that other work on the machine does not count.
"""

import sys
import time
from datetime import date

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, hstack, vstack

from imr.panel import assign
from imr.panel.column_generation import cheapest
from imr.panel.problem import AssignmentProblem
from imr.panel.proof import proves
from imr.panel.simulation.people import member, request

ON = date(2018, 3, 1)
#: Pairs per case in the sparse table.
SPARSE = 24


def by_scipy(batch: AssignmentProblem) -> int:
    """Compute the least cost with scipy's HiGHS: a share for each pair, the empty seats of a case, the use of each place."""
    rows, columns = np.nonzero(batch.allowed)
    loads = np.asarray([price for load in batch.loads for price in load])
    owners = np.repeat(np.arange(batch.columns), [len(load) for load in batch.loads])
    ones = np.ones(len(rows))
    every = np.arange(batch.rows)
    of_cases = coo_matrix((ones, (rows, np.arange(len(rows)))), shape=(batch.rows, len(rows)))
    of_reviewers = coo_matrix((ones, (columns, np.arange(len(rows)))), shape=(batch.columns, len(rows)))
    empty = coo_matrix((np.ones(batch.rows), (every, every)))
    places = coo_matrix((-np.ones(len(loads)), (owners, np.arange(len(loads)))), shape=(batch.columns, len(loads)))
    table = vstack(
        (
            hstack((of_cases, empty, coo_matrix((batch.rows, len(loads))))),
            hstack((of_reviewers, coo_matrix((batch.columns, batch.rows)), places)),
        )
    )
    price = np.concatenate((batch.costs[rows, columns], batch.nobody, loads))
    most = np.concatenate((ones, batch.seats, np.ones(len(loads))))
    # The peer uses floating point: scaled down, so that the price of an empty seat does not hide the points.
    solved = linprog(
        price,
        A_eq=table.tocsc(),
        b_eq=np.concatenate((batch.seats, np.zeros(batch.columns))),
        bounds=np.stack((np.zeros(len(most)), most), axis=1),
        method="highs",
    )
    return round(solved.fun)


def sparse(batch: AssignmentProblem) -> AssignmentProblem:
    """Give the same problem with few allowed pairs per case: the cheapest ones."""
    priced = np.where(batch.allowed, batch.costs, 2**60)
    kept = np.zeros_like(batch.allowed)
    nearest = np.argpartition(priced + np.arange(batch.columns) % 7, SPARSE, axis=1)[:, :SPARSE]
    kept[np.arange(batch.rows)[:, None], nearest] = True
    return AssignmentProblem(
        costs=batch.costs,
        allowed=batch.allowed & kept,
        seats=batch.seats,
        sizes=batch.sizes,
        nobody=batch.nobody,
        loads=batch.loads,
    )


def _size(cases: int, reviewers: int, figures: dict[str, float]) -> None:
    name = f"{cases:,} x {reviewers:,}"
    members = [member(1, number, ON) for number in range(reviewers)]
    requests = [request(1, number, ON) for number in range(cases)]
    start = time.process_time()
    answer = assign(requests, members, ON)
    proved = answer.proves()
    whole = time.process_time() - start
    print(
        f"{name}: whole, screening to proof {whole:6.2f} s, {answer.batch.allowed.mean():.0%} of pairs cleared, proved {proved}, {len(answer.unfilled)} without a reviewer"
    )
    figures[f"panel {name} whole, processor s"] = round(whole, 2)
    batch = answer.batch if cases <= 1000 else sparse(answer.batch)
    start = time.process_time()
    chosen, proof = cheapest(batch)
    proved = proves(proof, batch, chosen)
    ours = time.process_time() - start
    start = time.process_time()
    peer = by_scipy(batch)
    theirs = time.process_time() - start
    same = peer == batch.cost(chosen)
    print(
        f"{name}: solved and proved {ours:6.2f} s, scipy's HiGHS {theirs:6.2f} s ({theirs / ours:.1f} x ours), {int(batch.allowed.sum()):,} pairs, the same cost {same}, proved {proved}"
    )
    figures[f"panel {name} solve, times faster than scipy"] = round(theirs / ours, 2)
    figures[f"panel {name} the same cost as scipy"] = float(same)


def measure(small: bool = False) -> dict[str, float]:
    """Measure, print, and return the figures."""
    figures: dict[str, float] = {}
    _size(1_000, 500, figures)
    if not small:
        _size(10_000, 2_000, figures)
    return figures


if __name__ == "__main__":
    measure("--small" in sys.argv)
