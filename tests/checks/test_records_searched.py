"""The quick search of a case file finds what the plain one finds; the plain one judges it."""

import re
from pathlib import Path

import pytest

from imr.checks.documented_topics import TOPICS
from imr.checks.draft import ClinicalText
from imr.records import index


@pytest.mark.records
@pytest.mark.parametrize("matter", TOPICS, ids=[matter.name for matter in TOPICS])
def test_a_search_by_stems_misses_nothing_that_the_pattern_finds(matter, reports_folder: Path) -> None:
    """On each report alone, where the search does not stop for having seen enough."""
    missed = []
    for path in sorted(reports_folder.glob("*/*.txt"))[::6]:
        record = ClinicalText(index.from_texts([path.read_text(encoding="utf-8", errors="replace")]))
        plain = {match.span() for match in re.finditer(matter.documents, record.text.lower())}
        quick = record.finds(matter.documents, matter.stems)
        covered = [(start, end) for start, end in plain if not any(s < end and start < e for s, e in quick)]
        missed += [record.text[start:end] for start, end in covered]
    assert missed == []
