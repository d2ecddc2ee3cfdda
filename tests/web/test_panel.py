"""The panel on the site: the register and its sheet, the day's assignment, capacity, reasons, and what is sealed."""

import csv
import io
import json
import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from tests.factories import story

from imr.case.events import DeclineReason
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.reviewers import Affiliation, AffiliationKind
from imr.panel.commitment import Commitment, Disclosure, verify
from imr.panel.roster import Experience, PanelMember
from imr.panel.roster_csv import read_roster, write_roster
from imr.plain import canonical, from_plain, to_plain
from imr.web import access, accounts, actions
from imr.web.actions import panel as coordination
from imr.web.models import AffiliationRow, CaseRow, EventRow, ReviewerRow
from imr.web.platform import clock
from imr.web.portals.organization.reviewers import urlpatterns
from imr.web.store import reviewers
from imr.web.store.documents import Upload

NOTE = Upload(name="reason.txt", data=b"knows this treatment best", ours=True)


@pytest.fixture
def people(db):
    found = story.cast()
    for who in found.values():
        accounts.give_second_factor(who)
    return found


def ready(people, count: int = 1) -> list[str]:
    """Cases that wait for a reviewer."""
    return [story.to(Stage.RECORDS_COMPLETE, people) for _ in range(count)]


def choose(people, number: str, reviewer: str, **said):
    return actions.perform(
        "assign-reviewer",
        people["coordinator"],
        number,
        {"reviewer": reviewer, "specialties": (story.SPECIALTY,), **said},
    )


def page(client, address: str) -> str:
    return client.get(address).content.decode()


ADDRESSES = ["/panel/", "/panel/register.csv", "/panel/sheet/", "/panel/day/", "/panel/reviewers/R00001/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_panel_is_for_coordinators_alone(people, client, address):
    assert story.client(people["coordinator"]).get(address).status_code == 200
    for name, who in people.items():
        if name != "coordinator":
            answer = story.client(who).get(address)
            assert answer.status_code == 404, name
            assert not any(secret in answer.content.decode() for secret in story.SECRET_NAMES), name
    assert client.get(address).status_code == 302


def test_the_register_shows_what_runs_out_and_the_sheet_takes_it_back(people):
    client = story.client(people["coordinator"])
    row = ReviewerRow.objects.get(pk="R00001")
    row.facts["licences"][0]["until"] = (clock.today() + timedelta(days=10)).isoformat()
    row.save()
    assert "license expires" in page(client, "/panel/")
    shown = page(client, "/panel/reviewers/R00001/")
    assert story.SECRET_NAMES[0] in shown
    assert "license expires" in shown
    saved = client.get("/panel/register.csv")
    assert saved["Content-Disposition"] == 'attachment; filename="register.csv"'
    members = read_roster(saved.content.decode()).whole()
    assert [m.id for m in members] == ["R00001", "R00002"]
    changed = write_roster(
        [
            replace(members[0], capacity=9),
            members[1],
            replace(members[1], reviewer=replace(members[1].reviewer, id="R7")),
        ]
    )
    seen = client.post("/panel/sheet/", {"sheet": SimpleUploadedFile("r.csv", changed.encode())}).content.decode()
    assert "New: R7<br>" in seen
    assert "Changed: R00001" in seen
    assert ReviewerRow.objects.count() == 2
    assert client.post("/panel/sheet/", {"text": changed, "take": "1"}).status_code == 302
    assert ReviewerRow.objects.get(pk="R00001").capacity == 9
    assert next(one.member for one in coordination.register(people["coordinator"])).capacity == 9
    assert read_roster(page(client, "/panel/register.csv")).whole()[0] == replace(members[0], capacity=9)


def test_experience_absences_and_fees_are_kept(people):
    text = coordination.sheet(people["coordinator"])
    rows = list(csv.DictReader(io.StringIO(text)))
    more = {"reviewer": "R00001", "fact": "experience", "body_part": "neck", "count": "4"}
    away = {"reviewer": "R00001", "fact": "absence", "first": "2030-01-01", "last": "2030-01-09"}
    paid = {"reviewer": "R00001", "fact": "fee", "since": "2026-01-01", "standard": "125000", "expedited": "150050"}
    out = io.StringIO()
    sheet = csv.DictWriter(out, rows[0])
    sheet.writeheader()
    sheet.writerows([*rows, more, away, paid])
    coordination.take(people["coordinator"], out.getvalue())
    kept = coordination.register_line(people["coordinator"], "R00001").member
    assert kept.experience == (Experience(body_part="neck", count=4),)
    assert kept.absences[0].last.isoformat() == "2030-01-09"
    shown = page(story.client(people["coordinator"]), "/panel/reviewers/R00001/")
    assert re.search(r'<th scope="row">Neck</th>\s*<td>4</td>', shown)
    assert "Away: Tue, Jan 1, 2030 – Wed, Jan 9, 2030" in shown
    assert "$1,250.00, expedited $1,500.50" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (b"reviewer,fact\nR1,licence\n", "row 2, column state: this value is required"),
        (b"\xff\xfe", "save the sheet as CSV in UTF-8"),
        (b"who,what\n", "this column is missing: add it"),
    ],
)
def test_a_sheet_that_does_not_fit_changes_nothing(people, sheet, said):
    client = story.client(people["coordinator"])
    answer = client.post("/panel/sheet/", {"sheet": SimpleUploadedFile("r.csv", sheet)})
    assert said in answer.content.decode()
    refused = client.post("/panel/sheet/", {"text": sheet.decode("latin-1"), "take": "1"})
    assert refused.status_code == 422
    assert ReviewerRow.objects.count() == 2


