"""What a deadline says for itself: its reasoning, what does not run and why, late acts, the calendar file."""

import re
from datetime import UTC, date, datetime

import pytest

from imr.errors import ImrError, NotInForce
from imr.law.dates import CaseDates, contradictions, minute_of
from imr.law.days import Calendar, Unit, count, is_closed, service_extension, why_closed
from imr.law.records import penalty_of
from imr.law.register import OTHER_NAMES, find
from imr.law.rule import Citation, Dated, Known, Version, spell
from imr.law.terms import Role, Service, Track
from imr.law.time_limits import due, ical, not_running, timely


def test_a_deadline_tells_rule_start_count_service_roll_and_result() -> None:
    (deadline,) = due(CaseDates(ur_served_on=date(2015, 2, 6), ur_service=Service.PERSONAL))
    rule, *steps = deadline.reasoning
    assert rule.startswith(
        "Rule app-time-standard: Application for IMR (Labor Code 4610.5(h)(1)(B); this version governs"
    )
    assert rule.endswith("from Tuesday, January 1, 2013).")
    assert steps == [
        "It starts with service of the UR decision, on Friday, February 6, 2015.",
        "Counted, the first day left out: 30 calendar days.",
        "Served in person: nothing added.",
        "The last day would be Sunday, March 8, 2015, which is closed (Sunday); it moves once, to the next open day (CCP 12a).",
        "Due Monday, March 9, 2015, by the employee.",
    ]
    assert deadline.verified
    assert deadline.days_left(date(2015, 3, 8)) == 1
    assert deadline.days_left(date(2015, 3, 10)) == -1


def test_a_service_that_is_not_known_is_counted_as_the_shortest_and_said() -> None:
    (deadline,) = due(CaseDates(ur_served_on=date(2015, 2, 6)))
    assert deadline.due == date(2015, 3, 9)
    assert any("How it was served is not known" in sentence for sentence in deadline.reasoning)
    assert service_extension(None).amount == 0


def test_a_roll_over_a_day_known_from_memory_is_not_verified() -> None:
    # December 31, 2021: the courts kept New Year's Day of a Saturday on the Friday before.
    counted = count(date(2021, 12, 1), 30, Unit.CALENDAR)
    assert counted.due == date(2022, 1, 3)
    assert counted.passed_over() == (date(2021, 12, 31),)
    assert any(citation.known is Known.MEMORY for citation in counted.under())


def test_court_days_pass_over_court_holidays() -> None:
    counted = count(date(2015, 2, 11), 2, Unit.COURT)
    assert counted.due == date(2015, 2, 17)
    assert counted.passed_over() == (date(2015, 2, 12), date(2015, 2, 16))
    assert counted.sentences()[0] == "Counted, the first day left out: 2 court days."


def test_an_hour_clock_without_an_hour_runs_from_midnight_and_says_so() -> None:
    (deadline,) = due(CaseDates(track=Track.EXPEDITED, notice_received_at=date(2015, 3, 27)))
    assert deadline.due == datetime.fromisoformat("2015-03-28T00:00")
    assert "counted from midnight" in " ".join(deadline.reasoning)
    assert "hours do not move for a closed day" in " ".join(deadline.reasoning)


def test_a_time_with_a_zone_keeps_it_and_a_day_is_that_of_california() -> None:
    received = datetime(2015, 3, 28, 2, 30, tzinfo=UTC)
    (deadline,) = due(CaseDates(track=Track.EXPEDITED, notice_received_at=received))
    assert deadline.due == datetime(2015, 3, 29, 2, 30, tzinfo=UTC)
    assert count(received, 1, Unit.CALENDAR).start == date(2015, 3, 27)
    assert count(datetime.fromisoformat("2015-03-27T23:59"), 1, Unit.CALENDAR).due == date(2015, 3, 30)
    assert timely(deadline, datetime(2015, 3, 29, 2, 31, tzinfo=UTC)).holds is False
    assert minute_of(received) == datetime.fromisoformat("2015-03-27T19:30")


