"""What the product says of a case, and what makes each of it true: the events and rows that a statement rests on, by hand.

`tests/web/test_what_is_said.py` lives through cases, collects what pages, letters and mails say, and holds every statement against
this list. What is said here of stages and dates is read from the events themselves, never from the state that the product makes.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from imr.case.chain import Recorded
from imr.case.context import CALIFORNIA
from imr.case.file import FiledRecord
from imr.case.letters import LetterKind
from imr.case.outside import outside_events
from imr.law.terms import Role

#: Where the last event of each kind leaves a case; a kind that is not here moves no case.
MOVES = {
    "application-received": "received",
    "information-asked": "asked",
    "information-answered": "received",
    "found-eligible": "eligible",
    "found-ineligible": "ineligible",
    "organization-assigned": "assigned",
    "records-completed": "file closed",
    "reviewer-assigned": "reviewer chosen",
    "reviewer-declined": "file closed",
    "reviewer-released": "file closed",
    "independence-attested": "under review",
    "draft-submitted": "at the quality review",
    "draft-returned": "under review",
    "draft-passed": "passed",
    "determination-signed": "signed",
    "determination-issued": "issued",
    "determination-published": "published",
    "application-withdrawn": "withdrawn",
    "review-terminated": "terminated",
    "determination-reversed": "reversed",
    "remand-opened": "eligible",
}
#: The people who act, in the words of the pages.
ROLES = {
    "Employee": Role.EMPLOYEE,
    "Employee’s attorney": Role.EMPLOYEE_ATTORNEY,
    "Claims administrator": Role.CLAIMS_ADMINISTRATOR,
    "Requesting physician": Role.REQUESTING_PHYSICIAN,
    "Review organization, intake": Role.INTAKE,
    "Review organization, coordination": Role.COORDINATOR,
    "Review organization, quality": Role.QUALITY,
    "Physician reviewer": Role.REVIEWER,
    "Division of Workers’ Compensation": Role.DIVISION,
    "The clock of the site": Role.CLOCK,
}


@dataclass(frozen=True)
class Facts:
    """What there is of a case when something is said of it; rows as their values."""

    number: str
    chain: tuple[Recorded, ...] = ()
    documents: Sequence[dict[str, Any]] = ()
    mail: Sequence[dict[str, Any]] = ()
    members: Sequence[dict[str, Any]] = ()
    proposals: Sequence[dict[str, Any]] = ()
    #: Where the other cases of the site stand, by what moved them last.
    others: Sequence[str] = ()
    today: date = date.max

    def of(self, *kinds: str) -> list[Any]:
        """The events of these kinds, in their order."""
        return [item.event for item in self.chain if item.event.kind in kinds]

    @property
    def stands(self) -> str:
        """Where the last event that moved the case has left it."""
        moved: list[str] = []
        for item in self.chain:
            if item.event.kind == "review-reopened":
                moved.pop()  # back to where it was before its end
            elif item.event.kind in MOVES:
                moved.append(MOVES[item.event.kind])
        withdrawn = [item.event.kind for item in self.chain if item.event.kind in (*MOVES, "publication-withdrawn")]
        if moved and withdrawn[-1] == "publication-withdrawn" and moved[-1] == "published":
            return "issued"
        return moved[-1] if moved else ""


True_ = Callable[[Facts, re.Match[str]], bool]


@dataclass(frozen=True)
class Statement:
    """Something that is said, as a pattern; what makes it true, in words and as a question to the facts."""

    says: str
    because: str
    true: True_ = field(repr=False)


def long(day: date) -> str:
    """A day as the reasoning of a time limit and the letters write it."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def short(day: date) -> str:
    """A day as tables and lines of the history write it."""
    return f"{day:%a, %b} {day.day}, {day.year}"


def day(at: datetime) -> date:
    """The day in California of a moment."""
    return at.astimezone(CALIFORNIA).date()


def _stands(says: str, *stages: str) -> Statement:
    kinds = " or ".join(kind for kind, stage in MOVES.items() if stage in stages)
    return Statement(says, f"the last event that moved the case is {kinds}", lambda f, _: f.stands in stages)


def _happened(says: str, *kinds: str) -> Statement:
    return Statement(says, f"an event {' or '.join(kinds)}", lambda f, _: bool(f.of(*kinds)))


