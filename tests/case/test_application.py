"""The application as a value: its plain form, its parties, its identifiers."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.world import FORM, told_apart

from imr.case.application import Address, Application, Designee, DisputedTreatment
from imr.case.digests import digest, digest_of_bytes, digest_of_text
from imr.case.marks import Input, marks
from imr.case.steps.eligibility import missing
from imr.examples import application, attorney
from imr.law.terms import PartyKind
from imr.plain import from_plain, to_plain


@given(st.integers(0, 10_000))
def test_an_application_goes_to_plain_data_and_back(seed):
    form = application(seed)
    assert from_plain(Application, to_plain(form)) == form
    assert digest(from_plain(Application, to_plain(form))) == digest(form)


def test_every_field_of_the_form_has_its_title():
    for mark in (mark for _, mark in marks(Application).values()):
        assert isinstance(mark, Input)
        assert mark.title


def test_the_parties_are_named_each_once():
    form = replace(
        FORM,
        attorney=attorney(3),
        designee=Designee(first_name="Petra", last_name="Fen", relation="parent", designated_on=date(2015, 2, 8)),
        insurer=FORM.administrator.company,
        ur_organization="Fallow Review",
        provider_network="Fallow Network",
        treatments=(
            DisputedTreatment(description="a", facility="Fallow Hospital", manufacturer="Fallow Devices"),
            DisputedTreatment(description="b", facility="Fallow Hospital", manufacturer="Fallow Devices"),
        ),
    )
    parties = form.parties()
    assert len({(party.kind, party.name) for party in parties}) == len(parties)
    assert {party.kind for party in parties} == set(PartyKind) - {PartyKind.OFFICER}
    employee = next(party for party in parties if party.kind is PartyKind.EMPLOYEE)
    assert employee.name == form.employee.name
    assert employee.aliases == (f"{form.employee.last_name}, {form.employee.first_name}",)
    assert Application.parties(replace(form, insurer=" "))[0] == employee


def test_identifiers_hold_every_name_number_and_date_of_birth():
    form = replace(FORM, attorney=attorney(3))
    found = told_apart(form)
    for text in (
        form.employee.name,
        form.employee.phone,
        str(form.employee.address),
        form.attorney.firm,
        form.administrator.company,
        form.administrator.contact,
        form.employer,
        form.physician.npi,
        form.claim_number,
    ):
        assert text in found
    assert "" not in found
    assert [day for party in form.identifiers() for day in party.born_on] == [form.employee.born_on]


def test_a_form_with_the_least_still_has_its_identifiers():
    bare = replace(
        FORM,
        employee=replace(FORM.employee, born_on=None, address=None),
        administrator=replace(FORM.administrator, address=None),
        physician=replace(FORM.physician, address=None),
    )
    assert [party.addresses for party in bare.identifiers() if party.addresses] == []
    assert [party.born_on for party in bare.identifiers() if party.born_on] == []
    assert FORM.employee.name in told_apart(bare)


def test_the_maker_of_a_device_identifies_nobody():
    form = replace(FORM, treatments=(DisputedTreatment(description="a", manufacturer="Fallow Devices"),))
    assert "Fallow Devices" not in told_apart(form)


def test_an_address_is_one_line():
    assert str(Address(street="1 Fabled Way", city="Inkwell", zip="92101")) == "1 Fabled Way, Inkwell, CA 92101"
    assert str(Address(street="1 Fabled Way", city="Inkwell")) == "1 Fabled Way, Inkwell, CA"


def test_what_is_missing_is_named():
    assert missing(FORM) == ()
    assert missing(replace(FORM, diagnosis=" ", employer="")) == ("name of the employer", "primary diagnosis")


def test_a_digest_is_of_the_bytes():
    assert digest_of_text("é") == digest_of_bytes("é".encode())
    assert len(digest({"a": 1})) == 64
