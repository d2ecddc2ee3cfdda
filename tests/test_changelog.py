"""The changelog has the form of Keep a Changelog, short lines, and an entry for the declared version."""

import re
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_every_line_is_short():
    assert [line for line in LINES if len(line) > 120] == []


def test_every_version_has_its_day_the_newest_first():
    headed = [line for line in LINES if line.startswith("## ")]
    assert headed[0] == "## [Unreleased]"
    found = [re.fullmatch(r"## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", line) for line in headed[1:]]
    assert all(found)
    days = [date.fromisoformat(one[2]) for one in found]
    assert days == sorted(days, reverse=True)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert found[0][1] == version


def test_every_change_is_of_a_known_kind():
    assert {line.removeprefix("### ") for line in LINES if line.startswith("### ")} <= KINDS
