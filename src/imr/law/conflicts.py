"""Whether a reviewer, or the review organization, is independent of everybody in a case (LC 139.5(c)(2), (d)(5)-(6)).

An affiliation counts where it is professional, familial or financial as the statute defines these, in force on the day,
and with a party of the case. A relation that the definitions do not know is refused until somebody names it in their words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from imr.law.names import folded, same
from imr.law.roster import Affiliation, AffiliationKind, Matter, Party, Reviewer
from imr.law.rule import Finding, Rule, Subject, labor_code

#: An interest above this part of yearly income is material (LC 139.5(d)(6)).
MATERIAL_SHARE = 0.05

_PARTIES = labor_code("139.5(d)(5)")
_DEFINED = labor_code("139.5(d)(6)")


def _rule(name: str, title: str, asks: str) -> Rule:
    return Rule(id=name, title=title, subject=Subject.REVIEWERS, asks=asks, under=(_PARTIES, _DEFINED))


PROFESSIONAL = _rule(
    "rev-conflict-professional",
    "No professional tie",
    "No party is the reviewer's patient or physician, partner, employer or employee, fellow shareholder of a professional "
    "corporation, or a contractor where that is a material part of income. Staff privileges alone do not count.",
)
FAMILIAL = _rule(
    "rev-conflict-familial",
    "No family tie",
    "No party is the reviewer's spouse, child, parent, sibling, spouse's parent or child's spouse.",
)
FINANCIAL = _rule(
    "rev-conflict-financial",
    "No financial tie",
    "No party brings more than 5 % of the reviewer's yearly income. Payment for these reviews, and the contract of a provider "
    "through an academic or cancer centre, do not count.",
)
NOT_A_PARTY = _rule("rev-not-a-party", "Not a party", "The reviewer is nobody of the case.")
DEVELOPED = _rule(
    "rev-conflict-development",
    "No part in the treatment",
    "The reviewer has no part in developing or making the drug, device or procedure in dispute.",
)
NOT_EARLIER = Rule(
    id="appeal-remand",
    title="Not an earlier reviewer of the case",
    subject=Subject.REVIEWERS,
    asks="A determination that was reversed is reviewed anew by another organization or, where there is none, by another "
    "reviewer of the same one.",
    under=(labor_code("4610.6(i)"),),
)
ORGANIZATION = Rule(
    id="imro-conflicts-list",
    title="The review organization is independent",
    subject=Subject.REVIEWERS,
    asks="The review organization, its officers, directors and employees have no material professional, familial or financial "
    "affiliation with anybody in the case.",
    under=(labor_code("139.5(c)(2)"), _DEFINED),
)
_BY_KIND = {
    AffiliationKind.PROFESSIONAL: PROFESSIONAL,
    AffiliationKind.FAMILIAL: FAMILIAL,
    AffiliationKind.FINANCIAL: FINANCIAL,
}

_FAMILY = frozenset(
    (
        "spouse", "wife", "husband", "child", "son", "daughter", "parent", "mother", "father", "sibling", "brother",
        "sister", "spouses parent", "childs spouse", "mother in law", "father in law", "son in law", "daughter in law",
    )
)  # fmt: skip
_NOT_FAMILY = frozenset(
    (
        "cousin", "uncle", "aunt", "nephew", "niece", "grandparent", "grandchild", "friend", "neighbour", "neighbor",
        "former spouse", "ex spouse", "ex wife", "ex husband", "brother in law", "sister in law",
    )
)  # fmt: skip
_PROFESSION = frozenset(
    (
        "employment", "employee", "employer", "employed by", "partnership", "partner", "physician patient", "patient",
        "treating physician", "physician", "shareholder", "shareholding", "professional corporation",
        "professional corporation shareholding", "officer", "director", "supervisor",
    )
)  # fmt: skip
_CONTRACT = frozenset(("independent contractor", "contractor", "contract", "consultant", "consulting"))
_PRIVILEGES = frozenset(("staff privileges", "hospital privileges", "privileges", "medical staff", "staff privilege"))
_NOT_FINANCE = frozenset(
    (
        "payment for reviews", "review contract", "independent medical review",
        "contracting provider through an academic medical center",
        "contracting provider through a cancer center",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Materiality:
    """Whether an affiliation is one that the statute means, and why, in words."""

    counts: bool
    because: str


def material(affiliation: Affiliation) -> Materiality:
    """Say whether an affiliation is professional, familial or financial as LC 139.5(d)(6) defines these."""
    relation, share = folded(affiliation.relation), affiliation.income_share
    if affiliation.kind is AffiliationKind.FINANCIAL or relation in _CONTRACT:
        return _material_share(relation, share)
    family = affiliation.kind is AffiliationKind.FAMILIAL
    if relation in (_NOT_FAMILY if family else _PRIVILEGES):
        told = "not one of the relatives that the statute lists" if family else "staff privileges alone do not count"
        return Materiality(False, told)
    if relation in (_FAMILY if family else _PROFESSION):
        told = "one of the relatives" if family else "one of the professional ties"
        return Materiality(True, f"{told} that the statute lists")
    return Materiality(True, "a relation that the definitions do not know: name it in their words, or leave it out")


def _material_share(relation: str, share: float | None) -> Materiality:
    if relation in _NOT_FINANCE:
        return Materiality(False, "payment that the statute leaves out")
    if share is None:
        return Materiality(True, "the part of income is not known: find it out")
    if share > MATERIAL_SHARE:
        return Materiality(True, f"{share:.1%} of yearly income, more than {MATERIAL_SHARE:.0%}")
    return Materiality(False, f"{share:.1%} of yearly income, not more than {MATERIAL_SHARE:.0%}")


def _is(party: Party, name: str) -> bool:
    return same(party.name, name) or any(same(alias, name) for alias in party.aliases)


def _in_force(affiliation: Affiliation, on: date) -> bool:
    return affiliation.since <= on and (affiliation.until is None or on <= affiliation.until)


def _ties(affiliations: tuple[Affiliation, ...], matter: Matter, on: date) -> Iterator[tuple[Party, Affiliation, str]]:
    for affiliation in affiliations:
        if _in_force(affiliation, on) and (judged := material(affiliation)).counts:
            for party in matter.parties:
                if _is(party, affiliation.name):
                    yield party, affiliation, judged.because


def conflicts(reviewer: Reviewer, matter: Matter, on: date) -> tuple[Finding, ...]:
    """Give a finding for every conflict, and one that holds for every kind of conflict that there is none of.

    The reasons name what a party is to the case, never the reviewer and never a person.
    """
    found: list[Finding] = []
    because = "{kind} tie with the {party}: {relation}; {why}"
    ties = tuple(_ties(reviewer.affiliations, matter, on))
    for kind, rule in _BY_KIND.items():
        mine = [tie for tie in ties if tie[1].kind is kind]
        for party, affiliation, why in mine:
            is_to, relation = party.kind.value, affiliation.relation
            found.append(rule.finds(False, because, kind=kind.value, party=is_to, relation=relation, why=why))
        if not mine:
            found.append(rule.finds(True, "no {kind} tie with anybody in the case", kind=kind.value))
    found.append(_not_a_party(reviewer, matter))
    found.append(_had_no_part(reviewer, matter, on))
    earlier = reviewer.id in matter.earlier_reviewers
    found.append(
        NOT_EARLIER.finds(not earlier, "decided the case before" if earlier else "did not decide the case before")
    )
    return (*found, *organization_conflicts(matter, on))


def organization_conflicts(matter: Matter, on: date) -> tuple[Finding, ...]:
    """Give a finding for every conflict of the review organization itself, or one that holds where there is none."""
    because = "the review organization has a {kind} tie with the {party}: {relation}; {why}"
    found = tuple(
        ORGANIZATION.finds(
            False,
            because,
            kind=affiliation.kind.value,
            party=party.kind.value,
            relation=affiliation.relation,
            why=why,
        )
        for party, affiliation, why in _ties(matter.organization, matter, on)
    )
    return found or (ORGANIZATION.finds(True, "the review organization has no tie with anybody in the case"),)


def _not_a_party(reviewer: Reviewer, matter: Matter) -> Finding:
    for party in matter.parties:
        if _is(party, reviewer.name):
            because = "bears the name of the {party}: another person must be found, or the name told apart"
            return NOT_A_PARTY.finds(False, because, party=party.kind.value)
    return NOT_A_PARTY.finds(True, "is nobody of the case")


def _had_no_part(reviewer: Reviewer, matter: Matter, on: date) -> Finding:
    for affiliation in reviewer.affiliations:
        if _in_force(affiliation, on) and any(same(affiliation.name, t) for t in matter.treatments):
            because = "has a part in the disputed treatment itself: {relation}"
            return DEVELOPED.finds(False, because, relation=affiliation.relation)
    return DEVELOPED.finds(True, "has no part in developing or making the disputed treatment")
