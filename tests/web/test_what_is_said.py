"""Every statement of pages, letters and mails has the event or row that makes it true; whole cases of invented people are lived through."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory
from tests.factories import statements, story

from imr.case.appeals import AppealGround
from imr.case.document_types import REVIEWED_TYPES
from imr.case.endings import Ending
from imr.case.publication import WithdrawalReason
from imr.case.state import Stage
from imr.errors import Unreadable
from imr.law.terms import Role
from imr.records.pdf import page_texts
from imr.web import accounts, actions
from imr.web.models import DocumentRow, MembershipRow, OutboxRow, ProposalRow
from imr.web.platform import clock
from imr.web.platform.authentication import needs_second_factor
from imr.web.store import cases
from imr.web.store.documents import Upload, load

#: Who looks.
DESKS = ("employee", "adjuster", "physician", "intake", "coordinator", "quality", "division", "reviewer")
_BLOCKS = frozenset(
    (
        "p",
        "li",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "dt",
        "dd",
        "div",
        "section",
        "tr",
        "ul",
        "ol",
        "summary",
        "form",
        "caption",
    )
)


class Blocks(HTMLParser):
    """The blocks of text of a page; the answer of a list of facts together with its question."""

    def __init__(self, text):
        super().__init__()
        self.found, self._now, self._silent, self._asked = [], [], 0, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - the shape of the base class
        self._silent += tag in ("script", "style")
        if tag in _BLOCKS:
            self._cut("")

    def handle_endtag(self, tag):
        self._silent -= tag in ("script", "style")
        if tag in _BLOCKS:
            self._cut(tag)

    def handle_data(self, data):
        if not self._silent:
            self._now.append(data)

    def _cut(self, tag):
        text = " ".join("".join(self._now).split())
        self._now.clear()
        if not text:
            return
        self.found.append(text)
        if tag == "dd" and self._asked:
            self.found.append(f"{self._asked}: {text}")
        self._asked = text if tag == "dt" else ""


class Listener:
    """Goes from desk to desk, and holds what is said there against the facts."""

    def __init__(self, people):
        self.desks = {name: signed_in(people[name]) for name in DESKS}
        self.heard = Counter()
        self.first = {}
        self.untrue = []
        self._found = {}

    def look(self, number):
        """Open the pages of a case at every desk, as it stands now."""
        facts = gathered(number)
        for name in DESKS:
            paths = [f"/cases/{number}/"]
            paths += [f"/cases/{number}/receipt/"] if name in ("employee", "intake") else []
            paths += [f"/cases/{number}/file/completeness/"] if name in ("adjuster", "coordinator") else []
            if name == "coordinator":
                paths += ["/imro/mail/", f"/determinations/{number}/", f"/panel/commitments/{number}/"]
            for path in paths:
                answer = self.desks[name].get(path)
                assert answer.status_code in (200, 404, 410), (name, path, answer.status_code)
                if answer.status_code != 404:
                    for block in Blocks(answer.content.decode()).found:
                        self.hear(statements.PAGES, block, facts, f"{name} {path}")

    def read(self, number):
        """Read every letter and mail of a case."""
        facts = gathered(number)
        made = DocumentRow.objects.filter(case=number).exclude(paper__in=[paper.value for paper in REVIEWED_TYPES])
        for row in made.filter(media_type="application/pdf"):
            try:
                text = " ".join(" ".join(page_texts(load(row.digest))).split())
            except Unreadable:
                continue  # a blank page that somebody of the story sent
            self.hear(statements.LETTERS, text, facts, row.title)
        for row in OutboxRow.objects.filter(case=number):
            self.hear(statements.MAIL, row.text, facts, "mail")

    def hear(self, known, text, facts, where):
        for one, match in self._said(known, text):
            self.heard[one.says] += 1
            self.first.setdefault(one.says, (one, match))
            if not one.true(facts, match):
                self.untrue.append(f"{facts.number}, {where}: {match[0]!r} without {one.because}")

    def _said(self, known, text):
        """What a text says. Most texts are on many pages, and there are more than a hundred patterns."""
        if (id(known), text) not in self._found:
            self._found[id(known), text] = [(one, match) for one in known for match in re.finditer(one.says, text)]
        return self._found[id(known), text]


def words(text):
    """A paper that was written on its page."""
    return Upload(name="letter.txt", data=text.encode(), ours=True)


def signed_in(person):
    client = Client()
    client.force_login(person)
    if needs_second_factor(person):
        accounts.give_second_factor(person)
        request = RequestFactory().get("/")
        request.session = client.session
        record_authentication(request, person, method="mfa", type="totp")
        request.session.save()
    return client


def gathered(number):
    """What the database holds of a case now."""
    return statements.Facts(
        number=number,
        chain=cases.chain(number),
        documents=list(DocumentRow.objects.filter(case=number).values()),
        mail=list(OutboxRow.objects.values()),
        members=list(MembershipRow.objects.filter(case=number, until__isnull=True).values()),
        proposals=list(ProposalRow.objects.filter(case=number).values("settled_by__email", "joined_at")),
        today=clock.today(),
    )


@pytest.fixture
def listener(people):
    return Listener(people)


def _main(people, number, listener):
    """From the application to the publication, with a draft that is returned, records that are asked for, and more time."""
    for stage, step in story.PATH:
        step(people, number)
        listener.look(number)
        if stage is Stage.UNDER_REVIEW:
            of = (Role.REQUESTING_PHYSICIAN,)
            actions.perform("ask-records", people["reviewer"], number, {"of": of, "letter": words("Please send.")})
            file = DocumentRow.objects.filter(case=number, paper="record").latest("pk").digest
            actions.perform("withhold-record", people["coordinator"], number, {"file": file, "withheld": True})
            actions.perform("extend-time", people["division"], number, {"approval": story.upload("approval")})
        if stage is Stage.QUALITY:
            actions.perform("return-draft", people["quality"], number, {"note": words("Say more.")})
            listener.look(number)
            step(people, number)


def _after(people, number, listener):
    """Implementation, an appeal that fails and one that succeeds, the withdrawal of what was published, and the remand."""
    perform, today = actions.perform, clock.today()
    perform("report-implementation", people["adjuster"], number, {"proof": story.upload("proof"), "on": today})
    listener.look(number)
    perform(
        "receive-appeal",
        people["division"],
        number,
        {"petition": story.upload("petition"), "grounds": (AppealGround.BIAS,), "filed_on": today},
    )
    listener.look(number)


def test_every_statement_has_the_event_or_row_that_makes_it_true(people, listener):
    perform = actions.perform
    number = story.receive(people)
    listener.look(number)
    _main(people, number, listener)
    _after(people, number, listener)
    perform(
        "reverse-determination",
        people["division"],
        number,
        {"order": story.upload("order"), "ground": AppealGround.BIAS},
    )
    listener.look(number)
    because = WithdrawalReason.NOT_TO_BE_PUBLISHED
    perform("withdraw-reversed-publication", people["division"], number, {"because": because})
    listener.look(number)
    remand = perform(
        "open-remand",
        people["division"],
        None,
        {"earlier": number, "order": story.upload("remand"), "finding": story.upload("finding")},
    ).case
    listener.look(remand)
    listener.look(number)
    listener.read(number)

    affirmed = story.to(Stage.RECORDS_COMPLETE, people)
    chosen = {"reviewer": "R00001", "specialties": (story.SPECIALTY,), "reason": words("Knows the invented joint.")}
    perform("assign-reviewer", people["coordinator"], affirmed, chosen)
    for stage, step in story.PATH[5:]:
        if stage is not Stage.PUBLISHED:
            step(people, affirmed)
    _after(people, affirmed, listener)
    perform("affirm-determination", people["division"], affirmed, {"order": story.upload("affirmed")})
    listener.look(affirmed)

    unsigned = story.receive(people, claim_number="WC-0002", signed_on=None)
    asked = {"of": (Role.EMPLOYEE,), "letter": story.upload("question")}
    perform("ask-information", people["intake"], unsigned, asked)
    listener.look(unsigned)
    story.serve(people, unsigned)
    listener.look(unsigned)
    perform("answer-information", people["employee"], unsigned, {"answer": story.upload("answer")})
    listener.look(unsigned)
    story.decide_eligibility(people["intake"], unsigned)
    listener.look(unsigned)
    story.serve(people, unsigned)
    listener.look(unsigned)
    listener.read(unsigned)

    over = story.to(Stage.ELIGIBLE, people)
    page = {"service": "ELECTRONIC", "seen": str(len(cases.chain(over))), "send": "1"}
    assert listener.desks["coordinator"].post(f"/cases/{over}/assign-organization/", page).status_code == 302
    listener.look(over)
    perform("convert-to-expedited", people["coordinator"], over, {"certification": story.upload("threat")})
    listener.look(over)
    authorized = {"because": Ending.AUTHORIZED, "letter": story.upload("authorization")}
    perform("report-ending", people["adjuster"], over, authorized)
    listener.look(over)
    perform("withdraw-ending-report", people["adjuster"], over, {"letter": story.upload("taken back")})
    listener.look(over)
    perform("report-ending", people["adjuster"], over, authorized)
    perform("answer-ending", people["employee"], over, {"agrees": True, "letter": story.upload("answer")})
    listener.look(over)
    perform("terminate-review", people["coordinator"], over, {"because": Ending.AUTHORIZED})
    listener.look(over)
    perform("reopen-review", people["coordinator"], over, {"letter": story.upload("why")})
    listener.look(over)
    perform("report-ending", people["adjuster"], over, authorized)
    perform("answer-ending", people["employee"], over, {"agrees": True, "letter": story.upload("answer")})
    perform("terminate-review", people["coordinator"], over, {"because": Ending.AUTHORIZED})
    listener.look(over)
    listener.read(over)

    given_up = story.receive(people, claim_number="WC-0004")
    perform("withdraw-application", people["employee"], given_up, {"letter": story.upload("withdrawal")})
    listener.look(given_up)
    listener.read(given_up)

    assert listener.untrue == [], "\n".join(listener.untrue)
    silent = [one.says for one in statements.STATEMENTS if not listener.heard[one.says]]
    assert silent == [], "\n".join(["never said: a story lacks a step, or the words have changed", *silent])
    assert len(statements.STATEMENTS) >= 120
    nothing = statements.Facts(number="none")
    assert [one.says for one, match in listener.first.values() if one.true(nothing, match)] == [], "true of anything"
