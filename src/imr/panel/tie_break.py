"""A draw among equally good assignments, from a recorded seed, so that anybody can repeat it.

Each pair gets a lot from the seed, the case's number and the reviewer's; of all assignments of least cost, the one with
the least sum of lots is taken. Without a seed there is no draw, and the answer is still always the same.
"""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from imr.panel.problem import Points

#: Lots run from 0 to one less than this.
LOTS = 256
_MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def lots(seed: str, rows: Sequence[str], columns: Sequence[str]) -> Points:
    """Give the lot of each pair of a case and a reviewer, 0 to 255, by their numbers and not by their order."""
    mixed = _hashes(f"{seed}|case", rows)[:, None] ^ _hashes(f"{seed}|reviewer", columns)[None, :]
    for shift, factor in zip((30, 27), _MIX, strict=True):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    lot: Points = ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(LOTS)).astype(np.int64)
    return lot


def _hashes(salt: str, names: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    digests = b"".join(sha256(f"{salt}|{name}".encode()).digest()[:8] for name in names)
    return np.frombuffer(digests, dtype=np.uint64)