def test_a_changed_affiliation_says_which_open_cases_must_be_taken_back(people):
    (number,) = ready(people)
    choose(people, number, "R00001")
    client = story.client(people["coordinator"])
    members = read_roster(page(client, "/panel/register.csv")).whole()
    tie = Affiliation(
        name=story.application().administrator.company,
        kind=AffiliationKind.PROFESSIONAL,
        relation="employment",
        since=clock.today() - timedelta(days=30),
    )
    tied = replace(members[0], reviewer=replace(members[0].reviewer, affiliations=(tie,)))
    assert "Cases to take back" not in page(client, "/panel/")
    answer = client.post("/panel/sheet/", {"text": write_roster([tied]), "take": "1"}, follow=True).content.decode()
    assert f"Case {number} must be taken back from its reviewer" in answer
    assert "tie with the claims administrator" in answer
    assert "Cases to take back" in page(client, "/panel/")


def test_what_must_be_taken_back_is_asked_for_in_a_few_questions_however_many_cases_are_open(people):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            back = reviewers.no_longer_cleared()
        return len(captured), back

    first, *others = ready(people, 3)
    choose(people, first, "R00001")
    once, none = asked()
    for number in others:
        choose(people, number, "R00001", reason=NOTE)
    row = ReviewerRow.objects.get(pk="R00001")
    row.facts["licences"][0]["until"] = (clock.today() - timedelta(days=1)).isoformat()
    row.save()
    thrice, back = asked()
    assert (once, none) == (thrice, ()) == (3, ())
    assert [(case, who) for case, who, _ in back] == [(number, "R00001") for number in sorted((first, *others))]
    assert all("no license without restriction" in " ".join(reasons) for _, _, reasons in back)


def test_a_tie_of_the_organization_itself_takes_open_cases_back_too(people):
    (number,) = ready(people)
    choose(people, number, "R00001")
    tie = Affiliation(
        name=story.ADMINISTRATOR,
        kind=AffiliationKind.FINANCIAL,
        relation="ownership",
        income_share=0.5,
        since=clock.today() - timedelta(days=30),
    )
    AffiliationRow.objects.create(facts=to_plain(tie))
    ((case, _, reasons),) = reviewers.no_longer_cleared()
    assert case == number
    assert "the review organization has a financial tie with the claims administrator" in " ".join(reasons)


def test_earlier_cases_with_the_same_administrator_and_physician_count_on_the_site(people):
    first, second = ready(people, 2)
    choose(people, first, "R00001")
    form = story.application()
    (past,) = reviewers.history()
    assert past.administrators == (form.administrator.company,)
    assert past.physicians == (form.physician.name,)
    found = {
        c.member.id: c
        for c in access.candidates(access.open_case(people["coordinator"], second), (story.SPECIALTY,)).candidates
    }
    told = {reason.name: reason.points for reason in found["R00001"].reasons}
    assert told["repeated claims administrator"] == 6
    assert told["repeated requesting physician"] == 40
    assert found["R00002"].points < found["R00001"].points


