"""The backup and the restore of docs/operations.md, as they are printed, while two writers write."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.factories.live_site import postgresql as postgres

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "tests" / "factories" / "live_site"
#: Most seconds that one command may take on a machine that does much else.
PATIENCE = 600


def printed(heading: str) -> list[str]:
    """The blocks of commands under a heading of the page."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    chapter = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```\n(.*?)^```$", chapter, re.DOTALL | re.MULTILINE)


class Site:
    """A home, perhaps with a PostgreSQL of one's own, and what is run in it."""

    def __init__(self, home: Path, backup: Path, database: dict[str, str]) -> None:
        home.mkdir(exist_ok=True)
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("IMR_", "DATABASE_"))},
            "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "src", ROOT))),
            "DJANGO_SETTINGS_MODULE": "imr.web.settings",
            "IMR_HOME": str(home),
            "BACKUP": str(backup),
            "SECRETS": str(backup.with_name("secrets")),
        } | database

    def shell(self, commands: str, **more: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands], cwd=ROOT, env=self.environ | more, capture_output=True,
            text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def writer(self, *words: str, **more) -> subprocess.Popen:
        command = [sys.executable, str(SCRIPTS / "writer.py"), *words]
        return subprocess.Popen(command, cwd=ROOT, env=self.environ, text=True, start_new_session=True, **more)

    def audited(self) -> dict:
        return json.loads(self.shell(f"python {SCRIPTS / 'audit.py'}").splitlines()[-1])


@contextmanager
def writers(site: Site, folder: Path):
    """Two processes that write, and a look at what was acknowledged so far."""
    files = [folder / f"acknowledged-{seed}" for seed in "xy"]
    both = []
    for seed, file in zip("xy", files, strict=True):
        with file.open("w") as said, file.with_suffix(".err").open("w") as problems:
            both.append(site.writer("--seed", seed, stdout=said, stderr=problems))

    def acknowledged() -> list[str]:
        lines = [line for file in files for line in file.read_text().splitlines(keepends=True)]
        return [line.strip() for line in lines if line.endswith("\n")]

    def wait_for(count: int) -> list[str]:
        until = time.monotonic() + PATIENCE
        while len(acknowledged()) < count:
            assert all(one.poll() is None for one in both), [file.with_suffix(".err").read_text() for file in files]
            assert time.monotonic() < until
            time.sleep(0.5)
        return acknowledged()

    try:
        yield wait_for
    finally:
        for one in both:
            os.killpg(one.pid, signal.SIGTERM)
            one.wait()


@contextmanager
def databases(kind: str):
    """The settings of two databases: none for the embedded ones, each in its home."""
    if kind == "embedded":
        yield {}, {}
        return
    with postgres.server() as first, postgres.server() as second:
        yield first, second


@pytest.mark.long
@pytest.mark.parametrize("kind", ["embedded", "of one's own"])
def test_backup_and_restore_as_printed_hold_all_that_was_acknowledged(kind, tmp_path, record_property):
    folder = tmp_path
    folder.chmod(0o755)  # as root, the embedded server runs as another user, who has to reach its folder
    backup = folder / "backup"
    (backup_commands,), (restore_commands, statement) = printed("Backup"), printed("Restore")
    with databases(kind) as (first, second):
        site = Site(folder / "home", backup, first)
        site.shell("imr serve --empty --set-up-only")
        assert site.writer("--cast", "--rounds", "1").wait(PATIENCE) == 0
        with writers(site, folder) as wait_for:
            before = wait_for(6)
            site.shell(backup_commands)
            site.shell(backup_commands)  # a second backup into the same place takes what is new
            after = wait_for(len(wait_for(0)) + 6)
        last = site.audited()
        assert (last["broken"], last["lost"]) == ([], [])
        assert set(after) <= set(last["events"])
        numbers = sorted({line.split()[0] for line in last["events"]})

        again = Site(folder / "restored", backup, second)
        said = again.shell(restore_commands)
        found = again.audited()
        assert (found["broken"], found["lost"]) == ([], [])
        assert set(before) <= set(found["events"]) <= set(last["events"])
        assert len(found["events"]) < len(last["events"]), "the writers went on after the backup"
        assert found["unsent"] > found["due"] == 0, "mail that waited is held"
        assert "Messages held: none" not in said
        assert "Case numbers: held" in said
        refused = again.writer("--seed", "z", "--rounds", "1", stderr=subprocess.PIPE)
        assert "the last number that was given out is not stated yet" in refused.communicate(timeout=PATIENCE)[1]
        again.shell(statement, HIGHEST=numbers[-1])
        taken = again.writer("--seed", "z", "--rounds", "1", stdout=subprocess.PIPE)
        new = {line.split()[0] for line in taken.communicate(timeout=PATIENCE)[0].splitlines()}
        assert new
        assert min(new) > numbers[-1], "no number that somebody was told is given out again"
    record_property("events acknowledged before the backup", len(before))
    record_property("events restored", len(found["events"]))
    record_property("documents restored", found["documents"])
    shutil.rmtree(folder, ignore_errors=True)
