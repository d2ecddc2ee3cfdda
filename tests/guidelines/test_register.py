"""The register by day: each MTUS chapter before, on and after the days from which and until which it governed."""

from datetime import date, timedelta

import pytest

from imr.guidelines import (
    BodyPart,
    GuidelineCitation,
    GuidelineSource,
    Phase,
    assess_citation,
    body_parts,
    known_guidelines,
    phase_on,
    read_basis,
)
from imr.guidelines.register import Guideline, Register

DAY = timedelta(days=1)
DATED = [g for g in known_guidelines().guidelines if g.since]


@pytest.mark.parametrize("guideline", DATED, ids=[g.id for g in DATED])
def test_a_chapter_governs_from_its_day_until_the_next_edition(guideline: Guideline) -> None:
    assert guideline.since is not None
    assert not guideline.in_force(guideline.since - DAY)
    assert guideline.in_force(guideline.since)
    if guideline.until is not None:
        assert guideline.in_force(guideline.until - DAY)
        assert not guideline.in_force(guideline.until)


@pytest.mark.parametrize(
    "on", [date(2010, 1, 1), date(2015, 3, 1), date(2017, 1, 1), date(2018, 1, 1), date(2020, 1, 1), date(2026, 1, 1)]
)
def test_on_any_day_one_edition_of_a_topic_of_the_mtus_governs(on: date) -> None:
    topics = [g.topic for g in known_guidelines().guidelines if g.source is GuidelineSource.MTUS and g.in_force(on)]
    assert len(topics) == len(set(topics))
    assert {"neck", "low back", "shoulder", "elbow", "hand", "knee", "ankle", "eye", "chronic pain"} <= set(topics)


def test_every_entry_cites_its_law_and_ids_are_unique() -> None:
    entries = known_guidelines().guidelines
    assert len({g.id for g in entries}) == len(entries)
    assert all(g.under for g in entries if g.source is GuidelineSource.MTUS)
    assert {g.number for g in entries if g.source is GuidelineSource.ACOEM} == set(range(8, 17))


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Decision based on MTUS Low Back Complaints 2004.", "mtus-2004-low-back"),
        ("Decision based on MTUS ACOEM Chapter 8 Page(s): 177.", "mtus-2004-neck"),
        ("Decision based on MTUS Chronic Pain Treatment Guidelines Exercise Page(s): 46.", "mtus-2009-chronic-pain"),
        ("Decision based on MTUS Chronic Pain Medical Treatment 2016.", "mtus-2016-chronic-pain"),
        ("Decision based on MTUS Opioid Treatment 2016.", "mtus-2016-opioids"),
        ("Decision based on Non-MTUS Citation ODG, Lower Back section, MRI.", "odg-low-back"),
        ("Decision based on Non-MTUS Citation ODG, Hips and Pelvis.", "odg-hip"),
        ("Decision based on Non-MTUS Citation ACOEM Low Back Complaints.", "acoem-2004-low-back"),
    ],
)
def test_a_citation_finds_its_chapter(text: str, entry: str) -> None:
    found = known_guidelines().look_up(read_basis(text).citations[0], date(2015, 3, 1))
    assert found is not None
    assert found.id == entry


def low_back(year: int | None = 2004, **more: object) -> GuidelineCitation:
    return GuidelineCitation(source=GuidelineSource.MTUS, chapter="Low Back Complaints", year=year, **more)


def test_a_low_back_chapter_does_not_fit_neck_and_arm() -> None:
    parts = body_parts("neck and left upper extremity pain")
    judged = assess_citation(low_back(), date(2015, 3, 1), parts)
    fits = judged["guideline-covers-body-part"]
    assert fits is not None
    assert not fits
    assert "low back" in fits.reason
    assert "neck" in fits.reason
    assert not judged.good
    assert assess_citation(low_back(), date(2015, 3, 1), body_parts("lumbar spine")).good
    assert assess_citation(low_back(), date(2015, 3, 1), body_parts("EMG of the bilateral lower extremities")).good
    assert not assess_citation(low_back(), date(2015, 3, 1), body_parts("MRI of the left knee")).good


def test_an_edition_is_not_yet_in_force_in_force_and_superseded() -> None:
    chronic = read_basis("Decision based on MTUS Chronic Pain Medical Treatment 2016.").citations[0]
    before, on, after = (
        assess_citation(chronic, day)["guideline-in-force"]
        for day in (date(2016, 7, 27), date(2016, 7, 28), date(2017, 12, 1))
    )
    assert before is not None
    assert on is not None
    assert after is not None
    assert (before.holds, on.holds, after.holds) == (False, True, False)
    assert "came into force on 2016-07-28" in before.reason
    assert "superseded on 2017-12-01" in after.reason
    assert not before.verified


