"""Whether two applications are about one dispute: three answers, each with its reasons."""

from dataclasses import replace
from datetime import date

import pytest

from imr.case.likeness import DisputeKey, claim_key, compare
from imr.identity import NameMatch

ONE = DisputeKey(
    employee="Ada Maria Invented",
    claim=claim_key("WC-2025/0001"),
    born_on=date(1980, 5, 4),
    ur_decided_on=date(2025, 10, 1),
    treatments=("MRI of the lumbar spine", "TENS unit, purchase"),
)
SAME, MAY_BE, DIFFERENT = NameMatch


@pytest.mark.parametrize(
    ("changed", "answer", "employee"),
    [
        ({}, SAME, SAME),
        ({"employee": "INVENTED, Ada Maria"}, SAME, SAME),
        ({"claim": claim_key("wc 2025 0001"), "treatments": ("Lumbar spine MRI",)}, SAME, SAME),
        ({"claim": ""}, SAME, SAME),
        ({"claim": claim_key("WC-2025/9999")}, SAME, SAME),
        ({"born_on": None}, SAME, SAME),
        ({"born_on": None, "claim": ""}, MAY_BE, MAY_BE),
        ({"born_on": date(1980, 4, 5)}, MAY_BE, MAY_BE),
        ({"employee": "Ada Invented"}, MAY_BE, MAY_BE),
        ({"employee": "Bob Otherman"}, MAY_BE, MAY_BE),
        ({"employee": "Bob Otherman", "claim": "77"}, DIFFERENT, DIFFERENT),
        ({"born_on": date(1950, 1, 1), "claim": "77"}, DIFFERENT, DIFFERENT),
        ({"ur_decided_on": date(2025, 10, 2)}, MAY_BE, SAME),
        ({"treatments": ("Opioid, sixty tablets",)}, MAY_BE, SAME),
        ({"ur_decided_on": date(2024, 1, 9), "treatments": ("Opioid, sixty tablets",)}, DIFFERENT, SAME),
    ],
)
def test_the_answer(changed, answer, employee):
    other = replace(ONE, **changed)
    for found in (compare(ONE, other), compare(other, ONE)):
        assert (found.answer, found.employee) == (answer, employee), found.because
        assert all(found.because)


def test_a_claim_number_without_a_digit_is_none():
    assert [claim_key(text) for text in ("unknown", "N/A", "", "WC-0001")] == ["", "", "", "wc0001"]
    unknown = replace(ONE, claim=claim_key("pending"), employee="Bob Otherman")
    assert compare(replace(ONE, claim=claim_key("pending")), unknown).answer is DIFFERENT
