"""Which determinations of a corpus are no longer what they were: set aside on appeal, or withdrawn from publication.

A small file beside the tables says it, so that it holds at once, before a letter is read again or the index is made: a set aside
determination is marked in every answer and counted in no rate, a withdrawn one is in no answer.
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
    """By case number, the days on which determinations were set aside and publications withdrawn."""

    set_aside: Mapping[str, date] = field(default_factory=dict)
    withdrawn: Mapping[str, date] = field(default_factory=dict)


def publication_status(corpus: Path) -> PublicationStatus:
    """What is known of a corpus; nothing where nobody said anything."""
    try:
        written = (corpus / FILE).stat().st_mtime_ns
    except FileNotFoundError:
        return PublicationStatus()
    return _read(corpus / FILE, written)


@lru_cache(maxsize=4)
def _read(file: Path, written: int) -> PublicationStatus:  # noqa: ARG001 - read again where it was written again
    return from_plain(PublicationStatus, json.loads(file.read_text(encoding="utf-8")))


def write(corpus: Path, known: PublicationStatus) -> bool:
    """Say what is known of a corpus; whether anything changed by it."""
    if publication_status(corpus) == known:
        return False
    write_json(corpus / FILE, to_plain(known))
    return True
