"""What a party writes is shown as text, wherever it is shown: in pages, files, data, and what an address repeats."""

from dataclasses import replace
from urllib.parse import quote

import pytest
from tests.factories import story
from tests.factories.url_walk import addresses, blanks, routes

from imr.case.application import ClaimsAdministrator, DisputedTreatment
from imr.case.state import Stage
from imr.law.terms import RecordKind, Role
from imr.web.models import DocumentRow

#: Markup, a template of Django and of others, a format, and a formula, in one text.
HOSTILE = "\"'><img src=x onerror=alert(1)></script><script>alert(1)</script>{{7*7}}{%debug%}%s{0}=cmd"
RAW = ("<img src=x", "<script>alert", "</script><script>", ">49<", "&#x27;&gt;49")
#: Who looks: a party of each side, the office and the Division.
READERS = ("employee", "adjuster", "coordinator", "division")


@pytest.fixture
def poisoned(people):
    form = story.application()
    number = story.receive(
        people,
        employee=replace(form.employee, first_name=HOSTILE[:60], last_name="Invented " + HOSTILE[:60]),
        employer=HOSTILE,
        claim_number=HOSTILE[:40],
        administrator=ClaimsAdministrator(company=story.ADMINISTRATOR + " " + HOSTILE[:80]),
        diagnosis=HOSTILE,
        treatments=(DisputedTreatment(description=HOSTILE), *form.treatments),
    )
    for reached, step in story.PATH:
        step(people, number)
        if reached is Stage.REVIEWER_ASSIGNED:
            break
    return number


def test_no_text_of_a_party_comes_back_as_markup(people, poisoned):
    record = story.upload(HOSTILE, RecordKind.PROGRESS_REPORT)
    story.take(
        people,
        poisoned,
        "receive-records",
        Role.CLAIMS_ADMINISTRATOR,
        records=(replace(record, name=HOSTILE + ".pdf"),),
    )
    digest = DocumentRow.objects.filter(case=poisoned).order_by("-pk").values_list("digest", flat=True)[0]
    pages = [pattern for pattern in routes() if pattern.startswith(("cases/", "api/cases/<"))]
    filled = {"number": [poisoned], "digest": [digest], "name": ["receive-records"], "page": ["1"]}
    shown = 0
    for name in READERS:
        client = story.client(people[name])
        own = ["/employee/", "/claims/", "/physician/", "/imro/", "/dwc/", "/reviewer/"]
        for address in (
            *own,
            *(
                one
                for each in pages
                for one in addresses(each, {blank: filled.get(blank, ["1"]) for blank in blanks(each)})
            ),
        ):
            answer = client.get(address)
            assert answer.status_code < 500, (name, address)
            if answer["Content-Type"].startswith("text/html") and not answer.streaming:
                text = answer.content.decode()
                assert not [raw for raw in RAW if raw in text], (name, address)
                shown += "&lt;img src=x" in text
    assert shown >= 5, "the text was on these pages, escaped"


@pytest.mark.parametrize(
    "address",
    ["/corpus/?q={}", "/determinations/?q={}&outcome={}&year={}", "/time-limits/?x={}", "/corpus/like/?treatment={}", "/no-such-{}",
     "/determinations/{}/", "/api/published/{}", "/corpus/statistics/?by={}", "/account/login/?next={}", "/account/password/reset/?email={}"],
)  # fmt: skip
def test_what_an_address_repeats_is_no_markup(client, db, address):
    text = client.get(address.replace("{}", quote(HOSTILE))).content.decode()
    assert not [raw for raw in RAW if raw in text]
