"""One list of drugs: every name once, and no second list anywhere in the product."""

import re
from pathlib import Path

import pytest

import imr.guidelines
from imr.guidelines.citation import read_basis
from imr.guidelines.doses import drugs, names_of
from imr.guidelines.drug_list import DRUG_NAMES
from imr.guidelines.drugs import drug_class
from imr.records.facts import MEDICINES

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "imr"
#: Drugs by name where the names are no list of drugs: what counts as first-line care, and invented cases.
NO_LISTS = {"checks/documented_topics.py", "examples/clinic.py", "panel/simulation/docket.py"}


def test_every_name_is_listed_once():
    names = [entry.name for entry in DRUG_NAMES]
    assert len(names) == len(set(names)) > 1000
    assert [entry for entry in DRUG_NAMES if not entry.generic or not re.fullmatch(r"[a-z0-9#-]+", entry.name)] == []


def test_a_generic_name_is_generic():
    generic = {entry.name: entry.generic for entry in DRUG_NAMES}
    assert {name for name in generic.values() if generic.get(name, name) != name} == set()


@pytest.mark.parametrize(
    ("name", "generic", "filed", "is_fact"),
    [
        ("norco", "hydrocodone", "Opioids", True),
        ("botox", "onabotulinumtoxina", "", True),
        ("pennsaid", "diclofenac", "Topical Analgesics", False),
        ("plavix", "clopidogrel", "Anti-coagulant", True),
        ("tylenol-#3", "codeine", "Opioids", False),
    ],
)
def test_each_reader_has_its_view(name, generic, filed, is_fact):
    (entry,) = [entry for entry in DRUG_NAMES if entry.name == name]
    assert (entry.generic, entry.drug_class) == (generic, filed)
    assert (name in MEDICINES) is is_fact
    assert (drug_class(name.replace("-", " ")) or ("",))[0] == filed
    assert (name in names_of(generic)) is entry.has_compared_doses


def test_several_names_of_a_drug_are_one():
    assert {mention.drug for mention in drugs("Norco 10/325, Vicodin, hydrocodone")} == {"hydrocodone"}


def test_no_other_module_lists_drugs():
    names = {entry.name for entry in DRUG_NAMES if len(entry.name) > 5}
    listing = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if len(names.intersection(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))) > 12
    }
    assert listing == {"guidelines/drug_list.py", *NO_LISTS}


def test_the_face_of_the_package_loads_its_names_alone():
    assert imr.guidelines.read_basis is read_basis
    assert all(hasattr(imr.guidelines, name) for name in imr.guidelines.__all__)
    with pytest.raises(AttributeError, match=r"'imr\.guidelines' has no attribute 'nothing'"):
        _ = imr.guidelines.nothing
