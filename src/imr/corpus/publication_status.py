"""Which determinations of a corpus were set aside on appeal or withdrawn from publication.

A small file beside the tables records it, so that it takes effect at once, before the tables and the index are rebuilt: a
determination that was set aside is marked in every result and counted in no rate; a withdrawn one appears in no result.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from imr.corpus.files import write_json
from imr.plain import from_plain, to_plain

FILE = "standing.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationStatus:
    """The days on which determinations were set aside and publications withdrawn, by case number."""

    set_aside: Mapping[str, date] = field(default_factory=dict)
    withdrawn: Mapping[str, date] = field(default_factory=dict)


def publication_status(corpus: Path) -> PublicationStatus:
    """Read the status of a corpus; empty where none was written."""
    try:
        written = (corpus / FILE).stat().st_mtime_ns
    except FileNotFoundError:
        return PublicationStatus()
    return _read(corpus / FILE, written)


@lru_cache(maxsize=4)
def _read(file: Path, written: int) -> PublicationStatus:  # noqa: ARG001 - part of the cache key, so that a new file is read
    return from_plain(PublicationStatus, json.loads(file.read_text(encoding="utf-8")))


def write(corpus: Path, known: PublicationStatus) -> bool:
    """Write the status of a corpus; return True if it differs from the one before."""
    if publication_status(corpus) == known:
        return False
    write_json(corpus / FILE, to_plain(known))
    return True
