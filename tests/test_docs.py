"""The documents hold what they say: their links lead somewhere, their commands exist."""

import ast
import re
import shlex
import tomllib
from functools import cache
from pathlib import Path

import click
import pytest

from imr.cli import imr

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#[^)]*)?\)")
COMMAND = re.compile(r"^(?: {4}|\$ )(?:\.venv/bin/)?imr (.+)$|`imr ([^`]+)`", re.MULTILINE)
TARGET = re.compile(r"(?:^ {4}|`)make ([a-z]+)", re.MULTILINE)

#: What a document names by its path: in the tree from its root, or from the package.
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/?)`")
PLACES = (ROOT, ROOT / "src" / "imr")
FOLDERS = {path.name for place in PLACES for path in place.iterdir() if path.is_dir()}
FILES = {path.name for place in ("", "src/**/", "tests/**/", "tools/**/") for path in ROOT.glob(f"{place}*.*")}
WRITTEN_LATER = {"docs/measured.md"}  # `make long` writes it, and no release has run it yet


#: A name of the code, such as `law.rule.Known` or `Case.dates`; the record of changes names what once was.
DOTTED = re.compile(r"`([A-Za-z_]+(?:\.[A-Za-z_]+)+)(?:\([^`]*\))?`")
ENDINGS = {
    "conf",
    "csv",
    "db",
    "html",
    "ics",
    "in",
    "js",
    "json",
    "jsonl",
    "md",
    "pdf",
    "py",
    "toml",
    "tsv",
    "txt",
    "typ",
    "xml",
}


def named(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(document):
    linked = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if link]
    assert [link for link in linked if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.name != "CHANGELOG.md"], ids=named)
def test_every_path_that_a_document_names_exists(document):
    missing = []
    for path in PATH.findall(document.read_text(encoding="utf-8")):
        if "/" in path.rstrip("/") and path.split("/")[0] in FOLDERS:
            exists = any((place / path).exists() for place in PLACES) or path in WRITTEN_LATER
        else:
            exists = path in FILES if path.endswith(".py") else True
        if not exists:
            missing.append(path)
    assert missing == []


@cache
def defined():
    """Each module by the ends of its dotted name, and each class, with the names that it defines or imports."""
    found = {}
    for place in (ROOT / "src", ROOT / "tools", ROOT / "benchmarks"):
        for path in place.rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            parts = tuple(part for part in parts if part not in ("src", "__init__"))
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = set(bound(tree))
            if path.name == "__init__.py":
                names |= {other.stem for other in path.parent.iterdir()}
            for first in range(len(parts)):
                found.setdefault(parts[first:], set()).update(names)
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    found.setdefault((node.name,), set()).update(bound(node))
    return found


def bound(node):
    """The names that the body of a module or class binds, also on `self`."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield inner.name
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            yield inner.attr
        elif isinstance(inner, ast.alias):
            yield (inner.asname or inner.name).split(".")[0]


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.name != "CHANGELOG.md"], ids=named)
def test_every_name_of_the_code_that_a_document_names_exists(document):
    missing = []
    for name in DOTTED.findall(document.read_text(encoding="utf-8")):
        parts = tuple(name.split("."))
        if parts[-1] in ENDINGS or parts in defined():
            continue
        if not any(parts[-1] in defined().get(parts[first:-1], ()) for first in range(len(parts) - 1)):
            missing.append(name)
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_exists_with_its_options(document):
    for found in COMMAND.finditer(document.read_text(encoding="utf-8")):
        words = shlex.split((found[1] or found[2]).split("#")[0].replace("'", ""))
        command: click.Command = imr
        context = click.Context(imr)
        while isinstance(command, click.Group) and words:
            command = command.get_command(context, words[0])
            assert command is not None, found[0]
            words = words[1:]
        if command.context_settings.get("ignore_unknown_options"):  # hands its options on to Django
            continue
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        asked = {word.split("=")[0].strip("[],.;") for word in words if word.startswith("--")}
        assert asked - {"--help"} <= known, found[0]


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_target_of_make_exists(document):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(TARGET.findall(document.read_text(encoding="utf-8"))) <= targets


def test_the_readme_has_its_two_commands_first():
    first = re.findall(r"^ {4}(make \w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first[:2] == ["make run", "make test"]


def test_the_python_that_the_readme_asks_for_is_the_one_that_is_declared():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert f"Python {declared.removeprefix('>=')} or later" in (ROOT / "README.md").read_text(encoding="utf-8")
