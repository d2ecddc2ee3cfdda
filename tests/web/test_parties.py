"""Who becomes a party of a case: who files it, and whom intake accepts; no right by a typed address or a typed name."""

import re
from dataclasses import replace
from datetime import datetime
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from tests.factories import story
from tests.factories.forms import posted

from imr.case.context import CALIFORNIA
from imr.errors import ImrError, Refused
from imr.law.terms import Role
from imr.web import access, accounts, actions
from imr.web.models import MembershipRow, OutboxRow, PartyRow, ProposalRow
from imr.web.platform import clock
from imr.web.store import cases as rows

VICTIM = "victim@example.com"
#: The code of an invitation, as intake is shown it.
CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


@pytest.fixture
def people(db):
    found = story.cast()
    for name in ("intake", "coordinator", "quality"):
        accounts.give_second_factor(found[name])
    return found


def filed(people, by="intake", **employee):
    """An application on which nobody has accepted anybody yet; its number."""
    form = story.application()
    form = replace(form, employee=replace(form.employee, **employee))
    office = {"received_at": clock.now()} if by == "intake" else {}
    return actions.perform(
        "receive-application",
        people[by],
        None,
        {"application": form, "ur_decision": story.upload("UR decision"), **office},
    ).case


def waiting(people, number):
    return {line.role: line for line in access.case_parties(access.open_case(people["intake"], number)).waiting}


def test_no_account_gets_a_case_by_an_address_that_it_has_not_proven(people):
    """An account puts somebody else's address in place of its own; then a case with that address comes in."""
    thief = people["other employee"]
    EmailAddress.objects.create(user=thief, email=VICTIM, verified=False)
    browser = story.client(thief, factor="")
    assert browser.post("/account/email/", {"action_primary": "", "email": VICTIM}).status_code == 404
    thief.refresh_from_db()
    assert thief.email == story.CAST["other employee"][1], "an address that is not proven is not the account's"
    type(thief).objects.filter(pk=thief.pk).update(email=VICTIM)  # as it could be had before the upgrade
    number = filed(people, email=VICTIM)
    assert Role.EMPLOYEE not in waiting(people, number)
    assert access.cases(thief) == ()
    (line,) = (
        one
        for one in access.case_parties(access.open_case(people["intake"], number)).on_paper
        if one.role is Role.EMPLOYEE
    )
    assert (line.name, line.email, line.proposed) == ("Ada Invented", VICTIM, False)
    EmailConfirmationHMAC(EmailAddress.objects.get(user=thief, email=VICTIM)).confirm(browser.get("/").wsgi_request)
    assert "has verified the address victim@example.com" in waiting(people, number)[Role.EMPLOYEE].why
    assert access.cases(thief) == (), "and even then it is for intake to say"


def test_a_typed_name_or_address_proposes_and_gives_nothing_until_intake_accepts(people):
    number = filed(people)
    names = {
        Role.EMPLOYEE: "employee",
        Role.EMPLOYEE_ATTORNEY: "attorney",
        Role.REQUESTING_PHYSICIAN: "physician",
        Role.CLAIMS_ADMINISTRATOR: "adjuster",
    }
    proposed = waiting(people, number)
    assert set(proposed) == set(names)
    assert not MembershipRow.objects.filter(case=number).exists()
    for role, name in names.items():
        with pytest.raises(Http404):
            access.case(access.open_case(people[name], number))
        for other in ("employee", "coordinator", "quality", "other adjuster"):
            with pytest.raises(Http404):
                actions.settle_proposal(people[other], number, proposed[role].id, accepted=True)
    assert not OutboxRow.objects.filter(person=people["employee"]).exists()
    refused = proposed.pop(Role.REQUESTING_PHYSICIAN)
    actions.settle_proposal(people["intake"], number, refused.id, accepted=False)
    for role, line in proposed.items():
        story.invite(people["intake"], number, line.id)
        assert access.roles_in(people[names[role]], number) == (role,)
        assert OutboxRow.objects.filter(case=number, person=people[names[role]]).count() == 1
    with pytest.raises(Http404):
        access.case(access.open_case(people["physician"], number))
    with pytest.raises(Refused, match="accepted already"):
        actions.settle_proposal(people["intake"], number, proposed[Role.EMPLOYEE].id, accepted=False)
    story.decide_eligibility(people["intake"], number)
    actions.look_for_cases(people["physician"])
    assert waiting(people, number) == {}, "what was refused is not proposed again"
    assert [line.role for line in access.case_parties(access.open_case(people["intake"], number)).on_paper] == [
        Role.REQUESTING_PHYSICIAN
    ]
    row = ProposalRow.objects.get(pk=refused.id)
    assert (row.accepted, row.settled_by) == (False, people["intake"])