def _told(says: str, because: str, *kinds: str, said: Callable[[Any], str]) -> Statement:
    """A line that gives what an event holds: `said` is the line, made of the event by hand."""
    return Statement(says, because, lambda f, m: any(said(event) == m[0] for event in f.of(*kinds)))


def _dated(says: str, because: str, *kinds: str, on: Callable[[Any], date]) -> Statement:
    """A statement that ends in a day, which is that of an event."""
    return Statement(says, because, lambda f, m: any(long(on(event)) in m[0] for event in f.of(*kinds)))


def _role(word: str) -> Role:
    return ROLES[word]


def _passed_over(event: Any) -> str:
    return f" · Passed over: {event.passed_over}" if event.passed_over else ""


def _to_implement(f: Facts) -> bool:
    signed = f.of("determination-signed")
    overturned = signed and any(d.value == "overturned" for d in signed[-1].decisions)
    return bool(f.stands in ("issued", "published") and overturned and not f.of("determination-implemented"))


def _notice_served(f: Facts) -> bool:
    return Role.CLAIMS_ADMINISTRATOR in _served(f, LetterKind.ASSIGNMENT)


def _all_asked(f: Facts) -> bool:
    return set(f.of("information-asked")[-1].of) <= _served(f, LetterKind.INFORMATION)


def _served(f: Facts, what: LetterKind) -> set[Role]:
    return {role for event in f.of("letter-served") if event.what is what for role in event.recipients}


#: What is said of letters and of their service.
LETTERS_SERVED = (
    Statement(
        r"served on (\w{3}, \w{3} \d+, \d{4}) \((\w+)\), recorded by the office",
        "an event letter-served of this day and way, known from the office",
        lambda f, m: any(
            (short(e.on), e.service.value, e.known.name) == (m[1], m[2], "OFFICE") for e in f.of("letter-served")
        ),
    ),
    Statement(
        r"sent to you on (\w{3}, \w{3} \d+, \d{4}) \((\w+)\)",
        "an event letter-served of this day and way",
        lambda f, m: any((short(e.on), e.service.value) == (m[1], m[2]) for e in f.of("letter-served")),
    ),
    Statement(
        r"not served yet: the notice of assignment has not reached the claims administrator",
        "no event letter-served on the claims administrator",
        lambda f, _: bool(f.of("organization-assigned")) and not _notice_served(f),
    ),
    Statement(
        r"not served yet an e-mail waits to go out",
        "a message of the outbox about the letter that has not gone out",
        lambda f, _: any(row["sent_at"] is None and row["case"] == f.number for row in f.mail),
    ),
)


_STATIONS = {
    "Application": 0, "Eligibility": 1, "Records": 2, "Physician review": 3, "Determination": 4, "Published": 5,
}  # fmt: skip
_WAY = {
    "received": 1, "asked": 1, "eligible": 1, "assigned": 2, "file closed": 3, "reviewer chosen": 3, "under review": 3,
    "at the quality review": 3, "passed": 3, "signed": 4, "issued": 5, "published": 6,
}  # fmt: skip


def _stations() -> list[Statement]:
    made = []
    for title, at in _STATIONS.items():
        made.append(_stands(f"^{title}: done$", *(stage for stage, way in _WAY.items() if way > at)))
        here = [stage for stage, way in _WAY.items() if way == at]
        if here:
            made.append(_stands(f"^{title}: now$", *here))
    return made


