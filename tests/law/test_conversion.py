"""A conversion to expedited never looks back: 24 hours run from the notice of it, or the standard time ends before."""

from datetime import date, datetime

import pytest

from imr.case.context import CALIFORNIA
from imr.law.conflicts import conflicts
from imr.law.dates import CaseDates
from imr.law.records import records_due
from imr.law.reviewers import Matter, Party
from imr.law.terms import PartyKind, Service


def _converted(**changes):
    return records_due(
        CaseDates(
            notice_sent_on=date(2025, 3, 3), notice_service=Service.MAIL, converted_on=date(2025, 3, 7), **changes
        )
    )


def test_until_the_notice_of_the_conversion_came_the_standard_time_runs():
    (still,) = _converted()
    assert still.due == date(2025, 3, 18)


@pytest.mark.parametrize(
    ("came", "due"),
    [
        (
            datetime(2025, 3, 8, 15, 45, tzinfo=CALIFORNIA),
            datetime(2025, 3, 9, 16, 45, tzinfo=CALIFORNIA),  # over the start of summer time
        ),
        (datetime(2025, 3, 20, 9, 0, tzinfo=CALIFORNIA), date(2025, 3, 18)),
    ],
)
def test_from_its_receipt_24_hours_run_unless_the_standard_time_ended_before(came, due):
    (deadline,) = _converted(conversion_notice_received_at=came)
    assert deadline.due == due


def test_a_reviewer_with_the_number_of_a_party_is_that_party_under_any_name():
    from dataclasses import replace

    from imr.examples import panel

    reviewer = replace(panel(1, date(2025, 3, 3))[0], npi="1234567893")
    party = Party(kind=PartyKind.REQUESTING_PHYSICIAN, name="Quite Another", npi=reviewer.npi)
    found = [finding for finding in conflicts(reviewer, Matter(parties=(party,)), date(2025, 3, 3)) if not finding]
    assert any("requesting physician" in finding.reason for finding in found)


def test_a_tie_to_what_is_in_dispute_is_a_conflict():
    from dataclasses import replace

    from imr.examples import panel
    from imr.law.reviewers import Affiliation, AffiliationKind

    tie = Affiliation(
        name="Invented Stimulator", kind=AffiliationKind.FINANCIAL, relation="royalties", since=date(2001, 1, 1)
    )
    reviewer = replace(panel(1, date(2025, 3, 3))[0], affiliations=(tie,))
    against = Matter(treatments=("Invented Stimulator",))
    on = date(2025, 3, 3)
    failed = {finding.rule for finding in conflicts(reviewer, against, on) if not finding}
    assert failed - {finding.rule for finding in conflicts(reviewer, Matter(), on) if not finding}


def test_a_name_that_was_told_apart_from_a_party_is_no_conflict():
    from dataclasses import replace

    from imr.examples import panel
    from imr.law.conflicts import NOT_A_PARTY, doubts
    from imr.law.roster import Identity, Settled

    on = date(2025, 3, 3)
    reviewer = replace(panel(1, on)[0], name="Minh Quillon")
    party = Party(kind=PartyKind.REQUESTING_PHYSICIAN, name="M. Quillon")
    asked = doubts(reviewer, Matter(parties=(party,)), on)
    assert asked
    apart = tuple(Settled(doubt=one.key, found=Identity.DIFFERENT) for one in asked)
    (found,) = (
        one for one in conflicts(reviewer, Matter(parties=(party,), settled=apart), on) if one.rule == NOT_A_PARTY.id
    )
    assert found
