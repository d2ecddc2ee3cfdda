"""Values that cannot be: refused to a party, recorded by the office as they are written, and told apart from what is asked about."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.factories.world import FORM, World

from imr.case.application import Address, Designee
from imr.case.plausible import Slip, slips
from imr.errors import Refused
from imr.law.terms import Role

TODAY = World().today


def employee(**changed):
    return replace(FORM, employee=replace(FORM.employee, **changed))


def living_at(**changed):
    return employee(address=Address(**{"street": "1 Invented Way", "city": "Nowhere", "zip": "92101"} | changed))


IMPOSSIBLE = {
    "born in the future": (employee(born_on=TODAY + timedelta(days=1)), "employee.born_on", "future"),
    "born after the injury": (employee(born_on=FORM.injured_on + timedelta(days=1)), "employee.born_on", "after the injury"),
    "born before 1900": (employee(born_on=date(1899, 12, 31)), "employee.born_on", "1900"),
    "injured in the year 201": (replace(FORM, injured_on=date(201, 2, 3)), "injured_on", "1900"),
    "injured on the last day of 1899": (replace(FORM, injured_on=date(1899, 12, 31)), "injured_on", "1900"),
    "request in the future": (replace(FORM, rfa_on=TODAY + timedelta(days=1)), "rfa_on", "future"),
    "designation in the future": (
        replace(FORM, designee=Designee(first_name="Dee", last_name="Fabled", designated_on=TODAY + timedelta(days=9))),
        "designee.designated_on",
        "future",
    ),
    "NPI whose last digit is wrong": (
        replace(FORM, physician=replace(FORM.physician, npi="1234567890")), "physician.npi", "ten digits",
    ),
    "NPI of nine digits": (replace(FORM, physician=replace(FORM.physician, npi="123456789")), "physician.npi", "ten digits"),
}  # fmt: skip
ASKED = {
    "e-mail": (employee(email="not-an-address"), "employee.email"),
    "e-mail without a domain": (employee(email="ada@home"), "employee.email"),
    "e-mail of two people": (employee(email="a@example.org, b@example.org"), "employee.email"),
    "e-mail of the administrator": (
        replace(FORM, administrator=replace(FORM.administrator, email="x")), "administrator.email",
    ),
    "ZIP of letters": (living_at(zip="ABC"), "employee.address.zip"),
    "ZIP of four digits": (living_at(zip="9210"), "employee.address.zip"),
    "state that is none": (living_at(state="XX"), "employee.address.state"),
    "state in words": (living_at(state="California"), "employee.address.state"),
}  # fmt: skip
SOUND = {
    "born on the day of the injury": employee(born_on=FORM.injured_on),
    "born on the first day of 1900": employee(born_on=date(1900, 1, 1)),
    "right NPI": replace(FORM, physician=replace(FORM.physician, npi="1234567893")),
    "plain address": employee(email="ada.o'neil+imr@mail.example.org"),
    "nine digits": living_at(zip="92101-1234"),
    "small letters": living_at(state="ca"),
    "another state": living_at(state="NV", zip="89101"),
    "nothing given": employee(email="", born_on=None),
}


def taken(form, role, as_written=()):
    world = World(form=form)
    world.do("receive-application", role, as_written=as_written)
    return world


@pytest.mark.parametrize("which", IMPOSSIBLE)
def test_what_cannot_be_is_refused_to_a_party_and_recorded_by_the_office_as_written(which):
    form, path, words = IMPOSSIBLE[which]
    (slip,) = slips(form, TODAY)
    assert (slip.path, slip.impossible) == (path, True)
    for confirmed in ((), (path,)):
        with pytest.raises(Refused, match=words):
            taken(form, Role.EMPLOYEE, confirmed)
    with pytest.raises(Refused, match=f"name {path} in as_written"):
        taken(form, Role.INTAKE)
    assert taken(form, Role.INTAKE, (path,)).case.filing is not None


@pytest.mark.parametrize("which", ASKED)
def test_what_is_unlikely_is_asked_about_and_taken_once_it_is_confirmed(which):
    form, path = ASKED[which]
    assert [(slip.path, slip.impossible) for slip in slips(form, TODAY)] == [(path, False)]
    for role in (Role.EMPLOYEE, Role.INTAKE):
        with pytest.raises(Refused, match=f"name {path} in as_written"):
            taken(form, role)
        assert taken(form, role, (path,)).case.filing is not None
    with pytest.raises(Refused, match=path):
        taken(form, Role.EMPLOYEE, ("employee.phone",))


@pytest.mark.parametrize("which", SOUND)
def test_what_can_be_is_taken(which):
    assert slips(SOUND[which], TODAY) == ()
    assert taken(SOUND[which], Role.EMPLOYEE).case.filing is not None


def test_an_amendment_is_held_to_the_same():
    form, path, _ = IMPOSSIBLE["born after the injury"]
    world = World().through("receive-application", "ask-information")
    with pytest.raises(Refused, match="after the injury"):
        world.do("answer-information", Role.EMPLOYEE, application=form, as_written=(path,))
    world.do("answer-information", Role.INTAKE, application=form, as_written=(path,))


def test_an_hour_of_receipt_without_a_zone_is_refused_in_words():
    world = World()
    with pytest.raises(Refused, match="write it such as"):
        world.do("receive-application", received_at=world.at.replace(tzinfo=None))


def test_values_of_one_page_alone_are_looked_at():
    known = {"employee": replace(FORM.employee, born_on=date(2031, 11, 1))}
    (slip,) = slips(known, date(2026, 11, 28))
    assert isinstance(slip, Slip)
    assert str(slip) == "Date of birth: November 1, 2031 lies in the future. Check the year."
    assert slips({}, date(2026, 11, 28)) == ()
