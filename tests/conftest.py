"""Where the material outside the project stands, and what is skipped without it."""

import gc
import os
import shutil
from pathlib import Path

import pytest
from tests import budgets
from tests.measured import Measured

budgets.register()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes what was measured."""
    parser.addoption("--measured", metavar="PAGE", type=Path, help="write results and figures as a page of Markdown")


def pytest_configure(config: pytest.Config) -> None:
    """Collect what is measured, in the process that sees every result; see whether this kernel confines readers of files."""
    if hasattr(config, "workerinput"):
        return
    if page := config.getoption("--measured"):
        config.pluginmanager.register(Measured(page), "measured")
    from imr.records import sandbox

    if (
        sandbox.measure().open
    ):  # files are read all the same here, and tests/records/test_confinement.py says what is open
        os.environ.setdefault("IMR_SANDBOX", "partial")


def pytest_collectstart() -> None:
    """Leave the garbage collector out until everything is imported and collected: all of that stays."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the properties, so that `make long` finds them; begin with the longest tests, so that no process waits for one at the end.

    Those of a running site are all in the part that the first process begins with: they share one.
    """
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.property)
    items.sort(key=lambda item: not LONGEST & set(item.path.relative_to(ROOT / "tests").parts))


def pytest_collection_finish() -> None:
    """Let the garbage collector look more rarely, and not at what was imported and collected: a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish() -> None:
    """Let it look at everything again: libraries report what is left when the interpreter ends."""
    gc.unfreeze()


ROOT = Path(__file__).resolve().parent.parent
#: The folders whose tests take longest.
LONGEST = {"browser", "whole"}
SHARED = Path(os.environ.get("IMR_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def letters_folder() -> Path:
    """The published letters, which quote licensed guidelines and so stand outside the project."""
    folder = SHARED / "letters"
    if not (folder / "letters.csv").exists():
        pytest.skip(f"the published letters are not at {folder}; set IMR_SHARED to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def reports_folder() -> Path:
    """The sample clinical reports, which are not ours to copy."""
    folder = SHARED / "records"
    if not (folder / "index.csv").exists():
        pytest.skip(f"the sample reports are not at {folder}; set IMR_SHARED to the folder that holds them")
    return folder


#: How many invented letters the corpus of the tests holds.
INVENTED = 300


@pytest.fixture(scope="session")
def invented_corpus(tmp_path_factory) -> Path:
    """Invented letters as a corpus with its index, of which nine in ten uphold; nobody writes into it."""
    from imr.corpus.build import build
    from imr.corpus.indexing import rebuild
    from imr.examples import write_letters

    work = tmp_path_factory.mktemp("invented")
    write_letters(work / "letters", INVENTED)
    build(work / "letters", work / "corpus", workers=1)
    rebuild(work / "corpus")
    return work / "corpus"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, Debian's by preference; the one without windows takes half the processor time of the other."""
    path = os.environ.get("IMR_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None
    )
    if path is None:
        pytest.skip("no Chromium on this machine: apt install chromium")
    return path
