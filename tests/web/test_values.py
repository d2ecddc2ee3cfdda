"""Values that cannot be, hours that come twice or without a zone, days of answers, and the receipt: pages and API follow one rule."""

import base64
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories import story
from tests.factories.forms import paper, posted

from imr.case.context import CALIFORNIA
from imr.case.receipts import Receipt
from imr.case.state import Stage
from imr.plain import to_plain
from imr.records.pdf import Pdf
from imr.web import access, accounts
from imr.web.models import EventRow
from imr.web.platform import clock
from imr.web.platform.formatting import day
from imr.web.portals.base.local_time import MomentField, comes_twice, never_comes

TICK = 'type="checkbox" name="as_written" value="{}"'


def born(day):
    form = story.application()
    return replace(form, employee=replace(form.employee, born_on=day))


def reached(email):
    form = story.application()
    return replace(form, employee=replace(form.employee, email=email))


def with_npi(npi):
    form = story.application()
    return replace(form, physician=replace(form.physician, npi=npi))


def office(people):
    """A program of intake, whose account has its second factor."""
    accounts.give_second_factor(people["intake"])
    return story.client(people["intake"])


def begin(client, application, **more):
    facts = {
        "application": application,
        "ur_decision": {"name": "d.pdf", "content": PDF},
        "received_at": clock.now(),
        **more,
    }
    return client.post("/api/begin/receive-application", json.dumps(to_plain(facts)), content_type="application/json")


#: How intake knows the day of what came before today.
KNOWN = {"receipt": "STAMP"}
PDF = base64.b64encode(story.pdf("UR decision")).decode()


def sent(application, **more):
    return posted(application) | {"page": "sign", "send": "1", "ur_decision": paper()} | more


CANNOT_BE = {
    "birth in the future": (lambda: born(clock.today() + timedelta(days=400)), "employee.born_on", "lies in the future"),
    "birth after the injury": (lambda: born(story.days_ago(30)), "employee.born_on", "lies after the injury"),
    "injury in the year 201": (lambda: replace(story.application(), injured_on=date(201, 2, 3)), "injured_on", "before 1900"),
    "NPI with a wrong digit": (lambda: with_npi("1234567890"), "physician.npi", "National Provider Identifier"),
}  # fmt: skip


@pytest.mark.parametrize("which", CANNOT_BE)
def test_what_cannot_be_is_refused_to_a_party_by_page_and_api_and_recorded_by_the_office(people, sign_in, which):
    made, path, words = CANNOT_BE[which]
    employee, intake = sign_in("employee"), sign_in("intake")
    for tick in ({}, {"as_written": path}):
        page = employee.post("/employee/apply/", sent(made(), **tick)).content.decode()
        assert words in page
        assert TICK.format(path) not in page, "a party is offered no way around it"
        refused = begin(story.client(people["employee"]), made(), **{key: [value] for key, value in tick.items()})
        assert refused.status_code == 409
        assert words in refused.json()["message"]
    assert not EventRow.objects.exists()

    page = intake.post("/imro/apply/", sent(made())).content.decode()
    assert words in page
    assert TICK.format(path) in page
    answer = intake.post("/imro/apply/", sent(made(), as_written=path))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    number = answer.url.split("/")[2]
    shown = intake.get(f"/cases/{number}/application/").content.decode()
    assert "As written, this cannot be right:" in shown
    assert words in shown
    again = begin(intake, replace(made(), claim_number="WC-2"), as_written=[path])
    assert again.status_code == 200, again.content


@pytest.mark.parametrize("email", ["not-an-address", "ada@home"])
def test_an_address_that_cannot_be_is_asked_about_and_taken_when_confirmed(people, sign_in, email):
    employee = sign_in("employee")
    page = employee.post("/employee/apply/", sent(reached(email))).content.decode()
    assert "cannot be an e-mail address" in page
    assert TICK.format("employee.email") in page
    asked = employee.post("/employee/apply/", {"page": "employee", **posted(reached(email))}).content.decode()
    assert "cannot be an e-mail address" in asked, "on its own page already"
    carried = employee.post(
        "/employee/apply/", {"page": "employee", **posted(reached(email)), "as_written": "employee.email"}
    ).content.decode()
    assert "<h1>The claim</h1>" in carried
    assert '<input type="hidden" name="as_written" value="employee.email">' in carried
    answer = employee.post("/employee/apply/", sent(reached(email), as_written="employee.email"))
    number = answer.url.split("/")[2]
    assert access.application(access.open_case(people["employee"], number)).employee.email == email
    assert (
        "As written, this is unlikely. Ask whether it is right:"
        in employee.get(f"/cases/{number}/application/").content.decode()
    )
    assert begin(story.client(people["employee"]), reached(email)).status_code == 409