def test_the_day_on_which_a_proposal_was_settled_is_that_of_california(people):
    with clock.frozen_at(datetime(2026, 12, 1, 20, 0, tzinfo=CALIFORNIA)):  # in Greenwich it is December 2
        number = filed(people)
        proposal = waiting(people, number)[Role.EMPLOYEE].id
        actions.settle_proposal(people["intake"], number, proposal, accepted=True)
        with pytest.raises(Refused, match="accepted already, on December 1, 2026"):
            actions.settle_proposal(people["intake"], number, proposal, accepted=False)


def test_who_files_is_a_party_at_once_and_a_name_that_may_be_one_is_proposed(people):
    form = story.application()
    office = replace(form.administrator, company="FICTIVE  CLAIMS, Inc.")
    number = actions.perform(
        "receive-application",
        people["employee"],
        None,
        {"application": replace(form, administrator=office), "ur_decision": story.upload("UR decision")},
    ).case
    assert access.roles_in(people["employee"], number) == (Role.EMPLOYEE,)
    proposed = waiting(people, number)
    assert Role.EMPLOYEE not in proposed
    assert story.ADMINISTRATOR in proposed[Role.CLAIMS_ADMINISTRATOR].who
    with pytest.raises(Http404):
        access.case_parties(access.open_case(people["employee"], number))


def test_nobody_settles_who_they_are_themselves(people):
    clerk, other = _two_hats(people)
    number = _filed_by_another(people, clerk)
    (line,) = (one for one in access.case_parties(access.open_case(other, number)).waiting if one.role is Role.EMPLOYEE)
    for settle in (
        lambda: actions.settle_proposal(clerk, number, line.id, accepted=True),
        lambda: actions.settle_proposal(clerk, number, line.id, accepted=False),
        lambda: actions.name_party(clerk, number, Role.EMPLOYEE, clerk.email),
    ):
        with pytest.raises(Http404):
            settle()
    actions.settle_proposal(other, number, line.id, accepted=False)
    with pytest.raises(Refused, match="yourself"):
        actions.name_party(clerk, number, Role.EMPLOYEE, clerk.email)
    MembershipRow.objects.create(case=number, role=Role.EMPLOYEE.value, person=clerk, since=clock.now())
    with pytest.raises(Http404):
        actions.name_party(clerk, number, Role.EMPLOYEE_ATTORNEY, people["other attorney"].email)
    assert [one.case for one in access.party_lists(clerk).waiting] == []
    assert access.parties_waiting(clerk) == 0


