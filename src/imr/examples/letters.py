"""Invented determinations: plausible ones, with every kind of outcome, under the guidelines of their day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from imr.determination.headings import partial_heading
from imr.determination.model import Decision, Determination, Issue, ReviewedDocument, ReviewType
from imr.examples.clinic import DRUGS, INJURIES, TREATMENTS, Drug, Injury, RefusedTreatment
from imr.examples.people import chance
from imr.guidelines import Basis, GuidelineCitation, GuidelineSource, Statement, known_guidelines, write_basis
from imr.law.terms import RecordKind

_STATES = ("California",) * 12 + ("Texas", "New York", "Oregon", "Florida", "Washington", "Illinois")
_AGES = range(22, 66)
_JOBS = (
    "a lift of a heavy box", "a fall from a ladder", "repetitive work at a bench", "a slip on a wet floor",
    "a twist while unloading a truck", "a collision of a delivery van", "years of typing", "the pull of a heavy door",
)  # fmt: skip
_CARE = (
    "physical therapy", "home exercises", "chiropractic visits", "anti-inflammatory medicine", "modified work",
    "an injection", "acupuncture", "a brace",
)  # fmt: skip
_UR_REASONS = (
    "the number asked for exceeds what the guideline allows",
    "no gain in function was documented",
    "the reports do not show that other care had failed",
    "the guideline does not recommend it for this condition",
    "the documentation that was sent does not support it",
)


@dataclass(frozen=True, slots=True)
class InventedRequest:
    """One disputed treatment of an invented case. `authorized` and `original` are set if UR approved a part."""

    text: str
    kind: RefusedTreatment | Drug
    original: str = ""
    authorized: str = ""

    @property
    def category(self) -> str:
        """The category of the Division's decision search."""
        return f"Pharmaceuticals *  * {self.kind.category}" if isinstance(self.kind, Drug) else self.kind.category


@cache
def _fitting(part: str) -> tuple[RefusedTreatment, ...]:
    return tuple(treatment for treatment in TREATMENTS if not treatment.fits or part in treatment.fits)


def requests(draw: Random, injury: Injury, number: int) -> tuple[InventedRequest, ...]:
    """Draw a number of treatments for an injury, each of another kind."""
    found: list[InventedRequest] = []
    taken: set[str] = set()
    while len(found) < number:
        request = _drug(draw) if draw.random() < 0.4 else _care(draw, injury)
        if request.text not in taken and request.kind not in (other.kind for other in found):
            taken.add(request.text)
            found.append(request)
    return tuple(found)


def _drug(draw: Random) -> InventedRequest:
    drug = draw.choice(DRUGS)
    strength, count = draw.choice(drug.strengths), draw.choice((30, 60, 90, 120))
    name = f"{drug.name} {strength}"
    if strength[0] == "#" or strength.endswith("gm"):
        return InventedRequest(name, drug)
    if draw.random() < 0.12:
        part = count // 2
        return InventedRequest(f"{name} #{count - part}", drug, f"{name} #{count}", f"{name} #{part}")
    return InventedRequest(f"{name} #{count}", drug)


