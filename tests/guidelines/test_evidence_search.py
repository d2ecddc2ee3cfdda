"""The guided search: in order, each step taken or set aside with a reason, and the basis line that it writes."""

from datetime import date

import pytest

from imr.errors import Refused
from imr.guidelines import (
    BodyPart,
    EvidenceSearch,
    GuidelineCitation,
    GuidelineSource,
    SearchStep,
    SetAsideReason,
    Statement,
    known_guidelines,
    read_basis,
    write_basis,
)

NECK = frozenset({BodyPart.NECK})
MTUS = GuidelineCitation(
    source=GuidelineSource.MTUS, chapter="Neck and Upper Back Complaints", year=2004, sections=("Special Studies",)
)
ODG = GuidelineCitation(source=GuidelineSource.ODG, chapter="Neck and Upper Back")
STUDY = GuidelineCitation(
    source=GuidelineSource.OTHER, chapter="Doe J. An invented trial. Invented Journal. 2014;1:2-3"
)


def test_the_mtus_comes_first_and_offers_its_chapters_in_force() -> None:
    search = EvidenceSearch(date(2015, 3, 1), NECK)
    assert search.next_step is SearchStep.MTUS
    offered = {g.id for g in search.offers()}
    assert "mtus-2004-neck" in offered
    assert "mtus-2009-chronic-pain" in offered
    assert "mtus-2004-low-back" not in offered
    assert "mtus-2016-chronic-pain" not in offered
    done = search.relied(MTUS)
    assert done.next_step is None
    assert done.offers() == ()
    assert (
        write_basis(done.basis())
        == "Decision based on MTUS Neck and Upper Back Complaints 2004, Section(s): Special Studies."
    )
    assert done.account() == "The MTUS: relied on."


def test_a_later_step_is_open_only_when_the_earlier_was_set_aside_with_a_reason() -> None:
    search = EvidenceSearch(date(2015, 3, 1), NECK)
    with pytest.raises(Refused, match="ODG is not what this step searches"):
        search.relied(ODG)
    with pytest.raises(Refused, match="with a reason in words"):
        search.set_aside(SetAsideReason.NOT_ADDRESSED, " ")
    on = search.set_aside(SetAsideReason.NOT_ADDRESSED, "no chapter speaks of pillows")
    assert on.next_step is SearchStep.ACOEM_OR_ODG
    assert "odg-neck" in {g.id for g in on.offers()}
    done = on.relied(ODG)
    basis = done.basis()
    assert basis.statement is Statement.OUTSIDE
    assert read_basis(write_basis(basis)) == basis
    assert done.account().startswith(
        "The MTUS: set aside; does not address this condition or treatment: no chapter speaks"
    )


def test_a_study_is_relied_on_last_and_with_its_level() -> None:
    search = EvidenceSearch(date(2015, 3, 1), NECK)
    for _ in range(3):
        search = search.set_aside(SetAsideReason.NOTHING_CURRENT, "searched, nothing found")
    assert search.next_step is SearchStep.STUDIES
    with pytest.raises(Refused, match="level of evidence"):
        search.relied(STUDY)
    done = search.relied(STUDY, level="1b")
    assert "level of evidence 1b" in done.account()
    with pytest.raises(Refused, match="complete"):
        done.relied(STUDY)
    nothing = search.set_aside(SetAsideReason.NOTHING_CURRENT, "searched, nothing found")
    assert nothing.next_step is None
    assert nothing.basis().statement is Statement.NONE
    with pytest.raises(Refused) as refused:
        nothing.set_aside(SetAsideReason.NOTHING_CURRENT, "again")
    assert refused.value.findings


def test_a_draft_keeps_its_search_in_its_own_words() -> None:
    on = date(2015, 3, 1)
    search = EvidenceSearch(on, NECK).set_aside(
        SetAsideReason.NOT_ADDRESSED, "No chapter speaks of pillows. See sec. 4.2."
    )
    assert search.taken[0].reason == "No chapter speaks of pillows; See sec; 4.2"
    done = search.relied(ODG)
    for kept in (search, done):
        rationale = kept.with_account("The pillow helps. It is needed.")
        assert rationale.endswith("The pillow helps. It is needed.")
        assert EvidenceSearch.resumed(on, NECK, kept.basis(), rationale) == kept
        assert kept.with_account(rationale) == rationale
    assert EvidenceSearch(on, NECK).with_account(done.with_account("It is needed.")) == "It is needed."
    assert EvidenceSearch.resumed(on, NECK, read_basis(""), "ODG was read.") == EvidenceSearch(on, NECK)


def test_a_search_out_of_order_is_not_taken_up() -> None:
    on = date(2015, 3, 1)
    studies = "Current, scientifically based, peer-reviewed studies: relied on, level of evidence 2."
    assert EvidenceSearch.resumed(
        on, NECK, read_basis("Decision based on Non-MTUS Citation A study."), studies
    ) == EvidenceSearch(on, NECK)
    search = EvidenceSearch(on, NECK)
    for _ in range(3):
        search = search.set_aside(SetAsideReason.NOTHING_CURRENT, "nothing found")
    done = search.relied(STUDY, level="1b")
    assert EvidenceSearch.resumed(on, NECK, done.basis(), done.with_account("")).taken[-1].level == "1b"


@pytest.mark.parametrize("guideline", known_guidelines().guidelines, ids=lambda guideline: guideline.id)
def test_every_chapter_of_the_register_can_be_cited_and_is_found_again(guideline) -> None:
    citation = guideline.citation(("Special Studies",), "3-5")
    basis = read_basis(write_basis(citation))
    assert basis.citations == (citation,)
    if guideline.since is None or guideline.in_force(guideline.since):
        assert guideline.id in {g.id for g in known_guidelines().editions(citation)}
