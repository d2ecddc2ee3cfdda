"""The name of a reviewer leaves through no door: every address of the site is asked as everybody outside, and searched.

The addresses are those of the URL resolver, so that a new page is walked from its first day; one with a blank that
nobody has filled in here fails. Searched are pages, data, files with their metadata and headers, refusals, logs and mail.
"""

import logging
import re
from itertools import cycle

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, path
from tests.factories import story
from tests.factories.url_walk import addresses, blanks, routes, words

from imr.case import steps
from imr.case.state import Stage
from imr.web import accounts
from imr.web.models import DocumentRow, OutboxRow, PersonRow, ReviewerRow
from imr.web.platform.logs import RedactingFormatter
from imr.web.portals.base.registry import PORTAL_INFO, portals_of
from imr.web.store import notifications

#: Somebody of every role outside, of the case and not, and the reviewer of another case.
OUTSIDERS = (
    "employee", "attorney", "adjuster", "physician", "intake", "division", "other employee", "other reviewer", "nobody",
)  # fmt: skip
#: Those of them who see the case.
SEEING = ("employee", "attorney", "adjuster", "physician", "intake", "division")
REVIEWER = "R00001"
#: What a blank is filled with where it is not of the case itself.
ELSEWHERE = {
    "page": ("1",),
    "at": ("1",),
    "part": ("1",),
    "treatment": ("1",),
    "upload": ("00000000-0000-4000-8000-000000000000",),
    "by": ("category",),
    "portal": tuple(found.name for found in PORTAL_INFO),
    "rest": ("file/",),
    "form": ("csv", "json", "svg"),
    "key": ("a-key",),
    "uidb36": ("1",),
    "pk": ("1",),
    "object_id": (REVIEWER, "1"),
    "app_label": ("imr",),
    "content_type_id": ("1",),
    "url": ("nowhere/",),
}


def fillings(pattern, number, digests, *, fully):
    """What each blank of a pattern stands for in this case; fewer where the address is not of somebody's own portal."""
    of_case = {
        "number": (REVIEWER, "R00002") if pattern.startswith("panel/reviewers/") else (number,),
        "digest": tuple(digests) if fully and blanks(pattern)[-1:] == ["digest"] else tuple(digests)[:1],
        "name": tuple(steps.STEPS) if fully else tuple(steps.STEPS)[:1],
    }
    known = of_case | ELSEWHERE
    for blank in blanks(pattern):
        assert blank in known, f"{pattern}: say in ELSEWHERE what <{blank}> is filled with, so that it is walked"
    return {blank: known[blank] for blank in blanks(pattern)}


class Written(logging.Handler):
    """Everything that any logger writes, as the site's own formatter writes it."""

    def __init__(self):
        super().__init__(level=logging.DEBUG)
        self.setFormatter(RedactingFormatter("%(name)s %(message)s"))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def written():
    handler, loggers = Written(), (logging.getLogger(), logging.getLogger("django"), logging.getLogger("imr"))
    for logger in loggers:
        logger.addHandler(handler)
    yield handler.lines
    for logger in loggers:
        logger.removeHandler(handler)


def secrets():
    """What tells who the reviewer of the case is."""
    row = ReviewerRow.objects.get(pk=REVIEWER)
    account = PersonRow.objects.get(reviewer=row)
    return tuple(one.lower() for one in (*story.SECRET_NAMES, REVIEWER, account.email))


def told(text, hidden):
    # An address for mail may be the end of another one's.
    return [one for one in hidden if re.search(rf"(?<![\w.-]){re.escape(one)}" if "@" in one else one, text.lower())]


STAGES = pytest.mark.parametrize("stage", [Stage.UNDER_REVIEW, Stage.PUBLISHED], ids=lambda s: s.name)


class Walk:
    """A case of the story at a stage, its addresses, and the kinds of what was answered."""

    def __init__(self, stage):
        self.people = story.cast()
        self.number = story.to(stage, self.people)
        documents = DocumentRow.objects.filter(case=self.number).order_by("pk")
        self.digests = list(documents.values_list("digest", flat=True))
        self.hidden, self.kinds = secrets(), set()

    def visitor(self, name):
        """A browser of one of the outsiders, and the portals that are theirs."""
        if name == "nobody":
            return Client(raise_request_exception=False), set()
        if name in ("intake", "division", "other reviewer"):
            accounts.give_second_factor(self.people[name])
        return story.client(self.people[name]), {found.name for found in portals_of(self.people[name])}

    def addresses(self, pattern, *, fully):
        return addresses(pattern, fillings(pattern, self.number, self.digests, fully=fully))

    def ask(self, name, visitor, pattern, address, *, fully):
        """Look at an address, send it an empty form, and search both answers."""
        answers = [visitor.get(address)]
        if fully and "digest" not in blanks(pattern) and not pattern.startswith("administration/"):
            with transaction.atomic():
                answers.append(visitor.post(address))
                transaction.set_rollback(True)
        for answer in answers:
            assert answer.status_code < 500, (name, address)
            # Whoever asks for a name in the address has it already.
            unasked = [one for one in self.hidden if one not in address.lower()]
            assert not told(words(answer), unasked), (name, address)
            if answer.status_code == 200:
                self.kinds.add(answer.headers["Content-Type"].partition(";")[0])


