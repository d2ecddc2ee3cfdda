"""Withholding a record that was sent without its mark: who sees it before and after, and all that was made of it."""

import pytest
from django.http import Http404
from django.urls import reverse
from tests.factories import story
from tests.factories.case_file import read_all

from imr.case.digests import digest_of_bytes
from imr.web import access, accounts, actions
from imr.web.actions import bundling
from imr.web.models import DocumentRow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_pages")]


def seen(person, number):
    return {line.digest for line in access.file(access.open_case(person, number))}


def test_a_record_marked_later_is_gone_for_the_employee_with_all_that_was_made_of_it(people, filed):
    read_all()
    digest = next(line.digest for line in access.file(access.open_case(people["adjuster"], filed)) if line.pages == 2)
    actions.perform("complete-records", people["coordinator"], filed)
    bundling.bind_case_file(filed)
    bound = access.bound(access.open_case(people["employee"], filed))
    assert bound is not None
    page = reverse("cases:step", kwargs={"number": filed, "name": "withhold-record"})
    accounts.give_second_factor(people["coordinator"])
    client = story.client(people["coordinator"])
    shown = client.get(page).content.decode()
    assert "Progress report (PR-2), 2 pages" in shown
    assert "pharmacy" in shown.lower()
    sent = client.post(page, {"send": "1", "file": digest, "withheld": "on", "seen": ""}, follow=True)
    assert b"Done: Withhold" in sent.content, sent.content.decode()
    for name in ("employee", "attorney"):
        assert digest not in seen(people[name], filed)
        assert access.bound(access.open_case(people[name], filed)) is None
        with pytest.raises(Http404):
            access.record(access.open_case(people[name], filed), digest)
    for name in ("adjuster", "physician", "coordinator"):
        assert digest in seen(people[name], filed)
        assert access.bound(access.open_case(people[name], filed)) is not None
    assert "withheld now" in client.get(page).content.decode()
    actions.perform("withhold-record", people["coordinator"], filed, {"file": digest, "withheld": False})
    assert digest in seen(people["employee"], filed)
    assert access.bound(access.open_case(people["employee"], filed)) is not None
    assert not DocumentRow.objects.filter(case=filed, mental_health=True).exists()


def test_no_party_withholds_what_was_sent(people, filed):
    for name in ("adjuster", "physician", "employee"):
        page = reverse("cases:step", kwargs={"number": filed, "name": "withhold-record"})
        assert story.client(people[name]).get(page).status_code == 404


@pytest.mark.parametrize("step", ["withhold-record", "mark-consent-exclusion"])
def test_an_office_that_may_not_take_the_step_is_asked_nothing(people, number, step):
    accounts.give_second_factor(people["quality"])
    shown = story.client(people["quality"]).get(reverse("cases:step", kwargs={"number": number, "name": step}))
    assert shown.status_code == 200
    assert b'name="file"' not in shown.content


def test_what_somebody_sent_and_marked_does_not_vanish_from_their_own_list(people, filed):
    mine = story.upload("my own therapy notes", mental_health=True)
    actions.perform("receive-records", people["employee"], filed, {"records": (mine,)})
    digest = digest_of_bytes(mine.data)
    assert digest in seen(people["employee"], filed)
    assert digest in {line.digest for line in access.documents(access.open_case(people["employee"], filed))}
    assert access.document(access.open_case(people["employee"], filed), digest).data == mine.data
    assert digest not in seen(people["attorney"], filed), "another's record stays withheld"
    assert digest in seen(people["physician"], filed)


def test_withholding_is_a_setting_of_the_organization_shown_as_unverified(people, filed, settings):
    marked = story.upload("therapy notes of another", mental_health=True)
    actions.perform("receive-records", people["adjuster"], filed, {"records": (marked,)})
    digest = digest_of_bytes(marked.data)
    accounts.give_second_factor(people["coordinator"])
    page = reverse("cases:step", kwargs={"number": filed, "name": "withhold-record"})
    for withheld in (True, False):
        settings.MENTAL_HEALTH_WITHHELD = withheld
        assert (digest in seen(people["employee"], filed)) is not withheld
        shown = story.client(people["coordinator"]).get(page).content.decode()
        assert ("is withheld from the employee" in shown) is withheld
        if withheld:
            assert "not verified in the text of the law" in shown