#: The stage of a case, as its page says it.
STAGES = (
    _stands("^The application is being checked: is it signed, in time and complete", "received"),
    _stands("^More information was asked for before eligibility can be decided.", "asked"),
    _stands("^The application is eligible. The review organization makes the notice of assignment.", "eligible"),
    Statement(
        "^The review organization is waiting for the medical records from the claims administrator.",
        "an event letter-served by which the notice of assignment has reached the claims administrator",
        lambda f, _: f.stands == "assigned" and _notice_served(f),
    ),
    Statement(
        "^The notice of assignment is made, and has not reached the claims administrator yet\\.",
        "an event organization-assigned, and none letter-served on the claims administrator",
        lambda f, _: f.stands == "assigned" and not _notice_served(f),
    ),
    Statement(
        "^More information is asked for. The request has not reached everybody who was asked yet\\.",
        "an event information-asked, and none letter-served on somebody whom it names",
        lambda f, _: f.stands == "asked" and not _all_asked(f),
    ),
    _stands("^The case file is complete. A physician reviewer is being chosen and screened", "file closed"),
    _stands("^A physician reviewer was chosen and first attests to have no tie to anybody", "reviewer chosen"),
    _stands("^The physician reviewer is reading the file and deciding on each treatment.", "under review"),
    _stands(
        "^The case is with a physician reviewer, whose draft is checked",
        "under review",
        "at the quality review",
        "passed",
    ),
    _stands("^The draft is being checked for completeness and clarity.", "at the quality review"),
    _stands("^The draft passed its check. The reviewer signs it.", "passed"),
    _stands("^The determination is signed and is about to be issued.", "signed"),
    _stands("^The determination was issued. It is final unless it is appealed.", "issued"),
    _stands("^The determination was issued, and published without names.", "published"),
    _stands("^The application was found not eligible. The letter gives every reason.", "ineligible"),
    _stands("^The application was withdrawn. Nothing more happens in this case.", "withdrawn"),
    _stands("^The review ended because the dispute is over. Nothing more happens in this case.", "terminated"),
    _stands("^The determination was set aside on appeal. The dispute goes to another reviewer", "reversed"),
    _stands("^This case has ended: Ineligible$", "ineligible"),
    _stands("^This case has ended: Withdrawn$", "withdrawn"),
    _stands("^This case has ended: Terminated$", "terminated"),
    _stands("^This case has ended: Reversed on appeal$", "reversed"),
    *_stations(),
)

#: What each stage waits for.
TURNS = (
    Statement(
        "^Waiting for: Review organization, intake$",
        "an event application-received, or one information-asked that has not reached everybody it names",
        lambda f, _: f.stands == "received" or (f.stands == "asked" and not _all_asked(f)),
    ),
    Statement(
        "^Waiting for: Review organization, coordination$",
        "the last event that moved the case is coordination's to follow, or the notice has not reached the claims administrator",
        lambda f, _: (
            f.stands in ("eligible", "file closed", "signed") or (f.stands == "assigned" and not _notice_served(f))
        ),
    ),
    Statement(
        "^Waiting for: Division of Workers’ Compensation$",
        "an event determination-issued, and nothing that was overturned and is not implemented",
        lambda f, _: f.stands == "issued" and not _to_implement(f),
    ),
    _stands("^Waiting for: Physician reviewer$", "reviewer chosen", "under review", "passed"),
    _stands("^Waiting for: Review organization, quality$", "at the quality review"),
    _stands(
        "^Waiting for: Physician reviewer, Review organization, quality$",
        "under review",
        "at the quality review",
        "passed",
    ),
    Statement(
        "^Waiting for: ((?:Employee|Claims administrator|Requesting physician)[^.]*)$",
        "whom the last event information-asked names; the claims administrator also where a case is assigned, and where a "
        "decision that overturns was issued and is not implemented",
        lambda f, m: (
            (
                f.stands == "asked"
                and _all_asked(f)
                and [_role(one) for one in m[1].split(", ")] == list(f.of("information-asked")[-1].of)
            )
            or (m[1] == "Claims administrator" and ((f.stands == "assigned" and _notice_served(f)) or _to_implement(f)))
        ),
    ),
    _stands("^Your next step: Decide eligibility$", "received", "asked"),
    _stands("^Your next step: Take the case and make the notice of assignment$", "eligible"),
    _stands("^Your next step: Close the case file$", "assigned"),
    _stands("^Your next step: Send records$", "assigned"),
    _stands("^Your next step: Assign the reviewer$", "file closed"),
    _stands("^Your next step: Attest independence$", "reviewer chosen"),
    _stands("^Your next step: Write the draft$", "under review"),
    _stands("^Your next step: Pass the draft$", "at the quality review"),
    _stands("^Your next step: Sign the determination$", "passed"),
    _stands("^Your next step: Issue the determination$", "signed"),
    _stands("^Your next step: Publish the redacted determination$", "issued"),
    Statement(
        "^Your next step: Report the authorization or payment$",
        "an event determination-issued, decisions of determination-signed that overturn, and no determination-implemented",
        lambda f, _: _to_implement(f),
    ),
    Statement(
        "^Your next step: Answer the request for information$",
        "an event information-asked, of this party, and no answer since",
        lambda f, _: f.stands == "asked",
    ),
)

