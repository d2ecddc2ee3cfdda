"""A whole day of the product: a real site after its first start, everybody at work at once, letters, mail, and two kills.

Nothing may answer 500, nothing may be lost, and what was acknowledged is counted in the database afterwards. The day's log is
written to `build/`: what happened when, in a page.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from tests.factories.live_site import plan
from tests.factories.live_site.day import Day
from tests.factories.live_site.mail_server import Postbox
from tests.factories.live_site.running import Site

from imr.case.steps import STEPS
from imr.law.terms import Role

ROOT = Path(__file__).parents[2]
INSIDE = str(ROOT / "tests" / "factories" / "live_site" / "inside.py")
#: How long maintenance may take to send what waits, after the last step: seconds.
SENDING = 300
#: How long a process to kill may take to be there: seconds.
STARTING = 30
#: Steps that more than one event may come of, or none.
WITHOUT_EVENT = {"save-draft"}
#: A doubt about a name would stop every case of the day until it is settled: tests/web/test_identity.py has one.
NOT_TODAY = {"settle-identity"}


class Log:
    """The log of a day: a line a thing that happened, with the second."""

    def __init__(self, name: str) -> None:
        self.file = ROOT / "build" / f"{name}.log"
        self.file.parent.mkdir(exist_ok=True)
        self.file.write_text("", encoding="utf-8")
        self.begun = time.monotonic()

    def __call__(self, said: str) -> None:
        """Write a line."""
        passed = int(time.monotonic() - self.begun)
        with self.file.open("a", encoding="utf-8") as log:
            log.write(f"{passed // 60:02d}:{passed % 60:02d}  {said}\n")


class Killer:
    """Kills a web worker when a third of the steps is done, and a process that makes letters at two thirds."""

    def __init__(self, site: Site, day: Day, mail: Postbox, log: Log) -> None:
        self.site, self.day, self.mail, self.log = site, day, mail, log
        self.steps = sum(len(case.moves) for case in day.cases)
        self.killed: list[str] = []
        self.told = 0

    def __call__(self) -> None:
        """Look at how far the day is, and do what is due."""
        done = self.day.taken.total()
        if self.day.through >= self.told + max(1, len(self.day.cases) // 4):
            self.told = self.day.through
            self.log(f"{self.told} of {len(self.day.cases)} cases are through, {done} steps taken")
        if done > self.steps // 3 and not self.killed:
            self._kill("web worker", self.site.web_workers)
        if done > self.steps * 2 // 3 and len(self.killed) == 1:
            self._kill("letter process", self.site.letter_workers)

    def _kill(self, what: str, processes: Callable[[], list[psutil.Process]]) -> None:
        asked = self.day.open_together(8)
        until = (
            time.monotonic() + STARTING
        )  # while the letters are made; a worker that is new has no letter process yet
        while not (found := processes()) and time.monotonic() < until:
            time.sleep(0.1)
        self.killed.append(what if found else f"no {what}")
        if found:
            found[-1].kill()
        for letter in asked:
            letter.result()
        self.log(f"killed: {self.killed[-1]}")


def live_through(count: int, name: str, folder: Path) -> tuple[Day, dict, Log]:
    """Live through a day of so many cases; the day, and what the database holds after it."""
    log = Log(name)
    with Postbox(folder) as mail, Site(**mail.environment) as site:
        log(f"first start: {len(site.web_workers())} web workers")
        secrets = json.loads(site.run(sys.executable, INSIDE, "people"))
        day = Day(site.url, secrets, plan.cases(count))
        day.sign_in()
        log(f"{len(day.people)} people have signed in; the mail server turns everything away for now")
        before = json.loads(_counted(site, []))["all cases"]
        mail.busy = True
        killer = Killer(site, day, mail, log)
        day.run(killer)
        begun = time.monotonic()
        while not mail.turned_away and time.monotonic() - begun < SENDING:
            time.sleep(1)  # until a round of maintenance has met the server that turns everything away
        mail.busy = False
        log(f"the day is over: {day.through} cases, {day.taken.total()} steps, {day.opened} letters opened meanwhile")
        same = _all_at_once(day)
        log(f"{len(same)} letters asked for at once")
        numbers = [number for case in day.cases for number in case.numbers]
        day.people["coordinator"].ask("POST", "/imro/mail/", data={"message": "all"})  # what was turned away
        begun = time.monotonic()
        while time.monotonic() - begun < SENDING:
            found = json.loads(_counted(site, numbers))
            if not found["unsent"] and not found["not told"]:
                break
            time.sleep(5)
        found |= {
            "before": before,
            "numbers": numbers,
            "killed": killer.killed,
            "received": Counter(name for name in mail.names() if name.split(".")[0][1:] in numbers),
            "turned away": mail.turned_away,
            "workers": len(site.web_workers()),
            "letter processes": len(site.letter_workers()),
            "said": site.said(),
        }
    for meeting, told in sorted(day.meetings.items()):
        log(f"{meeting}: {told['sent']} sent, {told['taken']} taken")
    log(
        f"counted: {len(found['cases'])} cases, {len(found['events'])} events, {found['papers'].get('draft', 0)} drafts, "
        f"{len(found['documents'])} documents, {len(found['mail'])} messages, of which {len(found['received'])} came"
    )
    log(f"answers: {dict(sorted(day.traffic.statuses.items()))}, {len(day.traffic.cut)} cut off by the kill")
    for problem in [*day.traffic.faults, *day.problems]:
        log(f"PROBLEM {problem[:300]}")
    return day, found, log


def _counted(site: Site, numbers: list[str]) -> str:
    import subprocess

    done = subprocess.run(
        [sys.executable, INSIDE, "count"],
        env=site.env,
        input=json.dumps(numbers),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _all_at_once(day: Day) -> list[str]:
    """Sixty-four letters at once, many of them the same: the same letter has the same bytes each time."""
    settled = [letter for letter in day.letters if "letter.pdf" not in letter[1]]
    came = [letter.result() for letter in day.open_together(64)]
    assert len(set(zip(came, [settled[at % len(settled)] for at in range(64)], strict=True))) == len(set(settled[:64]))
    return came


def insist(day: Day, found: dict, log: Log) -> None:
    """Nothing failed, nothing is lost, nothing is there twice."""
    told = log.file.read_text(encoding="utf-8")
    assert day.traffic.faults == [], told
    assert day.problems == [], told
    assert "Traceback" not in found["said"], found["said"][-4000:]
    assert found["killed"] == ["web worker", "letter process"], told
    assert found["workers"] == 2, told
    assert found["letter processes"] >= 1, told
    assert found["broken"] == [], told
    # cases
    assert sorted(found["cases"]) == sorted(found["numbers"]), told
    assert found["all cases"] == found["before"] + len(found["numbers"]), told
    # events
    kept = {(case, digest) for case, _, _, _, digest in found["events"]} | set(map(tuple, found["outside"]))
    # What an outsider does between the signature and the issue has no digest for them yet.
    assert [one for one in day.acknowledged if one["number"] and (one["case"], one["digest"]) not in kept] == [], told
    step_of = {event.kind: name for name, step in STEPS.items() for event in step.events}
    whose = {number: case.serial for case in day.cases for number in case.numbers}
    taken = Counter((whose[case], step_of[kind]) for case, _, by, kind, _ in found["events"] if by != Role.CLOCK.value)
    said: Counter[tuple[int, str]] = Counter()
    for (serial, step), n in day.taken.items():  # a kind of event that two steps give counts as one of them
        if step not in WITHOUT_EVENT:
            said[serial, step_of[STEPS[step].events[0].kind]] += n
    assert {key: n for key, n in taken.items() if key[1] not in WITHOUT_EVENT} == said, told
    # documents
    held = {(whose[case], digest) for case, digest in found["documents"]}
    assert [(c.serial, digest) for c in day.cases for digest in c.documents if (c.serial, digest) not in held] == []
    # messages
    assert found["unsent"] == 0, told
    assert found["doubled"] == [], told
    assert found["turned away"] > 0, told
    assert found["mail"].keys() == found["received"].keys(), told
    assert set(found["received"].values()) == {1}, told
    # letters: whom the site reaches was told by a message that came, and the case knows it
    assert found["told"] > 0, told
    assert found["not told"] == 0, told


@pytest.mark.long
def test_a_short_day_loses_nothing(tmp_path):
    insist(*live_through(6, "short-day", tmp_path))


@pytest.mark.long
def test_a_whole_day_loses_nothing(tmp_path, record_property):
    day, found, log = live_through(40, "whole-day", tmp_path)
    insist(day, found, log)
    by_people = {name for name, step in STEPS.items() if set(step.roles) != {Role.CLOCK}}
    assert {step for _, step in day.taken} - WITHOUT_EVENT == by_people - WITHOUT_EVENT - NOT_TODAY, (
        "every step is taken"
    )
    assert len(day.meetings) >= 10
    figures = {
        "cases": len(found["cases"]),
        "steps": day.taken.total(),
        "events": len(found["events"]),
        "documents": len(found["documents"]),
        "messages": len(found["mail"]),
        "letters opened": day.opened,
        "meetings": f"{len(day.meetings)} kinds, {sum(told['times'] for told in day.meetings.values())} in all",
        "cut off": len(day.traffic.cut),
    }
    for name, value in figures.items():
        record_property(name, value)
