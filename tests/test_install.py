"""One way to install: uv installs what uv locked, on every machine, and nothing rests on what was released since."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[a-z0-9,_-]+\])?==\S+( ;.*)? \\$")


def _commands(target: str) -> list[str]:
    """What make would run on a machine that has nothing yet."""
    told = subprocess.run(
        ["make", "-n", "-B", target], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    return [line for line in told.splitlines() if " pip install " in line]


@pytest.mark.parametrize("part", ["run", "test", "bench", "audit"])
def test_pip_installs_uv_alone_and_uv_the_rest(part):
    by_pip, requirements, project = _commands(f".venv/{part}.stamp")
    assert "-m pip install" in by_pip
    assert by_pip.endswith("--require-hashes --only-binary :all: -r requirements/uv.txt")
    assert requirements.startswith(".venv/bin/uv pip install")
    assert requirements.endswith(f"--require-hashes -r requirements/{part}.txt")
    assert project.startswith(".venv/bin/uv pip install")
    assert "--no-deps --no-build-isolation" in project


def test_no_uv_of_the_machine_is_asked_for():
    assert "command -v uv" not in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("part", ["uv", "run", "test", "bench", "audit"])
def test_every_requirement_is_pinned_with_its_hash(part):
    lines = (ROOT / f"requirements/{part}.txt").read_text().splitlines()
    named = [at for at, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
    assert named
    assert [lines[at] for at in named if not PINNED.match(lines[at])] == []
    assert [lines[at] for at in named if "--hash=sha256:" not in lines[at + 1]] == []


def test_a_page_of_figures_that_is_there_already_is_no_place_to_look_for_tests():
    # As a word of its own the page, once it exists, is taken for a folder of tests, and the option is unknown.
    assert "--measured=$(MEASURED)" in (ROOT / "Makefile").read_text()


def test_each_word_that_ci_chooses_long_tests_by_names_some():
    words = re.search(r"-k \"([^\"]*)\"", (ROOT / ".ci/run").read_text())[1].split(" or ")
    long = [path for path in (ROOT / "tests").rglob("test_*.py") if "pytest.mark.long" in path.read_text()]
    assert len(words) > 5
    for word in words:
        assert [path for path in long if word in path.name or word in path.read_text()], word
