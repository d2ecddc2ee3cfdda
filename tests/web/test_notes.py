"""A reviewer's own notes on pages: nobody else reads them, and nothing that leaves holds them."""

import pytest
from tests.factories import story
from tests.factories.case_file import read_all, signed_in

from imr.case.events import DeclineReason
from imr.web import access, accounts, actions
from imr.web.models import NoteRow, ViewRow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_pages")]

WORDS = "Compare with the MRI of invention."


@pytest.fixture
def noted(people, reviewed):
    read_all()
    digest = next(
        line.digest for line in access.file(access.open_case(people["reviewer"], reviewed)) if line.pages == 2
    )
    client = story.client(people["reviewer"])
    answer = client.post(f"/cases/{reviewed}/file/{digest}/2/notes/", {"text": f"  {WORDS}\n"})
    assert (answer.status_code, answer.url) == (302, f"/cases/{reviewed}/file/{digest}/2/#notes")
    return client, digest


def test_a_note_stands_on_its_page_and_in_the_index_and_is_removed(people, reviewed, noted):
    client, digest = noted
    assert WORDS in client.get(f"/cases/{reviewed}/file/{digest}/2/").content.decode()
    assert WORDS not in client.get(f"/cases/{reviewed}/file/{digest}/1/").content.decode()
    index = client.get(f"/cases/{reviewed}/file/").content.decode()
    assert f"/cases/{reviewed}/file/{digest}/2/#notes" in index
    assert ViewRow.objects.filter(thing="reviewer's own notes on the records").count() == 3
    (note,) = access.notes(access.open_case(people["reviewer"], reviewed))
    client.post(f"/cases/{reviewed}/file/{digest}/2/notes/", {"remove": note.id})
    assert not NoteRow.objects.exists()


def test_nobody_else_reads_or_writes_them(people, reviewed, noted):
    _, digest = noted
    accounts.give_second_factor(people["quality"])
    accounts.give_second_factor(people["coordinator"])
    for name in ("quality", "coordinator", "adjuster", "employee"):
        other = signed_in(people[name])
        for path in ("", f"{digest}/2/"):
            page = other.get(f"/cases/{reviewed}/file/{path}").content.decode()
            assert WORDS not in page, (name, path)
            assert "My notes" not in page, (name, path)
        for said in ({"text": "x"}, {"remove": NoteRow.objects.get().pk}):
            assert other.post(f"/cases/{reviewed}/file/{digest}/2/notes/", said).status_code == 404
        whole = other.get(f"/cases/{reviewed}/file/whole.pdf").content
        assert WORDS.encode() not in whole
    assert NoteRow.objects.count() == 1


def test_they_go_with_the_reviewer_who_gives_the_case_back(people, reviewed, noted):
    client, digest = noted
    actions.perform("decline-review", people["reviewer"], reviewed, {"because": DeclineReason.TIME})
    assert client.get(f"/cases/{reviewed}/file/{digest}/2/").status_code == 404
    actions.perform(
        "assign-reviewer", people["coordinator"], reviewed, {"reviewer": "R00002", "specialties": (story.SPECIALTY,)}
    )
    assert access.notes(access.open_case(people["other reviewer"], reviewed)) == ()


def test_an_empty_or_endless_note_is_refused(reviewed, noted):
    client, digest = noted
    for text in (" ", "x" * 4001):
        answer = client.post(f"/cases/{reviewed}/file/{digest}/2/notes/", {"text": text})
        assert answer.status_code == 409
        assert "1 to 4000 characters" in answer.content.decode()
        assert text.strip() in answer.content.decode(), "what was typed can be copied"
    assert client.post(f"/cases/{reviewed}/file/{'0' * 64}/1/notes/", {"text": "x"}).status_code == 404
    assert client.get(f"/cases/{reviewed}/file/{digest}/2/notes/").status_code == 302
