"""A letter has a row for each recipient: told by a message that truly went out, or printed by the office; clocks start then."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend as Memory
from tests.factories import story

from imr.case.application import Address, RequestingPhysician
from imr.case.letters import KnownBy, LetterKind
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import Role, Service
from imr.web import access, accounts, actions
from imr.web.models import CaseRow, EventRow, FailureRow, OutboxRow, PersonRow, ServiceRow
from imr.web.platform import clock
from imr.web.store import cases, notifications, service

PARTIES = (Role.EMPLOYEE, Role.EMPLOYEE_ATTORNEY, Role.CLAIMS_ADMINISTRATOR, Role.REQUESTING_PHYSICIAN)
HOME = Address(street="1 Invented Road", city="Sample Valley", state="CA", zip="95814")


@pytest.fixture
def people(db):
    found = story.cast()
    for who in found.values():
        accounts.give_second_factor(who)
    return found


@pytest.fixture
def number(people) -> str:
    """A case whose notice of assignment was made just now; the physician has no account, and a postal address."""
    physician = RequestingPhysician(first_name="Bea", last_name="Imagined", address=HOME)
    number = story.receive(people, physician=physician)
    story.decide_eligibility(people["intake"], number)
    OutboxRow.objects.all().delete()  # what was told before the notice
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    return number


def copies(who: PersonRow, number: str) -> dict[Role, access.CopyLine]:
    return {copy.role: copy for copy in access.letters(access.open_case(who, number))[0].copies}


def text(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def titles(who: PersonRow, number: str) -> set[str]:
    return {deadline.title for deadline in access.case(access.open_case(who, number)).deadlines}


def test_the_step_serves_nobody_and_says_so_everywhere(people, number):
    found = copies(people["coordinator"], number)
    assert tuple(found) == PARTIES
    assert {role: copy.channel for role, copy in found.items()} == {
        role: "paper" if role is Role.REQUESTING_PHYSICIAN else "electronic" for role in PARTIES
    }
    assert all(copy.served_on is None and copy.known is None for copy in found.values())
    assert found[Role.REQUESTING_PHYSICIAN].address == str(HOME)
    assert found[Role.REQUESTING_PHYSICIAN].waits_for == "to be printed and sent"
    assert found[Role.EMPLOYEE].waits_for == "an e-mail waits to go out"
    (waits,) = access.case(access.open_case(people["adjuster"], number)).not_started
    assert waits.roles == (Role.CLAIMS_ADMINISTRATOR,)
    assert CaseRow.objects.get(pk=number).due_at is None
    for who in ("adjuster", "employee", "coordinator", "division"):
        page = text(story.client(people[who]), f"/cases/{number}/")
        assert "not served yet" in page.lower()
        assert "has not started" in page
        assert "days left" not in page
        assert "late" not in page.replace("late-", "").split("All time limits of this case")[1].split("What you can")[0]
    calendar = story.client(people["adjuster"]).get(f"/cases/{number}/deadlines.ics").content.decode()
    unfolded = calendar.replace("\r\n ", "")
    assert "BEGIN:VTODO" in unfolded
    assert "not served yet: the notice of assignment has not reached the claims administrator" in unfolded
    moments = {
        moment.kind: dict(moment.details) for moment in access.timeline(access.open_case(people["coordinator"], number))
    }
    assert moments["organization-assigned"]["not served yet"] == ", ".join(role.value for role in PARTIES)


def test_a_message_that_went_out_serves_and_starts_the_clock(people, number, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    actions.run_maintenance()
    found = copies(people["coordinator"], number)
    told = {role for role, copy in found.items() if copy.known is KnownBy.MESSAGE}
    assert told == set(PARTIES) - {Role.REQUESTING_PHYSICIAN}
    sent = OutboxRow.objects.get(case=number, event=3, person=people["adjuster"]).sent_at
    noted = [item.event for item in cases.chain(number) if item.event.kind == "letter-served"]
    assert {role for event in noted for role in event.recipients} == told
    assert all(abs(event.received_at - sent) < timedelta(minutes=1) for event in noted)
    assert "Records, where the notice was electronic" in titles(people["adjuster"], number)
    assert CaseRow.objects.get(pk=number).due_at is not None
    events = EventRow.objects.filter(case=number).count()
    actions.run_maintenance()
    assert EventRow.objects.filter(case=number).count() == events, "what is noted is not noted again"
    assert not OutboxRow.objects.filter(case=number, event__gt=3).exists(), "nobody hears that a letter was served"


def test_what_was_sent_before_a_crash_is_noted_after_it(people, number, settings, monkeypatch):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    notifications.send_pending()  # and here the process ends
    assert copies(people["coordinator"], number)[Role.EMPLOYEE].known is None
    from imr.web.actions import maintenance

    broken = maintenance.apply_step
    monkeypatch.setattr(maintenance, "apply_step", lambda *_: 1 / 0)
    actions.run_maintenance()
    assert FailureRow.objects.get(task="service", over_at=None).subject == number, "a case fails alone, and is named"
    monkeypatch.setattr(maintenance, "apply_step", broken)
    FailureRow.objects.update(next_at=clock.now() - timedelta(minutes=1))
    actions.run_maintenance()
    assert copies(people["coordinator"], number)[Role.EMPLOYEE].known is KnownBy.MESSAGE


class Away(Memory):
    def open(self):
        raise ConnectionRefusedError


def test_a_message_that_was_given_up_says_so_and_is_to_be_printed(people, number, settings):
    settings.MAIL_TRANSPORT = f"{__name__}.Away"
    before = access.copies_to_print(people["coordinator"])
    notifications.send_pending()
    assert access.copies_to_print(people["coordinator"]) == before, "it is tried again"
    OutboxRow.objects.filter(case=number, person=people["employee"]).update(next_at=None)
    OutboxRow.objects.filter(case=number, person=people["employee"], problem="").update(problem="the server is away")
    assert access.copies_to_print(people["coordinator"]) == before + 1
    waits = copies(people["coordinator"], number)[Role.EMPLOYEE].waits_for
    assert waits.startswith("the e-mail could not be sent (")
    assert waits.endswith("to be printed and sent")
    assert "it has not been sent to you yet" in text(story.client(people["employee"]), f"/cases/{number}/")


def test_mail_that_is_hushed_serves_nobody(people, number):
    actions.suppress_pending_mail()
    actions.run_maintenance()
    assert all(copy.served_on is None for copy in copies(people["coordinator"], number).values())


def test_an_account_without_a_proven_address_is_reached_on_paper(people):
    people["employee"].emailaddress_set.update(verified=False)
    PersonRow.objects.filter(pk=people["attorney"].pk).update(is_active=False)
    number = story.receive(people)
    code = actions.name_party(people["intake"], number, Role.EMPLOYEE, people["employee"].email)
    actions.accept_invitation(people["employee"], code)
    story.decide_eligibility(people["intake"], number)
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    channels = {role: copy.channel for role, copy in copies(people["coordinator"], number).items()}
    assert channels[Role.EMPLOYEE] == channels[Role.EMPLOYEE_ATTORNEY] == "paper"
    assert channels[Role.CLAIMS_ADMINISTRATOR] == "electronic"


def test_a_party_sees_its_own_copy_alone_on_the_page_and_over_the_api(people, number):
    story.serve(people, number, Service.MAIL)
    for who, role in (("employee", Role.EMPLOYEE), ("adjuster", Role.CLAIMS_ADMINISTRATOR)):
        (letter,) = access.letters(access.open_case(people[who], number))
        (copy,) = letter.copies
        assert (copy.role, copy.own, copy.name, copy.address) == (role, True, "", "")
        over_api = story.client(people[who]).get(f"/api/cases/{number}/letters").json()
        assert [one["role"] for one in over_api[0]["copies"]] == [role.value]
        told = [
            moment
            for moment in access.timeline(access.open_case(people[who], number))
            if moment.kind == "letter-served"
        ]
        assert [dict(moment.details)["served on"] for moment in told] == [role.value]
    page = text(story.client(people["employee"]), f"/cases/{number}/")
    assert "sent to you on" in page
    for who in ("coordinator", "division", "quality"):
        assert len(access.letters(access.open_case(people[who], number))[0].copies) == len(PARTIES)
    assert story.client(people["other employee"]).get(f"/api/cases/{number}/letters").status_code == 404


def test_who_withdraws_is_told_of_the_letter_as_the_others_are(people, number, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    actions.perform("withdraw-application", people["employee"], number, {"letter": story.upload("withdrawal")})
    assert copies(people["coordinator"], number)[Role.EMPLOYEE].channel == "electronic"
    actions.run_maintenance()
    assert copies(people["employee"], number)[Role.EMPLOYEE].known is KnownBy.MESSAGE
    assert access.case(access.open_case(people["employee"], number)).case.stage is Stage.WITHDRAWN


def test_the_reviewer_sees_no_letters(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    assert access.letters(access.open_case(people["reviewer"], number)) == ()
    assert not [
        one for one in access.timeline(access.open_case(people["reviewer"], number)) if one.kind == "letter-served"
    ]


def test_rebuild_gives_the_same_rows(people, number, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    actions.run_maintenance()
    fields = (
        "event",
        "letter",
        "role",
        "channel",
        "name",
        "address",
        "document",
        "at",
        "sent_at",
        "served_on",
        "known",
    )

    def kept():
        found = ServiceRow.objects.filter(case=number).order_by("event", "role")
        return [(*[getattr(row, name) for name in fields], sorted(m.pk for m in row.messages.all())) for row in found]

    before = kept()
    assert len(before) == len(PARTIES)
    assert actions.rebuild().failed == {}
    assert kept() == before
    ServiceRow.objects.filter(case=number).delete()
    actions.rebuild()
    assert kept() == before


def test_the_office_prints_and_records_several_recipients_at_once(people, number):
    OutboxRow.objects.filter(case=number).update(next_at=None, problem="the mail server refused the address (550)")
    coordinator = story.client(people["coordinator"])
    home = text(coordinator, "/imro/")
    assert "4 copies of letters have to be printed and sent." in home
    page = text(coordinator, "/imro/letters/")
    assert number in page
    assert str(HOME) in page.replace("&#x27;", "'")
    assert "the mail server refused the address" in page.lower()
    recipients = ["REQUESTING_PHYSICIAN", "CLAIMS_ADMINISTRATOR"]
    sent = {"letter": "3", "back": "letters", "send": "1", "recipients": recipients, "service": "MAIL"}
    sent |= {"place": "CALIFORNIA", "on": f"{clock.today():%Y-%m-%d}"}
    answer = coordinator.post(f"/cases/{number}/record-service/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/imro/letters/")
    (event,) = [item.event for item in cases.chain(number) if item.event.kind == "letter-served"]
    assert set(event.recipients) == {Role.REQUESTING_PHYSICIAN, Role.CLAIMS_ADMINISTRATOR}
    assert "Records, where the notice was mailed" in titles(people["adjuster"], number)
    assert access.copies_to_print(people["coordinator"]) == 2
    again = coordinator.post(f"/cases/{number}/record-service/", sent)
    assert again.status_code == 409, "the list was open while it was recorded"
    assert "somebody recorded meanwhile" in again.content.decode().lower()
    rest = {**sent, "recipients": ["EMPLOYEE", "EMPLOYEE_ATTORNEY"]}
    assert coordinator.post(f"/cases/{number}/record-service/", rest).status_code == 302
    assert "No letter is waiting to be printed." in text(coordinator, "/imro/letters/")
    assert story.client(people["quality"]).get("/imro/letters/").status_code == 404
    assert story.client(people["adjuster"]).get("/imro/letters/").status_code == 403


def test_a_service_before_the_letter_is_refused_on_the_page_with_its_reason(people, number):
    coordinator = story.client(people["coordinator"])
    page = text(coordinator, f"/cases/{number}/record-service/?letter=3")
    assert "A letter is not served when it is made." in page
    assert coordinator.get(f"/cases/{number}/record-service/?letter=99").status_code == 404
    sent = {"letter": "3", "send": "1", "recipients": ["EMPLOYEE"], "service": "MAIL", "place": "CALIFORNIA"}
    answer = coordinator.post(f"/cases/{number}/record-service/", sent | {"on": "2001-01-01"})
    assert answer.status_code == 409
    assert "the day of service is before the day of the letter" in answer.content.decode().lower()


def test_a_case_without_letters_says_what_holds_the_record_back(people):
    number = story.to(Stage.RECEIVED, people)
    page = text(story.client(people["intake"]), f"/cases/{number}/record-service/")
    assert "no letter of this case has been made yet" in page.lower()
    assert "Who was sent which letter" not in text(story.client(people["intake"]), f"/cases/{number}/")


def test_a_service_noted_meanwhile_makes_no_page_out_of_date(people, number, settings):
    seen = access.case(access.open_case(people["adjuster"], number)).events
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    actions.run_maintenance()
    assert access.case(access.open_case(people["adjuster"], number)).events > seen
    actions.perform(
        "receive-records", people["adjuster"], number, {"records": (story.upload("progress report"),)}, seen=seen
    )
    with pytest.raises(Refused, match="somebody else has just changed this case"):
        actions.perform("complete-records", people["coordinator"], number, seen=seen)


def test_nobody_with_a_part_in_a_case_prints_its_letters(people, number):
    people["coordinator"].roles.append(Role.EMPLOYEE_ATTORNEY.value)
    people["coordinator"].save()
    from imr.web.store import parties

    parties.enter_party(number, Role.EMPLOYEE_ATTORNEY.value, clock.now(), person=people["coordinator"])
    assert access.copies_to_print(people["coordinator"]) == 0
    assert len(access.letters_to_print(people["coordinator"])) == 0
    assert access.copies_to_print(people["intake"]) == 1


def test_the_notice_says_for_each_recipient_how_it_is_sent(people):
    physician = RequestingPhysician(first_name="Bea", last_name="Imagined", address=HOME)
    number = story.receive(people, physician=physician)
    story.decide_eligibility(people["intake"], number)
    found = access.on_paper(access.open_case(people["coordinator"], number), PARTIES, Service.ELECTRONIC)
    assert found == (Role.REQUESTING_PHYSICIAN,)
    assert access.on_paper(access.open_case(people["coordinator"], number), PARTIES, Service.MAIL) == PARTIES


def test_the_determination_is_issued_before_anybody_is_served(people, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    number = story.to(Stage.SIGNED, people)
    actions.perform(
        "issue-determination", people["coordinator"], number, {"on": clock.today(), "service": Service.ELECTRONIC}
    )
    page = text(story.client(people["employee"]), f"/cases/{number}/")
    assert "The determination was issued." in page
    assert "determination was sent" not in page
    assert {clock_.title for clock_ in access.case(access.open_case(people["employee"], number)).not_started} >= {
        "Petition appealing the determination"
    }
    letter = access.letters(access.open_case(people["coordinator"], number))[0]
    assert letter.what is LetterKind.DETERMINATION
    assert {copy.role: copy.channel for copy in letter.copies}[Role.DIVISION] == "electronic"
    actions.run_maintenance()
    letter = access.letters(access.open_case(people["coordinator"], number))[0]
    assert all(copy.known is KnownBy.MESSAGE for copy in letter.copies)
    assert "Petition appealing the determination" in titles(people["employee"], number)


def test_an_older_notice_reads_recorded_not_confirmed(people, number):
    """As a history of before this was recorded has it: its event lacks the field, and its clocks run as they did."""
    item = cases.chain(number)[-1]
    older = replace(item, event=replace(item.event, tracked=False))
    from imr.case.chain import to_record
    from imr.web.store.cases import append

    # The table of events is only ever added to: the older history is that of another case.
    for place, event in enumerate([*cases.chain(number)[:-1], older], 1):
        append(replace(event, case="OLD-1", number=place))
    assert "tracked" not in to_record(older)["data"]
    cases.refresh("OLD-1")
    assert actions.rebuild().failed == {}
    view = access.case(access.open_case(people["coordinator"], "OLD-1"))
    assert view.not_started == ()
    assert "Records, where the notice was electronic" in {deadline.title for deadline in view.deadlines}
    page = text(story.client(people["coordinator"]), "/cases/OLD-1/")
    assert "recorded, not confirmed" in page
    assert "not served yet" not in page
    assert not ServiceRow.objects.filter(case="OLD-1").exists()


def test_the_first_of_several_accounts_of_a_company_counts(people, number):
    twin = PersonRow.objects.create_user(
        "second@example.com",
        story.PASSWORD,
        roles=[Role.CLAIMS_ADMINISTRATOR.value],
        organization=people["adjuster"].organization,
    )
    row = ServiceRow.objects.get(case=number, role=Role.CLAIMS_ADMINISTRATOR.value)
    second = OutboxRow.objects.create(
        case=number, event=3, person=twin, subject="news", text="", created_at=clock.now(), next_at=None
    )
    row.messages.add(second)
    first = clock.now()
    OutboxRow.objects.filter(case=number, person=people["adjuster"]).update(next_at=None, problem="given up")
    OutboxRow.objects.filter(pk=second.pk).update(sent_at=first, problem="")
    assert service.problem_of(service.with_problems(ServiceRow.objects.filter(pk=row.pk)).get()) == ""
    OutboxRow.objects.exclude(pk=second.pk).update(next_at=None)
    assert actions.run_maintenance()["letters served by messages"] == 1
    assert copies(people["coordinator"], number)[Role.CLAIMS_ADMINISTRATOR].received_at == first


def test_without_a_mail_server_nobody_is_told_and_every_copy_is_to_be_printed(people, settings, tmp_path):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    number = story.receive(people)
    story.decide_eligibility(people["intake"], number)
    actions.perform("assign-organization", people["coordinator"], number, {"notice": story.upload("notice")})
    actions.run_maintenance()
    assert list((tmp_path / "mail").iterdir())
    assert {copy.channel for copy in copies(people["coordinator"], number).values()} == {"paper"}
    assert {copy.served_on for copy in copies(people["coordinator"], number).values()} == {None}
    page = text(story.client(people["coordinator"]), "/imro/mail/")
    assert "no mail server is configured" in page
    assert "Every message went out." not in page


def test_a_message_that_was_written_to_a_file_serves_no_letter(people, number, settings, tmp_path):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    actions.run_maintenance()
    found = copies(people["coordinator"], number)
    assert {copy.served_on for copy in found.values()} == {None}
    assert found[Role.EMPLOYEE].channel == "electronic"
    assert "written to a file" in text(story.client(people["coordinator"]), f"/cases/{number}/")