@pytest.mark.parametrize("value", ["2026-11-27T17:00:00", "2026-11-27", "yesterday"])
def test_an_hour_without_a_zone_is_a_fault_in_words(people, value):
    answer = begin(office(people), story.application(), received_at=value)
    assert answer.status_code == 422
    said = answer.json()
    assert set(said) == {"title", "message", "findings"}
    assert any(one.startswith("received_at: ") and "2026-11-27T17:00:00-08:00" in one for one in said["findings"])


def test_every_refusal_of_the_api_has_a_title_and_a_message(people, client):
    signed_in = story.client(people["employee"])
    answers = {
        401: client.get("/api/cases"),
        404: signed_in.get("/api/cases/CM00-0000000"),
        422: signed_in.get("/api/corpus/search", {"page": "x"}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert set(answer.json()) == {"title", "message", "findings"}
        assert answer.json()["message"]


AUTUMN = datetime(2026, 11, 3, 20, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_asked_and_the_answer_is_kept(people, sign_in):
    with clock.frozen_at(AUTUMN):
        intake = sign_in("intake")
        for which, offset in (("first", "-07:00"), ("second", "-08:00")):
            form = replace(story.application(), claim_number=f"WC-{which}")
            came = {"received_at": "2026-11-01T01:30", **KNOWN}
            page = intake.post("/imro/apply/", sent(form, **came)).content.decode()
            assert "this hour came twice" in page
            assert 'name="received_at-which" value="second"' in page
            answer = intake.post("/imro/apply/", sent(form, **came, **{"received_at-which": which}))
            assert answer.status_code == 302, answer.content.decode()[:3000]
            number = answer.url.split("/")[2]
            received = access.case(access.open_case(people["intake"], number)).case.received_at
            assert received == datetime.fromisoformat(f"2026-11-01T01:30:00{offset}")
            zone = {"first": "PDT", "second": "PST"}[which]
            assert f"Sunday, November 1, 2026, at 1:30 AM {zone}" in intake.get(answer.url).content.decode()


def test_the_hour_that_never_comes_is_refused_in_words():
    field = MomentField()
    with pytest.raises(Exception, match="it does not exist"):
        field.clean("2027-03-14T02:30")
    assert never_comes(datetime(2027, 3, 14, 2, 30))  # noqa: DTZ001 - as it is typed
    assert comes_twice(datetime(2026, 11, 1, 1, 59))  # noqa: DTZ001 - as it is typed
    for plain in ("2026-11-01T00:59", "2026-11-01T02:00", "2027-03-14T01:59", "2027-03-14T03:00"):
        assert field.clean(plain) == datetime.fromisoformat(plain).replace(tzinfo=CALIFORNIA)


def test_a_day_is_a_day_in_every_answer(people):
    number = story.to(Stage.ASSIGNED, people)
    visitor = office(people)
    (line,) = visitor.get("/api/cases").json()
    one = visitor.get(f"/api/cases/{number}").json()
    assert line["due"] == one["due"]
    assert line["due"]["on"] == line["due"]["at"][:10]
    assert line["received_at"] == one["received_at"]
    answers = [line, one, visitor.get(f"/api/cases/{number}/timeline").json()]
    answers += [visitor.get(f"/api/cases/{number}/documents").json(), visitor.get(f"/api/cases/{number}/events").json()]
    times = re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"]*", json.dumps(answers))
    assert len(times) > 4
    for time in times:
        at = datetime.fromisoformat(time)
        assert at.astimezone(CALIFORNIA).date() == at.date(), time
        assert at.utcoffset() == at.astimezone(CALIFORNIA).utcoffset()


def test_the_history_says_the_hour_of_california_in_whatever_zone_it_was_stated(people):
    received = (clock.now() - timedelta(days=3)).astimezone(UTC)
    answer = begin(office(people), story.application(), received_at=received, receipt=Receipt.STAMP)
    assert answer.status_code == 200, answer.json()
    number = answer.json()["case"]
    details = dict(access.timeline(access.open_case(people["intake"], number))[0].details)
    assert details["received at"] == day(received.astimezone(CALIFORNIA))


def test_the_receipt_proves_day_hour_and_content_and_can_be_kept(people, sign_in):
    with clock.frozen_at(datetime(2026, 11, 28, 7, 30, tzinfo=UTC)):  # half past eleven in the evening of the 27th
        employee = sign_in("employee")
        answer = employee.post("/employee/apply/", sent(story.application()))
        page = employee.get(answer.url).content.decode()
    number = answer.url.split("/")[2]
    first = access.events(access.open_case(people["employee"], number))[0]
    held = [
        number,
        "Friday, November 27, 2026, at 11:30 PM PST",
        first.digest,
        first.event.filing.application,
        first.event.filing.ur_decision,
        "Physical therapy, six sessions",
        "WC-0001",
        "Invented Offices",
    ]
    for words in held:
        assert words in page, words
    kept = employee.get(f"/cases/{number}/receipt.pdf")
    assert kept["Content-Disposition"].startswith("attachment")
    with Pdf(kept.content) as pdf:
        text = "".join("".join(pdf.text(n).split()) for n in range(len(pdf)))
    for words in held:
        assert "".join(words.split()) in text, words
    assert "Receipt" in employee.get(f"/cases/{number}/application/").content.decode()
    for path in ("", "receipt.pdf"):
        assert sign_in("other employee").get(f"/cases/{number}/{path}").status_code == 404


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("Ada\x07 In\x1bvented", "Ada Invented"),
        ("\u202eAda\u202c \u2067Inv\u2069", "Ada Inv"),
        ("សុខ\u200bា \u0631\u200c\u0646 👩\u200d⚕️", "សុខ\u200bា \u0631\u200c\u0646 👩\u200d⚕️"),
    ],
)
def test_what_nobody_sees_in_a_text_is_dropped_at_the_door_and_every_script_stays(people, stated, kept):
    form = story.application()
    said = replace(form, employer=f"WC-{stated}", employee=replace(form.employee, last_name=stated))
    browser = office(people)
    answer = begin(browser, said)
    assert answer.status_code == 200, answer.content
    held = access.application(access.open_case(people["intake"], answer.json()["case"]))
    assert (held.employer, held.employee.last_name) == (f"WC-{kept}", kept)
    assert begin(browser, replace(said, claim_number="\x07\u202e")).status_code == 409, "nothing is left of it"
    held = EventRow.objects.count()
    refused = begin(browser, replace(said, claim_number="WC\x00-1"))
    assert (refused.status_code, EventRow.objects.count()) == (400, held)
    assert "a character that cannot be stored" in refused.json()["message"]
    refused = begin(browser, replace(said, claim_number="WC\ud800-1"))
    assert (refused.status_code, EventRow.objects.count()) == (400, held), "half of a character"


BEYOND = {
    "too long": (lambda: replace(story.application(), employer="a" * 201), "at most 200"),
    "a code in another script": (lambda: replace(story.application(), claim_number="WC-\u0661"), "letters A to Z"),
    "private use": (lambda: replace(story.application(), employer="\ue000"), "U+E000"),
}


@pytest.mark.parametrize("which", BEYOND)
def test_a_value_beyond_its_limit_is_refused_by_page_and_api(people, sign_in, which):
    made, words = BEYOND[which]
    browser = sign_in("employee")
    page = browser.post("/employee/apply/", sent(made())).content.decode()
    assert words in page
    refused = begin(story.client(people["employee"]), made())
    assert (refused.status_code, EventRow.objects.count()) == (409, 0)
    assert words in refused.json()["message"]


def test_letters_are_kept_in_their_composed_form(people):
    browser = office(people)
    apart = replace(story.application(), employer="Jose\u0301 & Co.")
    answer = begin(browser, apart)
    held = access.application(access.open_case(people["intake"], answer.json()["case"]))
    assert held.employer == "Jos\u00e9 & Co."
    assert begin(browser, replace(apart, employer="Jos\u00e9 & Co.")).json()["repeated"], "the same application"
