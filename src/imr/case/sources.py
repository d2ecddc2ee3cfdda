"""Sources of the facts that nobody types."""

from enum import Enum


class FactSource(Enum):
    """A source of facts. The value is the method of `provider.FactProvider` that supplies it."""

    APPLICATION = "application"
    CONSENT_TERMS = "consent_terms"
    INDEX_KINDS = "index_kinds"
    BUNDLE = "bundle"
    MESSAGE = "message"
    EARLIER_CASE = "earlier_case"
    LATER_CASE = "later_case"
    ORGANIZATION = "organization"
    CRITERIA = "criteria"
    CHOSEN_REVIEWER = "chosen_reviewer"
    PASSED_OVER = "passed_over"
    COMMITMENT = "commitment"
    SCREENED_REVIEWER = "screened_reviewer"
    CASE_REVIEWER = "case_reviewer"
    NEW_DRAFT_CHECKS = "new_draft_checks"
    DRAFT = "draft"
    DRAFT_CHECKS = "draft_checks"
    SECOND_FACTOR = "second_factor"
    SIGNATURE = "signature"
    LETTER = "letter"
    DETERMINATION = "determination"
    PUBLIC_DETERMINATION = "public_determination"
    PUBLIC_LETTER = "public_letter"