@pytest.mark.parametrize("office", [Role.INTAKE, Role.COORDINATOR, Role.QUALITY, Role.DIVISION])
def test_who_is_proposed_as_a_party_is_no_office_in_the_case_until_somebody_else_has_settled_it(people, office):
    strangers = story.receive(people)
    clerk, other = _two_hats(people, office)
    number = _filed_by_another(people, clerk)
    assert access.roles_in(clerk, number) == ()
    assert [line.number for line in access.cases(clerk)] == [strangers]
    assert (access.proposed_in(clerk), access.numbers_as(clerk, office, [number, strangers])) == ({number}, {strangers})
    assert actions.offers(clerk, number) == ()
    with pytest.raises(Http404):
        actions.perform("withdraw-application", clerk, number, {"reason": "because I can"})
    (line,) = (one for one in access.case_parties(access.open_case(other, number)).waiting if one.role is Role.EMPLOYEE)
    actions.settle_proposal(other, number, line.id, accepted=False)
    assert access.roles_in(clerk, number) == (office,), "a stranger again"
    ProposalRow.objects.filter(pk=line.id).update(settled_at=None, settled_by=None, accepted=None)
    code = actions.settle_proposal(other, number, line.id, accepted=True)
    assert access.roles_in(clerk, number) == (), "invited, and of no office meanwhile"
    actions.accept_invitation(clerk, code)
    assert access.roles_in(clerk, number) == (Role.EMPLOYEE,)
    assert access.proposed_in(clerk) == set()


def test_who_enters_an_application_of_their_own_is_told_why_its_case_is_closed_to_them(people):
    clerk, _ = _two_hats(people)
    form = story.application()
    typed = posted(replace(form, employee=replace(form.employee, email=clerk.email)))
    typed |= {"page": "sign", "send": "1", "receipt": "STAMP"}
    decision = SimpleUploadedFile("decision.pdf", story.pdf("UR decision"))
    sent = story.client(clerk).post("/imro/apply/", typed | {"ur_decision": decision}, follow=True)
    assert sent.redirect_chain == [("/imro/", 302)]
    (number,) = access.proposed_in(clerk)
    page = sent.content.decode()
    assert f"The application is entered: case {number}." in page
    assert f"may be a party of case {number}. It is closed to you until somebody else at intake" in page
    assert story.client(clerk).get(f"/cases/{number}/").status_code == 404


def _two_hats(people, office=Role.INTAKE):
    """Somebody of an office who is an employee too, and another person at intake."""
    other = people["coordinator"]
    other.roles = [*other.roles, Role.INTAKE.value]
    other.save()
    clerk = people["intake"]
    clerk.roles = [office.value, Role.EMPLOYEE.value]
    clerk.save()
    return clerk, other


def _filed_by_another(people, clerk):
    form = story.application()
    return actions.perform(
        "receive-application",
        people["attorney"],
        None,
        {
            "application": replace(form, employee=replace(form.employee, email=clerk.email)),
            "ur_decision": story.upload("UR decision"),
        },
    ).case


def test_an_account_that_is_made_later_is_proposed_in_the_open_cases_that_name_it(people):
    number = filed(people, email="late@example.com")
    assert Role.EMPLOYEE not in waiting(people, number)
    late = accounts.make("Late@example.com", story.PASSWORD, Role.EMPLOYEE)
    line = waiting(people, number)[Role.EMPLOYEE]
    late.is_active = False
    late.save()
    with pytest.raises(Refused, match="does not fit any more"):
        actions.settle_proposal(people["intake"], number, line.id, accepted=True)
    EmailAddress.objects.create(user=late, email="second@example.com", verified=True)
    with pytest.raises(ImrError, match="another account has verified"):
        accounts.make("second@example.com", story.PASSWORD, Role.EMPLOYEE)


def test_what_the_office_states_takes_the_place_of_what_an_account_had_proven(people):
    person = people["employee"]
    EmailAddress.objects.create(user=person, email="own@example.com", verified=True)
    person.email = "stated@example.com"
    person.save()
    person.state_address()
    assert list(person.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("stated@example.com", True, True)
    ]


