"""Try the table of `CONTRIBUTING.md`: each of its rows has a stored change, `tools/changes/ROW.patch`.

A change is tried in a scratch copy of the last commit. First the part in the files of the column "its test" is applied: the
test must fail. Then the rest: the test must pass, and no file may have changed but those that the row names.

A patch is made by `git diff -U1`. Lines before its first `diff` may say `Select: EXPRESSION`, which goes to `pytest -k`.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Self

from tools.documents import GENERATED

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "CONTRIBUTING.md"
PATCHES = Path(__file__).resolve().parent
#: The commands that write files, as a row names them: what they run, and where they write.
WRITERS = {
    "make docs": (("-m", "tools.documents", "--write"), tuple(GENERATED)),
    "make goldens": (("-m", "tests.golden.write"), ("tests/golden/",)),
}
_ROW = re.compile(r"^\| `([a-z-]+)` \|([^|]+)\|([^|]+)\|([^|]+)\|$", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")


class ChangeError(Exception):
    """A row that is not true, with what happened instead."""


@dataclass(frozen=True)
class Row:
    """A row of the table. A folder ends in a slash.

    `opens` are the files to open; `others` are files that a change of the same kind may be in instead, named in brackets;
    `tests` are the files of its test; `writers` are commands that write further files.
    """

    name: str
    wants: str
    opens: tuple[str, ...]
    others: tuple[str, ...]
    tests: tuple[str, ...]
    writers: tuple[str, ...]

    @property
    def patch(self) -> Path:
        """The stored change."""
        return PATCHES / f"{self.name}.patch"

    @property
    def select(self) -> Sequence[str]:
        """The choice of tests that the patch asks for, as pytest takes it."""
        found = re.match(r"Select: (.+)", self.patch.read_text(encoding="utf-8"))
        return ("-k", found[1]) if found else ()

    def files(self) -> set[str]:
        """Give the paths that the patch changes."""
        return set(re.findall(r"^diff --git a/\S+ b/(\S+)$", self.patch.read_text(encoding="utf-8"), re.MULTILINE))

    def made(self) -> set[str]:
        """Give an example of what each of the row's commands writes."""
        return {WRITERS[writer][1][0] for writer in self.writers}

    def differences(self, changed: Iterable[str]) -> list[str]:
        """Say what was changed and is not named, and what is named and was not changed."""
        written = [path for writer in self.writers for path in WRITERS[writer][1]]
        left, found = {*self.opens, *self.tests, *self.writers}, []
        for path in sorted(changed):
            named = [
                one for one in (*self.opens, *self.tests) if path == one or (one[-1] == "/" and path.startswith(one))
            ]
            made = [writer for writer in self.writers if any(path.startswith(one) for one in WRITERS[writer][1])]
            left -= {*named, *made}
            if not named and not any(path.startswith(one) for one in written):
                found.append(f"{path} changed and is not named")
        left -= {
            test for test in self.tests if Path(test).name.startswith("test_")
        }  # a test may hold for every entry of a table
        return found + [f"{one} is named and did not change" for one in sorted(left)]


def rows() -> tuple[Row, ...]:
    """Give the rows of the table."""
    found = []
    for name, wants, opens, tests in _ROW.findall(TABLE.read_text(encoding="utf-8")):
        others = " ".join(re.findall(r"\([^)]*\)", opens))
        writers = tuple(one for one in _CODE.findall(opens) if one in WRITERS)
        found.append(
            Row(name, wants.strip(), _paths(re.sub(r"\([^)]*\)", "", opens)), _paths(others), _paths(tests), writers)
        )
    return tuple(found)


def _paths(cell: str) -> tuple[str, ...]:
    """Give the paths of a cell, from the root of the tree; the table names those of the package without `src/imr`."""
    named = [one for one in _CODE.findall(cell) if "/" in one or Path(one).suffix]
    return tuple(one if (ROOT / one).exists() else f"src/imr/{one}" for one in named)