def _care(draw: Random, injury: Injury) -> InventedRequest:
    treatment = draw.choice(_fitting(injury.part))
    count = draw.choice(treatment.counts) if treatment.counts else 0
    ask = draw.choice(treatment.asks)

    def words(number: int) -> str:
        return ask.format(part=injury.part, n=number, half=number // 2)

    if "{n}" in ask and count >= 6 and count % 2 == 0 and draw.random() < 0.2:
        return InventedRequest(words(count // 2), treatment, words(count), words(count // 2))
    return InventedRequest(words(count), treatment)


@cache
def _chapter(topic: str, on: date) -> tuple[str, int | None]:
    """Give the title and year of the MTUS chapter on a topic, in force on a day; of chronic pain if there is none."""
    chapters = {
        guideline.topic: guideline
        for guideline in known_guidelines().guidelines
        if guideline.source is GuidelineSource.MTUS
        and guideline.since is not None
        and guideline.since <= on
        and (guideline.until is None or on < guideline.until)
    }
    guideline = chapters.get(topic) or chapters["chronic pain"]
    return guideline.title, guideline.year


#: The first day of each period in which no guideline changed. The years of the editions since April 18, 2019 are not
#: known, so that later letters cite earlier editions.
_STRETCHES = (date(2009, 7, 18), date(2016, 7, 28), date(2017, 12, 1))


@cache
def _cited(topic: str, section: str, outside: str, stretch: date, organization: str) -> str:
    if outside:
        citation = GuidelineCitation(
            source=GuidelineSource.ODG, chapter="Knee & Leg (Acute & Chronic)", sections=(outside,)
        )
        return write_basis(Basis(statement=Statement.OUTSIDE, by=organization, citations=(citation,)))
    title, year = _chapter(topic, stretch)
    sections = (section,) if section else ()
    citation = GuidelineCitation(source=GuidelineSource.MTUS, chapter=title, year=year, sections=sections)
    return write_basis(Basis(statement=Statement.CITED, citations=(citation,)))


@cache
def _nothing_cited() -> str:
    return write_basis(Basis(statement=Statement.NONE, by="Claims Administrator"))


def basis(request: InventedRequest, injury: Injury, on: date, by: str, exact: bool = True) -> str:
    """Give the basis of one side, in the form of the letters; without its sections if not `exact`."""
    kind = request.kind
    stretch = max(day for day in _STRETCHES if day <= on)
    if isinstance(kind, Drug):
        return _cited("chronic pain", kind.section if exact else "", "", stretch, by)
    topic = injury.topic if kind.by_part else "acupuncture" if kind.section == "Acupuncture" else "chronic pain"
    return _cited(topic, kind.section if exact else "", kind.outside, stretch, by)


def rationale(draw: Random, request: InventedRequest, injury: Injury, decision: Decision) -> str:
    """Write why a treatment is necessary or not: the request, the guideline's criterion, the findings in the record."""
    kind = request.kind
    overturned = decision is Decision.OVERTURNED
    if isinstance(kind, Drug):
        reason = kind.favour if overturned else kind.against
    else:
        reason = draw.choice(kind.favour if overturned else kind.against)
    opening = draw.choice(
        (
            f"The request is for {request.text[0].lower()}{request.text[1:]}.",
            f"The employee has {injury.complaint}.",
            f"The diagnosis is {injury.diagnosis}.",
            f"The report of the visit describes {injury.finding}.",
        )
    )
    turn = draw.choice(
        (
            "The guideline asks for a documented gain in function.",
            "The guideline recommends it for selected cases only.",
            "The guideline names conditions for it.",
            "What the guideline asks for was compared with the record.",
        )
    )
    if isinstance(kind, RefusedTreatment) and kind.outside:
        turn = "The MTUS does not address this treatment, so that another guideline was searched."
    verdict = (
        "is medically necessary"
        if overturned
        else draw.choice(("is not medically necessary", "IS NOT medically necessary"))
    )
    return (
        f"{opening} {turn} {reason}. {draw.choice(('Therefore, the', 'The', 'In this case, the'))} request {verdict}."
    )


def issue(draw: Random, request: InventedRequest, injury: Injury, on: date, decision: Decision) -> Issue:
    """Make one disputed treatment with its decision."""
    silent = draw.random() < 0.06
    heading = partial_heading(request.original, request.authorized, request.text) if request.original else request.text
    return Issue(
        heading=heading,
        treatment=request.text,
        original_request=request.original or None,
        authorized=request.authorized or None,
        decision=decision,
        administrator_basis=_nothing_cited()
        if silent
        else basis(request, injury, on, "Claims Administrator", draw.random() < 0.7),
        reviewer_basis=basis(request, injury, on, "Expert Reviewer"),
        rationale=rationale(draw, request, injury, decision),
    )


def summary(
    draw: Random,
    injury: Injury,
    injured_on: date,
    ur_on: date,
    asked: tuple[InventedRequest, ...],
    *,
    age: int | None = None,
    seen_on: date | None = None,
) -> str:
    """Write a reviewer's summary of the case file; age and last visit are drawn if they are not given."""
    drawn, sex = draw.choice(_AGES), draw.choice(("female", "male"))
    age = drawn if age is None else age
    form = draw.choice(("{0.month}/{0.day}/{0.year}", "{0.month}-{0.day}-{0.year}", "{0:%m/%d/%y}", "{0:%m-%d-%Y}"))
    visit = ur_on - timedelta(days=draw.randrange(8, 30))
    seen = visit if seen_on is None else seen_on
    first, second = draw.sample(_CARE, 2)
    listed = "; ".join(request.original or request.text for request in asked)
    return (
        f"The injured worker is a {age} year old {sex} who was injured on {form.format(injured_on)} by "
        f"{draw.choice(_JOBS)}. The complaint is {injury.complaint}. Treatment included {first} and {second}. "
        f"At the visit of {form.format(seen)} the examination showed {injury.finding}. "
        f"{draw.choice(('The file holds a report on', 'There is an earlier report on', 'A report describes'))} {injury.study}. "
        f"The diagnosis is {injury.diagnosis}. The treating physician asked for: {listed}. On {form.format(ur_on)} "
        f"utilization review did not certify this in full, because {draw.choice(_UR_REASONS)}."
    )


def documents(draw: Random, ur_on: date) -> tuple[ReviewedDocument, ...]:
    """Draw the documents that the reviewer read."""

    def listed() -> Iterator[ReviewedDocument]:
        yield ReviewedDocument(title="Application for independent medical review", kind=RecordKind.APPLICATION, pages=2)
        yield ReviewedDocument(
            title="Utilization review decision", kind=RecordKind.UR_DECISION, dated_on=ur_on, pages=draw.randrange(3, 9)
        )
        for months in range(draw.randrange(1, 4)):
            yield ReviewedDocument(
                title="Progress report (PR-2)",
                kind=RecordKind.PROGRESS_REPORT,
                dated_on=ur_on - timedelta(days=20 + 31 * months),
                author="Treating physician",
                pages=draw.randrange(2, 6),
            )
        if draw.random() < 0.5:
            yield ReviewedDocument(
                title="Imaging report", kind=RecordKind.IMAGING, dated_on=ur_on - timedelta(days=90), pages=2
            )

    return tuple(listed())


def case_number(seed: int, received_on: date) -> str:
    """Give a case number in the form of the program."""
    return f"CM{received_on.year % 100:02d}-{seed % 10_000_000:07d}"


def determination(seed: int, since: date = date(2014, 3, 1), until: date = date(2019, 3, 31)) -> Determination:
    """Make a final determination that was never issued, received between two days. The same seed gives the same one."""
    draw = chance("determination", seed)
    injury = draw.choice(INJURIES)
    received = since + timedelta(days=draw.randrange((until - since).days + 1))
    ur_on = received - timedelta(days=draw.randrange(3, 31))
    injured = ur_on - timedelta(days=draw.randrange(40, 1500))
    assigned = received + timedelta(days=draw.randrange(2, 25))
    decided = assigned + timedelta(days=draw.randrange(16, 70))
    asked = requests(draw, injury, draw.choice((1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 6)))
    leaning = draw.random()
    return Determination(
        case_number=case_number(seed, received),
        review_type=ReviewType.EXPEDITED if draw.random() < 0.03 else ReviewType.STANDARD,
        injured_on=injured,
        ur_decided_on=ur_on,
        received_on=received,
        assigned_on=assigned,
        decided_on=decided,
        licensure=tuple(dict.fromkeys(draw.choice(_STATES) for _ in range(draw.choice((1, 1, 1, 2))))),
        specialty=", ".join(draw.sample(injury.specialties, min(len(injury.specialties), draw.choice((1, 1, 2))))),
        summary=summary(draw, injury, injured, ur_on, asked),
        issues=tuple(
            issue(
                draw,
                request,
                injury,
                ur_on,
                Decision.OVERTURNED if draw.random() < (0.6 if leaning < 0.12 else 0.07) else Decision.UPHELD,
            )
            for request in asked
        ),
        documents=documents(draw, ur_on),
    )