def test_a_page_settles_with_one_click_and_names_who_is_on_paper(people):
    number = filed(people, email="nobody@example.com")
    office = story.client(people["intake"])
    page = office.get(f"/cases/{number}/").content.decode()
    assert "nobody@example.com: no account with this address can see the case" in page
    line = waiting(people, number)[Role.EMPLOYEE_ATTORNEY]
    done = office.post("/imro/parties/", {"case": number, "proposal": line.id, "answer": "accept", "back": "case"})
    assert done["Location"] == f"/cases/{number}/"
    assert access.roles_in(people["attorney"], number) == ()
    code = CODE.search(office.get(f"/cases/{number}/").content.decode())[0]
    assert "Invited; the code has not been entered yet." in office.get(f"/cases/{number}/").content.decode()
    entered = story.client(people["attorney"]).post("/account/invitation/", {"code": code.lower().replace("-", " ")})
    assert entered["Location"] == f"/cases/{number}/"
    assert access.roles_in(people["attorney"], number) == (Role.EMPLOYEE_ATTORNEY,)
    assert "and joined on" in office.get(f"/cases/{number}/").content.decode()
    named = {"case": number, "role": "EMPLOYEE", "email": "nobody@example.com"}
    assert "No account nobody@example.com" in office.post("/imro/parties/", named, follow=True).content.decode()
    sent = office.post("/imro/parties/", named | {"email": people["other employee"].email}, follow=True)
    actions.accept_invitation(people["other employee"], CODE.search(sent.content.decode())[0])
    assert access.roles_in(people["other employee"], number) == (Role.EMPLOYEE,)
    assert story.client(people["quality"]).get("/imro/parties/").status_code == 404


def test_the_lists_ask_for_one_page_and_leave_ended_cases_out(people, django_assert_max_num_queries):
    number = filed(people)
    story.confirm_parties(people["intake"], number)
    rows.CaseRow.objects.filter(number=number).update(stage="TERMINATED")
    cases = [f"X-{n:03}" for n in range(300)]
    PartyRow.objects.bulk_create(
        PartyRow(case=case, role=Role.EMPLOYEE.value, name="N") for case in (*cases, number + "x")
    )
    ProposalRow.objects.bulk_create(
        ProposalRow(case=case, role=Role.EMPLOYEE.value, person=people["employee"], why="w", at=clock.now())
        for case in cases
    )
    office = story.client(people["coordinator"])
    with django_assert_max_num_queries(18):
        page = office.get("/imro/parties/?waiting=2&paper=2").content.decode()
    assert page.count("Page 2 of 6") == 1
    assert "Page 2 of 7" in page


def test_an_upgrade_takes_the_addresses_that_the_office_stated_and_renews_the_rows_of_older_cases(people):
    number = filed(people)
    MembershipRow.objects.create(case=number, role=Role.EMPLOYEE.value, person=people["employee"], since=clock.now())
    PartyRow.objects.all().delete()  # as tables were before
    ProposalRow.objects.all().delete()
    EmailAddress.objects.all().delete()
    EmailAddress.objects.create(
        user=people["attorney"], email=people["attorney"].email, primary=True
    )  # of their own choice
    import_module("imr.web.migrations.0018_parties").state_addresses(apps, None)
    assert not EmailAddress.objects.get(user=people["attorney"]).verified
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(people) - 1
    assert actions.run_maintenance()["rows of an older version rebuilt"] == 1
    assert set(waiting(people, number)) == {Role.REQUESTING_PHYSICIAN, Role.CLAIMS_ADMINISTRATOR}
    assert access.roles_in(people["employee"], number) == (Role.EMPLOYEE,), "a membership is kept"
    assert actions.run_maintenance()["rows of an older version rebuilt"] == 0


def test_rebuilding_the_rows_of_older_cases_proposes_their_parties_too(people):
    number = filed(people)
    proposed = waiting(people, number)
    PartyRow.objects.all().delete()  # as tables were before
    ProposalRow.objects.all().delete()
    assert actions.rebuild().failed == {}
    assert set(waiting(people, number)) == set(proposed) != set()
    actions.settle_proposal(people["intake"], number, waiting(people, number)[Role.EMPLOYEE].id, accepted=False)
    assert actions.rebuild().failed == {}
    assert set(waiting(people, number)) == set(proposed) - {Role.EMPLOYEE}, "what was settled stays settled"
