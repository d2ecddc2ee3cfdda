"""Late is a finding; nothing is invalid by it."""

from tests.factories.world import World

from imr.case.state import Stage
from imr.case.timeliness import findings
from imr.law.terms import Role


def rules(world: World) -> dict[str, bool]:
    return {finding.rule: finding.holds for finding in findings(world.case, world.today)}


def test_a_quick_case_is_in_time_throughout():
    world = World().until(Stage.PUBLISHED)
    assert rules(world) == {
        "app-time-standard": True,
        "assign-notice": True,
        "rec-elec": True,
        "det-time-standard": True,
    }
    world.wait(30)
    assert rules(world)["impl-authorize"] is False
    world.do("report-implementation")
    assert rules(world)["impl-authorize"] is False


def test_a_late_determination_is_issued_all_the_same():
    world = World().until(Stage.UNDER_REVIEW).wait(90)
    assert rules(world)["det-time-standard"] is False
    world.until(Stage.ISSUED)
    late = [finding for finding in findings(world.case, world.today) if not finding.holds]
    assert [finding.rule for finding in late] == ["det-time-standard"]
    assert "valid and binding" in str(late[0])


def test_what_is_open_counts_once_it_is_late():
    world = World().until(Stage.ASSIGNED)
    assert "rec-elec" not in rules(world)
    assert rules(world.wait(30))["rec-elec"] is False
    world.do("withdraw-application")
    assert "rec-elec" not in rules(world)


def test_records_of_the_employee_are_not_those_that_are_owed():
    world = World().until(Stage.ASSIGNED)
    world.do("receive-records", Role.EMPLOYEE)
    assert rules(world.wait(30))["rec-elec"] is False


def test_a_case_that_has_not_begun_has_no_findings():
    world = World()
    assert findings(world.case, world.today) == ()
