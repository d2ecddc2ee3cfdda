"""A package's face is light: whoever imports a value loads no solver, no numerical library, no database, no search index."""

import subprocess
import sys

import pytest

HEAVY = {"ortools", "highspy", "numpy", "duckdb", "tantivy", "pyarrow"}
VALUES = "from imr.panel import Absence, Candidate, Costs, PanelMember, PastAssignment, ReviewRequest, Shortage, Weights, candidates"


def loaded(statement: str) -> set[str]:
    """The heavy libraries that a fresh interpreter has loaded after the statement."""
    source = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    return set(ran.stdout.split()) & HEAVY


@pytest.mark.parametrize("statement", ["import imr.panel", "import imr.corpus", "import imr.examples", VALUES])
def test_importing_a_face_loads_nothing_heavy(statement):
    assert loaded(statement) == set()


def test_the_solvers_are_loaded_with_the_function_that_needs_them():
    assert {"ortools", "highspy", "numpy"} <= loaded("from imr.panel import assign")


def test_the_list_of_drugs_is_had_without_the_register_of_guidelines():
    source = "import sys, imr.records.facts; print('imr.guidelines.register' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout == "False\n"
    )


def test_a_name_that_panel_does_not_have_is_refused_by_its_name():
    import imr.panel

    with pytest.raises(AttributeError, match=r"'imr\.panel' has no attribute 'nothing'"):
        _ = imr.panel.nothing
