"""What a case file lacks is named with who owes it, since when, and what it costs."""

from datetime import date

from imr.law.dates import CaseDates
from imr.law.records import Duty, expected
from imr.law.terms import Service
from imr.records import completeness, index

UR = """UTILIZATION REVIEW DETERMINATION
Date of decision: 02/10/2015

Records reviewed:
1. Progress report (PR-2) by Dr. Park dated 01/15/2015
2. MRI of the cervical spine dated 11/03/2014
3. Request for authorization, 02/02/2015

The request is not certified.
"""
NOTE = "PROGRESS NOTE\nDate of service: 01/15/2015\n\nNeck pain is less. Work status: modified work.\n"
DATES = CaseDates(notice_sent_on=date(2015, 3, 2), notice_service=Service.MAIL, injured_on=date(2014, 2, 3))


def told_of(file, dates, on, **said):
    return completeness.of(file, expected(dates, on, **said), on)


def test_what_the_ur_decision_names_is_looked_for():
    file = index.from_texts([UR, NOTE])
    found = list(completeness.named(file))
    assert [(named.day.isoformat(), named.document) for named in found] == [
        ("2015-01-15", "d2"),
        ("2014-11-03", None),
        ("2015-02-02", None),
    ]
    assert found[0].page == 1


def test_every_duty_is_owed_late_and_costed():
    file = index.from_texts([UR, NOTE])
    told = told_of(
        file, DATES, date(2015, 3, 20), requested_on=date(2015, 2, 2), received={Duty.APPLICATION: date(2015, 3, 10)}
    )
    by_duty = {lack.owed.duty: lack for lack in told.duties}
    assert set(by_duty) == set(Duty)
    reports = by_duty[Duty.REPORTS]
    assert reports.documents == ("d2",)
    assert reports.owed.days_late == 3
    assert reports.dollars == 1500
    assert by_duty[Duty.APPLICATION].owed.days_late == 0
    assert by_duty[Duty.APPLICATION].dollars is None
    assert told.release.holds
    assert not told.complete
    certificate = "\n".join(told.lines())
    assert "3 days late, penalty 1500 dollars so far" in certificate
    assert "MRI of the cervical spine dated 11/03/2014: not in the file" in certificate


def test_the_ur_decision_alone_may_not_go_to_a_reviewer():
    told = told_of(index.from_texts([UR]), DATES, date(2015, 3, 3))
    assert not told.release.holds
    assert "May not go to a reviewer" in "\n".join(told.lines())
    assert not told_of(index.from_texts([]), DATES, date(2015, 3, 3)).release.holds


def test_a_penalty_of_a_text_that_was_not_seen_is_left_open():
    later = CaseDates(notice_sent_on=date(2026, 5, 4), notice_service=Service.MAIL)
    told = told_of(index.from_texts([NOTE]), later, date(2026, 7, 1))
    assert all(lack.dollars is None for lack in told.duties)
    assert any("not seen" in lack.because for lack in told.duties)


def test_before_a_notice_nothing_is_owed():
    assert told_of(index.from_texts([NOTE]), CaseDates(), date(2015, 1, 1)).duties == ()