def test_a_late_determination_is_valid_all_the_same() -> None:
    (deadline,) = due(CaseDates(records_complete_on=date(2015, 3, 25)))
    late = timely(deadline, date(2015, 5, 8))
    assert not late.holds
    assert "14 days late; it is valid and binding all the same" in str(late)
    assert "CHP v. WCAB" in str(late)
    assert timely(deadline, date(2015, 4, 24)).holds


def test_a_time_limit_of_regulations_that_were_not_seen_goes_on_and_says_so() -> None:
    (before,), (after,) = (due(CaseDates(found_eligible_on=day)) for day in (date(2026, 3, 26), date(2026, 4, 1)))
    assert before.verified
    assert after.due == date(2026, 4, 2)
    assert not after.verified
    assert "the new text was not seen" in " ".join(after.reasoning)


def test_the_review_organization_is_who_acts_for_a_coordinator() -> None:
    (deadline,) = due(CaseDates(records_complete_on=date(2015, 3, 25)))
    assert deadline.who is Role.COORDINATOR
    assert deadline.by == "review organization"


@pytest.mark.parametrize(
    ("dates", "rule", "words"),
    [
        (
            CaseDates(ur_served_on=date(2015, 2, 6), liability_disputed=True),
            "app-time-liability",
            "liability is disputed",
        ),
        (CaseDates(ur_served_on=date(2015, 2, 6), form_supplied=False), "app-time-tolling-no-form", "has not begun"),
        (CaseDates(found_eligible_on=date(2013, 8, 5)), "assign-notice", "emergency regulations of 2013 were not seen"),
        (CaseDates(ur_served_on=date(2035, 12, 20)), "app-time-standard", "2012 to 2035"),
        (
            CaseDates(determination_received_on=date(2015, 5, 1), overturned=True, appealed_on=date(2015, 5, 4)),
            "impl-authorize",
            "an appeal was filed",
        ),
        (
            CaseDates(determination_received_on=date(2015, 5, 1), overturned=True, liability_disputed=True),
            "impl-authorize",
            "liability",
        ),
    ],
)
def test_what_does_not_run_says_why(dates: CaseDates, rule: str, words: str) -> None:
    assert due(dates) == ()
    (finding,) = not_running(dates)
    assert (finding.rule, finding.holds) == (rule, False)
    assert words in str(finding)


@pytest.mark.parametrize(
    "dates",
    [
        CaseDates(),
        CaseDates(determination_received_on=date(2015, 5, 1), overturned=False),
        CaseDates(determination_received_on=date(2015, 5, 1)),
        CaseDates(determination_mailed_on=date(2015, 5, 1), appealed_on=date(2015, 5, 4)),
        CaseDates(overturned=True, appealed_on=date(2015, 5, 4)),
        CaseDates(determination_received_on=date(2015, 5, 1), overturned=False, appealed_on=date(2015, 5, 4)),
        CaseDates(track=Track.EXPEDITED, notice_sent_on=date(2015, 3, 10)),
    ],
)
def test_what_is_not_started_is_silent(dates: CaseDates) -> None:
    assert due(dates) == ()
    assert not_running(dates) == ()


def test_both_ways_to_implement_are_given_where_it_is_not_known_which() -> None:
    dates = CaseDates(determination_received_on=date(2015, 5, 1), overturned=True)
    found = due(dates)
    assert not_running(dates) == ()
    assert [deadline.rule for deadline in found] == ["impl-authorize", "impl-pay"]
    assert all("is not known" in " ".join(deadline.reasoning) for deadline in found)


def test_a_contradiction_names_both_dates() -> None:
    (finding,) = contradictions(CaseDates(injured_on=date(2015, 3, 1), ur_decided_on=date(2015, 2, 5)))
    assert finding.reason == (
        "the UR decision (Thursday, February 5, 2015) is dated before the injury (Sunday, March 1, 2015); one of the two is wrong: "
        "correct it"
    )
    assert not contradictions(
        CaseDates(notice_sent_on=date(2015, 3, 27), notice_received_at=datetime(2015, 3, 28, 2, 30, tzinfo=UTC))
    )


