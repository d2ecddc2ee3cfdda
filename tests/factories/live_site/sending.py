"""How each step is sent: through its page where the page does more than ask, else through the API; both over HTTP."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import requests
from benchmarks import casefile_generator
from tests.factories import story
from tests.factories.live_site import cast
from tests.factories.live_site.visitor import Visitor, fields

from imr.case.application import Application, ClaimsAdministrator, Employee, EmployeeAttorney, RequestingPhysician
from imr.case.publication import WithdrawalReason
from imr.case.receipts import Receipt
from imr.case.steps import STEPS
from imr.law.roles import PARTIES
from imr.law.terms import RecordKind, Role
from imr.plain import to_plain
from imr.web.platform import clock
from imr.web.platform.formatting import to_initial
from imr.web.portals.application.wizard import PAGES

#: Which pages are whose.
PORTALS = {
    Role.EMPLOYEE: "employee",
    Role.EMPLOYEE_ATTORNEY: "employee",
    Role.CLAIMS_ADMINISTRATOR: "claims",
    Role.REQUESTING_PHYSICIAN: "physician",
    Role.DIVISION: "dwc",
    Role.REVIEWER: "reviewer",
}


@dataclass(eq=False)
class Case:
    """A case of the day: its place in the plan, its number once it has one, and what was sent last."""

    serial: int
    script: str
    moves: list[Any]
    number: str = ""
    reviewer: str = "reviewer"
    draft: str = ""
    drafts: int = 0
    papers: int = 0
    #: All numbers that it had: a remand begins another case.
    numbers: list[str] = field(default_factory=list)
    file: str = ""
    earlier: str = ""
    #: The SHA-256 of each document that a step brought which was acknowledged.
    documents: set[str] = field(default_factory=set)

    @property
    def claim(self) -> str:
        """The number of its claim, which no other case has."""
        return f"DAY-{self.serial:04d}"

    @property
    def draft_page(self) -> str:
        """Where its draft is written."""
        return f"/cases/{self.number}/draft/"

    def application(self) -> Application:
        """The application of this case: an employee whose name is written in the case's script."""
        first, last = cast.EMPLOYEES[self.script]
        known = cast.CAST
        return replace(
            story.application(),
            employee=Employee(first_name=first, last_name=last, email=known[self.script].email),
            attorney=EmployeeAttorney(first_name="Dan", last_name="Fabled", email=known["attorney"].email),
            physician=RequestingPhysician(first_name="Bea", last_name="Imagined", email=known["physician"].email),
            administrator=ClaimsAdministrator(company=cast.ADMINISTRATOR),
            claim_number=self.claim,
        )


@dataclass
class Sent:
    """What is sent: who sends it, and what it brings. `digests` are of the documents in it."""

    send: Callable[[], requests.Response]
    digests: tuple[str, ...] = ()

    def taken(self, answer: requests.Response) -> bool:
        """Whether an answer says that the step was taken."""
        return answer.status_code == 302 or (answer.status_code == 200 and "json" in answer.headers["Content-Type"])


def portal(who: str) -> str:
    """The pages of a person of the cast."""
    return PORTALS.get(cast.CAST[who].roles[0], "imro")


def paper(title: str, *words: object) -> bytes:
    """A paper of one page under this title, as a PDF: what it is stands there for whoever reads it."""
    seen_on = story.days_ago(30)
    lines = ["The employee was seen for pain of the invented joint.", "Plan: exercises at home."] * 4
    return casefile_generator.draw(
        [[title.upper(), f"Date of service: {seen_on:%m/%d/%Y}", " ".join(map(str, words)), *lines]]
    )


def prepared(step: str, case: Case, who: str, visitor: Visitor) -> Sent:
    """A step ready to be sent, as it would stand on the screen before the button is pressed."""
    by_page = _PAGES.get(step)
    if step == "receive-application" and who == "intake":
        by_page = None
    return by_page(case, who, visitor) if by_page else _by_program(step, case, visitor)


