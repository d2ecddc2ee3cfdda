"""Every address of the site as everybody: no fault of ours, and nothing of a case for who has no part in it.

The addresses are those of the URL resolver, so that a new page is asked from its first day. `make long` asks each as every
identity in two stages of a case; `make test` asks each once, as those who have no part in the case in turn.
"""

from collections import Counter
from itertools import cycle

import pytest
from django.test import Client
from tests.factories import story
from tests.factories.url_walk import addresses, blanks, routes

from imr.case import steps
from imr.case.state import Stage
from imr.web import accounts
from imr.web.models import DocumentRow, PersonRow

#: Who has no part in the case: parties and a reviewer of others, who administers, who has no role, and who has not signed in.
STRANGERS = (
    "other employee", "other attorney", "other adjuster", "other physician", "other reviewer", "administrator", "no role", "nobody",
)  # fmt: skip
IDENTITIES = (*(name for name in story.CAST if name not in STRANGERS), *STRANGERS)
#: What everybody may read of a published case, by its number.
PUBLIC = {
    "determinations/<str:number>/",
    "determinations/<str:number>.json",
    "determinations/<str:number>.pdf",
    "panel/commitments/<str:number>/",
    "panel/commitments/<str:number>.json",
    "api/published/<number>",
}


def filled(pattern, number, digests, *, fully):
    """The addresses that a pattern stands for in this case; a blank that is not of a case gets a value that may not exist."""
    values = {
        "number": [number],
        "digest": digests if fully and pattern.startswith(("cases/", "api/")) else digests[:1],
        "name": list(steps.STEPS) if fully else list(steps.STEPS)[:1],
        "upload": ["00000000-0000-4000-8000-000000000000"],
        "form": ["json"],
        "portal": ["employee"],
    }
    return addresses(pattern, {blank: values.get(blank, ["1"]) for blank in blanks(pattern)})


class Matrix:
    """A case of the story at a stage, everybody's browser, and what was answered."""

    def __init__(self, stage):
        self.people = story.cast()
        self.number = story.to(stage, self.people)
        self.published = stage is Stage.PUBLISHED
        found = DocumentRow.objects.filter(case=self.number).order_by("pk")
        self.digests = list(dict.fromkeys(found.values_list("digest", flat=True)))
        self.people["administrator"] = PersonRow.objects.create(
            email="adam@example.com", name="Adam Minister", is_staff=True, is_superuser=True
        )
        self.people["no role"] = PersonRow.objects.create(email="nora@example.com", name="Nora Noroles")
        self.visitors = {name: self.visitor(name) for name in IDENTITIES}
        self.asked, self.shown, self.faults = Counter(), set(), []

    def visitor(self, name):
        if name == "nobody":
            return Client(raise_request_exception=False)
        accounts.give_second_factor(self.people[name])
        client = story.client(self.people[name])
        client.raise_request_exception = False
        return client

    def ask(self, name, pattern, address):
        answer = self.visitors[name].get(address)
        self.asked[name] += 1
        if answer.status_code >= 500:
            self.faults.append((answer.status_code, name, address))
        if answer.status_code != 200:
            return
        self.shown.add((name, pattern))
        if name not in STRANGERS:
            return
        assert "number" not in blanks(pattern) or (self.published and pattern in PUBLIC), (name, address)
        administers = name == "administrator" and pattern.startswith(("audit/", "administration/"))
        if not self.published and not administers:  # who administers everything reads the audit log, which is logged
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert self.number.encode() not in body, (name, address)


def test_every_address_is_closed_to_who_has_no_part_in_it(db):
    matrix = Matrix(Stage.UNDER_REVIEW)
    turn = cycle(STRANGERS)
    for pattern in routes():
        for address in filled(pattern, matrix.number, matrix.digests, fully=False):
            matrix.ask(next(turn), pattern, address)
    assert matrix.faults == []
    assert sum(matrix.asked.values()) > 150


@pytest.mark.long
@pytest.mark.parametrize("stage", [Stage.UNDER_REVIEW, Stage.PUBLISHED], ids=lambda stage: stage.name)
def test_nobody_is_shown_a_case_of_others(db, stage, record_property):
    matrix = Matrix(stage)
    patterns = list(routes())
    for pattern in patterns:
        first = filled(pattern, matrix.number, matrix.digests[:1], fully=True)
        for address in filled(pattern, matrix.number, matrix.digests, fully=True):
            for name in IDENTITIES if address in first else STRANGERS:
                matrix.ask(name, pattern, address)
    assert matrix.faults == []
    of_case = {pattern for _, pattern in matrix.shown if "number" in blanks(pattern)}
    if matrix.published:
        assert of_case >= PUBLIC, "what everybody may read is asked"
    assert len(of_case) > 20, "who has a part in the case is shown it"
    record_property("requests", sum(matrix.asked.values()))
    record_property("identities", len(matrix.asked))
    record_property("patterns of addresses", len(patterns))
    record_property("pages of a case shown to its own", len(of_case))
