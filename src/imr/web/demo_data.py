"""The demo cases of a first start: stories of `imr.examples`, played on the site by invented people.

Each story goes up to one step, and was received so many days ago that the step lies in the past.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from imr import examples
from imr.examples import Scene, Story
from imr.law.reviewers import Reviewer
from imr.law.terms import Role
from imr.web import access, accounts, actions
from imr.web.actions import publish_to_corpus
from imr.web.platform import clock
from imr.web.platform.authentication import needs_second_factor
from imr.web.platform.environment import is_production
from imr.web.site_player import SitePlayer
from imr.web.store.documents import Upload


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A case to play: the seed of its story, how many days ago it was received, and the last step that was taken."""

    seed: int
    days_ago: int
    last: str


#: A case at each stage where one person waits for another.
CASES = (
    DemoCase(1, 1, "receive-application"),
    DemoCase(2, 4, "decide-eligibility"),
    DemoCase(3, 8, "assign-organization"),
    DemoCase(4, 16, "complete-records"),
    DemoCase(5, 16, "assign-reviewer"),
    DemoCase(6, 18, "attest-independence"),
    DemoCase(7, 20, "submit-draft"),
    DemoCase(8, 23, "pass-draft"),
    DemoCase(9, 24, "sign-determination"),
    DemoCase(10, 30, "issue-determination"),
    DemoCase(11, 50, "publish-determination"),
    DemoCase(12, 55, "publish-determination"),
)
#: Whose cases these are: the index in `CASES` of each employee's case.
EMPLOYEES = {"employee@example.org": 5, "employee2@example.org": 9}
REVIEWER = 5

#: How many determinations the collection of a first start has.
LETTERS = 500

#: The accounts of a first start: role, address.
STAFF = {
    Role.INTAKE: "intake@example.org",
    Role.COORDINATOR: "coordinator@example.org",
    Role.QUALITY: "quality@example.org",
    Role.DIVISION: "division@example.org",
}
PARTIES = {
    Role.EMPLOYEE_ATTORNEY: "attorney@example.org",
    Role.CLAIMS_ADMINISTRATOR: "administrator@example.org",
    Role.REQUESTING_PHYSICIAN: "physician@example.org",
}
#: Two, because one confirms what the other asks for.
ADMINISTRATORS = ("accounts@example.org", "accounts2@example.org")


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account, shown at start-up."""

    role: str
    email: str
    second_factor: bool


def accounts_of_demo() -> tuple[Account, ...]:
    """Return the accounts of a first start."""
    listed = [(email, role.value) for role, email in (*STAFF.items(), *PARTIES.items())]
    listed += [(email, f"{Role.EMPLOYEE.value} ({what})") for email, what in zip(EMPLOYEES, _WHOSE, strict=True)]
    listed += [("reviewer@example.org", Role.REVIEWER.value), *((email, "accounts") for email in ADMINISTRATORS)]
    return tuple(
        Account(role, email, needs_second_factor(accounts.person(email)))
        for email, role in listed
        if accounts.has(email)
    )


_WHOSE = ("a case under review", "a case that is decided")


@transaction.atomic
def begin(password: str) -> None:
    """Make the accounts, the panel and the cases: all of them, or none. Invented people get no mail."""
    stories = [_story(case) for case in CASES]
    panel = (*(story.reviewer for story in stories), *examples.panel(20, clock.today(), seed=1000))
    accounts.enter_panel(panel)
    hashed = accounts.encode_password(password)
    people = {
        role: accounts.make(email, hashed, role, encoded=True) for role, email in (*STAFF.items(), *PARTIES.items())
    }
    reviewers = _reviewers([stories[REVIEWER].reviewer, *panel], hashed)
    for reviewer in reviewers.values():
        accounts.give_invented_key(reviewer)
    employees = {place: accounts.make(email, hashed, Role.EMPLOYEE, encoded=True) for email, place in EMPLOYEES.items()}
    bosses = [accounts.make(email, hashed, administrator=True, encoded=True) for email in ADMINISTRATORS]
    for place, story in enumerate(stories):
        cast = people | {Role.REVIEWER: reviewers[story.reviewer.id]}
        parties = {role: people[role] for role in PARTIES}
        if place in employees:
            parties[Role.EMPLOYEE] = employees[place]
        play(story, cast, parties)
    for person in (*people.values(), *reviewers.values(), *bosses):
        if needs_second_factor(person):
            accounts.give_second_factor(person)
    actions.suppress_pending_mail()


def give_signing_keys() -> int:
    """Give the reviewers of a demo site that an older version made their keys; return how many had none."""
    if is_production() or not settings.INVENTED_PASSWORD.exists():
        return 0
    return accounts.give_invented_keys()


def collect() -> None:
    """Make a collection of invented determinations, so that searching and counting can be tried from the first start."""
    examples.write_letters(settings.LETTERS, LETTERS)
    publish_to_corpus.update_corpus()


def _story(case: DemoCase) -> Story:
    received = clock.today() - timedelta(days=case.days_ago)
    return examples.case(case.seed, received).until(case.last)


def _reviewers(panel: list[Reviewer], hashed: str) -> dict[str, access.Person]:
    """Make an account for each reviewer: the first, with the plain address, is the one who has a case to review."""
    ids = dict.fromkeys(reviewer.id for reviewer in panel)
    return {
        number: accounts.make(
            f"reviewer{'' if place == 0 else place + 1}@example.org",
            hashed,
            Role.REVIEWER,
            reviewer=number,
            encoded=True,
        )
        for place, number in enumerate(ids)
    }


def play(story: Story, cast: Mapping[Role, access.Person], parties: Mapping[Role, access.Person]) -> None:
    """Play a story at its own days, by these people; its parties get the case on their list."""
    _DemoPlayer(cast=cast, parties=parties, number=story.number).play(story.scenes)


class _DemoPlayer(SitePlayer):
    """Plays the scenes of a story on the site, each at its own moment."""

    def take(self, scene: Scene) -> None:
        """Take a step with the clock at its moment."""
        if scene.step == "assign-reviewer":  # the story names its reviewer, whoever the panel would have put first
            reason = Upload(name="reason.txt", data=b"The invented story asks for this reviewer.", ours=True)
            scene = replace(scene, facts={**scene.facts, "reason": reason})
        with clock.frozen_at(scene.at):
            super().take(scene)
