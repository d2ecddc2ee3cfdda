"""A name that may be a party's: nobody is cleared in silence, a coordinator settles it, and the history keeps who and when."""

import pytest
from django.http import Http404
from tests.factories import story

from imr.case.events import IdentitySettled
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.reviewers import Affiliation, AffiliationKind, Identity
from imr.panel.commitment import verify
from imr.plain import to_plain
from imr.web import access, accounts, actions
from imr.web.actions import panel
from imr.web.models import AffiliationRow, ReviewerRow
from imr.web.store import cases
from imr.web.store.documents import Upload

NOTE = Upload(name="reason.txt", data=b"another license number", ours=True)


@pytest.fixture
def people(db):
    found = story.cast()
    for who in found.values():
        accounts.give_second_factor(who)
    return found


def tied(name: str, number: str = "R00001", relation: str = "partner") -> None:
    row = ReviewerRow.objects.get(pk=number)
    tie = Affiliation(name=name, kind=AffiliationKind.PROFESSIONAL, relation=relation, since=story.days_ago(900))
    row.facts = {**row.facts, "affiliations": [to_plain(tie)]}
    row.save()


def candidate(people, case: str, number: str = "R00001"):
    found = access.candidates(access.open_case(people["coordinator"], case), (story.SPECIALTY,)).candidates
    return next(one for one in found if one.member.id == number)


def choose(people, case: str, number: str = "R00001"):
    return actions.perform(
        "assign-reviewer", people["coordinator"], case, {"reviewer": number, "specialties": (story.SPECIALTY,)}
    )


def test_nobody_is_cleared_by_a_spelling_and_a_coordinator_settles_it(people):
    case = story.to(Stage.RECORDS_COMPLETE, people)
    physician = cases.application(access.case(access.open_case(people["coordinator"], case)).case).physician
    tied(f"{physician.first_name[0]}. {physician.last_name}, M.D.")
    client, address = story.client(people["coordinator"]), f"/cases/{case}/settle-identity/"

    found = candidate(people, case)
    assert (found.cleared, found.in_doubt) == (False, True)
    assert "coordinator settles" in found.refusals[0].reason
    shown = client.get(f"/cases/{case}/assign-reviewer/?specialties={story.SPECIALTY}").content.decode()
    assert "Not cleared: a name is in doubt" in shown
    assert address in shown
    with pytest.raises(Refused, match="may be that there is a professional tie"):
        choose(people, case)

    page = client.get(address).content.decode()
    assert physician.name in page
    (line,) = access.doubts(access.open_case(people["coordinator"], case))
    form = {"doubt": line.doubt.key, "reviewer": "R00001", "identity": "DIFFERENT", "seen": ""}
    assert client.post(address, form).status_code == 422  # without a reason nothing is recorded
    assert client.post(address, {**form, "identity": "", "reason": "x"}).status_code == 422
    assert client.post(address, {**form, "doubt": "0" * 64, "reason": "x"}).status_code == 409
    assert client.post(address, {**form, "reason": "another license"}).status_code == 302

    (line,) = access.doubts(access.open_case(people["coordinator"], case))
    assert (line.doubt.found, line.by) == (Identity.DIFFERENT, people["coordinator"].email)
    assert "Recorded by" in client.get(address).content.decode()
    found = candidate(people, case)
    assert found.cleared
    assert any("told 1 name(s) apart" in finding.reason for finding in found.findings)
    choose(people, case)
    told = verify(panel.sealed(people["employee"], case).disclosure)
    assert any(claim.says.get("names told apart by a coordinator") == 1 for claim in told if claim.sort == "rule")


def test_what_was_settled_as_the_same_is_a_conflict_and_can_be_corrected(people):
    case = story.to(Stage.RECORDS_COMPLETE, people)
    tied(f"{story.ADMINISTRATOR} Group")
    for found, cleared in ((Identity.SAME, False), (Identity.DIFFERENT, True), (Identity.SAME, False)):
        (line,) = access.doubts(access.open_case(people["coordinator"], case))
        actions.perform("settle-identity", people["coordinator"], case, {"reviewer": "R00001", "doubt": line.doubt.key, "identity": found, "reason": NOTE})  # fmt: skip
        assert candidate(people, case).cleared is cleared
        assert not candidate(people, case).in_doubt


def test_a_name_in_doubt_gives_the_case_to_nobody_and_takes_an_open_one_back(people):
    given, waiting = (story.to(Stage.RECORDS_COMPLETE, people) for _ in range(2))
    choose(people, given)
    for number in ("R00001", "R00002"):
        tied(f"{story.ADMINISTRATOR} Group", number)
    answer, lines, *_ = panel.day(people["coordinator"])
    assert (lines, answer.unfilled) == ((), (waiting,))
    shown = story.client(people["coordinator"]).get("/panel/day/").content.decode()
    assert f"/cases/{waiting}/settle-identity/" in shown
    ((case, _, reasons),) = panel.to_take_back(people["coordinator"])
    assert case == given
    assert "coordinator settles" in reasons[0]
    (line,) = access.doubts(access.open_case(people["coordinator"], given))
    actions.perform("settle-identity", people["coordinator"], given, {"reviewer": "R00001", "doubt": line.doubt.key, "identity": Identity.DIFFERENT, "reason": NOTE})  # fmt: skip
    assert panel.to_take_back(people["coordinator"]) == ()


def test_the_organization_s_own_names_are_in_doubt_too(people):
    case = story.to(Stage.RECORDS_COMPLETE, people)
    tie = Affiliation(
        name=f"{story.ADMINISTRATOR} Services",
        kind=AffiliationKind.FINANCIAL,
        relation="interest",
        since=story.days_ago(900),
    )
    AffiliationRow.objects.create(facts=to_plain(tie))
    assert not candidate(people, case).cleared
    lines = access.doubts(access.open_case(people["coordinator"], case))
    assert [line.reviewer for line in lines] == [None]
    actions.perform(
        "settle-identity",
        people["coordinator"],
        case,
        {"doubt": lines[0].doubt.key, "identity": Identity.DIFFERENT, "reason": NOTE},
    )
    assert candidate(people, case).cleared


def test_nobody_outside_learns_of_it(people):
    case = story.to(Stage.RECORDS_COMPLETE, people)
    tied(f"{story.ADMINISTRATOR} Group")
    (line,) = access.doubts(access.open_case(people["coordinator"], case))
    actions.perform("settle-identity", people["coordinator"], case, {"reviewer": "R00001", "doubt": line.doubt.key, "identity": Identity.DIFFERENT, "reason": NOTE})  # fmt: skip
    for name in ("employee", "adjuster", "division"):
        assert not any(
            moment.kind == "identity-settled" for moment in access.timeline(access.open_case(people[name], case))
        )
        chain = access.events(access.open_case(people[name], case))
        assert not any(isinstance(one.event, IdentitySettled) for one in chain)
        assert not access.case(access.open_case(people[name], case)).case.settled
        assert not any(
            "settled" in document.title for document in access.documents(access.open_case(people[name], case))
        )
        with pytest.raises(Http404):
            access.doubts(access.open_case(people[name], case))
    with pytest.raises(Refused, match=r"only the .*coordinator.* may do this"):
        actions.perform(
            "settle-identity", people["division"], case, {"doubt": "", "identity": Identity.SAME, "reason": NOTE}
        )