def test_what_is_kept_for_screening_is_made_anew_from_the_history(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    kept = CaseRow.objects.filter(pk=number).values("matter", "administrator", "physician").get()
    assert [party["name"] for party in kept["matter"]["parties"]] == [p.name for p in story.application().parties()]
    CaseRow.objects.filter(pk=number).update(matter=None, administrator="", physician="")
    actions.rebuild()
    assert CaseRow.objects.filter(pk=number).values("matter", "administrator", "physician").get() == kept


def test_what_is_kept_for_screening_goes_when_the_case_is_signed(people):
    assert CaseRow.objects.get(pk=story.to(Stage.SIGNED, people)).matter is None


def test_the_day_is_a_proposal_until_it_is_confirmed(people):
    first, second = ready(people, 2)
    client = story.client(people["coordinator"])
    shown = page(client, "/panel/day/?seed=spring")
    assert "2 cases have a reviewer" in shown
    assert "proven: no lawful proposal has fewer" in shown
    assert not EventRow.objects.filter(kind="reviewer-assigned").exists()
    _, lines, _ = coordination.day(people["coordinator"])
    marked = [f"{line.case}|{line.member.id}|{line.events}" for line in lines if line.case == first]
    done = client.post("/panel/day/", {"line": [*marked, "rubbish", "a|b|c"]}).content.decode()
    assert "assigned" in done
    assert CaseRow.objects.get(pk=first).stage == Stage.REVIEWER_ASSIGNED.name
    assert CaseRow.objects.get(pk=second).stage == Stage.RECORDS_COMPLETE.name
    again = client.post("/panel/day/", {"line": marked}).content.decode()
    assert "not assigned" in again
    assert "nothing was assigned" in client.post("/panel/day/", {}).content.decode()


def test_the_day_says_who_has_nobody_and_why(people):
    (number,) = ready(people)
    ReviewerRow.objects.update(available=False)
    shown = page(story.client(people["coordinator"]), "/panel/day/")
    assert "No case can be given a reviewer now." in shown
    assert f"{number}</a>: none of 2 reviewer(s) has a free place" in shown


def test_another_than_the_first_needs_a_reason_which_the_history_keeps(people):
    (number,) = ready(people)
    row = ReviewerRow.objects.get(pk="R00002")
    row.facts["licences"][0]["state"] = "Texas"
    row.save()
    with pytest.raises(Refused, match=r"ranks 1 free candidate.* before this one: say why"):
        choose(people, number, "R00002")
    client = story.client(people["coordinator"])
    address = f"/cases/{number}/assign-reviewer/"
    assert "Why this reviewer" in page(client, f"{address}?specialties={story.SPECIALTY}")
    said = {"reviewer": "R00002", "specialties": story.SPECIALTY, "reason": "knows this treatment best"}
    assert client.post(address, said).status_code == 302
    event = EventRow.objects.get(case=number, kind="reviewer-assigned")
    assert event.data["passed_over"] == 1
    assert len(event.data["reason"]) == 64
    assert "knows this treatment" not in json.dumps(event.data)


def test_a_reviewer_takes_no_more_cases_than_the_capacity(people):
    first, second = ready(people, 2)
    ReviewerRow.objects.filter(pk="R00001").update(capacity=1)
    choose(people, first, "R00001")
    with pytest.raises(Refused, match="has 1 open cases and takes no more than 1"):
        choose(people, second, "R00001", reason=NOTE)
    ReviewerRow.objects.filter(pk="R00001").update(available=False)
    with pytest.raises(Refused, match="takes no cases at present"):
        choose(people, second, "R00001", reason=NOTE)


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_never_give_one_reviewer_more_than_the_capacity():
    people = story.cast()
    cases = ready(people, 4)
    ReviewerRow.objects.filter(pk="R00001").update(capacity=2)
    start, results = threading.Barrier(4), []

    def assign(number):
        start.wait()
        try:
            results.append(choose(people, number, "R00001", reason=NOTE))
        except Refused as refused:
            results.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=assign, args=(number,)) for number in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [result for result in results if isinstance(result, Refused)]
    assert len(results) == 4
    assert len(refused) == 2
    assert all("takes no more than 2" in str(one) for one in refused)
    assert CaseRow.objects.filter(reviewer="R00001").count() == 2


def proof(who, number: str):
    """The answer to somebody, or to nobody, who asks for the proof; and what it says where it is given."""
    answer = (Client() if who is None else story.client(who)).get(f"/panel/commitments/{number}.json")
    return answer.status_code, from_plain(Disclosure, answer.json()) if answer.status_code == 200 else None


def test_everybody_of_the_case_verifies_what_was_sealed_and_learns_no_name(people):
    (number,) = ready(people)
    assert proof(people["coordinator"], number) == (404, None)
    choose(people, number, "R00001")
    event = EventRow.objects.get(case=number, kind="reviewer-assigned")
    own = page(story.client(people["reviewer"]), f"/panel/commitments/{number}/")
    assert "The opened commitment" not in own, "it lies on the pages of the organization, which a reviewer cannot open"
    for name in ("employee", "attorney", "adjuster", "physician", "division", "coordinator"):
        status, shown = proof(people[name], number)
        assert status == 200, name
        claims = verify(shown, event.data["commitment"])
        assert {"case", "day", "rule", "party"} <= {claim.sort for claim in claims}
        text = page(story.client(people[name]), f"/panel/commitments/{number}/")
        assert event.data["commitment"] in text
        assert "No financial tie" in text
        assert story.ADMINISTRATOR in text
        assert ("The opened commitment" in text) == (name == "coordinator")
        assert not any(secret in text + canonical(shown) for secret in (*story.SECRET_NAMES, "R00001")), name
    for name in ("other employee", "other adjuster", "other physician", "other reviewer"):
        assert proof(people[name], number) == (404, None), name
    assert proof(None, number) == (404, None)
    chain = access.events(access.open_case(people["employee"], number))
    assert any(getattr(item.event, "commitment", "") == event.data["commitment"] for item in chain)
    case = page(story.client(people["employee"]), f"/cases/{number}/")
    assert f"/panel/commitments/{number}/" in case


