"""A simulated year: real steps, the same for the same seed, and counted right."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from imr.cli import imr
from imr.errors import ImrError
from imr.law.days import is_closed
from imr.law.holidays import Calendar
from imr.panel.simulation import year as year_module
from imr.panel.simulation.docket import WORDS, Docket
from imr.panel.simulation.report import figures, page, timeliness
from imr.panel.simulation.steps import Ready, SimulatedEnd, begin
from imr.panel.simulation.volumes import DRUG_WEIGHTS, LETTERS, OTHER_WEIGHTS, volume
from imr.panel.simulation.year import simulate
from imr.panel.treatments import AT_HOME, category

PART = 0.002


@pytest.fixture(scope="module")
def year():
    return simulate(2018, 14, 7, part=PART, processes=0)


def test_the_same_seed_gives_the_same_year_whoever_does_the_work():
    one, again, other = (
        simulate(2018, 14, seed, part=PART / 4, processes=processes) for seed, processes in ((7, 0), (7, 1), (8, 0))
    )
    assert again == one
    assert other.digest != one.digest


def test_the_year_has_the_published_number_of_letters(year):
    docket = Docket(volume(2018), 1)
    assert (docket.letters, docket.applications) == (184_735, 250_000)
    assert len(year.done) + year.left == round(184_735 * PART)
    assert sum(n for _, n in year.ended) == year.applications - round(184_735 * PART)
    assert sum(n for _, n in year.short) >= year.left


def test_every_assignment_of_the_year_is_proved_and_counted(year):
    assert all(day.proved for day in year.days)
    assert sum(cases for _, _, cases in year.load) == len(year.done)
    assert all(day.given + day.unfilled == day.waiting for day in year.days)
    assert sum(count for _, count, _ in year.load) == 14


def test_days_of_a_case_stand_in_their_order_and_work_is_done_on_open_days(year):
    for one in year.done:
        assert one.received < one.complete <= one.assigned <= one.issued
        assert not is_closed(one.issued, Calendar.BUSINESS)


def test_every_case_has_a_letter_of_its_own(year):
    assert len({one.letter for one in year.done}) == len(year.done)
    assert all(len(one.letter) == 64 for one in year.done)


def test_the_law_ends_what_was_not_eligible(year):
    assert {reason for reason, _ in year.ended} <= {
        "app-signed",
        "app-time-standard",
        "app-time-formulary",
        "elig-duplicate",
    }


def test_one_more_of_a_specialty_that_is_wanting_brings_cases(year):
    more = {one.specialty: one for one in year.one_more}
    assert all(one.cases >= 0 for one in year.one_more)
    if year.short:
        assert max(more.values(), key=lambda one: one.cases).cases > 0


def test_a_panel_of_nobody_assigns_nothing(monkeypatch):
    monkeypatch.setattr(year_module, "TRIED", 10**9)
    empty = simulate(2018, 0, 1, part=0.0001, processes=0)
    assert empty.done == ()
    assert empty.load == ()
    assert timeliness(empty) == ()
    assert empty.left == round(184_735 * 0.0001)
    assert "0 determinations" in page(empty)


def test_the_words_of_every_treatment_are_read_back_as_its_category():
    assert set(WORDS) == set(DRUG_WEIGHTS) | set(OTHER_WEIGHTS)
    assert set(WORDS) <= set(AT_HOME)
    for expected, words in WORDS.items():
        for text in words:
            assert category(text.format(part="neck")) == expected


def test_records_that_never_come_are_replaced_by_the_physicians():
    docket = Docket(volume(2018), 1, 0.05)
    never = next(n for n in range(docket.letters) if docket.course(n, date(2018, 3, 1)).records is None)
    begun = begin(docket, never, date(2018, 3, 1))
    assert isinstance(begun, Ready)
    assert begun.case.records_overdue
    assert begun.since > date(2018, 3, 1) + timedelta(days=20)


def test_an_application_that_ends_before_a_review_is_refused_by_the_law_whatever_it_is_about():
    docket = Docket(volume(2018), 1)
    late = range(docket.letters, docket.letters + 400)
    assert all(isinstance(begin(docket, number, date(2018, 6, 1)), SimulatedEnd) for number in late)


def test_an_expedited_case_moves_within_days():
    docket = Docket(volume(2018), 1, 0.05)
    expedited = next(n for n in range(docket.letters) if docket.is_expedited(n))
    begun = begin(docket, expedited, date(2018, 3, 1))
    assert isinstance(begun, Ready)
    assert begun.since <= date(2018, 3, 12)
    assert isinstance(begin(docket, docket.letters, date(2018, 3, 1)), SimulatedEnd)


@pytest.mark.parametrize("known", LETTERS)
def test_every_year_has_its_figures_with_their_sources(known):
    told = volume(known)
    assert told.letters == LETTERS[known]
    assert told.applications > told.letters
    assert all(figure.source for figure in told.figures)
    assert 25 < told.drugs.value < 50
    assert 1.5 < told.items.value < 2


def test_a_year_of_which_nothing_was_published():
    with pytest.raises(ImrError, match="2014 to 2024"):
        volume(2012)


def test_the_page_has_each_chart_with_its_table_and_names_nobody(year):
    text = page(year)
    assert text.count("<svg") >= 2
    assert text.count("<table>") == 6
    assert "Reviewer 0" not in text
    assert f"{len(year.done):,} determinations" in text
    assert figures(year)["items"] == sum(len(one.decisions) for one in year.done)
    assert timeliness(year)[-1].letters == len(year.done)


def test_the_command_writes_page_and_figures(tmp_path):
    out = tmp_path / "year"
    done = CliRunner().invoke(
        imr,
        ["simulate", "--reviewers", "8", "--part", "0.0005", "--processes", "0", "--out", str(out)],
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    assert "letters of 125 applications" in done.output
    assert json.loads((out / "year.json").read_text())["figures"][0]["value"] == 184_735
    assert (out / "year.html").read_text().startswith("<!doctype html>")
