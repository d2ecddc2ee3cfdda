"""What parties and the Division learn of the reviewer's work: over all stages and roles, by the API, the pages and the steps."""

import json
import re
from datetime import datetime

import pytest
from tests.factories import story
from tests.factories.outsiders import RECEIVERS, told_outside

from imr.case.chain import from_record, verify
from imr.case.context import CALIFORNIA
from imr.case.event_types import EVENT_TYPES
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import RecordKind, Role
from imr.web import access, accounts, actions
from imr.web.models import OutboxRow
from imr.web.store import cases

#: The people outside of the review organization, by their names in the story.
OUTSIDE = tuple(name for name, (role, _) in story.CAST.items() if role in RECEIVERS and not name.startswith("other"))
#: Steps beside the main path, after the stage that they follow.
BESIDE = {
    Stage.ASSIGNED: ("mental health record",),
    Stage.RECORDS_COMPLETE: ("exclusion",),
    Stage.UNDER_REVIEW: ("records asked", "returned"),
}


@pytest.fixture
def people(db):
    found = story.cast()
    accounts.give_second_factor(found["division"])
    return found


def beside(name, people, number):
    match name:
        case "mental health record":
            notes = story.upload("psychotherapy notes", RecordKind.THERAPY_NOTES, mental_health=True)
            facts = {"records": (notes,), "sender": Role.CLAIMS_ADMINISTRATOR}
            actions.perform("receive-records", people["adjuster"], number, facts)
        case "exclusion":
            case = access.open_case(people["intake"], number).case
            facts = {"file": case.records[0].record.digest, "left_out": True}
            actions.perform("mark-consent-exclusion", people["intake"], number, facts)
        case "records asked":
            letter = story.Upload(name="request.txt", data=b"Please send the X-ray of the neck.")
            facts = {"of": (Role.REQUESTING_PHYSICIAN,), "letter": letter}
            actions.perform("ask-records", people["reviewer"], number, facts)
        case "returned":
            story.take(people, number, "submit-draft")
            actions.perform("return-draft", people["quality"], number, {"note": story.upload("note")})


def asked(people, name, number, what):
    answer = story.client(people[name]).get(f"/api/cases/{number}/{what}".rstrip("/"))
    assert answer.status_code == 200, (name, what)
    return json.loads(answer.content)


def insist_nothing_told(people, number):
    secret = people["reviewer"].reviewer_id
    chains = {name: asked(people, name, number, "events") for name in OUTSIDE}
    bare = [[{k: v for k, v in item.items() if k != "opened"} for item in chain] for chain in chains.values()]
    assert all(one == bare[0] for one in bare), "all outsiders have the same chain, and can compare its last digest"
    inner = [item for item in cases.chain(number) if EVENT_TYPES[item.event.kind].within is not None]
    for name, chain in chains.items():
        shown = [from_record(item) for item in chain]
        verify(shown)
        assert told_outside(shown, [secret, *story.SECRET_NAMES]) == [], name
        assert len(chain) <= len(cases.chain(number)) - len(inner)
        readable = {line["digest"] for line in asked(people, name, number, "documents")}
        plain = {
            value for item in shown for value in re.findall(r"[0-9a-f]{64}", json.dumps([o.value for o in item.opened]))
        }
        assert plain <= readable, (name, "a seal of what they may not open")
        moments = asked(people, name, number, "timeline")
        known = {one["kind"] for one in moments}
        assert {item["kind"] for item in chain} - {"letter-served"} <= known, "nothing is in the chain alone"
        by_reviewer = [one for one in moments if one["by"] == Role.REVIEWER.value]
        lines = [one for one in asked(people, name, number, "documents") if one["sender"] == Role.REVIEWER.value]
        for one in (*by_reviewer, *lines):
            assert datetime.fromisoformat(one["at"]).astimezone(CALIFORNIA).strftime("%T.%f") == "00:00:00.000000"
        numbers = {item["number"]: item["kind"] for item in chain}
        assert all(numbers[one["number"]] == one["kind"] for one in moments if one["number"]), name
        state = asked(people, name, number, "")
        assert state["events"] == len(chain)
        assert all(one["letter"] in numbers for one in state["not_started"])
        assert all(one["number"] in numbers for one in asked(people, name, number, "letters"))


def test_at_no_stage_does_an_outsider_learn_what_happens_inside(people):
    number = story.receive(people)
    waiting = dict(BESIDE)
    insist_nothing_told(people, number)
    for reached, step in story.PATH:
        step(people, number)
        for name in waiting.pop(reached, ()):
            beside(name, people, number)
        insist_nothing_told(people, number)
    kinds = {item.event.kind for item in cases.chain(number)}
    assert {"draft-returned", "consent-exclusion-marked", "records-asked"} <= kinds


