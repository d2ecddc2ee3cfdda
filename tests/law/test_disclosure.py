"""Who may see what, role by thing, written out in full: a line a thing, a column a role."""

import pytest

from imr.law.disclosure import Thing, may_see
from imr.law.terms import Role

#: employee, attorney, administrator, physician, intake, coordinator, reviewer, quality, division, public, clock
MATRIX = {
    Thing.APPLICATION: "xxxxxxxxx..",
    Thing.UR_DECISION: "xxxxxxxxx..",
    Thing.NOTICE: "xxxxxx.xx..",
    Thing.TIMELINE: "xxxxxxxxx..",
    Thing.RECORD_LIST: "xxxxxxxxx..",
    Thing.MEDICAL_RECORD: "xxxxxxxxx..",
    Thing.MENTAL_HEALTH_RECORD: "..xxxxxxx..",
    Thing.INFORMATION_REQUEST: "xxxxxxxxx..",
    Thing.CONSENT_EXCLUSION: "xx..xxxx...",
    Thing.REFUSED_FILE: "....xx.....",
    Thing.REVIEWER_IDENTITY: ".....xxx...",
    Thing.REVIEWER_QUALIFICATIONS: "xxxxxxxxxx.",
    Thing.CONFLICT_SCREENING: ".....xxx...",
    Thing.PANEL_COMMITMENT: "xxxxxxxxxx.",
    Thing.DRAFT: "......xx...",
    Thing.QUALITY_NOTES: "......xx...",
    Thing.UNISSUED_DETERMINATION: ".....xxx...",
    Thing.REVIEWER_NOTES: "......x....",
    Thing.DETERMINATION: "xxxxxxxxx..",
    Thing.PUBLIC_DETERMINATION: "xxxxxxxxxx.",
    Thing.FEE: "..x.xx.xx..",
    Thing.EVENT_CHAIN: "xxxxxx.xx..",
    Thing.SERVICE_RECORD: "....xx.xx..",
    Thing.SIGNATURE: ".....xxxx..",
}


@pytest.mark.parametrize("thing", Thing)
def test_the_matrix(thing: Thing) -> None:
    assert "".join("x" if may_see(role, thing) else "." for role in Role) == MATRIX[thing]


def test_every_answer_has_a_reason_and_a_source() -> None:
    for thing in Thing:
        for role in Role:
            finding = may_see(role, thing)
            assert finding.under
            assert role.value in finding.reason or thing.value in finding.reason


def test_mental_health_records_may_be_given_to_the_employee_by_a_setting() -> None:
    assert may_see(Role.EMPLOYEE, Thing.MENTAL_HEALTH_RECORD, mental_health_withheld=False)
    assert not may_see(Role.PUBLIC, Thing.MENTAL_HEALTH_RECORD, mental_health_withheld=False)


def test_a_reviewers_name_is_barred_by_law_and_not_by_the_house() -> None:
    for role in (Role.EMPLOYEE, Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN, Role.DIVISION, Role.PUBLIC):
        assert str(may_see(role, Thing.REVIEWER_IDENTITY).under[0]) == "Labor Code 4610.6(f)"
