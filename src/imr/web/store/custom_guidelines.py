"""The organization's own guidelines: a folder of TOML files, read once, beside the register that everybody has.

`settings.GUIDELINES` names the folder; docs/guidelines.md describes the files. A file with an error is reported when the site
starts and shown to the review organization; the other files are used.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core import checks

from imr.errors import ImrError
from imr.guidelines import Guideline, Register, known_guidelines, read_licensed


@dataclass(frozen=True, slots=True)
class CustomGuidelines:
    """What the folder contains: its guidelines, each with the name of its file, and the errors in files."""

    guidelines: tuple[tuple[str, Guideline], ...] = ()
    problems: tuple[str, ...] = ()


def loaded() -> CustomGuidelines:
    """Return the content of the folder, read at the first call."""
    return _read(Path(settings.GUIDELINES))


def register() -> Register:
    """Return every guideline that the site knows: the register, and the organization's own."""
    return _register(Path(settings.GUIDELINES))


@cache
def _read(folder: Path) -> CustomGuidelines:
    found: list[tuple[str, Guideline]] = []
    problems = []
    for file in sorted(folder.glob("*.toml")):
        try:
            own = read_licensed(file.read_text(encoding="utf-8"))
        except (ImrError, OSError, UnicodeDecodeError) as error:
            problems.append(f"{file.name}: {error}")
            continue
        known_ids = {guideline.id: name for name, guideline in found}
        for guideline in own.guidelines:
            if guideline.id in known_ids:
                problems.append(f"{file.name}: {guideline.id} is in {known_ids[guideline.id]} too; that one is used")
            else:
                found.append((file.name, guideline))
    return CustomGuidelines(tuple(found), tuple(problems))


@cache
def _register(folder: Path) -> Register:
    own = Register(guideline for _, guideline in _read(folder).guidelines)
    return known_guidelines() | own


@checks.register
def files_are_sound(**_: object) -> list[checks.CheckMessage]:
    """Report at the start what is wrong with a file of guidelines."""
    hint = f"The files are in {settings.GUIDELINES}; docs/guidelines.md describes them. The other files are used."
    return [checks.Warning(problem, hint=hint, id="imr.W001") for problem in loaded().problems]
