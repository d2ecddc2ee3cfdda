"""What people outside are shown where something is lost, is not ready, or is away: the rest of the page, and nothing of the machine."""

import json
import shutil

import pytest
from django.db import OperationalError
from django.test import Client
from tests.factories import story

from imr.case.chain import replay
from imr.case.state import Stage
from imr.corpus import indexing
from imr.errors import Damaged, ImrError, SetupError
from imr.web import access, accounts
from imr.web.actions import publish_to_corpus
from imr.web.actions.publish_to_corpus import update_corpus
from imr.web.models import FailureRow, ReviewerRow
from imr.web.platform import error_messages, storage
from imr.web.store import cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return story.cast()


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture
def corpus(invented_corpus, settings, tmp_path):
    """A corpus whose index another version made."""
    settings.CORPUS, settings.LETTERS = tmp_path / "corpus", invented_corpus.parent / "letters"
    shutil.copytree(invented_corpus, settings.CORPUS)
    pointer = settings.CORPUS / indexing.POINTER
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"form": indexing.INDEX_VERSION - 1}))
    return settings.CORPUS


def test_a_lost_letter_leaves_the_list_of_published_determinations_and_the_collection_to_everybody(
    people, visitor, settings, tmp_path
):
    settings.CORPUS, settings.LETTERS = tmp_path / "corpus", tmp_path / "letters"
    ReviewerRow.objects.exclude(pk=people["reviewer"].reviewer_id).update(available=False)  # no other is put first
    lost, kept = (story.to(Stage.PUBLISHED, people) for _ in range(2))
    assert update_corpus() == 2
    digest = replay(cases.chain(lost)).public
    storage.storage_of().delete(f"{digest[:2]}/{digest}")
    for address in ("/determinations/", "/determinations/?q=", f"/determinations/?q={kept}"):
        page = visitor.get(address)
        assert page.status_code == 200, address
        assert "Exercise kit" in page.content.decode()
    text = visitor.get("/determinations/").content.decode()
    assert lost in text
    assert kept in text
    assert "This letter cannot be shown now." in text
    assert visitor.get("/determinations/?q=exercise").content.decode().count("Exercise kit") == 1
    assert visitor.get(f"/determinations/{kept}/").status_code == 200
    page = visitor.get(f"/determinations/{lost}/")
    assert page.status_code == 503
    assert "restore" not in page.content.decode()
    assert digest[:12] not in page.content.decode()
    update_corpus()
    assert {file.name for file in (settings.LETTERS / publish_to_corpus.HERE).glob("*")} == {
        f"{lost}.txt",
        f"{kept}.txt",
    }
    row = FailureRow.objects.get()
    assert (row.task, row.subject) == ("publishing", lost)


def test_an_index_of_another_version_is_made_again_and_its_path_is_shown_to_nobody(corpus, visitor):
    addresses = ("/corpus/", "/api/corpus/search?q=therapy", "/api/corpus/like?treatment=therapy")
    for address in addresses:
        page = visitor.get(address)
        assert page.status_code == 503, address
        assert str(corpus) not in page.content.decode()
        assert str(corpus.parent) not in page.content.decode()
    update_corpus()
    assert indexing.is_current(corpus)
    for address in addresses:
        assert visitor.get(address).status_code == 200, address


@pytest.mark.parametrize("failure", [OperationalError("connection refused"), SetupError("/a/folder is full")])
@pytest.mark.parametrize("address", ["/determinations/", "/api/corpus/statistics"])
def test_a_database_that_is_away_is_said_and_is_no_error_of_the_site(failure, address, visitor, monkeypatch):
    def away(*_, **__):
        raise failure

    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", away)
    monkeypatch.setattr("imr.web.store.site_corpus.statistics_corpus", away)
    page = visitor.get(address)
    assert page.status_code == 503
    assert "/a/folder" not in page.content.decode()
    assert "refused" not in page.content.decode()


def test_no_message_to_anybody_names_a_folder_and_none_outside_what_is_damaged(people, settings, visitor):
    accounts.give_second_factor(people["intake"])
    path = f"the file {settings.HOME}/documents/ab cannot be read"
    for error in (ImrError(path), Damaged(path), SetupError(path)):
        for who in (people["employee"], people["intake"]):
            assert error_messages.message(error, who) == error_messages.SETUP
    gone = Damaged("document abc is not in the storage: restore it from the backup")
    assert error_messages.message(gone, people["intake"]) == str(gone)
    assert error_messages.message(gone, people["employee"]) == error_messages.DAMAGED
    plain = ImrError("Choose a file.")
    assert error_messages.message(plain, people["employee"]) == "Choose a file."


def test_a_case_page_whose_application_is_lost_says_so_to_each_as_they_may_know(people):
    accounts.give_second_factor(people["coordinator"])
    number = story.to(Stage.ASSIGNED, people)
    digest = replay(cases.chain(number)).filing.application
    storage.storage_of().delete(f"{digest[:2]}/{digest}")
    for who, said in (("employee", error_messages.DAMAGED[:30]), ("coordinator", digest[:12])):
        page = story.client(people[who]).get(f"/cases/{number}/")
        assert page.status_code == 503
        assert said in page.content.decode()
    assert access.cases(people["coordinator"])
