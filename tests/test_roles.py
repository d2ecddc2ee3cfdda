"""The one table of roles: a row that is missing or not whole is refused at the start, and no other module lists roles."""

import ast
from dataclasses import fields, replace
from pathlib import Path

import pytest

from imr.case.steps import STEPS, insist_each_acts, steps_of
from imr.errors import ImrError
from imr.law import disclosure, roles
from imr.law.roles import ROLES, RoleEntry, RoleKind
from imr.law.terms import Role, Thing
from imr.web.portals.base import registry

SRC = Path(roles.__file__).parents[1]

#: Where more than one role is named in one value, and why that is no table of roles.
NAMED = {
    "case/notices/common.py": "the names on a letter, from the fields of the application",
    "case/scenario.py": "who takes each step of a played case",
    "case/steps": "who may take a step is declared with the step",
    "examples/stories.py": "the invented people",
    "law/afterwards.py": "whose time a provision gives",
    "law/assignment.py": "whom the notice of assignment must reach (8 CCR 9792.10.5)",
    "law/determination.py": "who must get the determination (LC 4610.6(f))",
    "law/disclosure.py": "whom the law bars from a thing",
    "law/records.py": "whose records a provision names",
    "law/roles.py": "the table",
    "law/time_limits.py": "whose time a provision gives",
    "web/demo_data.py": "the invented people",
    "web/management/commands/demo.py": "the invented people",
    "web/portals/application/wizard.py": "who signed, from the role of who applies",
    "web/portals/base/stage_texts.py": "whose turn it is at a stage",
    "web/portals/organization/portal.py": "whose queue a stage belongs to",
    "web/store/cases.py": "the parties, from the fields of the application",
}


def change(role: Role, **columns: object) -> dict[Role, RoleEntry]:
    return ROLES | {role: replace(ROLES[role], **columns)}


def test_a_row_leaves_no_column_out():
    whole = {field.name: getattr(ROLES[Role.INTAKE], field.name) for field in fields(RoleEntry)}
    for name in set(whole) - {"represents"}:
        with pytest.raises(TypeError, match=name):
            RoleEntry(**{column: value for column, value in whole.items() if column != name})


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        ({role: entry for role, entry in ROLES.items() if role is not Role.DIVISION}, "says nothing of DIVISION"),
        (change(Role.DIVISION, second_factor=False), "DIVISION .* needs a second factor"),
        (change(Role.REVIEWER, second_factor=False), "REVIEWER .* needs a second factor"),
        (change(Role.QUALITY, portal=""), "QUALITY has no portal"),
        (change(Role.PUBLIC, portal="public"), "PUBLIC has a portal and no account"),
        (change(Role.CLOCK, label=""), "CLOCK has no label"),
    ],
)
def test_a_role_that_is_not_wholly_declared_is_refused_at_the_start(declared, named):
    with pytest.raises(ImrError, match=named):
        roles.insist_declared(declared)


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        (change(Role.DIVISION, by_house=frozenset({Thing.REVIEWER_IDENTITY})), "bars DIVISION from REVIEWER_IDENTITY"),
        (change(Role.PUBLIC, by_house=frozenset({Thing.MEDICAL_RECORD})), "bars PUBLIC from MEDICAL_RECORD"),
        (change(Role.INTAKE, by_law=frozenset({Thing.DRAFT})), "INTAKE sees DRAFT by law, and UNDER cites none"),
        (change(Role.REVIEWER, by_house=frozenset()), "lets nobody see REVIEWER_NOTES"),
    ],
)
def test_what_a_row_says_is_seen_is_held_against_the_law(declared, named):
    with pytest.raises(ImrError, match=named):
        disclosure.insist_lawful(declared)


def test_a_thing_of_which_no_law_is_entered_is_refused_at_the_start(monkeypatch):
    monkeypatch.setattr(disclosure, "UNDER", {Thing.DRAFT: ()})
    with pytest.raises(ImrError, match="cites no law for APPLICATION"):
        disclosure.insist_lawful(ROLES)


def test_a_portal_without_a_role_and_a_role_without_its_portal_are_refused_at_the_start():
    titles = {info.name: info.title for info in registry.PORTAL_INFO}
    with pytest.raises(ImrError, match="no role for the portal auditor"):
        registry.portals(titles | {"auditor": "Audit"})
    with pytest.raises(ImrError, match="no portal 'dwc' for DIVISION"):
        registry.portals({name: title for name, title in titles.items() if name != "dwc"})
    assert roles.of_portal("auditor") == ()


def test_a_step_is_for_roles_that_act_and_each_of_them_has_one():
    with pytest.raises(ImrError, match="open-remand is for PUBLIC"):
        replace(STEPS["open-remand"], roles=(Role.PUBLIC,))
    with pytest.raises(ImrError, match="no step is for QUALITY"):
        insist_each_acts({name: step for name, step in STEPS.items() if Role.QUALITY not in step.roles})
    assert not steps_of(Role.PUBLIC)


def test_the_sets_of_roles_follow_from_the_table():
    assert roles.EMPLOYEE_SIDE == (Role.EMPLOYEE, Role.EMPLOYEE_ATTORNEY)
    assert roles.STAFF == (Role.INTAKE, Role.COORDINATOR)
    assert roles.OFFICE == (Role.INTAKE, Role.COORDINATOR, Role.QUALITY)
    assert (*roles.OFFICE, Role.DIVISION) == roles.EVERY_CASE
    assert set(roles.SECOND_FACTOR) == {*roles.EVERY_CASE, Role.REVIEWER}
    assert all(ROLES[role].kind is RoleKind.PARTY for role in roles.PARTIES)


def test_no_other_module_lists_roles():
    """Eleven modules held parts of this table once: labels, portals, sets of roles, who needs a second factor."""
    found = set()
    for file in SRC.rglob("*.py"):
        place = file.relative_to(SRC)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
                inner = [one for one in ast.walk(node) if isinstance(one, ast.Attribute)]
                names = {one.attr for one in inner if isinstance(one.value, ast.Name) and one.value.id == "Role"}
                if len(names & set(Role.__members__)) > 1:
                    found.add("case/steps" if place.parent.as_posix() == "case/steps" else place.as_posix())
    assert found <= set(NAMED), f"a table of roles beside law/roles.py: {sorted(found - set(NAMED))}"
