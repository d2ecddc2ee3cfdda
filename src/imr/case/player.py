"""The player of cases: it takes the steps of one case in memory. No site, no database, no clock; its seals are no secrets."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, TypeVar

from imr.case.answers import UNCHECKED, Checked, ConcernAnswer, ConcernAnswers
from imr.case.application import Application
from imr.case.chain import Recorded, record, replay
from imr.case.context import Actor, StepContext
from imr.case.decide import decide
from imr.case.digests import digest, digest_of_text
from imr.case.marks import Provided, marks
from imr.case.provider import FactProvider, supply
from imr.case.screening import PROGRAM_CRITERIA
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
from imr.law.terms import RecordKind, Role

T = TypeVar("T")
#: What a reviewer who is played answers to each question of the checks.
_REASON = "I looked again, and the draft says what the file holds."


class CasePlayer(FactProvider):
    """Plays one case. `documents` holds by digest each value that a step kept; `recorded` is the chain of events.

    A subclass says what the checks find (`check`).
    """

    def __init__(
        self, number: str, application: Application, reviewer: Reviewer | None = None, earlier: Case | None = None
    ) -> None:
        self.case = Case(number=number)
        self.recorded: list[Recorded] = []
        self.documents: dict[str, Any] = {}
        self._application, self._reviewer, self._earlier = application, reviewer, earlier
        self._stated: Mapping[str, Any] = {}
        self._on = date.min

    def take(self, name: str, role: Role, at: datetime, stated: Mapping[str, Any] | None = None) -> Case:
        """Take a step on what a person states; the rest is supplied. Raises Refused as the step does."""
        who = self.case_reviewer().id if role is Role.REVIEWER else role.value
        context = StepContext(actor=Actor(role=role, id=who), at=at)
        event = decide(name, self.case, context, self.facts(name, context, stated or {}))
        key = sha256(f"{self.case.number} {len(self.recorded)}".encode()).hexdigest()[:32]
        after = self.recorded[-1] if self.recorded else None
        self.recorded.append(record(event, self.case.number, context, after, key))
        self.case = replay(self.recorded)
        return self.case

    def facts(self, name: str, context: StepContext, stated: Mapping[str, Any]) -> Any:
        """Give the facts of a step: as stated, as supplied, and what whoever takes it looks up first."""
        self._stated, self._on, self._context = stated, context.on, context
        kind = STEPS[name].facts
        values = {
            fact: supply(self, mark.source) if isinstance(mark, Provided) else self._keep(stated[fact])
            for fact, (_, mark) in marks(kind).items()
            if isinstance(mark, Provided) or fact in stated
        }
        checked = values.get("checked", UNCHECKED)
        if checked.asks:
            values["answers"] = self._keep(
                ConcernAnswers(given=tuple(ConcernAnswer(concern=asked, reason=_REASON) for asked in checked.asks))
            )
        if name == "record-service" and "letter" not in stated:
            letter = self.case.letters[-1]
            values |= {"letter": letter.number, "recipients": tuple(copy.role for copy in letter.copies)}
        if name == "publish-determination":
            values["confirmed"] = digest(to_confirm(values["determination"], values["application"]))
        return kind(**values)

    def check(self, draft: Determination, on: date) -> Checked:  # noqa: ARG002 - a subclass needs them
        """Give what the checks find in a draft on a day."""
        return UNCHECKED

    def _keep(self, value: Any) -> Any:
        if isinstance(value, Application | Determination | ConcernAnswers):
            self.documents[digest(value)] = value
        return value

    def application(self) -> Application:
        return self._application if self.case.filing is None else self.documents[self.case.filing.application]

    def consent_terms(self) -> ConsentTerms:
        return TERMS

    def index_kinds(self) -> tuple[RecordKind, ...]:
        return tuple(kinds_in(self.case))  # the documents are of the kinds that their senders said

    def bundle(self) -> CaseFileBundle:
        return self._given("bound", CaseFileBundle)

    def message(self) -> MessageSent:
        return self._given("sent", MessageSent)

    def earlier_case(self) -> Case:
        if self._earlier is None:
            raise ImrError("this case is no remand: it is played without an earlier case")
        return self._earlier

    def organization(self) -> tuple[Affiliation, ...]:
        return ()

    def criteria(self) -> Criteria:
        return PROGRAM_CRITERIA

    def chosen_reviewer(self) -> Reviewer:
        return self.case_reviewer()

    def passed_over(self) -> int:
        return 0

    def commitment(self) -> str:
        return ""

    def screened_reviewer(self) -> Reviewer | None:
        return self._reviewer

    def case_reviewer(self) -> Reviewer:
        if self._reviewer is None:
            raise ImrError("this case is played without a reviewer")
        return self._reviewer

    def new_draft_checks(self) -> Checked:
        return self.check(self._given("draft", Determination), self._on)

    def draft(self) -> Determination:
        return self._document(self.case.draft)

    def draft_checks(self) -> Checked:
        return self.check(self.draft(), self._on)

    def second_factor(self) -> str:
        return "totp"

    def letter(self) -> str:
        if self.case.letter:
            return str(self.documents[self.case.letter])
        signed = self._keep(signed_form(self.draft(), self._context))
        text = write(signed)
        self.documents[digest_of_text(text)] = text
        return text

    def determination(self) -> Determination:
        return self._document(self.case.determination)

    def public_determination(self) -> Determination:
        return redact(self.determination(), self._application.identifiers())

    def public_letter(self) -> str:
        return write(self.public_determination())

    def _document(self, key: str) -> Determination:
        found = self.documents.get(key)
        if not isinstance(found, Determination):
            raise ImrError("this document was not kept: play the steps that make it first")
        return found

    def _given(self, fact: str, kind: type[T]) -> T:
        value = self._stated.get(fact)
        if not isinstance(value, kind):
            raise ImrError(f"a case that is played needs the {fact} to be given")
        return value