#: What happened, in the history that each person sees.
HISTORY = (
    *(
        _happened(f"^{title}$", *kinds)
        for title, kinds in {
            "Application received": ("application-received",),
            "Information asked": ("information-asked",),
            "Information answered": ("information-answered",),
            "Found eligible": ("found-eligible", "remand-opened"),
            "Found ineligible": ("found-ineligible",),
            "Taken by the review organization": ("organization-assigned",),
            "Converted to expedited": ("converted-to-expedited",),
            "Records received": ("records-received",),
            "Records asked": ("records-asked",),
            "Record withheld": ("record-withheld",),
            "Records completed": ("records-completed",),
            "Reviewer assigned": ("reviewer-assigned",),
            "Independence attested": ("independence-attested",),
            "Time extended": ("time-extended",),
            "Draft submitted": ("draft-submitted",),
            "Draft returned": ("draft-returned",),
            "Draft passed": ("draft-passed",),
            "Determination signed": ("determination-signed",),
            "Letter served": ("letter-served",),
            "Determination issued": ("determination-issued",),
            "Determination published": ("determination-published",),
            "Determination implemented": ("determination-implemented",),
            "Appeal received": ("appeal-received",),
            "Determination affirmed": ("determination-affirmed",),
            "Determination reversed": ("determination-reversed",),
            "Publication withdrawn": ("publication-withdrawn",),
            "Application withdrawn": ("application-withdrawn",),
            "End of the dispute reported": ("ending-reported",),
            "Report of the end answered": ("ending-answered",),
            "Report of the end taken back": ("ending-report-withdrawn",),
            "Review terminated": ("review-terminated",),
            "Review opened again": ("review-reopened",),
            "Remand opened": ("remand-opened",),
            "Sent to another review": ("remanded",),
        }.items()
    ),
    Statement(
        rf"^(\w{{3}}, \w{{3}} \d+, \d{{4}}), (\d+:\d\d [AP]M P[DS]T) · ({'|'.join(ROLES)})$",
        "an event at this minute, by this role",
        lambda f, m: any(
            (short(day(item.at)), f"{item.at.astimezone(CALIFORNIA):%-I:%M %p %Z}", item.by.role)
            == (m[1], m[2], _role(m[3]))
            for item in f.chain
        ),
    ),
    Statement(
        rf"^(\w{{3}}, \w{{3}} \d+, \d{{4}}) · ({'|'.join(ROLES)})$",
        "an event on this day, by this role, whose hour is not told",
        lambda f, m: any((short(day(item.at)), item.by.role) == (m[1], _role(m[2])) for item in f.chain),
    ),
    _told(
        "^Sender: .* · Received on: .*$",
        "an event records-received with this sender and day",
        "records-received",
        said=lambda e: f"Sender: {e.sender.value} · Received on: {short(e.received_on)}",
    ),
    _told(
        "^Decisions: .*$",
        "an event determination-signed with these decisions",
        "determination-signed",
        said=lambda e: f"Decisions: {', '.join(d.value for d in e.decisions)}",
    ),
    _told(
        r"^Replaced: \d+$",
        "an event determination-published that counts so many wordings",
        "determination-published",
        said=lambda e: f"Replaced: {e.replaced}",
    ),
    _told(
        "^Kinds: .*$",
        "an event records-completed with these kinds",
        "records-completed",
        said=lambda e: f"Kinds: {', '.join(k.value for k in e.kinds)}",
    ),
    _told(
        "^Known from: .*$",
        "an event application-received of the office with this evidence",
        "application-received",
        said=lambda e: f"Known from: {e.known_from}",
    ),
    _told(
        "^Specialties: .*$",
        "an event reviewer-assigned with these specialties",
        "reviewer-assigned",
        said=lambda e: f"Specialties: {', '.join(e.specialties)}",
    ),
    _told(
        "^Reviewer: .* · Specialties: .*$",
        "an event reviewer-assigned with this reviewer, shown inside alone",
        "reviewer-assigned",
        said=lambda e: f"Reviewer: {e.reviewer} · Specialties: {', '.join(e.specialties)}{_passed_over(e)}",
    ),
    _told(
        "^Answered on: .* · By: .*$",
        "an event information-answered with this day and party",
        "information-answered",
        said=lambda e: f"Answered on: {short(e.answered_on)} · By: {e.by.value}",
    ),
    _told(
        "^Grounds: .* · Filed on: .*$",
        "an event appeal-received with these grounds and day",
        "appeal-received",
        said=lambda e: f"Grounds: {', '.join(g.value for g in e.grounds)} · Filed on: {short(e.filed_on)}",
    ),
    _told(
        "^Ground: .*$",
        "an event determination-reversed with this ground",
        "determination-reversed",
        said=lambda e: f"Ground: {e.ground.value}",
    ),
    _told(
        r"^Because: [^·]*[^· ]",
        "an event that gives this reason",
        "publication-withdrawn",
        "ending-reported",
        "review-terminated",
        said=lambda e: f"Because: {e.because.value}",
    ),
    Statement(
        r"^Not met: Signed(?= ·|$)",
        "an event found-ineligible that names the rule on the signature",
        lambda f, _: any("app-signed" in event.reasons for event in f.of("found-ineligible")),
    ),
    _told(
        r"^Earlier: \S+$",
        "an event remand-opened with this earlier case",
        "remand-opened",
        said=lambda e: f"Earlier: {e.earlier}",
    ),
)


