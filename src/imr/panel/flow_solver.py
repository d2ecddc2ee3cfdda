"""The only module that uses OR-Tools: the cheapest choice as a flow of least cost.

From each case one unit flows to each reviewer that it is given to, and from each reviewer one arc a place, at the price
of that place, to the sink. As the prices of places never fall, the cheapest flow fills them in their order. A seat that
nobody can take flows past at the price of an empty seat, so that there is always an answer.
"""

import numpy as np
from ortools.graph.python import min_cost_flow

from imr.errors import ImrError
from imr.panel.problem import AssignmentProblem, Chosen, Points, in_order


def cheapest(batch: AssignmentProblem, rows: Points, columns: Points, costs: Points) -> Chosen:
    """Give a choice of least cost among the pairs `rows`, `columns` at `costs`. Every row takes one place a seat."""
    count, end = len(rows), batch.rows + batch.columns
    loads = np.asarray([price for load in batch.loads for price in load], dtype=np.int64)
    owners = np.repeat(np.arange(batch.columns), [len(load) for load in batch.loads]) + batch.rows
    every = np.arange(batch.rows)
    tails = np.concatenate((rows, owners, every))
    heads = np.concatenate((columns + batch.rows, np.full(len(loads) + batch.rows, end)))
    capacities = np.concatenate((np.ones(count + len(loads), dtype=np.int64), batch.seats))
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, np.concatenate((costs, loads, batch.nobody)))
    supplies = np.concatenate((batch.seats, np.zeros(batch.columns, dtype=np.int64), [-batch.seats.sum()]))
    flow.set_nodes_supplies(np.arange(end + 1), supplies)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ImrError(f"the assignment was not solved ({status}): give smaller weights, or fewer cases at once")
    used = np.flatnonzero(flow.flows(np.arange(count)))
    chosen: list[list[int]] = [[] for _ in range(batch.rows)]
    for row, column in zip(rows[used].tolist(), columns[used].tolist(), strict=True):
        chosen[row].append(column)
    return in_order(chosen)
