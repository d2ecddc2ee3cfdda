"""Looking at a document: its pages as pictures and text, each made by a confined child."""

import pytest
from django.urls import reverse
from tests.factories import story

from imr.case.state import Stage
from imr.determination.letter import Letter, Paragraph
from imr.determination.pdf import render
from imr.law.terms import RecordKind, Role
from imr.web import access, actions
from imr.web.platform import clock
from imr.web.store.documents import Upload

LETTER = Letter(title="Report", sender="Invented Clinic", blocks=(Paragraph("The neck moves freely."),) * 60)


@pytest.fixture
def sent(db):
    """A case with a report of several pages and a note in plain text, and who sent them."""
    people = story.cast()
    number = story.to(Stage.ASSIGNED, people)
    report = Upload(name="report.pdf", data=render(LETTER), kind=RecordKind.PROGRESS_REPORT)
    note = Upload(name="note.txt", data=b"Seen <b>twice</b>.", kind=RecordKind.OTHER)
    facts = {"sender": Role.CLAIMS_ADMINISTRATOR, "received_on": clock.today()}
    actions.perform("receive-records", people["adjuster"], number, {"records": (report, note), **facts})
    lines = {line.media_type[:4]: line for line in access.documents(access.open_case(people["adjuster"], number))}
    lines["many"] = next(
        line for line in access.documents(access.open_case(people["adjuster"], number)) if (line.pages or 0) > 1
    )
    return people, number, lines


def test_a_page_has_its_picture_and_its_text(sent):
    people, number, lines = sent
    visitor = story.client(people["adjuster"])
    where = {"number": number, "digest": lines["many"].digest}
    for page, says in (("1", b"Report"), ("2", b"Previous page"), ("999", b"Report"), ("²", b"Report")):
        shown = visitor.get(reverse("cases:viewed", kwargs=where), {"page": page})
        assert shown.status_code == 200, shown.content.decode()
        assert says in shown.content
        assert b"The neck moves freely." in shown.content
    picture = visitor.get(reverse("cases:picture", kwargs={**where, "at": 1}))
    assert picture["Content-Type"] == "image/png"
    assert picture.content[1:4] == b"PNG"
    assert visitor.get(reverse("cases:picture", kwargs={**where, "at": 999})).status_code == 404
    stranger = story.client(people["other adjuster"])
    assert stranger.get(reverse("cases:picture", kwargs={**where, "at": 1})).status_code == 404


def test_a_text_is_shown_as_text(sent):
    people, number, lines = sent
    where = {"number": number, "digest": lines["text"].digest}
    shown = story.client(people["adjuster"]).get(reverse("cases:viewed", kwargs=where))
    assert b"Seen &lt;b&gt;twice&lt;/b&gt;." in shown.content