def _records(f: Facts) -> list[FiledRecord]:
    """The records of a case: what came, and what the earlier case of a remand had."""
    came = [record for event in f.of("records-received") for record in event.records]
    return [*came, *(received.record for event in f.of("remand-opened") for received in event.records)]


#: From what the time limits run.
CLOCKS = (
    _dated(
        "^It starts with service of the UR decision, on (.*)\\.$",
        "the application in application-received (or its amendment) gives this day of service",
        "application-received",
        "information-answered",
        "remand-opened",
        on=lambda e: e.filing.ur_served_on,
    ),
    _dated(
        "^It starts with mailing of the finding that the application is not eligible, on (.*)\\.$",
        "an event letter-served of this day",
        "letter-served",
        on=lambda e: e.on,
    ),
    _dated(
        "^It starts with receipt of the Division's request for information, on (.*)\\.$",
        "an event letter-served of this day",
        "letter-served",
        on=lambda e: e.on,
    ),
    _dated(
        "^It starts with receipt of the finding of eligibility, on (.*)\\.$",
        "an event found-eligible or remand-opened of this day",
        "found-eligible",
        "remand-opened",
        on=lambda e: e.on,
    ),
    _dated(
        "^It starts with receipt of the request and the supporting documents, on (.*)\\.$",
        "an event records-completed of this day",
        "records-completed",
        on=lambda e: day(e.at),
    ),
    _dated(
        "^It starts with the event that ended the dispute, on (.*)\\.$",
        "an event ending-reported or review-terminated of this day",
        "ending-reported",
        "review-terminated",
        on=lambda e: e.on,
    ),
)


def _papers(f: Facts, *papers: str) -> list[dict[str, Any]]:
    return [row for row in f.documents if row["paper"] in papers]


def _digest(paper: str) -> True_:
    return lambda f, m: any(row["digest"] == m[1] for row in _papers(f, paper))


def _received(f: Facts) -> list[datetime]:
    return [event.received_at for event in f.of("application-received", "remand-opened")]


def _published_between(f: Facts, m: re.Match[str]) -> bool:
    first, last = f.of("determination-published"), f.of("publication-withdrawn")
    return bool(first and last) and (short(first[-1].on), short(last[-1].on), last[-1].because.value) == m.groups()


def _waiting(f: Facts) -> int:
    return sum(row["sent_at"] is None and row["next_at"] is not None for row in f.mail)


