"""The player of cases: takes the scenes of one case, in memory or, in a subclass, on the site.

`CasePlayer` has what is the same wherever a case is played. `MemoryPlayer` has no site, no database and no clock; its
seals are not secret.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from imr.case.answers import UNCHECKED, Checked, ConcernAnswer, ConcernAnswers
from imr.case.application import Application
from imr.case.chain import Recorded, record
from imr.case.context import Actor, StepContext
from imr.case.decide import decide, require_ready
from imr.case.digests import digest, digest_of_text
from imr.case.events import Event
from imr.case.marks import Provided, marks
from imr.case.provider import FactProvider, supply
from imr.case.scenario import Scene
from imr.case.screening import PROGRAM_CRITERIA
from imr.case.signature import UNSIGNED, ReviewerSignature, statement_of
from imr.case.state import Case
from imr.case.steps import STEPS
from imr.case.steps.bundle import CaseFileBundle
from imr.case.steps.issue import to_confirm
from imr.case.steps.records import kinds_in
from imr.case.steps.review import signed_form
from imr.case.steps.service import MessageSent
from imr.determination import redact, write
from imr.determination.model import Determination
from imr.errors import ImrError
from imr.law.consent import TERMS, ConsentTerms
from imr.law.reviewers import Affiliation, Criteria, Reviewer
from imr.law.terms import RecordKind, Role, Service

T = TypeVar("T")
#: The played reviewer's answer to each question of the checks.
_REASON = "I looked again, and the draft says what the file holds."


class CasePlayer(ABC):
    """Plays one case scene by scene. A subclass stores the events, and looks up what the player needs before a step."""

    def play(self, scenes: Iterable[Scene]) -> None:
        """Take scenes one after another. Raises Refused as the steps do."""
        for scene in scenes:
            self.take(scene)

    def take(self, scene: Scene) -> None:
        """Take a step with the facts of a scene and what the person looks up first. Raises Refused as the step does."""
        stated = dict(scene.facts)
        if "answers" in marks(STEPS[scene.step].facts) and "answers" not in stated:
            asks = self.checks(scene).asks
            if asks:
                given = tuple(ConcernAnswer(concern=concern, reason=_REASON) for concern in asks)
                stated["answers"] = ConcernAnswers(given=given)
        if scene.step == "record-service" and not {"letter", "recipients"} <= stated.keys():
            stated = {**self.service_of_last_letter(scene), **stated}
        if scene.step == "publish-determination" and "confirmed" not in stated:
            stated["confirmed"] = self.replacements(scene)
        self.perform(replace(scene, facts=stated))

    @abstractmethod
    def perform(self, scene: Scene) -> None:
        """Take a step with the facts of a scene, which are all that the person states."""

    @abstractmethod
    def checks(self, scene: Scene) -> Checked:
        """Give the concerns of the checks about the draft of a scene, or about the draft on file if it states none."""

    @abstractmethod
    def service_of_last_letter(self, scene: Scene) -> Mapping[str, Any]:
        """Give the facts of the service of the last letter on all its recipients."""

    @abstractmethod
    def replacements(self, scene: Scene) -> str:
        """Give the digest of the replacements that a person looks at before publication."""


class MemoryPlayer(CasePlayer, FactProvider):
    """Plays a case in memory, with its events in `chain`. `documents` holds by digest each value that a step stored.

    `reviewers` can be chosen, and `earlier` is the reversed case if this one is its remand. A supplied fact can also be
    stated, so that a test may offer another letter than the signed one.
    """

    def __init__(self, number: str, *, reviewers: Iterable[Reviewer] = (), earlier: Case | None = None) -> None:
        self.chain: list[Recorded] = []
        self.documents: dict[str, Any] = {}
        self._reviewers: dict[str, Reviewer] = {}
        for reviewer in reviewers:
            self.enter(reviewer)
        self._state, self._earlier = Case(number=number), earlier
        self._stated: Mapping[str, Any] = {}

    @property
    def case(self) -> Case:
        """The case as its events leave it."""
        return self._state

    def enter(self, reviewer: Reviewer) -> None:
        """Let a reviewer be chosen by their id."""
        self._reviewers[reviewer.id] = reviewer

    def actor(self, role: Role) -> Actor:
        """Give the actor of a role: the reviewer of the case, or the office of that role."""
        return Actor(role=role, id=self.case.reviewer if role is Role.REVIEWER else role.value)

    def take(self, scene: Scene) -> None:
        """Take a step. Raises Refused, before anything is looked up, if the case is not ready for it."""
        require_ready(STEPS[scene.step], self.case, self.actor(scene.role))
        super().take(scene)

    def perform(self, scene: Scene) -> None:
        context = StepContext(actor=self.actor(scene.role), at=scene.at)
        event = decide(scene.step, self.case, context, self.facts(scene.step, context, scene.facts))
        self.append(event, context)

    def append(self, event: Event, context: StepContext) -> None:
        """Append an event to the chain and apply it to the case."""
        number = self.case.number
        key = sha256(f"{number} {len(self.chain)}".encode()).hexdigest()[:32]
        item = record(event, number, context, self.chain[-1] if self.chain else None, key)
        self.chain.append(item)
        self._apply(event)

    def _apply(self, event: Event) -> None:
        self._state = replace(event.apply(self._state), events=self._state.events + 1)

    def facts(self, step: str, context: StepContext, stated: Mapping[str, Any]) -> Any:
        """Give the facts of a step, both stated and supplied."""
        self._stated, self._context = stated, context
        kind = STEPS[step].facts
        values: dict[str, Any] = {}
        for fact, (_, mark) in marks(kind).items():
            if isinstance(mark, Provided) and (mark.chosen or fact not in stated):
                values[fact] = supply(self, mark.source)
            elif fact in stated:
                values[fact] = stated[fact] if isinstance(mark, Provided) else self._keep(stated[fact])
        return kind(**values)

    def check(self, draft: Determination, on: date) -> Checked:  # noqa: ARG002 - a subclass needs them
        """Give the concerns of the checks about a draft on a day."""
        return UNCHECKED

    def checks(self, scene: Scene) -> Checked:
        draft = scene.facts.get("draft") or self.draft()
        return self.check(draft, StepContext(actor=self.actor(scene.role), at=scene.at).on)

    def service_of_last_letter(self, scene: Scene) -> Mapping[str, Any]:
        letter = self.case.letters[-1]
        service = letter.service or Service.MAIL
        return {
            "letter": letter.number,
            "recipients": tuple(copy.role for copy in letter.copies),
            "service": service,
            "on": letter.on,
            "received_at": scene.at if service is Service.ELECTRONIC else None,
        }

    def replacements(self, scene: Scene) -> str:  # noqa: ARG002 - the same whoever looks
        return digest(to_confirm(self.determination(), self.application()))

    def _keep(self, value: Any) -> Any:
        if isinstance(value, Application | Determination | ConcernAnswers):
            self.documents[digest(value)] = value
        return value

    def application(self) -> Application:
        return self._document(Application, "" if self.case.filing is None else self.case.filing.application)

    def consent_terms(self) -> ConsentTerms:
        return TERMS

    def index_kinds(self) -> tuple[RecordKind, ...]:
        return tuple(kinds_in(self.case))  # the documents are of the kinds that their senders stated

    def bundle(self) -> CaseFileBundle:
        return self._given("bound", CaseFileBundle)

    def message(self) -> MessageSent:
        return self._given("sent", MessageSent)

    def earlier_case(self) -> Case:
        if self._earlier is None:
            raise ImrError("this case is played without an earlier case: it is not a remand")
        return self._earlier

    def later_case(self) -> Case:
        return self._given("to", Case)

    def organization(self) -> tuple[Affiliation, ...]:
        return ()

    def criteria(self) -> Criteria:
        return PROGRAM_CRITERIA

    def chosen_reviewer(self) -> Reviewer:
        return self._reviewer(self._stated.get("reviewer"))

    def passed_over(self) -> int:
        return 0

    def commitment(self) -> str:
        return ""

    def screened_reviewer(self) -> Reviewer | None:
        chosen = self._stated.get("reviewer")
        return self._reviewer(chosen) if chosen else None

    def case_reviewer(self) -> Reviewer:
        return self._reviewer(self.case.reviewer)

    def _reviewer(self, chosen: Any) -> Reviewer:
        """Give the reviewer with an id, or the one that is given as a value."""
        found = chosen if isinstance(chosen, Reviewer) else self._reviewers.get(chosen)
        if found is None:
            raise ImrError(f"this case is played without the reviewer {chosen!r}")
        return found

    def new_draft_checks(self) -> Checked:
        return self.check(self._given("draft", Determination), self._context.on)

    def draft(self) -> Determination:
        return self._document(Determination, self.case.draft)

    def draft_checks(self) -> Checked:
        return self.check(self.draft(), self._context.on)

    def second_factor(self) -> str:
        return "totp"

    def signature(self) -> ReviewerSignature:
        """Give what the reviewer signs without a passkey's answer: a case in memory has no keys."""
        statement = statement_of(self.chain, self.case.number, signed_form(self.draft(), self._context))
        return replace(UNSIGNED, statement=statement)

    def letter(self) -> str:
        if self.case.letter:
            return str(self.documents[self.case.letter])
        signed = self._keep(signed_form(self.draft(), self._context))
        text = write(signed)
        self.documents[digest_of_text(text)] = text
        return text

    def determination(self) -> Determination:
        return self._document(Determination, self.case.determination)

    def public_determination(self) -> Determination:
        return redact(self.determination(), self.application().identifiers())

    def public_letter(self) -> str:
        return write(self.public_determination())

    def _document(self, kind: type[T], key: str) -> T:
        found = self.documents.get(key)
        if not isinstance(found, kind):
            raise ImrError("this document was not stored: play the steps that make it first")
        return found

    def _given(self, fact: str, kind: type[T]) -> T:
        value = self._stated.get(fact)
        if not isinstance(value, kind):
            raise ImrError(f"the played case needs the {fact}: state it")
        return value