def test_the_digest_of_a_withheld_record_is_for_those_who_may_read_it(people):
    number = story.to(Stage.ASSIGNED, people)
    beside("mental health record", people, number)
    digest = cases.chain(number)[-1].event.records[0].digest
    opened = {name: digest in json.dumps(asked(people, name, number, "events")) for name in OUTSIDE}
    assert opened == {
        "employee": False, "attorney": False, "adjuster": True, "physician": True, "division": True,
    }  # fmt: skip


def test_what_happens_inside_does_not_stop_the_step_of_a_party(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    seen = access.case(access.open_case(people["adjuster"], number)).events
    story.take(people, number, "submit-draft")
    assert access.case(access.open_case(people["adjuster"], number)).events == seen
    facts = {
        "records": (story.upload("a late report", RecordKind.PROGRESS_REPORT),),
        "sender": Role.CLAIMS_ADMINISTRATOR,
    }
    came = actions.perform("receive-records", people["adjuster"], number, facts, seen=seen)
    assert actions.for_sender(came).number == seen + 1 < came.number
    assert actions.for_sender(came).digest == access.events(access.open_case(people["employee"], number))[-1].digest
    with pytest.raises(Refused, match=r"just changed this case \(records received\)"):
        actions.perform("receive-records", people["physician"], number, facts, seen=seen)
    with pytest.raises(Refused, match=r"just changed this case \(nothing\)"):
        actions.perform("receive-records", people["physician"], number, facts, seen=seen + 9)


def test_what_a_party_does_before_the_issue_has_its_number_afterwards(people):
    number = story.to(Stage.SIGNED, people)
    came = actions.perform("withdraw-consent", people["employee"], number, {"withdrawn_on": story.clock.today()})
    assert (actions.for_sender(came).number, actions.for_sender(came).digest) == (0, "")
    story.take(people, number, "issue-determination")
    kinds = [item.event.kind for item in access.events(access.open_case(people["employee"], number))]
    assert kinds.index("consent-withdrawn") + 1 == actions.for_sender(came).number


def test_the_office_keeps_the_numbers_of_the_full_chain(people):
    number = story.to(Stage.QUALITY, people)
    for name in ("intake", "coordinator", "quality", "reviewer"):
        assert access.case(access.open_case(people[name], number)).events == len(cases.chain(number)), name
    last = access.timeline(access.open_case(people["quality"], number))[-1]
    assert (last.number, last.has_hour) == (len(cases.chain(number)), True)
    attested = [one for one in access.timeline(access.open_case(people["intake"], number)) if one.by is Role.REVIEWER]
    assert attested
    assert not any(one.has_hour for one in attested)


def test_a_page_shows_the_day_alone_of_what_the_reviewer_did(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    for name in OUTSIDE:
        page = story.client(people[name]).get(f"/cases/{number}/").content.decode()
        moments = re.findall(r"<time datetime=\"([^\"]+)\">([^<]+)</time> · ([^<]+)", page)
        by_reviewer = [one for one in moments if "reviewer" in one[2].lower()]
        assert by_reviewer, name
        for machine, shown, _ in by_reviewer:
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", machine)
            assert "M P" not in shown


def test_a_party_sees_one_stage_until_the_signature(people):
    number = story.to(Stage.UNDER_REVIEW, people)
    parties = ("employee", "attorney", "adjuster", "physician")

    def pages():
        shown = (story.client(people[name]).get(f"/cases/{number}/").content.decode() for name in parties)
        return [re.search(r'<h2 id="next">.*?</h2>\s*<p>.*?</p>', page, re.DOTALL).group() for page in shown]

    before = pages()
    assert all("whose draft is checked" in page for page in before)
    for reached, step in story.PATH:
        if reached in (Stage.QUALITY, Stage.PASSED):
            step(people, number)
            assert pages() == before
            for name in parties:
                assert asked(people, name, number, "")["stage"] == Stage.UNDER_REVIEW.value, name
                assert [line.stage for line in access.cases(people[name])] == [Stage.UNDER_REVIEW]
            for name in ("coordinator", "quality", "division"):
                assert access.case(access.open_case(people[name], number)).case.stage is reached


def test_no_message_tells_the_hour_of_what_the_reviewer_did(people):
    number = story.to(Stage.REVIEWER_ASSIGNED, people)

    def messages():
        parties = [people[name] for name in ("employee", "attorney", "adjuster", "physician")]
        return OutboxRow.objects.filter(case=number, person__in=parties).count()

    assert messages() > 0
    told = {}
    for reached, step in story.PATH:
        if reached in (Stage.UNDER_REVIEW, Stage.QUALITY, Stage.PASSED, Stage.SIGNED, Stage.ISSUED):
            before = messages()
            step(people, number)
            told[reached] = messages() - before
    assert {stage for stage, count in told.items() if count} == {Stage.ISSUED}
