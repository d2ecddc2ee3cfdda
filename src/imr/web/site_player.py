"""The player of cases on the site: invented people take the scenes of a case through `actions.perform`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from imr.case.answers import Checked
from imr.case.chain import Recorded
from imr.case.player import CasePlayer
from imr.case.scenario import Scene
from imr.examples.files import InventedPaper
from imr.law.terms import Role
from imr.web import access, actions
from imr.web.case_files import draft_checks
from imr.web.platform import clock
from imr.web.platform.authentication import SecondFactor
from imr.web.store.documents import Upload


@dataclass(kw_only=True)
class SitePlayer(CasePlayer):
    """Plays a case on the site. `cast` says who takes the steps of a role; the case gets its `number` by its first step.

    `parties` get the case on their list once it is there.
    """

    cast: Mapping[Role, access.Person]
    parties: Mapping[Role, access.Person] = field(default_factory=dict)
    number: str | None = None
    #: The event of the last step.
    done: Recorded = field(init=False)

    def perform(self, scene: Scene) -> None:
        who = self.cast[scene.role]
        who.second_factor = SecondFactor(how="totp", at=clock.now())
        facts = {name: _as_sent(value) for name, value in scene.facts.items()}
        self.done = actions.perform(scene.step, who, self.number, facts)
        if self.done.number == 1:
            self.number = self.done.case
            for role, person in self.parties.items():
                code = actions.name_party(self.cast[Role.INTAKE], self.number, role, person.email)
                actions.accept_invitation(person, code)

    def checks(self, scene: Scene) -> Checked:
        concerns = access.concerns(access.open_case(self.cast[scene.role], self.number or ""), scene.facts.get("draft"))
        return draft_checks.answerable_by_name(concerns)

    def service_of_last_letter(self, scene: Scene) -> Mapping[str, object]:
        letter = access.letters(access.open_case(self.cast[scene.role], self.number or ""))[0]
        return {"letter": letter.number, "recipients": tuple(copy.role for copy in letter.copies)}

    def replacements(self, scene: Scene) -> str:
        return access.to_publish(access.open_case(self.cast[scene.role], self.number or "")).confirmed


def _as_sent(value: object) -> object:
    """Give a fact as the site takes it: an invented paper is an upload."""
    if isinstance(value, InventedPaper):
        return Upload(name=value.name, data=value.pdf(), kind=value.kind, dated_on=value.dated_on, ours=True)
    return tuple(map(_as_sent, value)) if isinstance(value, tuple) else value
