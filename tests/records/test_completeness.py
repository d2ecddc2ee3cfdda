"""What a case file lacks is named with who owes it, since when, and what it costs."""

from datetime import date

from imr.law.dates import CaseDates
from imr.law.records import Duty, expected, may_release
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
    release = may_release(document.kind for document in file.documents)
    return completeness.check(file, expected(dates, on, **said), release, on)


def test_what_the_ur_decision_names_is_looked_for():
    file = index.from_texts([UR, NOTE])
    found = list(completeness.cited_records(file))
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
    assert by_duty[Duty.APPLICATION].owed.days_late == 0
    assert told.penalty.dollars == 1500, "once for the case, not once for each kind of document"
    assert told.release.holds
    assert not told.complete
    certificate = "\n".join(told.lines())
    assert "not received, 3 days late; owed by" in certificate
    assert (
        "Late records of this case: due Tuesday, March 17, 2015, counted to Friday, March 20, 2015: 3 days late"
        in certificate
    )
    assert "MRI of the cervical spine dated 11/03/2014: not in the file" in certificate


def test_the_ur_decision_alone_may_not_go_to_a_reviewer():
    told = told_of(index.from_texts([UR]), DATES, date(2015, 3, 3))
    assert not told.release.holds
    assert "May not go to a reviewer" in "\n".join(told.lines())
    assert not told_of(index.from_texts([]), DATES, date(2015, 3, 3)).release.holds


def test_a_penalty_of_a_text_that_was_not_seen_is_left_open():
    later = CaseDates(notice_sent_on=date(2026, 5, 4), notice_service=Service.MAIL)
    told = told_of(index.from_texts([NOTE]), later, date(2026, 7, 1))
    assert told.penalty.dollars is None
    assert "not seen" in told.penalty.because


def test_what_nobody_looked_at_is_never_late_and_costs_nothing():
    told = told_of(
        index.from_texts([NOTE]), DATES, date(2015, 6, 1), received={Duty.REPORTS: date(2015, 3, 9)}, looked_at=()
    )
    assert [lack.owed.days_late for lack in told.duties] == [0] * len(Duty)
    assert told.penalty is None
    lines = list(told.lines())
    assert sum("not looked at; owed by" in line for line in lines) == len(Duty) - 1
    assert not any("late" in line for line in lines)


def test_before_a_notice_nothing_is_owed():
    assert told_of(index.from_texts([NOTE]), CaseDates(), date(2015, 1, 1)).duties == ()
