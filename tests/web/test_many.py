"""Nothing is cut: many treatments and many records survive every page and letter, and more than a limit is refused by name."""

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from tests.factories import story

from imr.case.application import Application, DisputedTreatment
from imr.case.state import Stage
from imr.case.steps.intake import MOST_TREATMENTS
from imr.determination.model import ReviewedDocument
from imr.errors import Refused
from imr.law.terms import RecordKind
from imr.web import access, actions
from imr.web.models import DocumentRow, EventRow
from imr.web.platform import clock
from imr.web.platform.formatting import to_initial
from imr.web.portals.base.forms import MOST_ROWS, FactsForm
from imr.web.store.documents import load


def treatments(count):
    return tuple(DisputedTreatment(description=f"Physical therapy plan {n:03}") for n in range(1, count + 1))


@pytest.fixture
def people(db):
    return story.cast()


def text_of(pdf):
    with pypdfium2.PdfDocument(BytesIO(pdf)) as opened:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in opened)


@pytest.mark.parametrize("count", [25, 60])
def test_many_treatments_survive_the_form(count):
    applied = story.application(treatments=treatments(count))
    form = FactsForm(Application, to_initial(applied))
    assert form.is_valid(), form.errors
    assert form.values()["treatments"] == applied.treatments


def test_more_than_a_form_takes_is_refused_by_its_limit():
    data = to_initial(story.application(treatments=treatments(MOST_ROWS + 1)))
    form = FactsForm(Application, data)
    assert not form.is_valid()
    assert f"at most {MOST_ROWS}" in str(form.non_field_errors())


def test_more_than_an_application_takes_is_refused_by_its_limit_however_it_comes(people):
    applied = replace(story.application(), treatments=treatments(MOST_TREATMENTS + 1), ur_decision_attached=False)
    with pytest.raises(Refused, match=f"at most {MOST_TREATMENTS} treatments"):
        actions.perform(
            "receive-application", people["intake"], None, {"application": applied, "received_at": clock.now()}
        )
    assert not EventRow.objects.exists()


def test_sixty_treatments_and_three_hundred_records_survive_to_the_publication(people, monkeypatch):
    many = treatments(60)
    plain = story.application
    monkeypatch.setattr(story, "application", lambda **changed: plain(treatments=many, **changed))
    records = tuple(
        ReviewedDocument(title=f"Invented report number {n:03}", kind=RecordKind.PROGRESS_REPORT) for n in range(1, 301)
    )
    drafted = story.draft
    monkeypatch.setattr(story, "draft", lambda number, view: replace(drafted(number, view), documents=records))
    number = story.to(Stage.PUBLISHED, people)
    who = people["employee"]
    assert len(access.application(access.open_case(who, number)).treatments) == 60
    decided = access.determination(access.open_case(who, number))
    assert len(decided.issues) == 60
    assert decided.documents == records
    letters = {
        row.paper: text_of(load(row.digest))
        for row in DocumentRow.objects.filter(
            case=number, media_type="application/pdf", paper__in=["determination letter", "public letter"]
        )
    }
    assert set(letters) == {"determination letter", "public letter"}
    for text in letters.values():
        assert [one.description for one in many if one.description not in text] == []
    assert [one.title for one in records if one.title not in letters["determination letter"]] == []
    visitor = story.client(who)
    for path in (f"/cases/{number}/application/", f"/determinations/{number}/"):
        page = visitor.get(path).content.decode()
        assert [one.description for one in many if one.description not in page] == [], path
