"""The panel's screening of all pairs at once is the law's screening of each."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.budgets import examples
from tests.factories.panel import LONG_AGO, ON, batches, matters, member, panels, pasts, request

from imr.law.reviewers import Affiliation, AffiliationKind, Matter, Party, screen
from imr.law.terms import PartyKind
from imr.panel import assign
from imr.panel.screening import Screening


@examples(150)
@given(panels(), st.lists(matters, max_size=4))
def test_clears_exactly_the_pairs_that_the_law_clears(panel, cases):
    allowed = Screening(panel, ON).allowed(cases)
    assert allowed.tolist() == [[all(screen(m.reviewer, matter, ON)) for m in panel] for matter in cases]


@examples(60)
@given(batches(), panels(), pasts)
def test_no_pair_that_the_law_refuses_is_ever_proposed(cases, panel, history):
    proposed = assign(cases, panel, ON, history=history)
    matter = {case.number: case.matter for case in cases}
    reviewer = {m.id: m.reviewer for m in panel}
    for pair in proposed.pairs:
        assert all(screen(reviewer[pair.reviewer], matter[pair.case], ON))


PARTIES = [Party(kind=kind, name=f"Named {kind.name} Somebody") for kind in PartyKind]
TIES = [
    (AffiliationKind.PROFESSIONAL, "employment", None, "rev-conflict-professional"),
    (AffiliationKind.PROFESSIONAL, "partnership", None, "rev-conflict-professional"),
    (AffiliationKind.PROFESSIONAL, "physician-patient", None, "rev-conflict-professional"),
    (AffiliationKind.PROFESSIONAL, "independent contractor", 0.2, "rev-conflict-professional"),
    (AffiliationKind.FAMILIAL, "spouse", None, "rev-conflict-familial"),
    (AffiliationKind.FAMILIAL, "child's spouse", None, "rev-conflict-familial"),
    (AffiliationKind.FINANCIAL, "interest", 0.051, "rev-conflict-financial"),
]


@pytest.mark.parametrize(("kind", "relation", "share", "rule"), TIES)
@pytest.mark.parametrize("party", PARTIES, ids=lambda party: party.kind.name)
def test_a_tie_of_each_kind_with_each_party_keeps_the_reviewer_from_the_case(party, kind, relation, share, rule):
    tie = Affiliation(name=party.name, kind=kind, relation=relation, income_share=share, since=LONG_AGO)
    reviewer = member(affiliations=(tie,))
    case = request(parties=(party,))
    assert assign([case], [member()], ON).reviewers("C1") == ("R1",)
    assert assign([case], [reviewer], ON).unfilled == ("C1",)
    (against,) = (finding for finding in screen(reviewer.reviewer, case.matter, ON) if not finding)
    assert against.rule == rule
    assert {citation.section for citation in against.under} == {"139.5(d)(5)", "139.5(d)(6)"}
    assert party.name not in str(against)


@pytest.mark.parametrize(
    ("kind", "relation", "share"),
    [
        (AffiliationKind.PROFESSIONAL, "staff privileges", None),
        (AffiliationKind.FAMILIAL, "cousin", None),
        (AffiliationKind.FINANCIAL, "interest", 0.05),
        (AffiliationKind.FINANCIAL, "payment for reviews", 0.5),
    ],
)
def test_a_tie_that_the_statute_leaves_out_does_not(kind, relation, share):
    tie = Affiliation(name="Acme Care", kind=kind, relation=relation, income_share=share, since=LONG_AGO)
    case = request(parties=(Party(kind=PartyKind.INSURER, name="Acme Care"),))
    assert assign([case], [member(affiliations=(tie,))], ON).reviewers("C1") == ("R1",)


def test_a_tie_of_the_organization_keeps_everybody_from_the_case():
    tie = Affiliation(name="Acme Care", kind=AffiliationKind.PROFESSIONAL, relation="director", since=LONG_AGO)
    matter = Matter(parties=(Party(kind=PartyKind.EMPLOYER, name="ACME Care, Inc."),), organization=(tie,))
    case = replace(request(), matter=matter)
    (shortage,) = assign([case], [member("R1"), member("R2")], ON).shortages
    assert shortage.refused == {"imro-conflicts-list": 2}


def test_an_earlier_reviewer_is_barred_on_remand():
    case = request(matter={"earlier_reviewers": ("R1",)})
    assert assign([case], [member("R1"), member("R2")], ON).reviewers("C1") == ("R2",)
    (shortage,) = assign([case], [member("R1")], ON).shortages
    assert shortage.refused == {"appeal-remand": 1}
