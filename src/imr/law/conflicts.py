"""Independence of a reviewer, and of the review organization, from everybody in a case (LC 139.5(c)(2), (d)(5)-(6)).

An affiliation counts if it is professional, familial or financial as the statute defines these, is in force on the day,
and is with a party of the case. A relation that the definitions do not cover is refused until somebody names it in
their words.

`imr.identity` decides whether two names are the same. A name that may be a party's is refused too, as a `Doubt`, until
a coordinator settles it, so that a different spelling never clears a conflict.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from imr.identity import NameMatch, compare, folded
from imr.law.roster import Affiliation, AffiliationKind, Identity, Matter, Party, Reviewer
from imr.law.rule import Finding, Rule, Subject, labor_code

#: An interest above this share of yearly income is material (LC 139.5(d)(6)).
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
    "through an academic or cancer center, do not count.",
)
NOT_A_PARTY = _rule("rev-not-a-party", "Not a party", "The reviewer is not a party of the case.")
DEVELOPED = _rule(
    "rev-conflict-development",
    "No part in the treatment",
    "The reviewer has no part in developing or making the drug, device or procedure in dispute.",
)
NOT_EARLIER = Rule(
    id="appeal-remand",
    title="Not an earlier reviewer of the case",
    subject=Subject.REVIEWERS,
    asks="A determination that was reversed is reviewed again by another organization or, where there is none, by another "
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
    """The answer whether an affiliation is one that the statute means, with the reason in words."""

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


#: The message where a name may be a party's.
_ASK = "{alike}: a coordinator settles whether they are the same"
#: The key of a doubt in the values of a finding.
DOUBT = "doubt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A name on record that may be a party's: the two are neither surely the same nor surely different.

    `reviewer` is whose record has the name, empty for the review organization's own. `relation` is what the name is to
    them, `party` what the other is to the case. `found` is what a coordinator settled, None while nobody has.
    """

    reviewer: str
    name: str
    relation: str
    party: str
    other: str
    because: str
    found: Identity | None = None

    @property
    def key(self) -> str:
        """The key of the doubt. It reveals neither name, and another spelling gives another key."""
        return doubt_key(self.reviewer, self.name, self.other)


