"""Duplicates are found by the system: shown to the office and the reviewer; a party learns of its own cases alone."""

from dataclasses import replace
from datetime import date

import pytest
from tests.factories import story

from imr.case.likeness import dispute
from imr.case.state import Stage
from imr.identity import NameMatch
from imr.law.terms import Role
from imr.web import access, accounts, actions
from imr.web.models import CaseRow
from imr.web.platform.formatting import to_initial
from imr.web.portals.application.wizard import PAGES

BORN = date(1971, 3, 9)


@pytest.fixture
def people(db):
    found = story.cast()
    for name in ("intake", "coordinator", "quality", "reviewer"):
        accounts.give_second_factor(found[name])
    return found


def born(**changed):
    form = story.application()
    return {"employee": replace(form.employee, born_on=BORN, **changed)}


def test_the_same_application_twice_is_shown_to_the_office_and_not_to_strangers(people):
    first = story.receive(people, **born())
    second = story.receive(people, **born(first_name="ADA", email="another@example.com"), attorney=None)
    found = access.alike(access.open_case(people["intake"], second))
    (line,) = found.duplicates
    assert (line.case, line.employee, line.likeness.answer) == (first, "Ada Invented", NameMatch.SAME)
    assert "the same claim number" in line.likeness.because
    for name in ("coordinator", "quality"):
        assert [one.case for one in access.alike(access.open_case(people[name], second)).duplicates] == [first]
    office = story.client(people["intake"])
    for page in (f"/cases/{second}/", f"/cases/{second}/decide-eligibility/"):
        text = office.get(page).content.decode()
        assert "About the same decision:" in text, page
        assert f'href="/cases/{first}/"' in text, page
    code = actions.name_party(people["intake"], second, Role.EMPLOYEE, people["other employee"].email)
    actions.accept_invitation(people["other employee"], code)
    assert not access.alike(access.open_case(people["other employee"], second)), "the first case is a stranger's"
    assert (
        "About the same decision"
        not in story.client(people["other employee"]).get(f"/cases/{second}/").content.decode()
    )
    assert [one.case for one in access.alike(access.open_case(people["physician"], second)).duplicates] == [first], (
        "has both"
    )
    assert not access.alike(access.open_case(people["division"], second))


def test_its_reviewer_and_quality_see_it_and_the_reviewer_no_name(people):
    first = story.receive(people, **born())
    number = story.to(Stage.QUALITY, people)
    (line,) = access.alike(access.open_case(people["reviewer"], number)).duplicates
    assert (line.case, line.employee) == (first, "")
    page = story.client(people["reviewer"]).get(f"/cases/{number}/").content.decode()
    assert first in page
    assert f'href="/cases/{first}/"' not in page
    assert first in story.client(people["quality"]).get(f"/cases/{number}/pass-draft/").content.decode()


def test_it_is_said_before_an_application_is_sent(people):
    first = story.receive(people, **born())
    form = story.application(**born(first_name="Áda"))
    typed = {
        name: "on" if value is True else str(value)
        for name, value in to_initial(form).items()
        if value not in ("", False, ())
    }
    typed |= {"page": "pace", "go": ""}
    assert PAGES[-1].name == "sign"
    office = story.client(people["intake"])
    text = office.post("/imro/apply/", typed).content.decode()
    assert f'href="/cases/{first}/" target="_blank"' in text
    asked = dispute(form.employee, form.claim_number, form.ur_decided_on, [one.description for one in form.treatments])
    assert [line.case for line in access.alike_to(people["employee"], asked, Role.EMPLOYEE).duplicates] == [first]
    assert not access.alike_to(people["other employee"], asked, Role.EMPLOYEE)
    assert not access.alike_to(people["other employee"], asked, Role.INTAKE), (
        "who is not intake is not told what intake is"
    )


def test_finding_reads_no_history_and_a_bounded_number_of_rows(people, django_assert_num_queries):
    number = story.receive(people, **born())
    row = CaseRow.objects.get(number=number)
    CaseRow.objects.bulk_create(
        CaseRow(
            number=f"X-{n:04}",
            events=1,
            stage="RECEIVED",
            changed_at=row.changed_at,
            received_at=row.received_at,
            employee=row.employee,
            claim="" if n % 2 else row.claim,
            born_on=BORN,
            names=row.names,
            treatments=row.treatments,
            ur_decided_on=row.ur_decided_on,
        )
        for n in range(300)
    )
    with django_assert_num_queries(3) as asked:
        found = access.alike(access.open_case(people["intake"], number))
    assert (len(found.duplicates), found.more) == (50, True)
    assert 'INSERT INTO "imr_viewrow"' in asked.captured_queries[-1]["sql"], "who looked is logged"
    assert not [one for one in asked.captured_queries if "eventrow" in one["sql"]]