def test_the_calendar_file_holds_an_entry_a_deadline_in_lines_of_at_most_75_bytes() -> None:
    dates = CaseDates(
        ur_served_on=date(2015, 2, 6),
        track=Track.EXPEDITED,
        notice_received_at=datetime.fromisoformat("2015-03-27T16:00"),
    )
    text = ical(due(dates), "CM15-0000001, “Field”; a\\b", datetime(2015, 3, 1, 8, 0, tzinfo=UTC))
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "")
    assert whole.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20150309\r\nDTEND;VALUE=DATE:20150310" in whole
    assert "DTSTART:20150328T230000Z" in whole
    assert "DTSTAMP:20150301T080000Z" in whole
    assert "SUMMARY:Application for IMR (CM15-0000001\\, “Field”\\; a\\\\b)\\, employee" in whole
    assert "DTSTAMP:20150301T000000Z" in ical(due(dates), "x", date(2015, 3, 1))


def test_a_limit_that_does_not_run_yet_is_a_task_without_a_day() -> None:
    waits = (("Records", "not served yet: the notice has not reached the claims administrator"),)
    text = ical((), "CM15-0000001", date(2015, 3, 1), waits).replace("\r\n ", "")
    assert "SUMMARY:Records (CM15-0000001): not served yet: the notice has not reached the claims administrator" in text
    assert text.count("BEGIN:VTODO") == 1
    assert "DTSTART" not in text
    assert "DUE" not in text


def test_closed_days_say_why_and_end_with_the_table() -> None:
    assert why_closed(date(2015, 3, 31), Calendar.DIVISION).because == "Cesar Chavez Day"  # type: ignore[union-attr]
    assert why_closed(date(2015, 3, 28), Calendar.STATE).because == "Saturday"  # type: ignore[union-attr]
    assert why_closed(date(2015, 3, 30), Calendar.STATE) is None
    for day in (date(2011, 12, 31), date(2036, 1, 1)):
        with pytest.raises(NotInForce, match="2012 to 2035"):
            why_closed(day, Calendar.STATE)
        with pytest.raises(NotInForce, match="2012 to 2035"):
            is_closed(day, Calendar.STATE)


def test_a_rule_is_found_by_its_names_and_a_wrong_name_gets_near_ones() -> None:
    assert find("app-standard").rule.id == "app-time-standard"
    assert find("det-form").rule.title == "Written plainly"
    assert find("ver-bizday").rule.id == "day-business"
    assert all(find(name).rule.id == rule for name, rule in OTHER_NAMES.items())
    assert find("det-std").place == "imr.law.time_limits.determination"
    with pytest.raises(ImrError, match="did you mean appeal-time"):
        find("apeal-time")
    with pytest.raises(ImrError, match=r"docs/law\.md lists every rule"):
        find("zzzzzzzz")


def test_versions_stand_in_order_and_what_is_unknown_is_not_guessed() -> None:
    cited = Citation("Labor Code", "1")
    with pytest.raises(ValueError, match="needs a version"):
        Dated("a number", "the day")
    with pytest.raises(ValueError, match="in the order of their days"):
        Dated("a number", "the day", Version(date(2014, 1, 1), 1, cited), Version(date(2014, 1, 1), 2, cited))
    number = Dated(
        "a number", "the day", Version(date(2013, 1, 1), 1, cited), Version(date(2014, 1, 1), None, cited, "lost")
    )
    assert number.on(date(2013, 12, 31)) == 1
    with pytest.raises(NotInForce, match="not known for 2014-01-01: lost"):
        number.on(date(2014, 1, 1))
    with pytest.raises(NotInForce, match="begins on 2013-01-01"):
        number.on(date(2012, 12, 31))


