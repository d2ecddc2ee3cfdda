"""The review organization as the settings describe it: its address, and the terms of a consent."""

from django.conf import settings

from imr.case.notices import Office
from imr.law.consent import ConsentTerms


def consent_terms() -> ConsentTerms:
    """Return how long a consent lasts and whether it leaves out tests for HIV."""
    return ConsentTerms(months=settings.CONSENT_MONTHS, without_hiv=settings.CONSENT_WITHOUT_HIV)


def office() -> Office:
    """Return the review organization as its letters name it."""
    return Office(name=settings.ORGANIZATION, contact=settings.CONTACT)
