"""What outsiders may get of a chain: no inner event, the day alone of what the reviewer did, no plain digest that some may not read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from imr.case.chain import Recorded, from_lines, to_lines, to_record, verify
from imr.case.context import CALIFORNIA
from imr.case.document_types import DocumentType
from imr.case.event_types import EVENT_TYPES
from imr.case.outside import outside_chain
from imr.law.disclosure import Thing
from imr.law.roles import OFFICE, ROLES
from imr.law.terms import Role

_HEX = re.compile(r"[0-9a-f]{64}")
#: The plain digests in the chain of outsiders, each with the document that it names. What is not here has to be sealed.
PLAIN_DIGESTS: Mapping[tuple[str, str], DocumentType | None] = {
    ("application-received", "filing.application"): DocumentType.APPLICATION,
    ("application-received", "filing.ur_decision"): DocumentType.UR_DECISION,
    ("information-asked", "letter"): DocumentType.REQUEST,
    ("information-answered", "filing.application"): DocumentType.APPLICATION,
    ("information-answered", "filing.ur_decision"): DocumentType.UR_DECISION,
    ("information-answered", "answer"): DocumentType.ANSWER,
    ("information-answered", "signed_page"): DocumentType.ANSWER,
    ("organization-assigned", "notice"): DocumentType.NOTICE,
    ("converted-to-expedited", "certification"): DocumentType.CERTIFICATION,
    ("consent-withdrawn", "signed_page"): DocumentType.CONSENT_WITHDRAWAL,
    ("reviewer-assigned", "commitment"): None,  # its leaves are salted: imr.panel.commitment
    ("records-asked", "letter"): DocumentType.REQUEST,
    ("time-extended", "approval"): DocumentType.APPROVAL,
    ("determination-signed", "determination"): DocumentType.DETERMINATION,
    ("determination-signed", "letter"): DocumentType.LETTER,
    ("determination-issued", "letter"): DocumentType.LETTER,
    ("determination-implemented", "proof"): DocumentType.PROOF,
    ("determination-published", "public"): DocumentType.PUBLIC_DETERMINATION,
    ("application-withdrawn", "letter"): DocumentType.WITHDRAWAL,
    ("ending-reported", "letter"): DocumentType.ENDING,
    ("ending-answered", "letter"): DocumentType.ENDING_ANSWER,
    ("ending-report-withdrawn", "letter"): DocumentType.ENDING,
    ("review-terminated", "letter"): DocumentType.ENDING,
    ("review-reopened", "letter"): DocumentType.ENDING,
    ("appeal-received", "petition"): DocumentType.PETITION,
    ("determination-affirmed", "order"): DocumentType.ORDER,
    ("determination-reversed", "order"): DocumentType.ORDER,
    ("remand-opened", "order"): DocumentType.REMAND_ORDER,
    ("remand-opened", "finding"): DocumentType.REMAND_FINDING,
    ("remand-opened", "certification"): DocumentType.CERTIFICATION,
    ("remand-opened", "filing.application"): DocumentType.APPLICATION,
    ("remand-opened", "filing.ur_decision"): DocumentType.UR_DECISION,
}
#: Who gets the chain and is not of the review organization.
RECEIVERS = tuple(
    role for role, entry in ROLES.items() if Thing.EVENT_CHAIN in entry.sees and role not in (*OFFICE, Role.REVIEWER)
)


def told_outside(shown: Sequence[Recorded], reviewers: Sequence[str] = ()) -> list[str]:
    """What a chain that was given to an outsider tells and should not."""
    found = []
    text = to_lines(shown)
    found += [f"the reviewer {one}" for one in reviewers if one in text]
    for item in shown:
        form = to_record(item)
        kind = form["kind"]
        if EVENT_TYPES[kind].within is not None:
            found.append(f"an inner event: {kind}")
        times = [form["at"], *(value for _, value in _texts(form["data"]) if "T" in value)]
        if item.by.role is Role.REVIEWER:
            found += [f"{kind}: the hour of the reviewer, {one}" for one in times if _finer_than_a_day(one)]
        found += [
            f"{kind}: a plain digest in {place}"
            for place, value in _texts(form["data"])
            if _HEX.search(value.removeprefix("sealed:") if value.startswith("sealed:") else value)
            and not value.startswith("sealed:")
            and (kind, place) not in PLAIN_DIGESTS
        ]
        if "key" in form or not item.by.id.startswith("sealed:"):
            found.append(f"{kind}: who acted")
    return found


def check_outside(chain: Sequence[Recorded], reviewers: Sequence[str] = ()) -> None:
    """Assert that the chain of outsiders tells nothing, verifies, is read back, and only grows."""
    shown = outside_chain(chain)
    assert told_outside(shown, reviewers) == []
    verify(shown)
    assert from_lines(to_lines(shown)) == shown
    assert [item.number for item in shown] == list(range(1, len(shown) + 1))
    for length in range(0, len(chain), max(1, len(chain) // 4)):
        earlier = outside_chain(chain[:length])
        assert earlier == shown[: len(earlier)]


def _finer_than_a_day(value: str) -> bool:
    try:
        at = datetime.fromisoformat(value).astimezone(CALIFORNIA)
    except ValueError:
        return False
    return (at.hour, at.minute, at.second, at.microsecond) != (0, 0, 0, 0)


def _texts(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in plain data with its place; places in lists have no numbers."""
    match data:
        case dict():
            for name, value in data.items():
                yield from _texts(value, f"{path}.{name}".removeprefix("."))
        case list() | tuple():
            for value in data:
                yield from _texts(value, path)
        case str():
            yield path, data
