"""Parties join a case by the code of an invitation, and leave it when the application does not name them any more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404
from tests.factories import story

from imr.case.context import CALIFORNIA
from imr.errors import Refused
from imr.law.terms import Role
from imr.web import access, accounts, actions
from imr.web.access.case_access import WAITING
from imr.web.models import MembershipRow, OutboxRow, PartyRow, ProposalRow, ViewRow
from imr.web.platform import clock
from imr.web.platform.periods import INVITATION
from imr.web.store import parties


@pytest.fixture
def case(people):
    """A case that intake has entered, and on which nobody is a party yet."""
    for name in ("intake", "coordinator"):
        accounts.give_second_factor(people[name])
    facts = {
        "application": story.application(),
        "ur_decision": story.upload("UR decision"),
        "received_at": clock.now(),
    }
    return actions.perform("receive-application", people["intake"], None, facts).case


def waiting(people, number):
    return {line.role: line for line in access.case_parties(access.open_case(people["intake"], number)).waiting}


def invited(people, number, role=Role.EMPLOYEE):
    return actions.settle_proposal(people["intake"], number, waiting(people, number)[role].id, accepted=True)


def test_the_code_of_an_invitation_is_valid_once_and_for_whoever_was_invited_alone(people, case):
    code = invited(people, case)
    ada = people["employee"]
    with pytest.raises(Http404):
        access.open_case(ada, case)
    for other in ("other employee", "attorney", "adjuster", "intake"):
        with pytest.raises(Refused, match="no invitation to you has this code"):
            actions.accept_invitation(people[other], code)
    assert actions.accept_invitation(ada, code.lower().replace("-", " ")) == case
    assert access.roles_in(ada, case) == (Role.EMPLOYEE,)
    with pytest.raises(Refused, match="no invitation to you"):
        actions.accept_invitation(ada, code)
    row = ProposalRow.objects.get(case=case, role=Role.EMPLOYEE.value)
    assert (row.joined_by, row.code) == (ada, "")
    member = MembershipRow.objects.get(case=case)
    assert (member.party_name, member.party_email) == ("Ada Invented", ada.email)


def test_signs_that_look_alike_are_read_as_the_one_that_a_code_has(people, case):
    code = invited(people, case)
    assert actions.accept_invitation(people["employee"], code.replace("0", "o").replace("1", "l")) == case


def test_the_code_goes_by_mail_and_is_stored_as_its_digest_alone(people, case):
    code = invited(people, case)
    (mail,) = OutboxRow.objects.filter(subject__endswith=f"an invitation to case {case}")
    assert mail.address == people["employee"].email
    assert mail.person is None, "the text goes from the table with the message"
    assert code in mail.text
    assert "/account/invitation/" in mail.text
    assert "Ada" not in mail.text + mail.subject
    assert code not in str(ProposalRow.objects.filter(case=case).values())
    assert len(code.replace("-", "")) == 16
    assert code != invited(people, case, Role.EMPLOYEE_ATTORNEY)


def test_a_code_is_too_old_after_two_weeks_and_intake_sends_another(people, case):
    code = invited(people, case)
    row = ProposalRow.objects.get(case=case, role=Role.EMPLOYEE.value)
    begun, ends = (at.astimezone(CALIFORNIA) for at in (row.settled_at, row.code_until))
    assert ends.date() == begun.date() + INVITATION
    assert (ends.hour, ends.minute, ends.second) == (23, 59, 59), "the message names the day"
    ProposalRow.objects.filter(pk=row.pk).update(code_until=clock.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="not valid any more"):
        actions.accept_invitation(people["employee"], code)
    office = story.client(people["intake"])
    sent = {"case": case, "proposal": row.pk, "answer": "again", "back": "case"}
    assert "Send another code" in office.get(f"/cases/{case}/").content.decode()
    assert office.post("/imro/parties/", sent)["Location"] == f"/cases/{case}/"
    with pytest.raises(Refused, match="no invitation to you"):
        actions.accept_invitation(people["employee"], code)
    for name in ("coordinator", "employee"):
        with pytest.raises(Http404):
            actions.invite_again(people[name], case, row.pk)
    assert actions.accept_invitation(people["employee"], actions.invite_again(people["intake"], case, row.pk)) == case
    with pytest.raises(Refused, match="nobody waits for a code"):
        actions.invite_again(people["intake"], case, row.pk)


def test_the_organization_is_invited_and_one_of_its_people_takes_it_up_for_all(people, case):
    code = invited(people, case, Role.CLAIMS_ADMINISTRATOR)
    colleague = accounts.make(
        "colleague@example.com", story.PASSWORD, Role.CLAIMS_ADMINISTRATOR, organization=story.ADMINISTRATOR
    )
    with pytest.raises(Refused, match="no invitation"):
        actions.accept_invitation(people["other adjuster"], code)
    assert actions.accept_invitation(people["adjuster"], code) == case
    assert access.roles_in(colleague, case) == (Role.CLAIMS_ADMINISTRATOR,)


def test_the_page_of_an_invitation_takes_the_code_or_says_what_is_wrong(people, case):
    code = invited(people, case)
    browser = story.client(people["employee"])
    assert "Enter the code of an invitation" in browser.get("/account/").content.decode()
    assert browser.get("/account/invitation/").status_code == 200
    refused = browser.post("/account/invitation/", {"code": "WRNG"})
    assert refused.status_code == 409
    assert "compare it with the message" in refused.content.decode()
    taken = browser.post("/account/invitation/", {"code": code}, follow=True)
    assert f"You are a party of case {case} now." in taken.content.decode()


def renamed(number, role, **changed):
    """The application names another party in this role, as the row of the case says after an amendment."""
    if not changed:
        PartyRow.objects.filter(case=number, role=role.value).delete()
    PartyRow.objects.filter(case=number, role=role.value).update(**changed)
    parties.end_unnamed(number, PartyRow.objects.filter(case=number), clock.now())


@pytest.mark.parametrize(
    ("changed", "stays"),
    [
        ({"email": "else@example.com"}, False),
        ({"email": ""}, False),
        ({"name": "Ada Inventid"}, True),
        ({"address": "2 Other Way"}, True),
        ({}, False),
    ],
    ids=["another address", "no address", "a misspelled name", "another house", "nobody"],
)
def test_whom_the_application_names_by_address_is_a_party_as_long_as_it_does(people, case, changed, stays):
    actions.accept_invitation(people["employee"], invited(people, case))
    renamed(case, Role.EMPLOYEE, **changed)
    assert access.roles_in(people["employee"], case) == ((Role.EMPLOYEE,) if stays else ())
    mails = OutboxRow.objects.filter(subject__endswith=f"case {case} is closed to you")
    assert [mail.address for mail in mails] == ([] if stays else [people["employee"].email])
    assert ViewRow.objects.filter(case=case, thing="parties", action="account").exists() is not stays


@pytest.mark.parametrize(
    ("changed", "stays"),
    [({"email": "right@example.com"}, True), ({"name": "Zoltan Quimby"}, False), ({"name": "A. Invented"}, True)],
    ids=["a corrected address", "somebody else", "an initial"],
)
def test_whom_intake_named_is_a_party_as_long_as_the_name_may_be_theirs(people, case, changed, stays):
    other = people["other employee"]
    code = actions.name_party(people["intake"], case, Role.EMPLOYEE, other.email)
    actions.accept_invitation(other, code)
    renamed(case, Role.EMPLOYEE, **changed)
    assert access.roles_in(other, case) == ((Role.EMPLOYEE,) if stays else ())


def test_an_organization_is_a_party_as_long_as_its_name_may_be_the_one_of_the_application(people, case):
    actions.accept_invitation(people["adjuster"], invited(people, case, Role.CLAIMS_ADMINISTRATOR))
    renamed(case, Role.CLAIMS_ADMINISTRATOR, name=f"{story.ADMINISTRATOR}, Inc.")
    assert access.roles_in(people["adjuster"], case) == (Role.CLAIMS_ADMINISTRATOR,)
    renamed(case, Role.CLAIMS_ADMINISTRATOR, name="Quite Another Company")
    assert access.roles_in(people["adjuster"], case) == ()


def test_a_membership_of_before_has_no_reason_and_stays_until_the_role_is_named_for_somebody_else(people, case):
    row = MembershipRow.objects.create(
        case=case, role=Role.EMPLOYEE.value, person=people["other employee"], since=clock.now()
    )
    party = PartyRow.objects.get(case=case, role=Role.EMPLOYEE.value)
    assert parties.is_still_named(row, party)
    assert parties.is_still_named(row, None), "nobody was named before either"
    party.email = ""
    assert parties.is_still_named(row, party)


@pytest.mark.parametrize("changed", [{"email": "else@example.com"}, {}], ids=["another address", "nobody"])
def test_an_invitation_ends_with_its_reason(people, case, changed):
    code = invited(people, case)
    renamed(case, Role.EMPLOYEE, **changed)
    with pytest.raises(Refused, match="no invitation to you"):
        actions.accept_invitation(people["employee"], code)


def test_no_other_code_goes_to_whom_the_application_names_no_longer(people, case):
    """Corrected under the invitation: neither the old code nor another one gives them the case."""
    ada, intake = people["employee"], people["intake"]
    code = invited(people, case)
    PartyRow.objects.filter(case=case, role=Role.EMPLOYEE.value).update(email="else@example.com")
    row = ProposalRow.objects.get(case=case, role=Role.EMPLOYEE.value)
    with pytest.raises(Refused, match="does not name you any more"):
        actions.accept_invitation(ada, code)
    with pytest.raises(Refused, match="no longer fits whom this invitation was for"):
        actions.invite_again(intake, case, row.pk)
    renamed(case, Role.EMPLOYEE, email="else@example.com")
    with pytest.raises(Refused, match="nobody waits for a code"):
        actions.invite_again(intake, case, row.pk)
    with pytest.raises(Refused, match="no longer fits whom this invitation was for"):
        actions.settle_proposal(intake, case, row.pk, accepted=True)
    page = " ".join(story.client(intake).get(f"/cases/{case}/").content.decode().split())
    assert "Send another code" not in page
    assert "since the application no longer names them." in page
    assert "the code is valid until" not in page
    assert not ProposalRow.objects.filter(WAITING, pk=row.pk).exists()
    assert access.roles_in(ada, case) == ()


def test_an_invitation_that_ended_waits_again_when_the_application_names_its_account_again(people, case):
    invited(people, case)
    renamed(case, Role.EMPLOYEE, email="else@example.com")
    named = PartyRow.objects.filter(case=case, role=Role.EMPLOYEE.value)
    parties.propose(named, clock.now())
    assert Role.EMPLOYEE not in waiting(people, case)
    named.update(email=people["employee"].email)
    parties.propose(named, clock.now())
    code = invited(people, case)
    assert actions.accept_invitation(people["employee"], code) == case


def test_intake_names_an_account_whose_invitation_ended_and_it_joins(people, case):
    invited(people, case)
    renamed(case, Role.EMPLOYEE, email="else@example.com")
    code = actions.name_party(people["intake"], case, Role.EMPLOYEE, people["employee"].email)
    assert actions.accept_invitation(people["employee"], code) == case


def test_an_amended_application_ends_the_access_of_whom_it_named_before(people, case):
    """The whole way: the employee's side answers intake's question with another address for the attorney."""
    actions.accept_invitation(people["employee"], invited(people, case))
    actions.accept_invitation(people["attorney"], invited(people, case, Role.EMPLOYEE_ATTORNEY))
    form = access.application(access.open_case(people["employee"], case))
    other = replace(form.attorney, email=people["other attorney"].email)
    asked = {"of": (Role.EMPLOYEE,), "letter": story.upload("question")}
    actions.perform("ask-information", people["intake"], case, asked)
    answer = {
        "application": replace(form, attorney=other, signed_on=clock.today()),
        "answer": story.upload("the answer"),
    }
    actions.perform("answer-information", people["employee"], case, answer)
    assert access.roles_in(people["attorney"], case) == ()
    assert access.roles_in(people["employee"], case) == (Role.EMPLOYEE,)
    assert waiting(people, case)[Role.EMPLOYEE_ATTORNEY].who.endswith(f"{people['other attorney'].email}")