def test_an_edition_that_never_was_does_not_exist() -> None:
    exists = assess_citation(low_back(year=2011), date(2015, 3, 1))["guideline-exists"]
    assert exists is not None
    assert not exists
    assert "no edition of 2011" in exists.reason
    unknown = GuidelineCitation(source=GuidelineSource.MTUS, chapter="Cooking", year=2004)
    assert assess_citation(unknown, date(2015, 3, 1)).guideline is None
    assert not assess_citation(unknown, date(2015, 3, 1)).good
    assert assess_citation(GuidelineCitation(source=GuidelineSource.OTHER, chapter="A study"), date(2015, 3, 1)).good


def test_a_page_outside_the_chapter_is_found_and_marked_as_not_verified() -> None:
    inside = assess_citation(
        low_back(pages=read_basis("Decision based on MTUS Eye Page(s): 300.").citations[0].pages), date(2015, 3, 1)
    )
    assert inside["guideline-has-page"]
    outside = assess_citation(
        low_back(pages=read_basis("Decision based on MTUS Eye Page(s): 177.").citations[0].pages), date(2015, 3, 1)
    )
    finding = outside["guideline-has-page"]
    assert finding is not None
    assert not finding
    assert "page 177 is not in it" in finding.reason
    assert not finding.verified


def test_a_lower_source_is_outranked_where_the_mtus_speaks_of_the_part() -> None:
    odg = GuidelineCitation(source=GuidelineSource.ODG, chapter="Low Back")
    outranked = assess_citation(odg, date(2015, 3, 1), frozenset({BodyPart.LOW_BACK}))["guideline-not-outranked"]
    assert outranked is not None
    assert not outranked
    assert "Low Back Complaints" in outranked.reason
    head = GuidelineCitation(source=GuidelineSource.ODG, chapter="Head")
    assert assess_citation(head, date(2015, 3, 1), frozenset({BodyPart.HEAD}))["guideline-not-outranked"]
    assert (
        assess_citation(low_back(), date(2015, 3, 1), frozenset({BodyPart.LOW_BACK}))["guideline-not-outranked"] is None
    )


def test_the_phase_counts_months_only_since_the_definition_does() -> None:
    assert phase_on(date(2014, 1, 1), date(2015, 3, 1)) is None
    assert phase_on(date(2016, 10, 1), date(2016, 12, 1)) is Phase.ACUTE
    assert phase_on(date(2016, 8, 1), date(2016, 12, 1)) is Phase.CHRONIC
    chronic = read_basis("Decision based on MTUS Chronic Pain Medical Treatment 2016.").citations[0]
    acute = assess_citation(chronic, date(2016, 12, 1), phase=Phase.ACUTE)["guideline-covers-phase"]
    assert acute is not None
    assert not acute
    assert assess_citation(chronic, date(2016, 12, 1), phase=Phase.CHRONIC)["guideline-covers-phase"]


def test_an_organization_adds_to_the_register_and_replaces_by_id() -> None:
    own = Guideline(
        id="mtus-2004-low-back", source=GuidelineSource.MTUS, title="Low Back Complaints", topic="low back", year=2004
    )
    both = known_guidelines() | Register([own])
    assert len(both.guidelines) == len(known_guidelines().guidelines)
    assert both.look_up(low_back(), date(2015, 3, 1)) is own


def test_the_law_by_which_the_mtus_comes_first_is_that_of_the_day() -> None:
    odg = GuidelineCitation(source=GuidelineSource.ODG, chapter="Low Back")
    cited = {}
    for day in (date(2015, 3, 1), date(2016, 3, 1), date(2017, 3, 1)):
        finding = assess_citation(odg, day, frozenset({BodyPart.LOW_BACK}))["guideline-not-outranked"]
        assert finding is not None
        cited[day.year] = {citation.section for citation in finding.under}
    assert "4610.5(c)(2)" in cited[2015]
    assert "9792.21.1(a)" not in cited[2015]
    assert {"4610.5(c)(2)", "9792.21.1(a)"} <= cited[2016]
    assert "4610.5(c)(2)" not in cited[2017]
    assert all("4604.5(d)" in sections for sections in cited.values())
