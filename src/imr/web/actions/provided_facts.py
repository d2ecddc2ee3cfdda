"""The facts that the site supplies to a step, so that nobody types them."""

from collections.abc import Mapping
from dataclasses import dataclass

from imr.case.answers import Checked
from imr.case.application import Application
from imr.case.chain import Recorded, replay
from imr.case.context import StepContext
from imr.case.provider import FactProvider
from imr.case.signature import ReviewerSignature, statement_of
from imr.case.state import Case
from imr.case.steps.bundle import CaseFileBundle
from imr.case.steps.review import signed_form
from imr.case.steps.service import MessageSent
from imr.determination import write
from imr.determination.model import Determination
from imr.determination.redaction import Choices
from imr.errors import Refused
from imr.law.consent import ConsentTerms
from imr.law.reviewers import Affiliation, Criteria, Reviewer
from imr.law.terms import RecordKind
from imr.web import access
from imr.web.actions import signing_keys
from imr.web.case_files import draft_checks, step_inputs
from imr.web.models import PersonRow
from imr.web.platform import organization
from imr.web.platform.authentication import FRESH, SecondFactorExpired
from imr.web.store import account_security, cases, reviewers
from imr.web.store.documents import load


@dataclass(frozen=True, kw_only=True)
class SiteFacts(FactProvider):
    """Supplies the facts of one step on the site. `stated` is what came with the step, `history` what happened before.

    `user` is None where maintenance takes the step.
    """

    context: StepContext
    case: Case
    stated: Mapping[str, object]
    user: PersonRow | None
    history: tuple[Recorded, ...]

    def application(self) -> Application:
        application = cases.application(self.case)
        if application is None:
            raise Refused("the case has no application")
        return application

    def consent_terms(self) -> ConsentTerms:
        return organization.consent_terms()

    def index_kinds(self) -> tuple[RecordKind, ...]:
        return step_inputs.index_kinds(self.case)

    def bundle(self) -> CaseFileBundle:
        bundle = self.stated.get("bound")
        if not isinstance(bundle, CaseFileBundle):
            raise Refused("the case file is being bundled in the background: wait a minute, then try again")
        return bundle

    def message(self) -> MessageSent:
        message = self.stated.get("sent")
        if not isinstance(message, MessageSent):
            raise Refused(
                "the system records service by e-mail itself: record the service that you made in another way"
            )
        return message

    def earlier_case(self) -> Case:
        number = str(self.stated.get("earlier") or "")
        called = number or "of no number"
        if self.user is not None and self.context.actor.role not in access.roles_in(self.user, number):
            raise Refused(f"there is no case {called} that you may see: give the number of the case that was reversed")
        chain = cases.chain(number)
        if not chain:
            raise Refused(f"there is no case {called}: give the number of the case that was reversed")
        return replay(chain)

    def later_case(self) -> Case:
        later = self.stated.get("to")
        if not isinstance(later, Case):
            raise Refused("the system notes the case that continues this one itself, when that case is opened")
        return later

    def organization(self) -> tuple[Affiliation, ...]:
        return cases.organization()

    def criteria(self) -> Criteria:
        return step_inputs.criteria()

    def chosen_reviewer(self) -> Reviewer:
        """Return the chosen reviewer, whose place on the panel is locked until the assignment is written."""
        return reviewers.lock_available_reviewer(self._chosen(), self.context.on)

    def passed_over(self) -> int:
        return reviewers.passed_over(self.case, self._chosen(), self._specialties(), self.context.on)

    def commitment(self) -> str:
        made = reviewers.commitment_for(self.case, self.context, cases.reviewer(self._chosen()), self._specialties())
        return "" if made is None else made.root

    def screened_reviewer(self) -> Reviewer | None:
        return cases.reviewer(self._chosen()) if self._chosen() else None

    def case_reviewer(self) -> Reviewer:
        return cases.reviewer(self.case.reviewer)

    def new_draft_checks(self) -> Checked:
        draft = self.stated.get("draft")
        if not isinstance(draft, Determination):
            raise Refused("there is no draft yet: write one first")
        return self._checked(draft)

    def draft(self) -> Determination:
        if not self.case.draft:
            raise Refused("there is no draft yet: write one first")
        return cases.load_value(Determination, self.case.draft)

    def draft_checks(self) -> Checked:
        return self._checked(self.draft())

    def second_factor(self) -> str:
        if self.user is not None and (until := account_security.may_sign_from(self.user)) is not None:
            raise Refused(account_security.paused(until))
        factor = self.user.second_factor if self.user is not None else None
        if factor is None or self.context.at - factor.at > FRESH:
            raise SecondFactorExpired("a signature needs your second factor: give it again, then sign")
        return str(factor.how)

    def signature(self) -> ReviewerSignature:
        if self.user is None:
            raise Refused("a determination is signed by its reviewer")
        statement = statement_of(self.history, self.case.number, signed_form(self.draft(), self.context))
        sent = self.stated.get("signature")
        return signing_keys.sign(self.user, statement, sent if isinstance(sent, str) else "", self.context.at)

    def letter(self) -> str:
        if self.case.letter:
            return load(self.case.letter).decode()
        return write(signed_form(self.draft(), self.context))

    def determination(self) -> Determination:
        return cases.load_value(Determination, self.case.determination)

    def public_determination(self) -> Determination:
        choices = Choices(stay=self._texts("stay"), go=self._texts("go"))
        return step_inputs.public(self.case, choices)

    def public_letter(self) -> str:
        return write(self.public_determination())

    def _chosen(self) -> str:
        return str(self.stated.get("reviewer") or "")

    def _specialties(self) -> tuple[str, ...]:
        return self._texts("specialties")

    def _texts(self, name: str) -> tuple[str, ...]:
        value = self.stated.get(name)
        return tuple(map(str, value)) if isinstance(value, list | tuple) else ()

    def _checked(self, draft: Determination) -> Checked:
        return draft_checks.answerable_by_name(step_inputs.concerns(self.case, draft, self.context.on))
