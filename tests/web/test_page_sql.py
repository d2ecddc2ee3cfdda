"""What a page of a case and a step cost: few SQL statements, one reading of the chain, one replay."""

import sys
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import story

from imr.case import chain
from imr.case.state import Stage
from imr.law.terms import RecordKind, Role
from imr.web import access, accounts, actions
from imr.web.models import CaseRow, DocumentRow, ViewRow
from imr.web.platform import clock
from imr.web.portals import cases
from imr.web.store import cases as rows

#: The most statements of a page of a case, and of a page that shows a draft or checks it beside its file.
MOST, MOST_OF_A_DRAFT = 12, 15
OF_A_DRAFT = {"draft", "saved", "preview", "checks", "evidence", "like", "step submit-draft", "step sign-determination"}
OF_A_DRAFT |= {"step pass-draft", "step return-draft"}
#: Pages that are looked at in every one of these stages; every other page once by each person, where it is there first.
GROWING = {"case", "application", "file", "checks"}
LOOKED_AT = (Stage.RECEIVED, Stage.RECORDS_COMPLETE, Stage.UNDER_REVIEW, Stage.QUALITY, Stage.PASSED, Stage.ISSUED)
SEEING = ("employee", "attorney", "adjuster", "physician", "intake", "coordinator", "quality", "reviewer", "division")
UPLOAD = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def replays(monkeypatch) -> list[str]:
    """The number of each case that is replayed, in whatever module of the site."""
    replay, found = chain.replay, []

    def counted(recorded, number=""):
        recorded = tuple(recorded)
        found.append(recorded[0].case if recorded else number)
        return replay(recorded, number)

    for name, module in list(sys.modules.items()):
        if name.startswith("imr.") and getattr(module, "replay", None) is replay:
            monkeypatch.setattr(module, "replay", counted)
    return found


def _statements(asked: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]


def _readings(statements: list[str], number: str) -> int:
    """How often the chain of a case is read."""
    return sum(f'FROM "imr_eventrow" WHERE "imr_eventrow"."case" = \'{number}\' ORDER' in one for one in statements)


def _addresses(user, number: str) -> Iterator[tuple[str, str]]:
    """Each page of a case that a portal of somebody's has: its name, and its address. What no portal of theirs has is never there."""
    own = {
        page
        for portal in cases.PORTALS
        if set(portal.info.roles) & set(access.roles(user))
        for page in portal.case_pages()
    }
    digest = DocumentRow.objects.filter(case=number).order_by("-kind").values_list("digest", flat=True)[0]
    blanks = {
        "<str:digest>": digest,
        "<int:at>": "1",
        "<int:page>": "1",
        "<int:treatment>": "1",
        "<uuid:upload>": UPLOAD,
    }
    for name, route in cases.ROUTES.items():
        if name not in own:
            continue
        for blank, value in blanks.items():
            route = route.replace(blank, value)
        if name == "step":
            for step in actions.offers(user, number):
                yield f"step {step.name}", f"/cases/{number}/{route.replace('<slug:name>', step.name)}"
        else:
            yield name, f"/cases/{number}/{route}"


def _walk(people) -> Iterator[tuple[str, Stage]]:
    """Take a case with eight records through these stages; under review the reviewer has written a draft."""
    number = story.receive(people)
    yield number, Stage.RECEIVED
    for reached, step in story.PATH:
        step(people, number)
        if step.name == "receive-records":
            records = tuple(story.upload(f"report {at}", RecordKind.PROGRESS_REPORT) for at in range(6))
            facts = {"records": records, "sender": Role.CLAIMS_ADMINISTRATOR, "received_on": clock.today()}
            actions.perform("receive-records", people["adjuster"], number, facts)
        if reached is Stage.UNDER_REVIEW:
            view = access.case(access.open_case(people["reviewer"], number))
            story.write(people["reviewer"], number, story.draft(number, view))
        if reached in LOOKED_AT:
            yield number, reached
        if reached is LOOKED_AT[-1]:
            break


def test_every_page_of_a_case_takes_few_statements_one_chain_and_one_replay(people, replays):
    browsers = {}
    for name in SEEING:
        accounts.give_second_factor(people[name])
        browsers[name] = story.client(people[name])
    seen: dict[tuple[str, str], int] = {}
    wrong, of_another_method = {}, set()
    for number, stage in _walk(people):
        for name, browser in browsers.items():
            for page, address in _addresses(people[name], number):
                if ((page, name) in seen and page not in GROWING) or page in of_another_method:
                    continue
                replays.clear()
                with CaptureQueriesContext(connection) as asked:
                    answer = browser.get(address)
                if answer.status_code != 200:
                    of_another_method |= {page} if answer.status_code == 405 else set()
                    continue
                sql = _statements(asked)
                seen[page, name] = len(sql)
                found = len(sql), _readings(sql, number), replays.count(number)
                if found[0] > (MOST_OF_A_DRAFT if page in OF_A_DRAFT else MOST) or max(found[1:]) > 1:
                    wrong[page, name, stage.name] = found
    assert wrong == {}
    # uploads are asked for in other ways (tests/web/test_uploading.py), and a document that is not read has no pages here
    asked_for = {page.partition(" ")[0] for page, _ in seen}
    assert set(cases.ROUTES) - asked_for <= {"uploads", "upload", "page", "note", "correct", "whole"}


def test_a_step_reads_and_replays_the_chain_once_and_leaves_the_row_as_a_rebuild_does(people, replays):
    number = ""
    costs = []

    def taken(step):
        replays.clear()
        with CaptureQueriesContext(connection) as asked:
            done = step()
        costs.append((_readings(_statements(asked), done.case), replays.count(done.case)))
        kept = CaseRow.objects.filter(number=done.case).values().get()
        rows.refresh(done.case)
        assert CaseRow.objects.filter(number=done.case).values().get() == kept, done.event.kind
        return done

    perform = actions.perform
    number = story.receive(people)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(actions, "perform", lambda *step, **facts: taken(lambda: perform(*step, **facts)))
        for reached, step in story.PATH:
            step(people, number)
            if reached is Stage.PUBLISHED:
                break
    assert len(costs) >= len(story.PATH)
    assert set(costs) == {(1, 1)}


def test_the_looks_of_a_page_are_logged_once_each_also_where_it_fails(people):
    number = story.receive(people)
    opened = access.open_case(people["employee"], number)
    looks = ViewRow.objects.filter(person=people["employee"])

    def page() -> None:
        with opened.logged_together():
            access.application(opened)
            access.application(opened)
            assert not looks.all().exists()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        page()
    assert [row.thing for row in looks.all()] == ["application"]
    access.application(opened)
    assert looks.all().count() == 2
