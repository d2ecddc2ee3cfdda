"""What history names is never deleted, by one click or at all; and a reviewer who cannot sign in is given no case."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from tests.factories import story

from imr.case.state import Stage
from imr.errors import Refused
from imr.web import access, accounts, actions
from imr.web.actions import panel
from imr.web.models import CaseRow, DocumentRow, OrganizationRow, PersonRow, ReviewerRow
from imr.web.store import reviewers


@pytest.fixture
def people(db):
    return story.cast()


@pytest.fixture
def chief(people):
    """An administrator of accounts, signed in with a second factor."""
    accounts.make("chief@example.com", story.PASSWORD, administrator=True)
    found = PersonRow.objects.get(email="chief@example.com")
    accounts.give_second_factor(found)
    return story.client(found)


def test_every_key_between_our_tables_protects_what_it_names():
    keys = [
        field
        for model in apps.get_app_config("imr").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and not field.auto_created
    ]
    assert len(keys) > 8
    assert {
        f"{key.model.__name__}.{key.name}" for key in keys if key.remote_field.on_delete is not models.PROTECT
    } == set()


def test_a_reviewer_of_a_case_is_not_deleted_in_the_administration_and_all_pages_stay(people, chief):
    number = story.to(Stage.REVIEWER_ASSIGNED, people)
    PersonRow.objects.filter(reviewer="R00001").update(reviewer=None)  # administrators gave the account to nobody
    coordinator = people["coordinator"]
    accounts.give_second_factor(coordinator)
    office = story.client(coordinator)
    for reviewer in ("R00001", "R00002"):  # one has a case, the other an account
        page = office.post(f"/panel/reviewers/{reviewer}/", {"send": "remove"}).content.decode()
        assert "names this reviewer, who stays" in page
    assert chief.post("/panel/reviewers/R00001/", {"send": "remove"}).status_code == 404
    assert ReviewerRow.objects.count() == 2
    assert office.get("/panel/").status_code == 200
    assert access.case(access.open_case(coordinator, number))


def test_what_was_entered_by_mistake_and_nothing_names_is_deleted_one_at_a_time(people, chief):
    ReviewerRow.objects.create(id="R00003", facts=ReviewerRow.objects.first().facts)
    OrganizationRow.objects.create(name="Entered twice")
    accounts.give_second_factor(people["coordinator"])
    assert story.client(people["coordinator"]).post("/panel/reviewers/R00003/", {"send": "remove"}).status_code == 302
    entered = OrganizationRow.objects.get(name="Entered twice")
    office = OrganizationRow.objects.get(name=story.ADMINISTRATOR)
    address = "/administration/organizations/"
    chief.post(address, {"remove": entered.pk})
    assert "Accounts or cases name" in chief.post(address, {"remove": office.pk}, follow=True).content.decode()
    assert not ReviewerRow.objects.filter(pk="R00003").exists()
    assert list(OrganizationRow.objects.filter(name__in=["Entered twice", story.ADMINISTRATOR])) == [office]


def test_the_database_itself_deletes_nothing_that_history_names(people):
    number = story.to(Stage.REVIEWER_ASSIGNED, people)
    CaseRow.objects.filter(number=number).update(reviewer="")  # a shadow may be wrong; the history is asked too
    PersonRow.objects.filter(reviewer="R00001").update(reviewer=None)
    for rows in (
        ReviewerRow.objects.filter(pk="R00001"),
        DocumentRow.objects.filter(case=number),
        PersonRow.objects.filter(pk=people["coordinator"].pk),
        OrganizationRow.objects.filter(name=story.ADMINISTRATOR),
    ):
        with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
            rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonRow.objects.filter(pk=people["coordinator"].pk)._raw_delete("default")


def test_a_reviewer_who_is_gone_all_the_same_is_said_and_stops_no_page(people):
    number = story.to(Stage.REVIEWER_ASSIGNED, people)
    CaseRow.objects.filter(number=number).update(reviewer="R00009")
    accounts.give_second_factor(people["coordinator"])
    assert reviewers.no_longer_cleared() == ((number, "R00009", ("the panel has no reviewer R00009 any more",)),)
    assert "no reviewer R00009 any more" in story.client(people["coordinator"]).get("/panel/").content.decode()


@pytest.mark.parametrize("why", ["inactive", "no role", "no password", "no account"])
def test_a_reviewer_who_cannot_sign_in_is_not_proposed_and_not_assigned(people, why):
    account = PersonRow.objects.get(reviewer="R00001")
    account.is_active = why != "inactive"
    if why == "no role":
        account.roles, account.reviewer = [], None
    if why == "no account":
        account.reviewer = None
    if why == "no password":
        account.set_unusable_password()
    account.save()
    number = story.to(Stage.RECORDS_COMPLETE, people)
    coordinator = people["coordinator"]
    _, lines, *_ = panel.day(coordinator)
    assert [line.member.id for line in lines] == ["R00002"]
    found = access.candidates(access.open_case(coordinator, number), (story.SPECIALTY,)).candidates
    assert {one.member.id: one.available for one in found} == {"R00001": False, "R00002": True}
    with pytest.raises(Refused, match="cannot sign in"):
        actions.perform(
            "assign-reviewer", coordinator, number, {"reviewer": "R00001", "specialties": (story.SPECIALTY,)}
        )
    accounts.give_second_factor(coordinator)
    assert "cannot sign in" in story.client(coordinator).get("/panel/").content.decode()
