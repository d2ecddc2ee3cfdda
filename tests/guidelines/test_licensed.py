"""The file of an organization's own guidelines: the invented example, and every mistake with its place."""

from datetime import date
from importlib.resources import files

import pytest

from imr.errors import ImrError
from imr.guidelines import (
    BodyPart,
    GuidelineCitation,
    GuidelineSource,
    PageRange,
    Phase,
    assess_citation,
    known_guidelines,
    read_licensed,
)

EXAMPLE = files("imr.guidelines").joinpath("example.toml").read_text(encoding="utf-8")


def test_the_example_gives_its_guideline_and_joins_the_register() -> None:
    register = read_licensed(EXAMPLE)
    (own,) = register.guidelines
    assert own.parts == {BodyPart.NECK, BodyPart.UPPER_BACK}
    assert own.phases == {Phase.ACUTE, Phase.CHRONIC}
    assert own.pages == PageRange(1, 40)
    assert [(c.treatment, c.unit, c.most) for c in own.criteria] == [
        ("physical therapy", "visits", 8),
        ("epidural steroid injection", "", None),
    ]
    assert len(own.text) == 2
    assert own in (known_guidelines() | register).guidelines


def test_a_loaded_chapter_has_verified_pages() -> None:
    own = read_licensed(
        '[[guideline]]\nid = "mtus-2004-low-back"\nsource = "MTUS"\ntitle = "Low Back Complaints"\nyear = 2004\npages = [290, 310]\n'
    )
    cited = GuidelineCitation(
        source=GuidelineSource.MTUS, chapter="Low Back Complaints", year=2004, pages=(PageRange(311, 311),)
    )
    finding = assess_citation(cited, date(2015, 3, 1), register=known_guidelines() | own)["guideline-has-page"]
    assert finding is not None
    assert not finding
    assert finding.verified


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = ", "is not TOML"),
        ("x = 1", "holds tables"),
        ('[[guideline]]\nid = "a"', "a\\): source, title must be given"),
        ('[[guideline]]\nid = "a"\nsource = "XYZ"\ntitle = "T"', "source: 'XYZ' is none of MTUS"),
        ('[[guideline]]\nid = "a"\nsource = "ODG"\ntitle = "T"\ncolour = 1', "no key is called colour"),
        ('[[guideline]]\nid = "a"\nsource = "ODG"\ntitle = 3', "title: words are expected"),
        ('[[guideline]]\nid = "a"\nsource = "ODG"\ntitle = "T"\nyear = "old"', "year: a whole number"),
        ('[[guideline]]\nid = "a"\nsource = "ODG"\ntitle = "T"\nsince = "soon"', "since: a day"),
        ('[[guideline]]\nid = "a"\nsource = "ODG"\ntitle = "T"\nbody = ["tail"]', "'tail' names no part"),
        ('[[guideline]]\nid = "a"\nsource = "ODG"\ntitle = "T"\npages = [9, 3]', "first and the last page"),
        (
            '[[guideline]]\nid = "a"\nsource = "ODG"\ntitle = "T"\ncriteria = [{unit = "visits"}]',
            "treatment must be given",
        ),
        (
            '[[guideline]]\nid = "a"\nsource = "ODG"\ntitle = "T"\ncriteria = [{treatment = "X", most = 3}]',
            "most = 3 of what",
        ),
    ],
)
def test_a_mistake_is_refused_with_its_place(text: str, says: str) -> None:
    with pytest.raises(ImrError, match=says):
        read_licensed(text)