class ScratchCopy:
    """A copy of the last commit in a folder of its own, which ends with the `with` block."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="imr-change-")
        self.root = Path(self._folder.name) / "copy"

    def __enter__(self) -> Self:
        """Make the copy, with its generated documents up to date."""
        head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True).strip()
        subprocess.run(["git", "clone", "-q", "-n", "-s", str(ROOT), str(self.root)], check=True)
        self.git("checkout", "-q", "--detach", head)
        self.python(*WRITERS["make docs"][0])
        self.git("add", "-A")
        self.git(
            "-c", "user.name=change", "-c", "user.email=change@invalid", "commit", "-q", "--allow-empty", "-m", "Begin"
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the copy."""
        self._folder.cleanup()

    def git(self, *words: str) -> str:
        """Run git in the copy; give what it prints. Raises ChangeError where it fails."""
        return self._run(["git", *words])

    def python(self, *words: str) -> str:
        """Run Python in the copy, on the packages of the copy. Raises ChangeError where it fails."""
        return self._run([sys.executable, *words])

    def failure(self, row: Row) -> str:
        """Run the tests of a row; give what failed, or nothing. Raises ChangeError where there is no test to run.

        A file whose tests cannot be collected fails too: a row of `tests/law/*.toml` may name a rule that is not there yet.
        """
        files = [one for one in row.tests if Path(one).name.startswith("test_")]
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *files, *row.select]
        done = self._start(command)
        if done.returncode not in (0, 1, 2):  # passed, failed, could not be collected
            raise ChangeError(f"the tests did not run: {done.stdout[-2000:]}{done.stderr[-1000:]}")
        return done.stdout[-1500:] if done.returncode else ""

    def changed(self) -> set[str]:
        """Give the paths that differ from the last commit, new ones included."""
        self.git("add", "-A")
        return set(self.git("diff", "--cached", "--name-only", "--no-renames").split())

    def reset(self) -> None:
        """Take back all changes."""
        self.git("reset", "-q", "--hard")
        self.git("clean", "-fdq")

    def _run(self, command: list[str]) -> str:
        done = self._start(command)
        if done.returncode:
            raise ChangeError(f"{' '.join(command[1:4])}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def _start(self, command: list[str]) -> "subprocess.CompletedProcess[str]":
        paths = f"{self.root / 'src'}:{self.root}"
        env = environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=False)


def try_row(row: Row, copy: ScratchCopy) -> set[str]:
    """Try one row in a copy; give the paths that changed. Raises ChangeError where the row is not true."""
    copy.reset()
    tests = [f"{one}*" if one.endswith("/") else one for one in row.tests]
    copy.git("apply", "--recount", *(f"--include={one}" for one in tests), str(row.patch))
    if not copy.failure(row):
        raise ChangeError("its test passes before the change")
    copy.git("apply", "--recount", *(f"--exclude={one}" for one in tests), str(row.patch))
    for writer in dict.fromkeys(("make docs", *row.writers)):
        copy.python(*WRITERS[writer][0])
    if failure := copy.failure(row):
        raise ChangeError(f"its test fails after the change: {failure}")
    changed = copy.changed()
    if differences := row.differences(changed):
        raise ChangeError("; ".join(differences))
    return changed


def main(names: Sequence[str]) -> int:
    """Try the rows of these names, or all; print one line for each; return 1 where one is not true."""
    known = {row.name: row for row in rows()}
    if not names or (unknown := [name for name in names if name not in known and name != "--all"]):
        print(f"usage: tools/try_change ROW... | --all; the rows are {', '.join(known)}", file=sys.stderr)
        if names:
            print(f"no such row: {', '.join(unknown)}", file=sys.stderr)
        return 2
    failed = 0
    with ScratchCopy() as copy:
        for row in known.values() if "--all" in names else [known[name] for name in names]:
            try:
                print(f"ok      {row.name}: {', '.join(sorted(try_row(row, copy)))}", flush=True)
            except ChangeError as error:
                failed += 1
                print(f"FAILED  {row.name}: {error}", flush=True)
    return min(failed, 1)
