"""The glossary names rules, modules and classes that exist."""

import importlib
import re
from pathlib import Path

from imr.law import dates, days, eligibility, evidence, reviewers, rule, terms
from imr.law.register import find

TEXT = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
NAMES = re.findall(r"`([^`]+)`", TEXT)
#: Where a class that is named without its module stands.
MODULES = (terms, days, dates, eligibility, evidence, reviewers, rule, importlib.import_module("imr.determination"))


def test_its_rules_exist() -> None:
    rules = [name for name in NAMES if "-" in name]
    assert rules
    for name in rules:
        assert find(name).rule.id == name


def test_its_modules_and_what_they_hold_exist() -> None:
    for name in NAMES:
        *path, last = name.split(".")
        if name.startswith("law."):
            module = importlib.import_module(f"imr.{'.'.join(path)}") if len(path) > 1 else None
            assert hasattr(module, last) if module else importlib.import_module(f"imr.{name}"), name


def test_its_classes_and_their_members_exist() -> None:
    for name in NAMES:
        first, _, member = name.partition(".")
        if first[:1].isupper() and not first.isupper():
            holders = [getattr(module, first) for module in MODULES if hasattr(module, first)]
            assert holders, name
            assert not member or any(hasattr(holder, member) for holder in holders), name
