"""A determination is published by somebody who looked at every replacement: the page, the step, the API and what is recorded."""

import json

import pytest
from tests.factories import story

from imr.case.digests import digest
from imr.case.events import DeterminationPublished
from imr.case.state import Stage
from imr.errors import Refused
from imr.web import access, accounts, actions
from imr.web.models import DocumentRow


@pytest.fixture
def people(db):
    found = story.cast()
    for who in found.values():
        accounts.give_second_factor(who)
    return found


def test_nothing_is_published_until_somebody_looked_at_that_very_list(people):
    number = story.to(Stage.ISSUED, people)
    for said in ({}, {"confirmed": ""}, {"confirmed": "0" * 64}):
        with pytest.raises(Refused, match="look at the replacements"):
            actions.perform("publish-determination", people["division"], number, said)
    found = access.to_publish(access.open_case(people["division"], number))
    with pytest.raises(Refused, match="look at the replacements"):
        actions.perform(
            "publish-determination", people["division"], number, {"confirmed": found.confirmed, "go": ("pain",)}
        )
    actions.perform("publish-determination", people["division"], number, {"confirmed": found.confirmed})
    event = access.events(access.open_case(people["coordinator"], number))[-1].event
    assert isinstance(event, DeterminationPublished)
    assert (event.replaced, event.confirmed) == (len(found.redaction.replaced), digest(found.redaction))
    assert DocumentRow.objects.filter(case=number, paper="replacements of the public version").count() == 1
    outside = access.events(access.open_case(people["employee"], number))[-1].event
    assert outside.confirmed.startswith("sealed:")


@pytest.mark.parametrize(("who", "portal"), [("coordinator", "imro"), ("division", "dwc")])
def test_the_page_shows_each_replacement_and_takes_what_a_person_decides(people, who, portal):
    number = story.to(Stage.ISSUED, people)
    client, address = story.client(people[who]), f"/cases/{number}/publish-determination/"
    assert number in client.get(f"/{portal}/").content.decode()
    page = client.get(address).content.decode()
    assert "I checked each replacement" in page
    word = access.determination(access.open_case(people[who], number)).summary.split()[1].strip(".,")
    looked = client.post(address, {"go": word, "look": "1"}).content.decode()
    assert f"{word}</th>" in looked
    assert "[name]" in looked
    found = access.to_publish(access.open_case(people[who], number))
    assert client.post(address, {"send": "1", "confirmed": found.confirmed}).status_code == 409
    # What was decided after the list was shown is shown first.
    said = {"send": "1", "confirmed": found.confirmed, "looked": "1"}
    assert client.post(address, {**said, "go": word}).status_code == 409
    assert client.post(address, said).status_code == 302
    assert access.public_determination(number) == found.public


def test_the_api_gives_the_list_to_whoever_may_publish_alone(people):
    number = story.to(Stage.ISSUED, people)
    address = f"/api/cases/{number}/replacements"
    for who in ("employee", "adjuster", "quality", "other reviewer"):
        assert story.client(people[who]).get(address).status_code == 404
    told = story.client(people["coordinator"]).get(address, {"go": ["pain"]}).json()
    assert [one["was"] for one in told["redaction"]["replaced"] if one["was"] == "pain"] == ["pain"]
    assert story.client(people["coordinator"]).get(address).json()["confirmed"] != told["confirmed"]
    assert json.dumps(told["public"]).count("[name]") >= 1