#: What came, what is in the file, who has the case, and what the public sees.
HELD = (
    Statement(
        r"^Its number is (\S+); every letter names it\. It was received on (.*)\.$",
        "an event application-received, with this moment of receipt, in the case of this number",
        lambda f, m: (
            m[1] == f.number
            and any(
                f"{at.astimezone(CALIFORNIA):%A, %B} {at.astimezone(CALIFORNIA).day}, {at.astimezone(CALIFORNIA).year}"
                in m[2]
                for at in _received(f)
            )
        ),
    ),
    _happened("^The application was received$", "application-received"),
    Statement(
        "^SHA-256 of the UR decision: ([0-9a-f]{64})$",
        "a document of the case with this digest",
        _digest("UR decision"),
    ),
    Statement(
        "^SHA-256 of the application: ([0-9a-f]{64})$",
        "a document of the case with this digest",
        _digest("application"),
    ),
    Statement(
        "^Digest of event 1 of the case: ([0-9a-f]{64})$",
        "the first event of the chain has this digest",
        lambda f, m: bool(f.chain) and f.chain[0].digest == m[1],
    ),
    Statement(
        r"^(\d+) events?; (?:its digest is correct|each is linked to the one before it, and every digest is correct)\.$",
        "the chain has so many events that are not inside, until the signature, which nobody outside learns of before the issue",
        lambda f, m: (
            0 < int(m[1]) == len(outside_events(f.chain))
            and all(one.digest == two.previous for one, two in zip(f.chain, f.chain[1:], strict=False))
        ),
    ),
    Statement(
        "^May go to a reviewer\\. The file holds clinical documents: (.*) \\(8 CCR",
        "documents of these kinds came by events records-received, or with a remand",
        lambda f, m: set(m[1].split(", ")) <= {record.kind.value for record in _records(f)},
    ),
    Statement(
        "^May not go to a reviewer\\. The file holds no clinical document",
        "no event records-received and no remand brought a clinical document",
        lambda f, _: bool(f.chain) and not any("report" in record.kind.value for record in _records(f)),
    ),
    Statement(
        "^Nothing is owed before the notice of assignment is served on the claims administrator\\.$",
        "no event letter-served by which the notice of assignment has reached the claims administrator",
        lambda f, _: bool(f.chain) and not _notice_served(f),
    ),
    Statement(
        "^Every party that the application names can see the case on the site\\.$",
        "a membership for each role of a party",
        lambda f, _: (
            {"employee", "employee attorney", "claims administrator", "requesting physician"}
            <= {row["role"] for row in f.members}
        ),
    ),
    Statement(
        r"^(?:everybody of )?(.+?)(?: who signs in as .+?)? as .+ \(.+\): settled by (\S+), .*\. Invited, and joined on .+\.$",
        "a proposal that this person of the office accepted, and whose code was entered",
        lambda f, m: any(row["settled_by__email"] == m[2] and row["joined_at"] for row in f.proposals),
    ),
    Statement(
        r"^(\d+) messages? waits? for (?:its|their) turn",
        "so many rows of the outbox that are not sent and are due",
        lambda f, m: 0 < int(m[1]) == _waiting(f),
    ),
    _happened("^How the reviewer’s independence was screened and sealed$", "reviewer-assigned"),
    Statement(
        "^Root, as recorded in the history of the case: ([0-9a-f]{64})$",
        "an event reviewer-assigned with this commitment",
        lambda f, m: any(event.commitment == m[1] for event in f.of("reviewer-assigned")),
    ),
    Statement(
        "^Independence of the reviewer: sealed at assignment under ([0-9a-f]{64})$",
        "an event reviewer-assigned with this commitment",
        lambda f, m: any(event.commitment == m[1] for event in f.of("reviewer-assigned")),
    ),
    Statement(
        r"^It was published on (.+) and withdrawn on (.+): (.+)\.$",
        "events determination-published and publication-withdrawn of these days, the latter with this reason",
        _published_between,
    ),
    Statement(
        r"^Set aside on (.+?)\. This determination was reversed on appeal",
        "an event determination-reversed of this day",
        lambda f, m: any(short(event.on) == m[1] for event in f.of("determination-reversed")),
    ),
    _stands("^This finding can be appealed$", "ineligible"),
    Statement(
        r"^About the same decision: (\S+), ",
        "another case of this number, whose application names the same decision",
        lambda f, m: bool(f.chain) and m[1] != f.number,
    ),
    Statement(
        "^(Overturned|Upheld) (?:not )?medically necessary$",
        "a decision of determination-signed, told since determination-issued",
        lambda f, m: (
            bool(f.of("determination-issued"))
            and m[1].lower() in [d.value for d in f.of("determination-signed")[-1].decisions]
        ),
    ),
)


