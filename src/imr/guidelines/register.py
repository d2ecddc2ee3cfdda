"""The register of guidelines: which chapters exist, in which edition, from when until when, and what they are about.

Facts only (title, number, year, dates, body part, legal basis), each with how well it is known; the text of a guideline
is licensed and never included. An organization adds its own licensed texts and criteria by a file (`licensed.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cache

from imr.guidelines import chapter_topics
from imr.guidelines.body_part_list import ARM, LEG, BodyPart
from imr.guidelines.citation import GuidelineCitation, GuidelineSource, PageRange, page_list
from imr.law.rule import Citation, Known


class Phase(Enum):
    """The phase of a condition (8 CCR 9792.20; since 2015 chronic pain lasts three or more months from onset)."""

    ACUTE = "acute"
    CHRONIC = "chronic"
    POSTSURGICAL = "after surgery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One structured criterion of an organization's own guideline: a limit, or what must come before a treatment.

    `unit` is the word counted (visits, sessions, weeks, days); `most` the greatest number; `before` names what must be
    documented first, each as words of which one is enough, separated by a bar.
    """

    treatment: str
    unit: str = ""
    most: int | None = None
    before: tuple[str, ...] = ()
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """One chapter in one edition. `until` is the first day on which it no longer governed; `parts` empty is any part."""

    id: str
    source: GuidelineSource
    title: str
    topic: str
    year: int | None = None
    number: int | None = None
    edition: str = ""
    since: date | None = None
    until: date | None = None
    parts: frozenset[BodyPart] = frozenset()
    phases: frozenset[Phase] = frozenset()
    pages: PageRange | None = None
    pages_known: Known = Known.MEMORY
    under: tuple[Citation, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    text: tuple[str, ...] = field(default=(), repr=False)

    def in_force(self, on: date) -> bool:
        """Say whether it governed on that day; true where its dates are not known."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def may_name(self, year: int) -> bool:
        """Say whether it is cited with this year; true where its year was not seen and may be this one."""
        if self.year is None:
            return self.since is None or self.since.year - 5 <= year <= self.since.year
        return self.year == year

    def covers(self, parts: frozenset[BodyPart]) -> bool:
        """Say whether it is about any part, about one of these, or about the spine that serves a whole limb."""
        limb = (parts >= ARM and BodyPart.NECK in self.parts) or (parts >= LEG and BodyPart.LOW_BACK in self.parts)
        return not self.parts or bool(self.parts & parts) or limb

    def citation(self, sections: tuple[str, ...] = (), pages: str = "") -> GuidelineCitation:
        """Give the citation of a place in it, as letters write it; `pages` such as "46-47, 60"."""
        other = self.source is GuidelineSource.OTHER
        return GuidelineCitation(
            source=self.source,
            chapter=f"{self.title}, {self.edition}" if other and self.edition else self.title,
            year=None if other else self.year,
            sections=() if other else sections,
            pages=() if other else tuple(page_list(pages)),
        )

    @property
    def name(self) -> str:
        """The chapter as a person names it."""
        number = f", chapter {self.number}" if self.number else ""
        return f"{self.source.value}{number} {self.title}{f' {self.year}' if self.year else ''}".strip()


class Register:
    """All guidelines that are known, found by citation, by topic and by day."""

    def __init__(self, guidelines: Iterable[Guideline]) -> None:
        self.guidelines = tuple(guidelines)
        #: Those that set limits or say what must come first.
        self.with_criteria = tuple(guideline for guideline in self.guidelines if guideline.criteria)
        self._by_topic: dict[tuple[GuidelineSource, str], list[Guideline]] = {}
        for guideline in self.guidelines:
            self._by_topic.setdefault((guideline.source, guideline.topic), []).append(guideline)

    def __or__(self, more: "Register") -> "Register":
        """Give a register that also knows `more`; an entry of the same id replaces the one here."""
        new = {guideline.id for guideline in more.guidelines}
        return Register([*(g for g in self.guidelines if g.id not in new), *more.guidelines])

    def editions(self, citation: GuidelineCitation) -> tuple[Guideline, ...]:
        """Give every edition of the chapter that a citation names, whatever year it gives."""
        if citation.source is GuidelineSource.ACOEM and (citation.edition or "disorders" in citation.chapter.lower()):
            return ()  # a later edition than the chapters of 2004 and 2007; its text and pages are not kept
        topic = chapter_topics.topic(citation.chapter, citation.number)
        return tuple(self._by_topic.get((citation.source, topic), ())) if topic else ()

    def look_up(self, citation: GuidelineCitation, on: date | None = None) -> Guideline | None:
        """Give the edition that a citation names: by its year, else the one in force on the day, else the newest."""
        editions = self.editions(citation)
        if citation.year is not None:
            exact = tuple(g for g in editions if g.year == citation.year)
            editions = exact or tuple(g for g in editions if g.may_name(citation.year))
        ruling = [g for g in editions if on is not None and g.in_force(on)]
        return next(reversed(ruling or editions), None)

    def applying(
        self, on: date, parts: frozenset[BodyPart], source: GuidelineSource = GuidelineSource.MTUS
    ) -> tuple[Guideline, ...]:
        """Give the chapters of one source in force on a day that are about one of these parts of the body by name."""
        return tuple(g for g in self.guidelines if g.source is source and g.parts & parts and g.in_force(on))


_EARLY, _2009, _2016, _2017 = date(2007, 6, 15), date(2009, 7, 18), date(2016, 7, 28), date(2017, 12, 1)
_MOVED = Citation("MTUS", "update of December 1, 2017", Known.TEXT, "page of the Division")

#: The chapters adopted from the ACOEM book: section of 8 CCR, topic, title, ACOEM chapter, year, parts, page range.
#: The page ranges are from memory and are shown as unverified; pages 309 (chapter 12) were seen cited.
_CLINICAL = (
    ("9792.23.1", "neck", "Neck and Upper Back Complaints", 8, 2004, {BodyPart.NECK, BodyPart.UPPER_BACK}, (165, 194)),
    ("9792.23.2", "shoulder", "Shoulder Complaints", 9, 2004, {BodyPart.SHOULDER}, (195, 224)),
    ("9792.23.3", "elbow", "Elbow Complaints", 10, 2007, {BodyPart.ELBOW}, None),
    ("9792.23.4", "hand", "Forearm, Wrist, and Hand Complaints", 11, 2004, {BodyPart.HAND}, (253, 286)),
    ("9792.23.5", "low back", "Low Back Complaints", 12, 2004, {BodyPart.LOW_BACK, BodyPart.UPPER_BACK}, (287, 328)),
    ("9792.23.6", "knee", "Knee Complaints", 13, 2004, {BodyPart.KNEE}, (329, 360)),
    ("9792.23.7", "ankle", "Ankle and Foot Complaints", 14, 2004, {BodyPart.ANKLE}, (361, 386)),
    ("9792.23.8", "stress", "Stress-Related Conditions", 15, 2004, {BodyPart.MIND}, None),
    ("9792.23.9", "eye", "Eye", 16, 2004, {BodyPart.EYE}, None),
)
#: The MTUS as moved to ACOEM on December 1, 2017: topic, title, year of the ACOEM text, parts, days of later orders.
_MOVED_CHAPTERS: tuple[tuple[str, str, int, set[BodyPart], tuple[date, ...]], ...] = (
    ("general", "Initial Approaches to Treatment", 2017, set(), ()),
    ("neck", "Cervical and Thoracic Spine Disorders", 2016, {BodyPart.NECK, BodyPart.UPPER_BACK}, (date(2019, 4, 18),)),
    ("shoulder", "Shoulder Disorders", 2016, {BodyPart.SHOULDER}, ()),
    ("elbow", "Elbow Disorders", 2013, {BodyPart.ELBOW}, (date(2019, 4, 18),)),
    ("hand", "Hand, Wrist, and Forearm Disorders", 2016, {BodyPart.HAND}, (date(2019, 4, 18),)),
    ("low back", "Low Back Disorders", 2016, {BodyPart.LOW_BACK}, (date(2019, 8, 11), date(2021, 11, 23))),
    ("knee", "Knee Disorders", 2015, {BodyPart.KNEE}, (date(2020, 9, 21),)),
    ("ankle", "Ankle and Foot Disorders", 2015, {BodyPart.ANKLE}, (date(2019, 4, 18),)),
    ("eye", "Eye Disorders", 2017, {BodyPart.EYE}, ()),
    ("hip", "Hip and Groin Disorders", 2011, {BodyPart.HIP, BodyPart.ABDOMEN}, (date(2019, 10, 7),)),
    ("asthma", "Occupational/Work-Related Asthma", 2016, {BodyPart.LUNGS}, (date(2020, 9, 21),)),
    ("lung", "Occupational Interstitial Lung Disease", 2016, {BodyPart.LUNGS}, (date(2020, 9, 21),)),
    ("chronic pain", "Chronic Pain", 2017, set(), ()),
    ("opioids", "Opioids", 2017, set(), ()),
)
#: Chapters of the Official Disability Guidelines by name; they are revised continuously, so that no dates are kept.
_ODG: tuple[tuple[str, str, set[BodyPart]], ...] = (
    ("neck", "Neck and Upper Back (Acute & Chronic)", {BodyPart.NECK, BodyPart.UPPER_BACK}),
    ("low back", "Low Back - Lumbar & Thoracic (Acute & Chronic)", {BodyPart.LOW_BACK, BodyPart.UPPER_BACK}),
    ("shoulder", "Shoulder (Acute & Chronic)", {BodyPart.SHOULDER}),
    ("elbow", "Elbow (Acute & Chronic)", {BodyPart.ELBOW}),
    ("hand", "Forearm, Wrist, & Hand (Acute & Chronic)", {BodyPart.HAND}),
    ("carpal tunnel", "Carpal Tunnel Syndrome (Acute & Chronic)", {BodyPart.HAND}),
    ("hip", "Hip & Pelvis (Acute & Chronic)", {BodyPart.HIP, BodyPart.ABDOMEN}),
    ("knee", "Knee & Leg (Acute & Chronic)", {BodyPart.KNEE}),
    ("ankle", "Ankle & Foot (Acute & Chronic)", {BodyPart.ANKLE}),
    ("head", "Head", {BodyPart.HEAD}),
    ("eye", "Eye", {BodyPart.EYE}),
    ("hernia", "Hernia", {BodyPart.ABDOMEN}),
    ("lung", "Pulmonary (Acute & Chronic)", {BodyPart.LUNGS}),
    ("stress", "Mental Illness & Stress", {BodyPart.MIND}),
    ("chronic pain", "Pain (Chronic)", set()),
    ("burns", "Burns", set()),
    ("diabetes", "Diabetes", set()),
    ("infection", "Infectious Diseases", set()),
    ("fitness", "Fitness for Duty", set()),
)


def _section(number: str, known: Known = Known.TEXT) -> Citation:
    return Citation("8 CCR", number, known)


def _clinical() -> Iterable[Guideline]:
    for section, topic, title, number, year, parts, pages in _CLINICAL:
        for source in (GuidelineSource.MTUS, GuidelineSource.ACOEM):
            adopted = source is GuidelineSource.MTUS
            yield Guideline(
                id=f"{source.value.lower()}-{year}-{topic.replace(' ', '-')}",
                source=source, title=title, topic=topic, year=year, number=number,
                edition="ACOEM, 2nd edition" + (", chapter revised 2007" if year == 2007 else ""),
                since=(_2009 if year == 2007 else _EARLY) if adopted else None,
                until=_2017 if adopted else None,
                parts=frozenset(parts), phases=frozenset({Phase.ACUTE}),
                pages=PageRange(*pages) if pages else None,
                under=(_section(section), Citation("ACOEM", f"chapter {number}", Known.MEMORY), _MOVED) if adopted else (),
            )  # fmt: skip


def _special() -> Iterable[Guideline]:
    general = Guideline(
        id="mtus-2004-general", source=GuidelineSource.MTUS, title="General Approaches", topic="general", year=2004,
        edition="ACOEM, 2nd edition, chapters 1, 2, 3 and 5", since=_EARLY, until=_2017, under=(_section("9792.22"), _MOVED),
    )  # fmt: skip
    acupuncture = Guideline(
        id="mtus-2007-acupuncture", source=GuidelineSource.MTUS, title="Acupuncture Treatment", topic="acupuncture", year=2007,
        since=_EARLY, under=(_section("9792.24.1"),),
    )  # fmt: skip
    postsurgical = Guideline(
        id="mtus-2009-postsurgical", source=GuidelineSource.MTUS, title="Postsurgical Treatment", topic="postsurgical", year=2009,
        since=_2009, phases=frozenset({Phase.POSTSURGICAL}), under=(_section("9792.24.3"),),
    )  # fmt: skip
    chronic = Guideline(
        id="mtus-2009-chronic-pain", source=GuidelineSource.MTUS, title="Chronic Pain Medical Treatment", topic="chronic pain",
        year=2009, edition="July 2009", since=_2009, until=_2016, phases=frozenset({Phase.CHRONIC}), pages=PageRange(1, 127),
        under=(_section("9792.24.2", Known.SECONDARY),),
    )  # fmt: skip
    revised = Guideline(
        id="mtus-2016-chronic-pain", source=GuidelineSource.MTUS, title="Chronic Pain Medical Treatment", topic="chronic pain",
        year=2016, edition="July 28, 2016", since=_2016, until=_2017, phases=frozenset({Phase.CHRONIC}),
        under=(_section("9792.24.2", Known.SECONDARY), _MOVED),
    )  # fmt: skip
    opioids = Guideline(
        id="mtus-2016-opioids", source=GuidelineSource.MTUS, title="Opioid Treatment", topic="opioids", year=2016,
        edition="July 28, 2016", since=_2016, until=_2017, under=(_section("9792.24.4", Known.SECONDARY), _MOVED),
    )  # fmt: skip
    formulary = Guideline(
        id="mtus-2018-formulary", source=GuidelineSource.MTUS, title="Drug Formulary", topic="formulary", year=2018,
        since=date(2018, 1, 1), under=(_section("9792.27.1-9792.27.23"),),
    )  # fmt: skip
    return (general, acupuncture, postsurgical, chronic, revised, opioids, formulary)


def _moved() -> Iterable[Guideline]:
    for topic, title, year, parts, orders in _MOVED_CHAPTERS:
        days = (_2017, *orders)
        for n, since in enumerate(days):
            order = Citation("Order of the Administrative Director", f"effective {since.isoformat()}")
            # Of the orders only the low back's names its ACOEM text; the year of the others was not seen.
            named = year if n == 0 else 2020 if (topic, n) == ("low back", 2) else None
            yield Guideline(
                id=f"mtus-{since.isoformat()}-{topic.replace(' ', '-')}", source=GuidelineSource.MTUS, title=title, topic=topic,
                year=named, edition="ACOEM", since=since, until=days[n + 1] if n + 1 < len(days) else None,
                parts=frozenset(parts), under=(_MOVED,) if n == 0 else (order,),
            )  # fmt: skip


@cache
def known_guidelines() -> Register:
    """Give the register of what this project knows."""
    odg = (
        Guideline(
            id=f"odg-{topic.replace(' ', '-')}",
            source=GuidelineSource.ODG,
            title=title,
            topic=topic,
            parts=frozenset(parts),
        )
        for topic, title, parts in _ODG
    )
    return Register([*_special(), *_clinical(), *_moved(), *odg])
