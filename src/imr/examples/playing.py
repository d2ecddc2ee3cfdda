"""A story played with the pure steps: no site, no database, no clock. The keys of its seals are no secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from imr.case.answers import Checked, ConcernAnswer, ConcernAnswers
from imr.case.application import Application
from imr.case.chain import Recorded, record, replay
from imr.case.context import Actor, StepContext
from imr.case.decide import decide
from imr.case.digests import digest, digest_of_text
from imr.case.file import FiledRecord
from imr.case.marks import Provided, marks
from imr.case.screening import PROGRAM_CRITERIA
from imr.case.state import Case
from imr.case.steps import STEPS
from imr.case.steps.issue import PublishDetermination, to_confirm
from imr.case.steps.records import kinds_in
from imr.case.steps.review import signed_form
from imr.case.steps.service import RecordService
from imr.checks import Context, Severity, run
from imr.determination import redact, write
from imr.determination.model import Determination
from imr.errors import ImrError
from imr.examples.files import InventedPaper
from imr.examples.stories import Scene, Story
from imr.law.consent import TERMS
from imr.law.terms import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a story left: its chain of events, the state, and the documents by their digest."""

    recorded: tuple[Recorded, ...]
    case: Case
    documents: Mapping[str, Any]

    @property
    def determination(self) -> Determination | None:
        """What was signed, if the story came so far."""
        signed = self.documents.get(self.case.determination)
        return signed if isinstance(signed, Determination) else None


def play(story: Story, earlier: Case | None = None) -> Played:
    """Play a story from its beginning. `earlier` is the reversed case where it is a remand. Raises Refused as steps do."""
    recorded: list[Recorded] = []
    documents: dict[str, Any] = {}
    case = Case(number=story.number)
    for scene in story.scenes:
        who = story.reviewer.id if scene.role is Role.REVIEWER else scene.role.value
        context = StepContext(actor=Actor(role=scene.role, id=who), at=scene.at)
        facts = _facts(story, scene, context, case, documents, earlier)
        event = decide(scene.step, case, context, facts)
        key = sha256(f"{story.number} {len(recorded)}".encode()).hexdigest()[:32]
        recorded.append(record(event, story.number, context, recorded[-1] if recorded else None, key))
        case = replay(recorded)
    return Played(recorded=tuple(recorded), case=case, documents=documents)


def _facts(
    story: Story, scene: Scene, context: StepContext, case: Case, documents: dict[str, Any], earlier: Case | None
) -> Any:
    kind = STEPS[scene.step].facts
    values: dict[str, Any] = {}
    for name, (_, mark) in marks(kind).items():
        said = scene.facts.get(name)
        if isinstance(mark, Provided) and mark.source != "records":
            values[name] = _brought(mark.source, story, context, case, documents, earlier, scene.facts)
        elif name in scene.facts:
            values[name] = _filed(said, documents)
    if kind is RecordService:
        letter = case.letters[-1]
        values |= {"letter": letter.number, "recipients": tuple(copy.role for copy in letter.copies)}
    if isinstance(checked := values.get("checked"), Checked) and checked.asks:
        answers = ConcernAnswers(given=tuple(ConcernAnswer(concern=asked, reason=_REASON) for asked in checked.asks))
        values["answers"] = documents[digest(answers)] = answers
    if kind is PublishDetermination:
        values["confirmed"] = digest(to_confirm(values["determination"], values["application"]))
    return kind(**values)


#: What an invented reviewer answers to each question of the checks.
_REASON = "I looked again, and the draft says what the file holds."


def _checked(draft: Determination, on: date) -> Checked:
    """What the checks find in a draft by itself: a story has papers, and no pages that could be read."""
    found = run(draft, None, Context(on=on))
    by = {kind: tuple(one.id for one in found if one.severity is kind) for kind in Severity}
    return Checked(stops=by[Severity.STOP], asks=by[Severity.ASK])


def _filed(said: Any, documents: dict[str, Any]) -> Any:
    if isinstance(said, InventedPaper):
        documents[digest_of_text(said.text)] = said
        return digest_of_text(said.text)
    if isinstance(said, tuple) and said and isinstance(said[0], InventedPaper):
        return tuple(
            FiledRecord(digest=_filed(paper, documents), kind=paper.kind, dated_on=paper.dated_on) for paper in said
        )
    if isinstance(said, Application | Determination):
        documents[digest(said)] = said
    return said


#: What a story brings the same to every step: no ties, what settings say where nobody sets them, nobody passed over, nothing sealed.
_ALWAYS = {
    "organization": (),
    "criteria": PROGRAM_CRITERIA,
    "consent terms": TERMS,
    "session": "totp",
    "order": 0,
    "commitment": "",
}


def _brought(
    source: str,
    story: Story,
    context: StepContext,
    case: Case,
    documents: dict[str, Any],
    earlier: Case | None,
    said: Mapping[str, Any],
) -> Any:
    if source in _ALWAYS:
        return _ALWAYS[source]
    match source:
        case "application":
            return documents[case.filing.application] if case.filing else story.application
        case "draft":
            return documents[case.draft]
        case "letter":
            return _letter(context, case, documents)
        case "determination":
            return documents[case.determination]
        case "public" | "public letter":
            public = redact(documents[case.determination], story.application.identifiers())
            return public if source == "public" else write(public)
        case "panel":
            return story.reviewer
        case "index of the case file":  # its documents are of the kinds that their senders said
            return tuple(kinds_in(case))
        case "checks":
            return _checked(documents[case.draft], context.on)
        case "checks of this draft":
            return _checked(said["draft"], context.on)
        case "earlier case" if earlier is not None:
            return earlier
    raise ImrError(f"a story cannot bring the {source}")


def _letter(context: StepContext, case: Case, documents: dict[str, Any]) -> str:
    if case.letter:
        return str(documents[case.letter])
    signed = signed_form(documents[case.draft], context)
    text: str = write(signed)
    documents[digest(signed)] = signed
    documents[digest_of_text(text)] = text
    return text
