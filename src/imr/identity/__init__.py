"""Know who is who: whether two names are one person's or one body's.

`compare(one, other)` gives one of three answers, each with its reason: the same, may be the same, different. Names are folded to
plain letters; titles, degrees and forms of company do not count; a suffix tells father and son apart. What may be the same
is for a person to settle: no program clears it in silence. `index_keys` and `lookup_keys` are the keys of an index: two names
that are not different share one.
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
