"""Know who is who: whether two names are one person's or one body's.

`compare(one, other)` gives one of three answers, each with its reason: the same, may be the same, different. Names are folded to
plain letters; titles, degrees and forms of company do not count; a suffix tells father and son apart. What may be the same
is for a person to settle: no program clears it in silence. `kept_under` and `sought_by` are the keys of an index: two names
that are not different share one.
"""

from imr.identity.comparison import Answer, Comparison, compare, kept_under, sought_by
from imr.identity.folding import folded
from imr.identity.given import others as other_first_names

__all__ = ["Answer", "Comparison", "compare", "folded", "kept_under", "other_first_names", "sought_by"]
