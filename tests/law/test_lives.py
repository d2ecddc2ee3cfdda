"""The days of six whole lives of a case, each asked of the law as it is on that day."""

import pytest
from tests.factories.law_answers import answered, ask

#: Life, rule, facts as they are known then, what is asked, and the right answer.
DAYS = [
    (1, "app-time-standard", "ur_served_on=2025-09-08; ur_service=mail", "last day", "2025-10-13"),
    (1, "elig-more-information", "information_requested_on=2025-09-24", "last day", "2025-10-01"),
    (1, "appeal-time", "ineligibility_mailed_on=2025-10-03; determination_service=mail", "last day", "2025-11-07"),
    (1, "app-time-standard", "ur_served_on=2025-09-08; ur_service=mail; received_at=2025-10-14T09:00:00", "in time", "no"),
    (2, "assign-notice", "found_eligible_on=2025-10-17", "last day", "2025-10-20"),
    (2, "rec-mail", "notice_sent_on=2025-10-20; notice_service=mail", "last day", "2025-11-04"),
    (2, "rec-exp", "notice_sent_on=2025-10-20; converted_on=2025-10-29; conversion_notice_received_at=2025-10-29T14:20:00",
     "last instant", "2025-10-30T14:20:00"),
    (2, "det-time-expedited", "records_complete_on=2025-10-27; converted_on=2025-10-29", "last day", "2025-11-03"),
    (2, "det-time-standard", "records_complete_on=2025-10-27; converted_on=2025-10-29; treatment_given=yes", "last day", "2025-11-26"),
    (2, "appeal-time", "determination_mailed_on=2025-10-31; determination_service=electronic", "last day", "2025-12-05"),
    (3, "appeal-time", "determination_mailed_on=2025-04-07; determination_service=mail", "last day", "2025-05-12"),
    (3, "impl-authorize", "overturned=yes; treatment_given=no; determination_received_on=2025-04-10", "last day", "2025-04-17"),
    (3, "impl-authorize", "overturned=yes; treatment_given=no; determination_received_on=2025-04-10; appealed_on=2025-04-15",
     "runs", "no"),
    (3, "appeal-further", "reconsideration_decided_on=2025-11-17", "last day", "2026-01-02"),
    (3, "impl-authorize", ("overturned=yes; treatment_given=no; determination_received_on=2025-04-10; appealed_on=2025-04-15; "
     "appeal_affirmed_on=2025-09-03; reconsideration_decided_on=2025-11-17"), "runs", "yes"),
    (4, "app-time-standard", "ur_served_on=2025-11-03; ur_service=mail", "last day", "2025-12-08"),
    (4, "assign-consolidate", "same_employee=yes; same_physician=no; injured_on=2024-05-01; other_injured_on=2024-05-01", "holds", "no"),
    (4, "det-time-standard", "records_complete_on=2025-12-16", "last day", "2026-01-15"),
    (5, "app-time-formulary", "track=formulary; ur_served_on=2025-09-19; ur_service=mail", "last day", "2025-10-06"),
    (5, "det-time-formulary", "track=formulary; records_complete_on=2025-10-08", "last day", "2025-10-15"),
    (5, "form-dispute", "track=formulary; ur_served_on=2016-09-19", "track", "standard"),
    (5, "form-dispute", "track=formulary; about_formulary_drug=no; ur_served_on=2025-09-19", "track", "standard"),
    (6, "ur-time-retrospective", "treatment_given=yes; ur_information_received_at=2024-11-05", "last day", "2024-12-05"),
    (6, "app-time-standard", "ur_served_on=2024-12-02; ur_service=personal", "last day", "2025-01-02"),
    (6, "app-expedited-certification", "ur_expedited=yes; treatment_given=yes", "holds", "no"),
    (6, "impl-pay", "overturned=yes; treatment_given=yes; determination_received_on=2025-03-11", "last day", "2025-04-01"),
    (6, "impl-penalty", "overturned=yes; treatment_given=yes; determination_received_on=2025-03-11; implemented_on=2025-04-04",
     "dollars", "15000"),
    (6, "ur-invalid-only-if-late", "found_untimely_by_board=yes", "holds", "yes"),
]  # fmt: skip


@pytest.mark.parametrize(("life", "rule", "facts", "asks", "answer"), DAYS)
def test_each_day_of_a_life_is_right(life: int, rule: str, facts: str, asks: str, answer: str) -> None:
    row = {"rule": rule, "facts": facts, "asks": asks}
    got = answered(row, ask(row))
    assert str(got).replace(" ", "T") == answer, f"life {life}"
