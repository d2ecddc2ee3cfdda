"""The points of all pairs of cases and reviewers at once: the sums of `Costs.reasons`, by the same functions."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from imr.panel.cost import COST_TERMS, Costs, CostTerm
from imr.panel.problem import Points
from imr.panel.request import ReviewRequest
from imr.panel.roster import PanelMember


def cost_matrix(costs: Costs, requests: Sequence[ReviewRequest], members: Sequence[PanelMember]) -> Points:
    """Return the points of every pair, a row for each case and a column for each reviewer."""
    total = np.zeros((len(requests), len(members)), dtype=np.int64)
    columns = {member.id: column for column, member in enumerate(members)}
    for term in COST_TERMS:
        rows: dict[Any, Points] = {}
        worst: dict[tuple[Any, ...], Points] = {}
        for number, request in enumerate(requests):
            keys = term.keys(request, costs)
            if keys and keys not in worst:
                for key in set(keys) - rows.keys():
                    rows[key] = _row(costs, term, key, members, columns)
                worst[keys] = np.maximum.reduce([rows[key] for key in keys])
            if keys:
                total[number] += worst[keys]
    return total


def _row(costs: Costs, term: CostTerm, key: Any, members: Sequence[PanelMember], columns: dict[str, int]) -> Points:
    """Return the points of one key for every reviewer."""
    met = term.met(costs, key)
    if met is None:
        return np.fromiter((term.points(costs, key, member) for member in members), np.int64, len(members))
    row = np.zeros(len(members), dtype=np.int64)
    for column in [columns[who] for who in met if who in columns]:
        row[column] = term.points(costs, key, members[column])
    return row
