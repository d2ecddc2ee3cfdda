"""What the long tests measured, as a page: a row a test, with the figures that it recorded by `record_property`."""

import os
import platform
import subprocess
from pathlib import Path

import pytest

_HEAD = """# What was measured

Written by `make long` from the results of its tests, which a release runs: {passed} passed, {failed} failed, {skipped} skipped.
Commit {commit}, Python {python}, {cores} cores. A figure in seconds is no promise: what is compared stands in `benchmarks/`.

| test | result | figures |
| --- | --- | --- |
"""


class Measured:
    """Collects the results of a run and writes them when it ends."""

    def __init__(self, page: Path) -> None:
        self.page = page
        self.results: dict[str, tuple[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result of a test; a failure of its fixtures is one too."""
        if report.when == "call" or not report.passed:
            figures = "; ".join(f"{name}: {value}" for name, value in report.user_properties)
            earlier = self.results.get(report.nodeid, ("passed", ""))[0]
            self.results[report.nodeid] = (
                "failed" if "failed" in (earlier, report.outcome) else report.outcome,
                figures,
            )

    def pytest_sessionfinish(self) -> None:
        """Write the page."""
        if not self.results:
            return
        outcomes = [outcome for outcome, _ in self.results.values()]
        head = _HEAD.format(
            **{kind: outcomes.count(kind) for kind in ("passed", "failed", "skipped")},
            commit=_commit(),
            python=platform.python_version(),
            cores=os.cpu_count(),
        )
        rows = (
            f"| `{_short(name)}` | {outcome} | {figures} |" for name, (outcome, figures) in sorted(self.results.items())
        )
        self.page.parent.mkdir(parents=True, exist_ok=True)
        self.page.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


def _short(name: str) -> str:
    return name.removeprefix("tests/").split("@")[0].replace("|", "¦")  # xdist adds the group behind an @


def _commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return told.stdout.strip() or "unknown"