@STAGES
def test_no_address_names_a_reviewer_to_one_of_those_outside(db, written, stage):
    """Each address is asked once: by somebody whose portal it is, else by those who see the case in turn."""
    walk = Walk(stage)
    visitors = {name: walk.visitor(name) for name in SEEING}
    portals = {found.name for found in PORTAL_INFO}
    turns = {first: cycle([name for name, (_, own) in visitors.items() if first in own]) for first in portals}
    anybody = cycle(SEEING)
    for pattern in routes():
        turn = turns.get(pattern.partition("/")[0], anybody)
        for address in walk.addresses(pattern, fully=True):
            name = next(turn, None) or next(anybody)  # a portal of nobody outside
            walk.ask(name, visitors[name][0], pattern, address, fully=True)
    assert {"text/html", "application/json"} <= walk.kinds
    assert not told("\n".join(written), walk.hidden)


@pytest.mark.long
@STAGES
@pytest.mark.parametrize("name", OUTSIDERS)
def test_no_address_names_a_reviewer_to_anybody_outside(db, written, name, stage):
    walk = Walk(stage)
    visitor, own = walk.visitor(name)
    portals = {found.name for found in PORTAL_INFO}
    for pattern in routes():
        first = pattern.partition("/")[0]
        fully = first in own or first not in portals
        for address in walk.addresses(pattern, fully=fully):
            walk.ask(name, visitor, pattern, address, fully=fully)
    assert {"text/html", "application/json", "text/calendar"} <= walk.kinds
    if stage is Stage.PUBLISHED:
        assert "application/pdf" in walk.kinds
    if name == "division":
        assert any("json" in kind and kind != "application/json" for kind in walk.kinds), (
            "the chain of events as a file"
        )
    assert not told("\n".join(written), walk.hidden)


def test_no_mail_names_a_reviewer_and_no_log_of_a_whole_case_does(db, written):
    people = story.cast()
    story.to(Stage.PUBLISHED, people)
    notifications.send_pending()
    assert len(mail.outbox) > 10
    hidden = secrets()
    for message in mail.outbox:
        others = [one for one in hidden if one not in message.to]
        assert not told(message.message().as_string().replace(", ".join(message.to), ""), others)
    assert not told("\n".join(f"{row.subject} {row.text} {row.problem}" for row in OutboxRow.objects.all()), hidden)
    assert not told("\n".join(written), hidden)


def test_the_administration_names_reviewers_to_those_who_administer_alone(db):
    people = story.cast()
    story.to(Stage.UNDER_REVIEW, people)
    pages = [route for route in routes() if route.startswith("administration/")]
    assert any("rights" in route for route in pages)
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    for name in ("division", "coordinator"):
        accounts.give_second_factor(people[name])
        visitor = story.client(people[name])
        for route in pages:
            for address in addresses(route, fillings(route, "", [], fully=True)):
                assert visitor.get(address).status_code in (302, 403, 404), (name, address)


def test_an_error_that_nobody_foresaw_tells_no_name(db, written, monkeypatch):
    people = story.cast()
    number = story.to(Stage.UNDER_REVIEW, people)

    def fails(*_, **__):
        raise RuntimeError(f"{' '.join(story.SECRET_NAMES)} {REVIEWER}")

    monkeypatch.setattr("imr.web.access.timeline", fails)
    for name in ("employee", "division"):
        accounts.give_second_factor(people[name])
        answer = story.client(people[name]).get(f"/cases/{number}/")
        assert answer.status_code == 500
        assert not told(words(answer), secrets())
    api = story.client(people["employee"]).get(f"/api/cases/{number}/timeline")
    assert api.status_code == 500
    assert not told(words(api), secrets())
    assert any("RuntimeError" in line for line in written)
    assert not told("\n".join(written), secrets())


def test_an_address_that_nobody_has_filled_in_fails():
    for route in routes():
        assert addresses(route, fillings(route, "1", ["d"], fully=True))
    with pytest.raises(AssertionError, match="<whatever> is filled with"):
        fillings("new/<slug:whatever>/", "1", [], fully=True)
    resolver = URLResolver(path("x/", lambda _: None).pattern, [path("<int:page>/", lambda _: None)])
    assert [addresses(route, fillings(route, "", [], fully=True)) for route in routes(resolver)] == [["/1/"]]