def test_what_service_adds_is_said_in_words() -> None:
    assert service_extension(Service.EXPRESS).words == "Served by express"
    assert str(service_extension(Service.MAIL).under) == "CCP 1013(a)"
    assert spell(datetime.fromisoformat("2015-03-27T16:05")) == "Friday, March 27, 2015, 4:05 PM PDT"


def test_a_day_is_spelled_as_americans_write_it() -> None:
    assert spell(date(2015, 2, 6)) == "Friday, February 6, 2015"
    assert spell(date(2015, 2, 6), weekday=False) == "February 6, 2015"
    assert spell(datetime.fromisoformat("2015-11-01T00:07")) == "Sunday, November 1, 2015, 12:07 AM PDT"
    assert spell(datetime.fromisoformat("2015-11-01T01:30").replace(fold=1)) == "Sunday, November 1, 2015, 1:30 AM PST"
    assert spell(datetime(2015, 3, 9, 5, 0, tzinfo=UTC)) == "Sunday, March 8, 2015, 10:00 PM PDT"
    assert spell(datetime.fromisoformat("2015-03-09T12:00")) == "Monday, March 9, 2015, 12:00 PM PDT"


def test_a_finding_is_a_yes_or_no_with_its_reason() -> None:
    dates = CaseDates(injured_on=date(2015, 3, 1), ur_decided_on=date(2015, 2, 5))
    (finding,) = contradictions(dates)
    assert not finding
    assert finding.verified
    bare = find("det-binding").rule.finds(True, "it binds", ())
    assert str(bare) == "it binds"
    unseen = find("rec-penalty").rule
    assert not unseen.verified
    assert str(unseen.finds(False, "late")).endswith("(8 CCR 9792.12(c)(6), not verified)")
    assert unseen.under[0].read_on is None
    assert find("det-binding").rule.under[0].read_on == date(2026, 4, 7)


@pytest.mark.parametrize("track", Track)
def test_every_entry_of_a_calendar_ends_after_it_begins(track):
    dates = CaseDates(
        track=track,
        notice_sent_on=date(2026, 10, 30),
        notice_received_at=datetime(2026, 10, 31, 17, 30),  # noqa: DTZ001 - an hour without a zone is Pacific time
        records_complete_on=date(2026, 11, 2),
        determination_mailed_on=date(2026, 11, 20),
    )
    found = due(dates)
    text = ical(found, "CM26-1", date(2026, 10, 31)).replace("\r\n ", "")
    spans = re.findall(r"DTSTART(?:;VALUE=DATE)?:(\S+)\r\nDTEND(?:;VALUE=DATE)?:(\S+)", text)
    assert len(spans) == len(found) == text.count("BEGIN:VEVENT")
    for begins, ends in spans:
        assert begins < ends


def test_more_time_that_was_approved_too_late_is_said_not_to_run() -> None:
    dates = CaseDates(records_complete_on=date(2026, 5, 4), extension_approved_on=date(2026, 6, 20))
    (finding,) = not_running(dates)
    assert finding.rule == "det-time-extension"
    assert not finding.verified
    in_time = CaseDates(records_complete_on=date(2026, 5, 4), extension_approved_on=date(2026, 6, 2))
    assert not_running(in_time) == ()


def test_a_finding_of_ineligibility_is_appealed_by_the_rule_of_its_day() -> None:
    (older,), (newer,) = (due(CaseDates(ineligibility_mailed_on=day)) for day in (date(2015, 4, 1), date(2025, 4, 1)))
    assert str(older.under[-1]) == "8 CCR 10957.1"
    assert str(newer.under[-1]) == "8 CCR 10575"
    assert older.who is Role.EMPLOYEE


def test_a_decision_on_reconsideration_starts_the_time_for_a_writ() -> None:
    (deadline,) = due(CaseDates(reconsideration_decided_on=date(2028, 1, 16)))
    assert (deadline.rule, deadline.due) == ("appeal-further", date(2028, 3, 1))


def test_no_penalty_is_asked_for_where_nothing_is_owed() -> None:
    with pytest.raises(ValueError, match="nothing is owed"):
        penalty_of((), date(2015, 8, 3))
