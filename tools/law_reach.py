"""What reaches each rule of law: the modules outside `imr.law` whose code leads to a function that applies the rule.

Names are followed through the source: a function of `imr.law` reaches a rule that its body names, and what that body calls.
The command line, the invented examples and the register of rules are no roots: they apply nothing to a case.

    python -m tools.law_reach     lists the rules that nothing reaches, and the dates of a case that no event sets
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from imr.law.dates import CaseDates
from imr.law.register import ENTRIES
from imr.law.rule import Rule

SOURCE = Path(__file__).parents[1] / "src" / "imr"
#: Folders and modules from which no case is decided.
_NO_ROOTS = ("law", "cli", "examples")

#: A name in a module: ("imr.law.time_limits", "determination").
Name = tuple[str, str]


@dataclass
class Module:
    """The names that a module defines and imports, and the names that each definition uses."""

    name: str
    imports: dict[str, Name] = field(default_factory=dict)
    uses: dict[str, set[Name]] = field(default_factory=lambda: defaultdict(set))
    functions: set[str] = field(default_factory=set)


def _parse(path: Path) -> Module:
    parts = ("imr", *path.relative_to(SOURCE).with_suffix("").parts)
    module = Module(".".join(parts).removesuffix(".__init__"))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("imr"):
            for alias in node.names:
                module.imports[alias.asname or alias.name] = (node.module, alias.name)
    defined = {name for node in tree.body for name in _defines(node)}
    for node in tree.body:
        for name in _defines(node) or ("",):
            if not isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr):
                module.functions.add(name)
            module.uses[name] |= set(_used(node, module, defined))
    return module


def _defines(node: ast.stmt) -> tuple[str, ...]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.Assign):
        return tuple(each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name))
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return (node.target.id,)
    return ()


def _used(node: ast.stmt, module: Module, defined: set[str]) -> Iterator[Name]:
    # The id of a rule is its name, and names nothing that is applied.
    only_named = {
        id(each.value) for each in ast.walk(node) if isinstance(each, ast.Attribute) and each.attr in ("id", "title")
    }
    for each in ast.walk(node):
        if id(each) in only_named:
            continue
        if isinstance(each, ast.Name):
            if each.id in module.imports:
                yield module.imports[each.id]
            elif each.id in defined:
                yield (module.name, each.id)
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            package, name = module.imports.get(each.value.id, ("", ""))
            if package and (SOURCE.parent / f"{package}.{name}".replace(".", "/")).with_suffix(".py").is_file():
                yield (f"{package}.{name}", each.attr)
            elif package:
                yield (package, name)


@cache
def modules() -> Mapping[str, Module]:
    """Every module of the product that imports the law, by its name."""
    paths = sorted(SOURCE.rglob("*.py"))
    return {module.name: module for module in map(_parse, (path for path in paths if b"imr.law" in path.read_bytes()))}


def _home(name: Name) -> Name:
    """Follow a name that a module only imports to the module that defines it."""
    seen: set[Name] = set()
    while name not in seen and name[0] in modules():
        seen.add(name)
        module = modules()[name[0]]
        if name[1] in module.uses or name[1] not in module.imports:
            break
        name = module.imports[name[1]]
    return name


@cache
def _reached_from(module: str) -> frozenset[Name]:
    """The definitions of `imr.law` to which the code of a module outside leads."""
    open_names = {_home(name) for uses in modules()[module].uses.values() for name in uses}
    reached: set[Name] = set()
    while open_names:
        name = open_names.pop()
        if name in reached or not name[0].startswith("imr.law") or name[0] == "imr.law.register":
            continue
        reached.add(name)
        if name[0] in modules():
            open_names |= {_home(used) for used in modules()[name[0]].uses.get(name[1], ())}
    return frozenset(reached)


@cache
def _constants() -> Mapping[str, Name]:
    """The constant of each rule of the register, by the id of the rule."""
    import importlib

    rules = {id(entry.rule): entry.rule for entry in ENTRIES}
    found: dict[str, Name] = {}
    for module in modules():
        if not module.startswith("imr.law.") or module == "imr.law.register":
            continue
        for name, value in vars(importlib.import_module(module)).items():
            if isinstance(value, Rule) and id(value) in rules:
                found.setdefault(value.id, _home((module, name)))
    return found


@cache
def reached_by() -> Mapping[str, tuple[str, ...]]:
    """Map each rule to the modules outside `imr.law` that lead to it; a rule that nothing reaches maps to none."""
    roots = [name for name in modules() if name.split(".")[1:2] and name.split(".")[1] not in _NO_ROOTS]
    found: dict[str, tuple[str, ...]] = {}
    for entry in ENTRIES:
        applies = {_constants().get(entry.rule.id), (entry.function.__module__, entry.function.__name__)}
        found[entry.rule.id] = tuple(root for root in roots if applies & _reached_from(root))
    return found


def unreached() -> tuple[str, ...]:
    """Give the rules that nothing outside `imr.law` reaches, in the order of the register."""
    return tuple(rule for rule, by in reached_by().items() if not by)


def never_set() -> tuple[str, ...]:
    """Give the dates of a case that no event sets: a limit that starts with one never runs on the site."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((SOURCE / "case").rglob("*.py")))
    return tuple(one.name for one in fields(CaseDates) if not re.search(rf"\b{one.name}=", text))


if __name__ == "__main__":
    print("\n".join((*unreached(), "", *never_set())))
