"""The numbers of the law in letters and pages are those of the day, and none where no rule was in force."""

from datetime import date

from imr.law.prose import limits_on


def test_before_independent_medical_review_began_no_number_is_given():
    before = limits_on(date(2012, 6, 1))
    assert (before.application, before.report_months, before.appeal) == (None, None, None)


def test_reports_go_back_a_year_at_first_and_half_a_year_now():
    assert str(limits_on(date(2013, 6, 3)).report_months) == "12 months"
    assert str(limits_on(date(2026, 6, 1)).report_months) == "6 months"
