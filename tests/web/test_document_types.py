"""The table of documents on the site: an undeclared type is shown to nobody, and each type is kept as its row says."""

import pytest
from tests.factories import story

from imr.case.document_types import DocumentType, Retention
from imr.case.letters import LetterKind
from imr.case.state import Stage
from imr.errors import ImrError
from imr.web import accounts
from imr.web.case_files import generated_documents
from imr.web.models import DocumentRow, ServiceRow
from imr.web.platform.authentication import needs_second_factor
from imr.web.store import cases
from imr.web.store.documents import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return story.cast()


def test_every_type_fits_the_column_that_keeps_it():
    most = DocumentRow._meta.get_field("paper").max_length
    assert [kind.value for kind in DocumentType if len(kind.value) > most] == []
    most = ServiceRow._meta.get_field("letter").max_length
    assert [kind.value for kind in LetterKind if len(kind.value) > most] == []


def test_a_document_of_a_type_that_nobody_declared_is_shown_to_nobody(people):
    number = story.to(Stage.PUBLISHED, people)
    rows = DocumentRow.objects.filter(case=number, paper=DocumentType.LETTER.value, media_type=PDF)
    digest = rows.get().digest
    for person in people.values():
        if needs_second_factor(person):
            accounts.give_second_factor(person)
    desks = {name: story.client(person) for name, person in people.items()}
    address = f"/cases/{number}/documents/{digest}/"
    assert 200 in {desk.get(address).status_code for desk in desks.values()}
    rows.update(paper="note of a call", kind="note of a call")
    for name, desk in desks.items():
        assert desk.get(address).status_code == 404, name
        page = desk.get(f"/cases/{number}/")
        assert page.status_code in (200, 404), name
        assert digest not in page.content.decode(), name


def test_each_document_of_a_case_is_held_by_its_history_as_its_type_declares(people):
    number = story.to(Stage.PUBLISHED, people)
    history = repr(cases.chain(number))
    rows = DocumentRow.objects.filter(case=number)
    found = {}
    for row in rows:
        kind = DocumentType.find(row.paper)
        assert kind is not None
        found.setdefault(kind, set()).add(row.digest in history)
    assert len(found) > 8
    assert {kind for kind, held in found.items() if True in held} == {
        kind for kind in found if kind.retention is Retention.CHAINED
    }


def test_a_letter_in_another_language_than_its_type_declares_is_not_made(monkeypatch, people):
    number = story.to(Stage.SIGNED, people)
    monkeypatch.setattr(DocumentType.NOTICE, "language", "es")
    with pytest.raises(ImrError, match="is written in 'es', and this letter in 'en'"):
        story.take(people, number, "issue-determination")
    assert generated_documents.DocumentType.NOTICE.language == "es"