def _by_program(step: str, case: Case, visitor: Visitor) -> Sent:
    papers: list[bytes] = []

    def sent(name: str, **more: str) -> dict[str, str]:
        case.papers += 1
        data = paper(name.replace("_", " "), case.claim, case.papers)
        papers.append(data)
        return {"name": f"{name}.pdf", "content": base64.b64encode(data).decode(), **more}

    facts = to_plain(_FACTS.get(step, lambda *_: {})(case, sent))
    begins = STEPS[step].stages[0].name == "NEW"
    path = f"/api/begin/{step}" if begins else f"/api/cases/{case.number}/{step}"
    return Sent(
        lambda: visitor.ask("POST", path, json=json.loads(json.dumps(facts))),
        tuple(sha256(data).hexdigest() for data in papers),
    )


def _today() -> str:
    return clock.today().isoformat()


def _records(_: Case, sent: Callable[..., Any]) -> dict[str, Any]:
    papers = {"utilization review decision": RecordKind.UR_DECISION, "progress note": RecordKind.PROGRESS_REPORT}
    return {"records": [sent(title, kind=to_plain(kind)) for title, kind in papers.items()]}


#: What a program states with each step that it takes.
_FACTS: dict[str, Callable[[Case, Callable[..., Any]], dict[str, Any]]] = {
    "receive-application": lambda case, sent: {
        "application": case.application(),
        "ur_decision": sent("utilization review decision"),
        "received_at": clock.now() - timedelta(days=5),
        "receipt": Receipt.STAMP,
    },
    "decide-eligibility": lambda *_: story.LOOKED_AT,
    "answer-information": lambda _, sent: {"answer": sent("answer")},
    "convert-to-expedited": lambda _, sent: {"certification": sent("certification")},
    "receive-records": _records,
    "attest-independence": lambda case, _: {
        "unaffiliated": tuple(party.name for party in case.application().parties()),
        "competent": True,
    },
    "decline-review": lambda *_: {"because": "no time within the deadline"},
    "release-reviewer": lambda *_: {"because": "another reason"},
    "correct-document": lambda case, _: {
        "action": "retype",
        "file": case.file,
        "documents": [{"first": 1, "last": 1, "record": RecordKind.PROGRESS_REPORT, "title": "Report of a visit"}],
    },
    "withhold-record": lambda case, _: {"file": case.file, "withheld": True},
    "mark-consent-exclusion": lambda case, _: {"file": case.file, "left_out": True},
    "extend-time": lambda _, sent: {"approval": sent("approval")},
    "issue-determination": lambda *_: {"on": _today()},
    "withdraw-publication": lambda *_: {"because": WithdrawalReason.FAULTY},
    "withdraw-reversed-publication": lambda *_: {"because": WithdrawalReason.NOT_TO_BE_PUBLISHED},
    "report-implementation": lambda _, sent: {"proof": sent("authorization"), "on": _today()},
    "withdraw-application": lambda _, sent: {"letter": sent("letter of withdrawal")},
    "report-ending": lambda _, sent: {
        "because": "the claims administrator authorized the treatment",
        "letter": sent("authorization"),
    },
    "answer-ending": lambda _, sent: {"agrees": True, "letter": sent("answer to the report")},
    "withdraw-ending-report": lambda _, sent: {"letter": sent("taking back")},
    "terminate-review": lambda *_: {"because": "the claims administrator authorized the treatment"},
    "reopen-review": lambda _, sent: {"letter": sent("why it goes on")},
    "receive-appeal": lambda _, sent: {
        "petition": sent("petition"),
        "grounds": ["the determination was the result of bias"],
        "filed_on": _today(),
    },
    "affirm-determination": lambda _, sent: {"order": sent("order")},
    "reverse-determination": lambda _, sent: {
        "order": sent("order"),
        "ground": "the determination was the result of bias",
    },
    "open-remand": lambda case, sent: {
        "earlier": case.earlier,
        "order": sent("order of remand"),
        "finding": sent("what the order found wrong"),
    },
}


def _page(step: str, said: Callable[[Case], dict[str, Any]]) -> Callable[[Case, str, Visitor], Sent]:
    """A step that is sent from its page, with what a person types there."""

    def prepare(case: Case, who: str, visitor: Visitor) -> Sent:
        path = f"/cases/{case.number}/{step}/"
        text = visitor.page(path)
        return Sent(lambda: visitor.form(path, said(case), text=text, button="send"))

    return prepare


