"""The names of specialties. Who is who, persons and bodies, is `imr.identity`."""

from functools import lru_cache

from imr.identity import folded

_SHORT = {"pm and r": "physical medicine and rehabilitation", "physiatry": "physical medicine and rehabilitation"}


@lru_cache(maxsize=4096)
def specialty(text: str) -> str:
    """Give a specialty so that its common ways of writing are one: "PM&R" is physical medicine and rehabilitation."""
    plain = folded(text)
    return _SHORT.get(plain, plain)
