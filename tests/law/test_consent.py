"""Where a consent stands, until when it lasts, and that what was not seen in the text of the law says so."""

from datetime import date

import pytest

from imr.law.consent import Consent, ConsentState, ConsentTerms, covers, findings, last_day, state

SIGNED = date(2015, 2, 12)
GIVEN = Consent(given=True, signed_on=SIGNED)


@pytest.mark.parametrize(
    ("consent", "stands"),
    [
        (GIVEN, ConsentState.GIVEN),
        (Consent(given=True), ConsentState.GIVEN),
        (Consent(given=False, signed_on=SIGNED), ConsentState.NOT_GIVEN),
        (Consent(), ConsentState.NOT_LOOKED_AT),
        (Consent(given=True, signed_on=date(2014, 3, 9)), ConsentState.PAST),
        (Consent(given=True, signed_on=SIGNED, withdrawn_on=date(2015, 3, 10)), ConsentState.WITHDRAWN),
        (Consent(given=True, signed_on=SIGNED, withdrawn_on=date(2015, 3, 11)), ConsentState.GIVEN),
    ],
)
def test_where_a_consent_stands_and_its_findings_agree(consent, stands):
    on = date(2015, 3, 10)
    assert state(consent, on) is stands
    against = [finding for finding in findings(consent, on) if not finding.holds and finding.looked_at]
    assert bool(against) is (stands in (ConsentState.NOT_GIVEN, ConsentState.PAST, ConsentState.WITHDRAWN))


def test_no_end_is_guessed_beyond_the_setting_and_the_employees_own_day():
    assert last_day(GIVEN) == date(2016, 2, 12)
    assert last_day(GIVEN, ConsentTerms(months=0)) is None
    assert last_day(Consent(given=True)) is None
    named = Consent(given=True, ends_on=date(2015, 6, 1))
    assert last_day(named) == last_day(named, ConsentTerms(months=0)) == date(2015, 6, 1)


def test_what_was_not_seen_in_the_text_of_the_law_says_so():
    _, withdrawal, term = findings(GIVEN, date(2017, 1, 1))
    assert withdrawal.holds
    assert not term.holds
    assert not term.verified
    gone = findings(Consent(given=True, signed_on=SIGNED, withdrawn_on=SIGNED), SIGNED)[1]
    assert not gone.verified
    assert "is for a person to decide" in gone.reason
    for terms in (ConsentTerms(), ConsentTerms(without_hiv=False)):
        finding = covers(hiv=True, named=False, terms=terms)
        assert finding.holds is not terms.without_hiv
        assert not finding.verified
        assert "by a setting" in finding.reason