def _overturned(f: Facts) -> list[int]:
    return [sum(d.value == "overturned" for d in e.decisions) for e in f.of("determination-signed")]


#: What the letters say.
LETTERS = (
    _happened("Notice of Ineligibility for Independent Medical Review", "found-ineligible"),
    _happened(r"Your application cannot be reviewed\.", "found-ineligible"),
    Statement(
        r"• Not signed by the employee or a representative",
        "an event found-ineligible that names the rule on the signature",
        lambda f, _: any("app-signed" in event.reasons for event in f.of("found-ineligible")),
    ),
    _happened("Notice That the Review Has Ended", "application-withdrawn", "review-terminated"),
    _happened(r"The employee's side withdrew the application\.", "application-withdrawn"),
    Statement(
        r"The claims administrator authorized the treatment\.",
        "an event review-terminated for this reason",
        lambda f, _: any("authorized" in event.because.value for event in f.of("review-terminated")),
    ),
    _happened("Independent Medical Review: Final Determination", "determination-issued"),
    Statement(
        r"(\d+) of (\d+) disputed treatments found medically necessary\.",
        "decisions of determination-signed, so many of them overturned",
        lambda f, m: any(
            (sum(d.value == "overturned" for d in e.decisions), len(e.decisions)) == (int(m[1]), int(m[2]))
            for e in f.of("determination-signed")
        ),
    ),
    Statement(
        r"All (\d+) disputed treatments are medically necessary\.",
        "decisions of determination-signed, all of them overturned",
        lambda f, m: int(m[1]) in _overturned(f),
    ),
    Statement(
        r"The claims administrator must authorize or pay for what was found necessary",
        "a decision of determination-signed that overturns",
        lambda f, _: any(_overturned(f)),
    ),
    Statement(
        r"Case [Nn]umber:? (\S+)",
        "the letter is a document of the case of this number",
        lambda f, m: bool(f.documents) and m[1] == f.number,
    ),
    Statement(
        r"Application Received: (\d\d/\d\d/\d{4})",
        "an event application-received with this day of receipt",
        lambda f, m: any(f"{day(at):%m/%d/%Y}" == m[1] for at in _received(f)),
    ),
    Statement(
        r"Date Assigned: (\d\d/\d\d/\d{4})",
        "an event organization-assigned of this day",
        lambda f, m: any(f"{event.on:%m/%d/%Y}" == m[1] for event in f.of("organization-assigned")),
    ),
    Statement(
        r"Decision Date: (\d\d/\d\d/\d{4})",
        "an event determination-signed of this day",
        lambda f, m: any(f"{event.on:%m/%d/%Y}" == m[1] for event in f.of("determination-signed")),
    ),
    Statement(
        r"UR Denial Date: (\d\d/\d\d/\d{4})",
        "the application gives this day of the UR decision",
        lambda f, m: any(f"{e.filing.ur_decided_on:%m/%d/%Y}" == m[1] for e in f.of("application-received")),
    ),
    Statement(
        r"Date of Injury: (\d\d/\d\d/\d{4})",
        "the application gives this day of injury",
        lambda f, m: any(f"{e.filing.injured_on:%m/%d/%Y}" == m[1] for e in f.of("application-received")),
    ),
    Statement(
        r"Certification\(s\)/Specialty: (.+?) (?:State|Priority|The|DOCUMENTS|$)",
        "an event reviewer-assigned that asks for this specialty",
        lambda f, m: any(m[1].startswith(tuple(event.specialties)) for event in f.of("reviewer-assigned")),
    ),
    _happened(r"The reviewer has no affiliation with the employer", "independence-attested"),
    _happened(r"gave the complete case file to an expert reviewer", "records-completed"),
)

#: What the mails say.
MAIL = (
    Statement(
        r"^There is news in case (\S+)\. Sign in to read it",
        "a row of the outbox that names an event of this case, and whom it concerns",
        lambda f, m: (
            m[1] == f.number
            and any(row["event"] in {item.number for item in f.chain} and row["person_id"] for row in f.mail)
        ),
    ),
)

PAGES = (*STAGES, *LETTERS_SERVED, *TURNS, *HISTORY, *CLOCKS, *HELD)
STATEMENTS = (*PAGES, *LETTERS, *MAIL)
