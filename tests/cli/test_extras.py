"""What an extra brings is declared once, locked, and named to whoever lacks it."""

import ast
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from imr.cli.extras import EXTRAS, missing_extra

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
#: Asked for by `--scheduler` alone, which says itself what to install.
BY_ITSELF = {"dask"}


def declared(requirements):
    return {canonicalize_name(Requirement(one).name) for one in requirements} - {"imr"}


def imported():
    """The packages outside the standard library and this project that the source imports anywhere."""
    found = set()
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    return {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names) - {"imr"} - BY_ITSELF


def test_every_package_that_is_imported_comes_by_default_or_with_a_named_extra():
    light = declared(PROJECT["dependencies"])
    distributions = packages_distributions()
    named = {module for modules in EXTRAS.values() for module in modules}
    unnamed = {m for m in imported() if not {canonicalize_name(d) for d in distributions[m]} & light} - named
    assert unnamed == set()


@pytest.mark.parametrize("extra", EXTRAS)
def test_each_module_is_listed_under_the_extra_that_declares_it(extra):
    distributions = packages_distributions()
    for module in EXTRAS[extra]:
        ours = {canonicalize_name(name) for name in distributions[module]}
        declaring = {name for name, needed in PROJECT["optional-dependencies"].items() if ours & declared(needed)}
        assert declaring <= {extra}, module


def test_everything_that_is_declared_is_locked_in_a_version_that_fits():
    pinned = {}
    for line in (ROOT / "requirements/run.txt").read_text().splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            name, _, version = line.rstrip(" \\").partition("==")
            pinned[canonicalize_name(name.partition("[")[0])] = version.partition(" ")[0]
    every = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]
    for one in map(Requirement, every):
        if one.name != "imr":
            assert one.specifier.contains(pinned[canonicalize_name(one.name)]), one


@pytest.mark.parametrize("module", ["tantivy", "duckdb.typing"])
def test_a_missing_module_is_translated_to_its_extra(module):
    assert "[corpus]" in str(missing_extra(ModuleNotFoundError(name=module)))


def test_a_module_of_no_extra_is_not_explained_away():
    assert missing_extra(ModuleNotFoundError(name="imr.nothing")) is None
    assert missing_extra(ModuleNotFoundError()) is None


def test_a_command_without_its_extra_says_which():
    lacking = "import sys; sys.modules['tantivy'] = None; from imr.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", lacking, "corpus", "index", "."], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 9
    assert done.stderr.startswith("imr: this needs tantivy, which the extra [corpus] installs")
