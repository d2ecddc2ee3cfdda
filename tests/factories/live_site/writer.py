"""A writer of a site: takes steps with documents, and says each event that was acknowledged. Started by `test_restore`."""

import argparse
import itertools
import sys
import time

import django

django.setup()

from tests.factories import story  # noqa: E402

from imr.errors import Refused  # noqa: E402
from imr.web import actions  # noqa: E402
from imr.web.models import PersonRow  # noqa: E402
from imr.web.platform import clock  # noqa: E402
from imr.web.platform.authentication import SecondFactor  # noqa: E402


def people() -> dict[str, PersonRow]:
    found = {name: PersonRow.objects.get(email=email) for name, (_, email) in story.CAST.items()}
    for who in found.values():
        who.second_factor = SecondFactor(how="totp", at=clock.now())
    return found


def say(recorded) -> str:
    print(recorded.case, recorded.number, recorded.digest, flush=True)
    return str(recorded.case)


def write(seed: str, rounds: int) -> None:
    cast = people()
    for turn in itertools.count() if rounds < 0 else range(rounds):
        number = say(
            actions.perform(
                "receive-application",
                cast["intake"],
                None,
                {
                    "application": story.application(claim_number=f"WC-{seed}-{turn}"),
                    "ur_decision": story.upload(f"UR decision {seed} {turn}"),
                    "received_at": clock.now(),
                },
            )
        )
        story.confirm_parties(cast["intake"], number)
        say(story.decide_eligibility(cast["intake"], number))
        notice = story.upload(f"notice {seed} {turn}")
        say(actions.perform("assign-organization", cast["coordinator"], number, {"notice": notice}))
        time.sleep(0.5)  # what matters is that they write, not how much


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--cast", action="store_true")
    asked.add_argument("--seed", default="a")
    asked.add_argument("--rounds", type=int, default=-1)
    given = asked.parse_args()
    if given.cast:
        story.cast()
    try:
        write(given.seed, given.rounds)
    except Refused as refused:
        sys.exit(f"refused: {refused}")
