"""The names of specialties. `imr.identity` compares names of persons and organizations."""

from functools import lru_cache

from imr.identity import folded

_SHORT = {"pm and r": "physical medicine and rehabilitation", "physiatry": "physical medicine and rehabilitation"}


@lru_cache(maxsize=4096)
def specialty(text: str) -> str:
    """Give the one form of a specialty's name: "PM&R" is physical medicine and rehabilitation."""
    plain = folded(text)
    return _SHORT.get(plain, plain)
