"""Forms under which names and numbers are found, one by one: what no letter at hand happens to hold."""

import re

import pytest

from imr.case.anonymity import tells
from imr.determination.fields import _read_date
from imr.determination.identifiers import _shortened
from imr.determination.name_patterns import organization_patterns, word_pattern
from imr.determination.typography import _pieces
from imr.examples import panel


def stands(_):
    return True


@pytest.mark.parametrize(
    ("organization", "written"),
    [
        ("County of Orange", "Orange County"),
        ("Sedgwick", "at Sedgwick"),
        ("Hope", "at Hope"),
        ("Care1st", "CARE1ST"),
    ],
)
def test_an_organization_is_found_as_letters_write_it(organization, written):
    assert any(re.search(form, written) for form in organization_patterns(organization, written, stands))


def test_a_number_is_found_without_its_zeros_and_by_its_last_part():
    found = list(_shortened("ABC-0012345"))
    assert any(re.search(form, "claim 12345 of") for form in found)


def test_a_name_with_mac_is_found_with_its_letters_set_apart():
    assert re.fullmatch(word_pattern("McDonald", any_case=False), "Mc Donald")
    assert not re.fullmatch(word_pattern("McDonald", any_case=False), "mcdonald")


def test_a_word_is_cut_between_letters_and_not_within_one():
    pieces = list(_pieces("a" * 9 + "e\u0301" + "b" * 5, 10))
    assert "".join(pieces) == "a" * 9 + "e\u0301" + "b" * 5
    assert all(not piece.startswith("\u0301") for piece in pieces)


@pytest.mark.parametrize("text", ["02/30/2015", "soon"])
def test_what_is_no_date_is_read_as_none(text):
    assert _read_date(text) is None


def test_a_reviewer_of_one_name_and_a_number_of_letters_is_told_by_neither_initial():
    from dataclasses import replace
    from datetime import date

    reviewer = panel(1, date(2025, 3, 3))[0]
    odd = replace(
        reviewer,
        name="Quillon",
        npi="",
        licences=tuple(replace(one, number="ABCDE") for one in reviewer.licences),
    )
    assert tells("Reviewed by Quillon.", odd)
    assert tells("License ABCDE", odd)
    assert not tells("Q. MD", odd)
