"""Comparison of names: whether two names belong to one person or one organization.

`compare(one, other)` gives one of three answers, each with its reason: the same, may be the same, different. Names are
folded to plain letters; titles, degrees and legal forms of companies do not count; a suffix distinguishes father and
son. A person settles names that may be the same: no program clears them silently. `index_keys` and `lookup_keys` are
the keys of an index: two names that are not different share one.
"""

from imr.identity.comparison import Comparison, NameMatch, compare, index_keys, lookup_keys
from imr.identity.folding import as_two, folded, is_one_misspelled, plain
from imr.identity.given_names import are_one as are_one_first_name
from imr.identity.person_names import in_order

__all__ = [
    "Comparison",
    "NameMatch",
    "are_one_first_name",
    "as_two",
    "compare",
    "folded",
    "in_order",
    "index_keys",
    "is_one_misspelled",
    "lookup_keys",
    "plain",
]
