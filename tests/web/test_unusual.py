"""Unusual numbers in the audit log are told to the privacy officers, once a day, without a name."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from tests.factories import story

from imr.case.state import Stage
from imr.web import access, actions
from imr.web.access import AuditAction
from imr.web.models import PersonRow, ViewRow
from imr.web.platform import clock
from imr.web.store import notifications


@pytest.fixture
def officer(people):
    from django.contrib.auth.models import Permission

    person = PersonRow.objects.create(email="priva@example.com", name="Priva Officer", is_staff=True)
    person.user_permissions.add(Permission.objects.get(content_type__app_label="imr", codename="view_viewrow"))
    return person


def mails():
    notifications.send_pending()
    return [(message.to, message.subject, message.body) for message in mail.outbox if "unusual" in message.subject]


@pytest.fixture
def strict(settings):
    settings.UNUSUAL = {"cases": 1, "exports": 2, "refusals": 3, "failures": 4}
    return settings.UNUSUAL


def test_unusual_numbers_are_told_to_the_privacy_officers_once(people, officer, strict):
    nosy = people["coordinator"]
    for _ in range(4):
        access.log_request(nosy, AuditAction.REFUSED, thing="cases:case")
        access.log_request(people["quality"], AuditAction.EXPORT, thing="audit:export")
    access.log_request(people["intake"], AuditAction.REFUSED)
    done = actions.run_maintenance()
    assert done["unusual activities told"] == 2
    alerts = ViewRow.objects.filter(action="alert").order_by("thing")
    assert [(row.thing, row.person) for row in alerts] == [("exports", people["quality"]), ("refusals", nosy)]
    assert alerts[1].detail == "4 addresses refused within an hour; at most 3 are usual"
    ((to, _, text),) = mails()
    assert to == [officer.email]
    assert "4 addresses refused" in text
    assert "4 files taken" in text
    assert nosy.email not in text
    assert nosy.name not in text or not nosy.name
    assert actions.run_maintenance()["unusual activities told"] == 0, "not again on the same day"


def test_different_cases_count_and_looks_at_one_case_do_not(people, officer, strict):
    number = story.to(Stage.UNDER_REVIEW, people)
    client = story.client(people["physician"])
    for _ in range(3):
        assert client.get(f"/cases/{number}/").status_code == 200
    found = {(each.kind, each.person) for each in actions.unusual_activity()}
    assert ("cases", people["physician"].pk) not in found
    for other in ("CM26-0000901", "CM26-0000902"):
        ViewRow.objects.create(at=clock.now(), person=people["physician"], role="x", case=other, thing="case")
    found = {(each.kind, each.person) for each in actions.unusual_activity()}
    assert ("cases", people["physician"].pk) in found


def test_sign_ins_that_failed_without_an_account_are_told_too_and_to_administrators_where_nobody_is_an_officer(
    people, strict
):
    boss = PersonRow.objects.create(email="adam@example.com", is_staff=True, is_superuser=True)
    for each in range(5):
        access.log_failed_sign_in(f"nobody{each}@example.com")
    assert actions.tell_unusual_activity() == 1
    assert ViewRow.objects.get(action="alert").person is None
    ((to, _, text),) = mails()
    assert to == [boss.email]
    assert "nobody signed in: 5 sign-ins that failed" in text
    assert "No account is a privacy officer" in text


def test_an_hour_is_an_hour_when_the_clock_is_set_back(people, strict):
    at = datetime(2027, 11, 7, 7, 45, tzinfo=UTC)  # 12:45 AM in California; the clock is set back at 2 AM
    with clock.frozen_at(at):
        for _ in range(4):
            access.log_request(people["coordinator"], AuditAction.REFUSED)
    with clock.frozen_at(at + timedelta(minutes=59)):
        assert [each.kind for each in actions.unusual_activity()] == ["refusals"]
    with clock.frozen_at(at + timedelta(minutes=105)):
        assert list(actions.unusual_activity()) == []


def test_what_is_usual_is_told_to_nobody(people, officer):
    access.log_request(people["coordinator"], AuditAction.REFUSED)
    assert actions.tell_unusual_activity() == 0
    assert mails() == []