def _draft(case: Case, _: str, visitor: Visitor) -> Sent:
    path = case.draft_page
    text = visitor.page(path)
    case.drafts += 1
    summary = f"The injured worker has pain of the invented joint since the injury. Version {case.drafts}."
    said = {"summary": summary, "specialty": story.SPECIALTY, "licensure": "California"}
    basis = "Decision based on Non-MTUS Citation An Invented Guideline."
    for number in (1, 2):
        said |= {
            f"decision_{number}": "OVERTURNED",
            f"administrator_basis_{number}": basis,
            f"reviewer_basis_{number}": basis,
            f"rationale_{number}": "The invented guideline supports this. Therefore, the request is medically necessary.",
        }

    def send() -> requests.Response:
        answer = visitor.form(path, said, text=text, button="send")
        if answer.status_code == 302:
            case.draft = summary
        return answer

    return Sent(send)


def _confirmed(step: str) -> Callable[[Case, str, Visitor], Sent]:
    """A draft is sent on, or signed: with an answer to each question of the checks, and the second factor where it is asked."""

    def prepare(case: Case, who: str, visitor: Visitor) -> Sent:
        path = f"/cases/{case.number}/{step}/"
        text = visitor.page(path)
        said = {name: "The draft says what the file holds." for name in fields(text) if name.startswith("answer-")}

        def send() -> requests.Response:
            answer = visitor.form(path, said, text=text, button="send")
            where = answer.headers.get("Location", "")
            if answer.status_code == 403:  # something was typed: the page that holds it names where to confirm
                where = "".join(re.findall(r'href="(/account/2fa/reauthenticate/[^"]*)"', answer.text)[:1])
            if "reauthenticate" in where:
                visitor.confirm(where)
                answer = visitor.form(path, said, button="send")
            return answer

        return Sent(send)

    return prepare


def _application(case: Case, _: str, visitor: Visitor) -> Sent:
    """The application page by page, as far as the last one, which is signed and sent."""
    form = case.application()
    typed = {name: _typed(value) for name, value in to_initial(form).items() if value not in ("", False, ())}
    path, text = "/employee/apply/", visitor.page("/employee/apply/")
    for page in PAGES[:-1]:
        said = {name: value for name, value in typed.items() if name.split("-")[0] in page.asks}
        answer = visitor.form(path, said, text=text)
        assert answer.status_code == 200, f"{page.name}: {answer.status_code}"
        text = answer.text
    data = paper("utilization review decision", case.claim)
    said = {name: value for name, value in typed.items() if name.split("-")[0] in PAGES[-1].asks}

    def send() -> requests.Response:
        return visitor.form(path, said, {"ur_decision": ("decision.pdf", data, "application/pdf")}, text, "send")

    return Sent(send, (sha256(data).hexdigest(),))


def _typed(value: object) -> Any:
    return "on" if value is True else value if isinstance(value, list) else str(value)


_PAGES: dict[str, Callable[[Case, str, Visitor], Sent]] = {
    "receive-application": _application,
    "ask-information": _page(
        "ask-information",
        lambda _: {
            "of": ["REQUESTING_PHYSICIAN"],
            "questions": "Which sessions were attended?",
            "service": "ELECTRONIC",
        },
    ),
    "ask-records": _page(
        "ask-records",
        lambda _: {"of": ["REQUESTING_PHYSICIAN"], "letter-text": "Please send the notes of the sessions attended."},
    ),
    "return-draft": _page("return-draft", lambda case: {"note-text": f"Say which visit is meant. {case.drafts}"}),
    "assign-organization": _page("assign-organization", lambda _: {"service": "ELECTRONIC"}),
    "record-service": _page(
        "record-service",
        lambda _: {
            "recipients": [role.name for role in (Role.DIVISION, *PARTIES)],
            "service": "MAIL",
            "place": "CALIFORNIA",
            "on": _today(),
        },
    ),
    "assign-reviewer": _page(
        "assign-reviewer",
        lambda case: {
            "reviewer": cast.CAST[case.reviewer].reviewer,
            "specialties": story.SPECIALTY,
            "reason": "This reviewer knows the invented joint.",
        },
    ),
    "save-draft": _draft,
    "submit-draft": _confirmed("submit-draft"),
    "sign-determination": _confirmed("sign-determination"),
    "publish-determination": _page("publish-determination", lambda _: {"looked": "1"}),
}
