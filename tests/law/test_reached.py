"""Every rule of law is reached from a step, a check, a letter or a page; what is not yet is listed here, and the lists only shrink."""

import pytest

from imr.case.duties import _KNOWN_BY_KIND
from imr.law.records import Duty
from imr.law.register import ENTRIES
from tools.law_reach import never_set, reached_by, unreached

#: Rules that apply to no case yet: they are asked by `imr law ask` and `imr law due` alone, or by nobody.
UNREACHED = frozenset(
    [
        "ur-rfa-valid",
        "ur-rfa-receipt",
        "ur-time-prospective",
        "ur-time-expedited",
        "ur-time-retrospective",
        "ur-communication",
        "ur-defer-liability",
        "ur-denial-content-statute",
        "ur-denial-content-regulation",
        "ur-incomplete-information",
        "ur-physician-only",
        "ur-30-day-exemption",
        "ur-authorization-irrevocable",
        "ur-invalid-only-if-late",
        "app-form-duty",
        "app-internal-appeal",
        "elig-who-decides",
        "app-penalty-delay",
        "assign-consolidate",
        "assign-convert-expedited",
        "rec-ca-serve-others",
        "rec-new-documents",
        "rec-ee-rp",
        "rec-imro-requests",
        "imro-independent",
        "imro-medical-director",
        "imro-disclosures",
        "imro-quality",
        "rev-california",
        "rev-count",
        "rev-anonymous",
        "std-limit",
        "mtus-evidence-method",
        "mtus-evidence-levels",
        "mtus-evidence-2009",
        "form-exempt",
        "form-special-fill",
        "form-perioperative",
        "det-content",
        "det-form",
        "det-majority",
        "det-recipients",
        "det-binding",
        "det-not-penalty-proof",
        "impl-penalty",
        "pub-deidentify",
        "appeal-grounds",
        "appeal-form",
        "elig-appeal",
        "appeal-no-substitution",
        "fee-amount",
        "fee-payer",
    ]
)
#: Dates of a case that no event sets yet: a limit that starts with one runs in `imr law` and on the public page alone.
NEVER_SET = frozenset(
    [
        "about_formulary_drug",
        "ur_expedited",
        "certified",
        "closings",
        "recommended_on",
        "rfa_received_on",
        "ur_information_received_at",
        "ur_decided_at",
        "concurrent",
        "told",
        "liability_final_on",
        "further_records_on",
        "conversion_notice_received_at",
        "reconsideration_decided_on",
        "writ_sought_on",
        "administrator_changed_on",
        "administrator_change_reported_on",
    ]
)
#: Documents that the claims administrator owes and that no form can say to be there, or not to exist.
MET_BY_NOBODY = frozenset({Duty.INFORMATION_GIVEN, Duty.SUPPORT, Duty.OTHER_DOCUMENTS, Duty.NEW_ISSUES})


def test_no_other_rule_is_reached_from_nowhere() -> None:
    found = set(unreached())
    assert found - UNREACHED == set(), "call the rule from a step, a check, a letter or a page"
    assert UNREACHED - found == set(), "these are reached now: take them from the list, which only shrinks"


def test_no_other_date_of_a_case_is_set_by_no_event() -> None:
    found = set(never_set())
    assert found - NEVER_SET == set(), "an event sets the date in `apply`"
    assert NEVER_SET - found == set(), "an event sets these now: take them from the list, which only shrinks"


def test_no_other_duty_can_be_met_by_nobody() -> None:
    assert set(Duty) - set(_KNOWN_BY_KIND) == MET_BY_NOBODY


@pytest.mark.parametrize(
    ("rule", "module"),
    [
        ("det-time-standard", "imr.case.state"),
        ("rec-missing", "imr.case.steps.records"),
        ("app-who", "imr.case.steps.eligibility"),
    ],
)
def test_a_rule_that_a_step_applies_is_reached_from_it(rule: str, module: str) -> None:
    assert module in reached_by()[rule]


def test_the_lists_name_rules_of_the_register() -> None:
    assert {entry.rule.id for entry in ENTRIES} >= UNREACHED
