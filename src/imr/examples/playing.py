"""Plays a story with the player of cases: no site, no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from imr.case.answers import Checked
from imr.case.chain import Recorded
from imr.case.digests import digest_of_text
from imr.case.file import FiledRecord
from imr.case.player import MemoryPlayer
from imr.case.state import Case
from imr.checks import Context, Severity, run
from imr.determination.model import Determination
from imr.examples.files import InventedPaper
from imr.examples.stories import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The result of a story: its chain of events, the state, and the documents by their digest."""

    recorded: tuple[Recorded, ...]
    case: Case
    documents: Mapping[str, Any]

    @property
    def determination(self) -> Determination | None:
        """The signed determination, if the story came so far."""
        signed = self.documents.get(self.case.determination)
        return signed if isinstance(signed, Determination) else None


def play(story: Story, earlier: Case | None = None) -> Played:
    """Play a story from its beginning. `earlier` is the reversed case if it is a remand. Raises Refused as steps do."""
    player = _StoryPlayer(story.number, reviewers=(story.reviewer,), earlier=earlier)
    player.play(story.scenes)
    return Played(recorded=tuple(player.chain), case=player.case, documents=player.documents)


@lru_cache(maxsize=8)
def _found(draft: Determination, on: date) -> Checked:
    found = run(draft, None, Context(on=on))
    by = {kind: tuple(one.id for one in found if one.severity is kind) for kind in Severity}
    return Checked(stops=by[Severity.STOP], asks=by[Severity.ASK])


class _StoryPlayer(MemoryPlayer):
    """Plays a case whose documents are invented papers, stored by the digest of their text."""

    def check(self, draft: Determination, on: date) -> Checked:
        """Give the concerns of the checks about a draft alone: a story has papers, and no pages that could be read."""
        return _found(draft, on)

    def _keep(self, value: Any) -> Any:
        if isinstance(value, InventedPaper):
            self.documents[digest_of_text(value.text)] = value
            return digest_of_text(value.text)
        if isinstance(value, tuple) and value and isinstance(value[0], InventedPaper):
            return tuple(FiledRecord(digest=self._keep(one), kind=one.kind, dated_on=one.dated_on) for one in value)
        return super()._keep(value)
