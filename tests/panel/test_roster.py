"""A reviewer as the panel keeps one: what counts, what runs out, and the registers of specialties and treatments."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.factories.panel import LONG_AGO, ON, VERIFIED, member, request

from imr.law.npi import npi_is_valid
from imr.law.reviewers import BoardCertification, Practice, Verified, screen
from imr.panel import Absence, Costs, Experience, ReviewFee
from imr.panel.roster import verified_until, warnings
from imr.panel.simulation.people import member as invented
from imr.panel.specialties import SPECIALTIES, Nearness, named_in, nearness, nucc, specialty, spellings
from imr.panel.treatments import AT_HOME, category, specialties_at_home, specialties_for, specialty_fit


def test_an_absence_covers_its_first_and_last_day():
    away = member(absences=(Absence(first=ON, last=ON + timedelta(days=2)),))
    assert [bool(away.away(ON + timedelta(days=n))) for n in (-1, 0, 2, 3)] == [False, True, True, False]


def test_the_fee_is_that_agreed_last():
    fees = tuple(ReviewFee(since=date(year, 1, 1), standard=year, expedited=2 * year) for year in (2013, 2015))
    of = member(fees=fees)
    assert of.fee(date(2012, 12, 31)) is None
    assert of.fee(date(2014, 12, 31)) == fees[0]
    assert of.fee(date(2015, 1, 1)) == fees[1]


def test_reviews_are_counted_by_category_or_by_body_part():
    of = member(
        experience=(
            Experience(category="A", count=2),
            Experience(category="A", count=3),
            Experience(body_part="A", count=9),
        )
    )
    costs = Costs(ON)
    assert costs.reviews(of, "A", "") == 5
    assert costs.reviews(of, "", "A") == 9
    assert costs.reviews(of, "B", "") == 0


def test_specialties_are_those_practised_and_certified_each_once():
    board = BoardCertification(board="b", specialty="Anesthesiology", subspecialty="Pain Management", since=LONG_AGO)
    assert member("R1", "Pain Management", boards=(board,)).specialties == ("Pain Management", "Anesthesiology")


@pytest.mark.parametrize(
    ("npi", "valid"),
    [("1234567893", True), ("1234567890", False), ("123456789", False), ("9234567890", False), ("12345678 3", False)],
)
def test_the_check_digit_of_an_npi(npi, valid):
    assert npi_is_valid(npi) is valid


def test_a_verification_stands_three_years_or_until_what_it_verified_expires():
    assert verified_until(Verified(source="s", on=date(2012, 2, 29)), None) == date(2015, 2, 28)
    assert verified_until(Verified(source="s", on=date(2012, 3, 1)), date(2014, 1, 1)) == date(2014, 1, 1)


def test_the_coordinator_is_told_before_a_record_runs_out():
    whole = member()
    assert warnings(whole, ON) == ()
    licence, board = whole.reviewer.licences[0], whole.reviewer.boards[0]
    soon = member(
        licences=(replace(licence, until=ON + timedelta(days=30)),),
        boards=(replace(board, until=ON + timedelta(days=61), verified=replace(VERIFIED, on=date(2012, 3, 5))),),
        practice=(Practice(since=LONG_AGO, hours_a_week=30, verified=VERIFIED),),
    )
    assert [(w.what, w.on) for w in warnings(soon, ON)] == [
        ("the certification in Pain Management must be looked up again", date(2015, 3, 5)),
        ("the California license expires", ON + timedelta(days=30)),
    ]
    never = member(licences=(replace(licence, verified=None),))
    assert [w.what for w in warnings(never, ON)] == ["the California license was never looked up"]
    lasting = member(boards=(replace(board, until=date(2015, 4, 1)),))
    assert [w.what for w in warnings(lasting, ON)] == ["the certification in Pain Management expires"]


def test_from_the_day_a_warning_names_the_law_refuses():
    """What the coordinator is warned of is what the law then finds, on the next day and not before."""
    licence, board = member().reviewer.licences[0], member().reviewer.boards[0]
    for changed in (
        member(licences=(replace(licence, until=ON),)),
        member(boards=(replace(board, until=ON),)),
        member(boards=(replace(board, verified=replace(VERIFIED, on=date(2012, 2, 27))),)),
        member(licences=(replace(licence, verified=replace(VERIFIED, on=date(2012, 2, 27))),)),
    ):
        (warned,) = warnings(changed, ON)
        assert warned.on == ON
        matter = request(specialties=("Pain Management",)).matter
        assert all(screen(changed.reviewer, matter, ON))
        assert not all(screen(changed.reviewer, matter, ON + timedelta(days=1)))


def test_the_register_of_specialties_is_without_doubles():
    names = [name for entry in SPECIALTIES for name in (entry.name, *entry.also)]
    codes = [entry.nucc for entry in SPECIALTIES if entry.nucc]
    assert len({name.casefold() for name in names}) == len(names)
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 10 and code.endswith("X") for code in codes)
    assert all(specialty(entry.of) for entry in SPECIALTIES if entry.of)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Neurosurgery", "Neurological Surgery"),
        ("D.O. (Anesthesiology)", "Anesthesiology"),
        ("M.D., Physical Medicine & Rehabilitation", "Physical Medicine & Rehabilitation"),
        (" Unheard Of, M.D. ", "Unheard Of, M.D."),
        ("", ""),
    ],
)
def test_the_specialty_that_a_form_names(text, named):
    assert named_in(text) == named


def test_a_specialty_is_found_by_any_of_its_names_and_by_its_code():
    assert specialty(" pm&r ") is specialty("Physical Medicine and Rehabilitation")
    assert specialty("Unheard Of") is None
    assert nucc("208100000x") is specialty("PM&R")
    assert nucc("") is None
    assert spellings("Neurosurgery") == ("Neurological Surgery", "Neurosurgery")
    assert spellings("Unheard Of") == ("Unheard Of",)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("PM&R", "Physical Medicine & Rehabilitation", Nearness.SAME),
        ("Hand Surgery", "Orthopedic Surgery", Nearness.SAME),
        ("Hand Surgery", "Foot and Ankle Surgery", Nearness.NEAR),
        ("Pain Management", "PM&R", Nearness.RELATED),
        ("Psychiatry", "Orthopedic Surgery", Nearness.FAR),
        ("Unheard Of", "unheard  of", Nearness.SAME),
        ("Unheard Of", "Psychiatry", Nearness.FAR),
        ("", "", Nearness.FAR),
    ],
)
def test_how_near_two_specialties_are(one, other, near):
    assert nearness(one, other) is near
    assert nearness(other, one) is near


def test_every_specialty_at_home_in_a_treatment_is_in_the_register():
    assert [name for names in AT_HOME.values() for name in names if specialty(name) is None] == []


def test_what_a_treatment_asks():
    assert specialty_fit("Surgery: Spine", ("Neurological Surgery",)) is Nearness.SAME
    assert specialty_fit("Surgery: Spine", ("Psychiatry",)) is Nearness.FAR
    assert specialty_fit("Surgery: Spine", ()) is Nearness.FAR
    assert specialty_fit("Unheard Of", ("Psychiatry",)) is Nearness.NEAR
    assert specialties_at_home("Pharmaceuticals: Statin") == (
        "Occupational Medicine",
        "Family Practice",
        "Internal Medicine",
    )
    assert specialties_for(()) == ()
    assert specialties_for(("Unheard Of",)) == ()
    assert specialties_for(("Surgery: Spine", "Surgery: Spine"))[-2:] == ("Orthopedic Surgery", "Orthopaedic Surgery")
    both = specialties_for(("Psych Services: Therapies", "Pharmaceuticals: Antidepressant"))
    assert both == ("Psychiatry",)


def test_the_category_of_a_treatment_by_its_words():
    assert category("Lumbar laminectomy at L4-5") == "Surgery: Spine"
    assert category("Physical therapy, six more sessions") in AT_HOME
    assert category("Norco 10/325 mg #60") in AT_HOME
    assert category("a thing that nobody knows") == ""


def test_the_invented_panel_is_one_whom_the_law_clears():
    panel = [invented(1, number, ON) for number in range(60)]
    assert all(npi_is_valid(m.reviewer.npi) for m in panel)
    assert all(all(screen(m.reviewer, request(specialties=m.specialties[:1]).matter, ON)) for m in panel)
    assert panel[7] == invented(1, 7, ON)
    assert panel[7] != invented(2, 7, ON)
