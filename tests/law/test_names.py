"""Two writings of one name are found to be one; two names are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr.law.names import names_in, same, specialty


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Doe, Jane A., M.D.", "Jane Doe"),
        ("DOE, JANE", "jane doe"),
        ("J. A. Doe", "Jane Doe"),
        ("J.A. Doe, Ph.D.", "Jane Doe"),
        ("Dr. Jane Doe", "Jane B. Doe, D.O."),
        ("José Núñez", "Jose Nunez"),
        ("Pat O'Brien", "O'BRIEN, PAT"),
        ("Alder Claims Co., Inc.", "ALDER CLAIMS"),
        ("Smith & Sons, L.L.C.", "Smith and Sons"),
        ("Bay Orthopaedics, A Professional Corporation", "Bay Orthopaedics"),
        ("Alder Inc., d/b/a Birch Care", "Birch Care, LLC"),
        ("Birch Care", "Alder, doing business as Birch Care"),
        ("The Larch Fund", "Larch Fund"),
        ("Inc.", "INC"),
        ("林", "林"),
    ],
)
def test_one_name_in_two_writings(one: str, other: str) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Doe", "Jane Doe"),
        ("Jane Doe", "Jane Roe"),
        ("Doe", "Jane Doe"),
        ("K. Doe", "Jane Doe"),
        ("Alder Claims", "Birch Claims"),
        ("A. B.", "C. B."),
        ("", "Jane Doe"),
        ("", ""),
    ],
)
def test_two_names(one: str, other: str) -> None:
    assert not same(one, other)
    assert not same(other, one)


@given(st.text(max_size=40), st.text(max_size=40))
def test_sameness_is_mutual_and_never_raises(one: str, other: str) -> None:
    assert same(one, other) == same(other, one)
    assert same(one, one) == bool(names_in(one))


def test_a_specialty_has_its_common_short_names() -> None:
    assert specialty("PM&R") == specialty("Physical Medicine & Rehabilitation") == specialty("physiatry")
    assert specialty("Pain  medicine") == specialty("PAIN MEDICINE")
