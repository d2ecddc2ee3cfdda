"""Nothing personal where it does not belong: each column is classed, and no page, file or message names a reviewer."""

import pytest
import story
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from story import client

from imr.case.state import Stage
from imr.errors import Refused
from imr.law.terms import RecordKind, Role
from imr.web import access, actions
from imr.web.documents import PDF, TEXT, Upload
from imr.web.models import CLASSES, EventRow, Privacy


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
        return actions.perform("ask-records", people[who], number, **asked)

    with pytest.raises(Refused, match="write this paper here"):
        ask("reviewer", story.upload("request"))
    for who in ("reviewer", "coordinator"):
        with pytest.raises(Refused, match="holds the reviewer's name"):
            ask(who, Upload(name="request.txt", data=f"Send the X-ray. Dr. {surname.upper()}, M.D.".encode()))
    ask("reviewer", Upload(name="request.txt", data=b"Please send the X-ray of the neck."))
    ask("coordinator", story.upload("request of the office"))
    asked = [line for line in access.documents(people["employee"], number) if "request" in line.kind]
    assert {line.media_type for line in asked} == {TEXT, PDF}


def test_a_record_marked_on_the_page_as_mental_health_is_withheld_from_the_employee(db):
    people = story.cast()
    number = story.to(Stage.ASSIGNED, people)
    notes = SimpleUploadedFile("notes.pdf", story.pdf("notes"), "application/pdf")
    facts = {"files_1": notes, "kind_1": RecordKind.THERAPY_NOTES.name, "mental_health_1": "on", "send": "1"}
    sent = client(people["adjuster"]).post(f"/claims/{number}/receive-records/", facts)
    assert sent.status_code == 302, sent.content.decode()
    asked = ("physician", "employee", "attorney")
    opened = {name: [line.kind for line in access.documents(people[name], number)] for name in asked}
    kind = RecordKind.THERAPY_NOTES.value
    assert kind in opened["physician"]
    assert kind not in opened["employee"] + opened["attorney"]