def test_everybody_verifies_a_published_case_and_learns_nobodys_name(people):
    number = story.to(Stage.PUBLISHED, people)
    root = EventRow.objects.get(case=number, kind="reviewer-assigned").data["commitment"]
    public = page(Client(), f"/determinations/{number}/")
    assert root in public
    assert f"/panel/commitments/{number}/" in public
    form = story.application()
    names = (form.employee.last_name, form.physician.last_name, form.attorney.last_name, story.ADMINISTRATOR)
    for who in (None, people["other employee"]):
        status, shown = proof(who, number)
        assert status == 200
        claims = verify(shown, root)
        assert {claim.sort for claim in claims} == {"case", "day", "rule", "specialties asked"}
        text = page(Client(), f"/panel/commitments/{number}/")
        assert "The parties of the case see here" in text
        assert not any(one in text + canonical(shown) for one in (*names, *story.SECRET_NAMES, "R00001"))


def test_what_the_organization_opens_for_the_division_verifies_under_the_published_root(people):
    number = story.to(Stage.PUBLISHED, people)
    page_inside = page(story.client(people["coordinator"]), f"/panel/commitments/{number}/")
    address = re.search(rf"/cases/{number}/documents/[0-9a-f]{{64}}/?", page_inside)[0]
    kept = b"".join(story.client(people["coordinator"]).get(address, follow=True))
    opened = from_plain(Commitment, json.loads(kept)).open()
    claims = verify(opened, coordination.root(number))
    assert next(c.says["name"] for c in claims if c.sort == "reviewer") == " ".join(story.SECRET_NAMES)
    assert story.client(people["division"]).get(address.replace("imro", "dwc")).status_code == 404


def test_the_opened_commitment_is_a_document_of_the_organization_alone(people):
    (number,) = ready(people)
    choose(people, number, "R00001", reason=NOTE)
    kinds = {
        name: {line.kind for line in access.documents(access.open_case(people[name], number))}
        for name in ("coordinator", "employee", "adjuster", "physician", "division")
    }
    inside = {"commitment to the reviewer, opened", "why another reviewer was chosen"}
    assert inside <= kinds.pop("coordinator")
    assert all(not inside & seen for seen in kinds.values())


def test_every_address_of_the_panel_is_walked_here():
    names = {pattern.name for pattern in urlpatterns}
    assert names == {"register", "sheet", "enter", "day", "reviewer", "commitment", "proof"}
    assert "panel" in get_resolver().namespace_dict


def test_a_row_without_terms_is_a_member_of_the_usual_pace(people):
    row = ReviewerRow.objects.get(pk="R00001")
    assert row.terms == {}
    assert coordination.register_line(people["coordinator"], "R00001").member == PanelMember(
        reviewer=coordination.register_line(people["coordinator"], "R00001").member.reviewer, capacity=row.capacity
    )


def test_what_the_panel_remembers_is_read_at_one_moment(people):
    """Another case is given a reviewer after the first statement of a reading: it is in the reading whole, or not at all."""
    first, second = ready(people, 2)
    choose(people, first, "R00001")
    came = []

    def meanwhile(execute, *asked):
        answer = execute(*asked)
        if not came:
            came.append(True)
            choose(people, second, "R00002")
        return answer

    with connection.execute_wrapper(meanwhile):
        remembered = reviewers.history()
    assert came
    assert {(past.case, past.reviewer) for past in remembered} <= {(first, "R00001"), (second, "R00002")}
    assert {past.case for past in reviewers.history()} == {first, second}
    with CaptureQueriesContext(connection) as asked:
        reviewers.history()
    assert len(asked) == 1


def test_the_commitment_shown_is_the_one_that_its_root_seals(people, monkeypatch):
    """A case is given to somebody else between the reading of its history and that of its documents."""
    (number,) = ready(people)
    choose(people, number, "R00001")
    under = coordination.root(number)
    actions.perform("release-reviewer", people["coordinator"], number, {"because": DeclineReason.CONFLICT})
    choose(people, number, "R00002")
    monkeypatch.setattr(coordination, "root", lambda _: under)
    found = coordination.sealed(people["coordinator"], number)
    assert found.root == found.disclosure.root == under
