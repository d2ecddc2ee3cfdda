"""Nothing personal where it does not belong: each column is classed, and no page, file or message names a reviewer."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import story
from tests.factories.story import client

from imr.case.anonymity import signs, tells, tells_beside
from imr.case.events import DeclineReason
from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import RecordKind, Role
from imr.web import access, actions
from imr.web.models import CLASSES, EventRow, Privacy, ReviewerRow
from imr.web.store.documents import PDF, TEXT, Upload


def test_every_column_is_classed():
    tables = {
        model: {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}
        for model in apps.get_app_config("imr").get_models()
    }
    assert {model: set(columns) for model, columns in CLASSES.items()} == tables


def test_no_event_holds_health_information_or_a_name(db):
    people = story.cast()
    number = story.to(Stage.PUBLISHED, people)
    assert Privacy.HEALTH not in CLASSES[EventRow].values()
    held = str([row.data for row in EventRow.objects.filter(case=number)]).lower()
    form = story.application()
    for word in (form.employee.last_name, form.physician.last_name, form.diagnosis, "therapy", *story.SECRET_NAMES):
        assert word.lower() not in held, word


def test_what_a_reviewer_writes_to_the_parties_cannot_name_them(db):
    people = story.cast()
    number = story.to(Stage.UNDER_REVIEW, people)
    surname = story.SECRET_NAMES[1]

    def ask(who, letter):
        asked = {"of": (Role.REQUESTING_PHYSICIAN,), "letter": letter}
        return actions.perform("ask-records", people[who], number, asked)

    with pytest.raises(Refused, match="write this text here"):
        ask("reviewer", story.upload("request"))
    for who in ("reviewer", "coordinator"):
        with pytest.raises(Refused, match="contains the name, NPI or license number"):
            ask(who, Upload(name="request.txt", data=f"Send the X-ray. Dr. {surname.upper()}, M.D.".encode()))
    ask("reviewer", Upload(name="request.txt", data=b"Please send the X-ray of the neck."))
    ask("coordinator", Upload(name="request.pdf", data=story.typed("Please send the X-ray of the neck.")))
    asked = [line for line in access.documents(access.open_case(people["employee"], number)) if "request" in line.kind]
    assert {line.media_type for line in asked} == {TEXT, PDF}


def written_by(data: bytes, author: str) -> bytes:
    """The same PDF with an author in its properties."""
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.docinfo["/Author"] = author
        buffer = BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


@pytest.mark.parametrize(
    ("text", "is_signed"),
    [
        ("L.L., M.D.", True),
        ("Dictated by LL", True),
        ("/s/ L. L.", True),
        ("Please send the X-ray.\nLL:cs\n", True),
        ("Reviewer: L.A.L.", False),
        ("L.L. Bean boots", False),
        ("at 8 AM: see the note", False),
        ("ALL:cs", False),
    ],
)
def test_initials_tell_where_somebody_signs(text, is_signed):
    who = replace(story.reviewer("R1", "x", "y"), name="Liesel Lorngarth")
    assert signs(text, who) is is_signed
    middle = replace(who, name="Liesel Anna Lorngarth")
    assert signs("Reviewer: L.A.L.", middle)
    assert signs("Reviewer: LL", middle)
    assert not signs("Reviewer: L.", replace(who, name="Liesel")), "one letter is nobody's"
    telling = ("LAL", "L.L.", "Acrobat\nLL\nen-US", "<rdf:li>LL</rdf:li>", "Lorngarth")
    innocent = ("LALA", "A scan", "ll", "LL-US", "the LL route")
    assert [text for text in telling if not tells_beside(text, middle)] == []
    assert [text for text in innocent if tells_beside(text, middle)] == []


TELLING = (
    "Liesel Lorngarth, M.D., NPI 1662105604",
    "Dr. LORNGARTH will review it",
    "L. Lorngarth, lorngarth.l@example.com",
    "write to Lorn-\ngarth",
    "NPI 1662105604",
    "N.P.I. 1662 105 604",
    "license A94316",
    "California license no. 94316",
    "L.L., M.D.",
    "Liesel  Lorngarth",
)
INNOCENT = (
    "Liesel, the employee's daughter, called.",
    "Claim 1662105",
    "ZIP 94316",
    "L.L. Bean boots",
    "Please send the X-ray.",
)


@pytest.mark.parametrize("name", ["Liesel Lorngarth", "Liesel Lorngarth, M.D.", "Lorngarth, Liesel"])
def test_a_name_a_number_and_initials_tell_who_reviews(name):
    row = replace(story.reviewer("R1", "x", "y"), name=name, npi="1662105604")
    who = replace(row, licences=tuple(replace(one, number="A94316") for one in row.licences))
    assert [text for text in TELLING if not tells(text, who)] == []
    assert [text for text in INNOCENT if tells(text, who)] == []


def test_what_a_coordinator_sends_to_the_parties_is_searched_for_the_reviewer(db):
    people = story.cast()
    number = story.to(Stage.UNDER_REVIEW, people)
    first, last = story.SECRET_NAMES
    row = ReviewerRow.objects.get(pk="R00001")
    row.facts = {**row.facts, "npi": "1662105604"}
    row.save()

    def ask(data, name="request.pdf"):
        asked = {"of": (Role.REQUESTING_PHYSICIAN,), "letter": Upload(name=name, data=data)}
        return actions.perform("ask-records", people["coordinator"], number, asked)

    for text in (f"{first} {last}, M.D.", f"Dr. {last}", "NPI 1662105604", "license A12345"):
        with pytest.raises(Refused, match="contains the name, NPI or license number"):
            ask(story.typed(f"Send the X-ray to {text}"))
    with pytest.raises(Refused, match="shows something that cannot be read"):
        ask(story.pdf("a scan"))
    with pytest.raises(Refused, match="its properties, a note in it or an earlier version"):
        ask(written_by(story.typed("Please send the X-ray."), f"{first} {last}"))
    with pytest.raises(Refused, match="its properties, a note in it or an earlier version"):
        ask(written_by(story.typed("Please send the X-ray."), f"{first[0]}{last[0]}"))
    with pytest.raises(Refused, match="its name, its properties"):
        ask(story.typed("Please send the X-ray."), name=f"request of {last}.pdf")
    assert not [
        line for line in access.documents(access.open_case(people["employee"], number)) if "request" in line.kind
    ]
    ask(story.typed("Please send the X-ray."))
    # Whoever had the case before stays confidential too.
    actions.perform("release-reviewer", people["coordinator"], number, {"because": DeclineReason.TIME})
    with pytest.raises(Refused, match="contains the name, NPI or license number"):
        actions.perform(
            "convert-to-expedited",
            people["coordinator"],
            number,
            {"certification": Upload(name="c.pdf", data=story.typed(f"certified, {last}"))},
        )


def test_a_record_marked_on_the_page_as_mental_health_is_withheld_from_the_employee(db):
    people = story.cast()
    number = story.to(Stage.ASSIGNED, people)
    notes = SimpleUploadedFile("notes.pdf", story.pdf("notes"), "application/pdf")
    facts = {"files_1": notes, "kind_1": RecordKind.THERAPY_NOTES.name, "mental_health_1": "on", "send": "1"}
    sent = client(people["adjuster"]).post(f"/cases/{number}/receive-records/", facts)
    assert sent.status_code == 302, sent.content.decode()
    asked = ("physician", "employee", "attorney")
    opened = {name: [line.kind for line in access.documents(access.open_case(people[name], number))] for name in asked}
    kind = RecordKind.THERAPY_NOTES.value
    assert kind in opened["physician"]
    assert kind not in opened["employee"] + opened["attorney"]