@lru_cache(maxsize=1 << 14)
def doubt_key(reviewer: str, name: str, other: str) -> str:
    """Give the key of a doubt about two names."""
    return sha256("|".join((reviewer, folded(name), folded(other))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A name on record that matches somebody of the case, surely or in doubt."""

    party: str
    doubt: Doubt | None

    @property
    def stands(self) -> bool:
        """False if a coordinator settled that the two are different."""
        return self.doubt is None or self.doubt.found is not Identity.DIFFERENT

    @property
    def is_open(self) -> bool:
        """True while nobody has settled whether the two are the same."""
        return self.doubt is not None and self.doubt.found is None


def _in_force(affiliation: Affiliation, on: date) -> bool:
    return affiliation.since <= on and (affiliation.until is None or on <= affiliation.until)


def _meets(whose: str, name: str, relation: str, party: Party, matter: Matter) -> _Meeting | None:
    """Match a name on record with a party, surely or in doubt; None if it is not the party's."""
    compared = (compare(name, other) for other in (party.name, *party.aliases))
    found = max(compared, key=lambda each: each.answer.certainty)
    return _meeting(whose, name, relation, (party.kind.value, party.name), found.answer, found.because, matter)


def _meeting(
    whose: str, name: str, relation: str, other: tuple[str, str], answer: NameMatch, because: str, matter: Matter
) -> _Meeting | None:
    if answer is NameMatch.DIFFERENT:
        return None
    if answer is NameMatch.SAME:
        return _Meeting(other[0], None)
    key = doubt_key(whose, name, other[1])
    settled = next((one.found for one in reversed(matter.settled) if one.doubt == key), None)
    doubt = Doubt(
        reviewer=whose, name=name, relation=relation, party=other[0], other=other[1], because=because, found=settled
    )
    return _Meeting(other[0], doubt)


@dataclass(frozen=True, slots=True)
class _Tie:
    """A material affiliation with a party."""

    affiliation: Affiliation
    meeting: _Meeting
    why: str


def _ties(whose: str, affiliations: tuple[Affiliation, ...], matter: Matter, on: date) -> Iterator[_Tie]:
    for affiliation in affiliations:
        if _in_force(affiliation, on) and (judged := material(affiliation)).counts:
            for party in matter.parties:
                meeting = _meets(whose, affiliation.name, affiliation.relation, party, matter)
                if meeting is not None:
                    yield _Tie(affiliation, meeting, judged.because)


def _found(rule: Rule, tie: _Tie, because: str, sentence: str) -> Finding:
    """The finding against a tie, or against a possible one; `sentence` describes the tie."""
    values: dict[str, Any] = {
        "kind": tie.affiliation.kind.value,
        "party": tie.meeting.party,
        "relation": tie.affiliation.relation,
    }
    if tie.meeting.is_open:
        asked = f"it may be that {sentence}; {_ASK}"
        return rule.finds(False, asked, **values, why=tie.why, alike=_because(tie.meeting), doubt=True)
    return rule.finds(False, because, **values, why=tie.why)


def _because(meeting: _Meeting) -> str:
    return "" if meeting.doubt is None else meeting.doubt.because


def _none(rule: Rule, because: str, apart: int, **values: Any) -> Finding:
    """The finding that there is no tie; it says how many similar names a coordinator found to be different."""
    if not apart:
        return rule.finds(True, because, **values)
    return rule.finds(
        True, because + "; a coordinator told {apart} name(s) apart that are alike", **values, apart=apart
    )


def conflicts(reviewer: Reviewer, matter: Matter, on: date) -> tuple[Finding, ...]:
    """Give a finding for every conflict and every doubt, and one that holds for every kind of conflict without any.

    The reasons name what a party is to the case, never the reviewer and never a person.
    """
    found: list[Finding] = []
    because = "{kind} tie with the {party}: {relation}; {why}"
    ties = tuple(_ties(reviewer.id, reviewer.affiliations, matter, on))
    for kind, rule in _BY_KIND.items():
        mine = [tie for tie in ties if tie.affiliation.kind is kind]
        standing = [tie for tie in mine if tie.meeting.stands]
        found += [_found(rule, tie, because, f"there is a {because}") for tie in standing]
        if not standing:
            found.append(_none(rule, "no {kind} tie on record with anybody in the case", len(mine), kind=kind.value))
    found.append(_not_a_party(reviewer, matter))
    found.append(_had_no_part(reviewer, matter, on))
    earlier = reviewer.id in matter.earlier_reviewers
    found.append(
        NOT_EARLIER.finds(not earlier, "decided the case before" if earlier else "did not decide the case before")
    )
    return (*found, *organization_conflicts(matter, on))


def organization_conflicts(matter: Matter, on: date) -> tuple[Finding, ...]:
    """Give a finding for every conflict and doubt of the review organization itself, or one that holds if there is none."""
    ties = tuple(_ties("", matter.organization, matter, on))
    because = "the review organization has a {kind} tie with the {party}: {relation}; {why}"
    found = tuple(_found(ORGANIZATION, tie, because, because) for tie in ties if tie.meeting.stands)
    none = "the review organization has no tie on record with anybody in the case"
    return found or (_none(ORGANIZATION, none, len(ties)),)


def doubts(reviewer: Reviewer | None, matter: Matter, on: date) -> tuple[Doubt, ...]:
    """Give every doubt about the names on record of a reviewer and of the review organization, settled or not, each once."""
    found: list[_Meeting] = [tie.meeting for tie in _ties("", matter.organization, matter, on)]
    if reviewer is not None:
        found += [tie.meeting for tie in _ties(reviewer.id, reviewer.affiliations, matter, on)]
        found += [*_as_party(reviewer, matter), *_in_treatment(reviewer, matter, on)]
    return tuple({one.doubt.key: one.doubt for one in found if one.doubt is not None}.values())


def _as_party(reviewer: Reviewer, matter: Matter) -> Iterator[_Meeting]:
    for party in matter.parties:
        if party.npi and party.npi == reviewer.npi:
            yield _Meeting(party.kind.value, None)
        elif (meeting := _meets(reviewer.id, reviewer.name, "the reviewer", party, matter)) is not None:
            yield meeting


def _in_treatment(reviewer: Reviewer, matter: Matter, on: date) -> Iterator[_Meeting]:
    for affiliation in reviewer.affiliations:
        for treatment in matter.treatments if _in_force(affiliation, on) else ():
            found = compare(affiliation.name, treatment)
            other = ("disputed treatment", treatment)
            meeting = _meeting(
                reviewer.id, affiliation.name, affiliation.relation, other, found.answer, found.because, matter
            )
            if meeting is not None:
                yield meeting


def _judged(rule: Rule, meetings: Iterator[_Meeting], against: str, none: str) -> Finding:
    """The finding about the reviewer's ties to people of the case: the worst one, or that there is none."""
    apart, asked = 0, None
    for meeting in meetings:
        if not meeting.stands:
            apart += 1
        elif meeting.is_open:
            asked = asked or meeting
        else:
            return rule.finds(False, against, party=meeting.party)
    if asked is not None:
        because = f"it may be: {against}; {_ASK}"
        return rule.finds(False, because, party=asked.party, alike=_because(asked), doubt=True)
    return _none(rule, none, apart)


def _not_a_party(reviewer: Reviewer, matter: Matter) -> Finding:
    against = "bears the name of the {party}: choose another reviewer, or settle that the two are different people"
    return _judged(NOT_A_PARTY, _as_party(reviewer, matter), against, "is nobody of the case")


def _had_no_part(reviewer: Reviewer, matter: Matter, on: date) -> Finding:
    against = "has a part in the {party} itself"
    none = "has no part on record in developing or making the disputed treatment"
    return _judged(DEVELOPED, _in_treatment(reviewer, matter, on), against, none)
