"""Sound drafts with their case files, from which the pairs are made: one with a planted fault, and its twin without."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from imr.checks import Context
from imr.determination import Decision, Determination, Issue
from imr.examples.letters import determination
from imr.records import index
from imr.records.model import CaseFile

#: The number of pairs of each fault.
TRIALS = 24


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft with its context, as `checks.run` takes it."""

    draft: Determination
    file: CaseFile | None = None
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class BodySite:
    """A body part with its side or level, its chapter, and a distant body part."""

    part: str
    plain: str
    chapter: str
    far: str
    far_chapter: str
    other_side: str = ""
    level: str = ""
    other_level: str = ""


_NECK = "Decision based on MTUS Neck and Upper Back Complaints 2004"
_LOW_BACK = "Decision based on MTUS Low Back Complaints 2004"
_KNEE = "Decision based on MTUS Knee Complaints 2004"
_SHOULDER = "Decision based on MTUS Shoulder Complaints 2004"
_HAND = "Decision based on MTUS Forearm, Wrist, and Hand Complaints 2004"
SITES = (
    BodySite("lumbar spine", "low back", _LOW_BACK, "right shoulder", _SHOULDER, level="L4-5", other_level="L2-3"),
    BodySite("cervical spine", "neck", _NECK, "left knee", _KNEE, level="C5-6", other_level="C3-4"),
    BodySite("left knee", "left knee", _KNEE, "cervical spine", _NECK, other_side="right knee"),
    BodySite("right shoulder", "right shoulder", _SHOULDER, "lumbar spine", _LOW_BACK, other_side="left shoulder"),
    BodySite("left wrist", "left wrist", _HAND, "low back", _LOW_BACK, other_side="right wrist"),
    BodySite("right knee", "right knee", _KNEE, "right wrist", _HAND, other_side="left knee"),
)
STUDIES = ("MRI of the {part}", "X-ray of the {part}", "MRI of the {part} without contrast")
COURSES = (
    "{n} physical therapy sessions for the {part}",
    "Chiropractic treatment of the {part}, {n} visits",
    "{n} acupuncture sessions for the {part}",
)
VERDICT = {
    Decision.UPHELD: "The request is not medically necessary.",
    Decision.OVERTURNED: "The request is medically necessary.",
}


def site(n: int) -> BodySite:
    """Give the body part of trial n."""
    return SITES[n % len(SITES)]


def pick(options: Sequence[str], n: int) -> str:
    """Give one of some wordings, another for each trial."""
    return options[(n // len(SITES) + n) % len(options)]


def base(
    n: int, heading: str, *sentences: str, basis: str = "", decision: Decision = Decision.UPHELD, summary: str = ""
) -> Determination:
    """Make a sound draft with one issue: the header of an invented letter of 2015, and these sentences in the rationale."""
    whole = determination(n, date(2015, 2, 1), date(2016, 1, 31))
    place = site(n)
    told = (
        f"The injured worker is a 4{n % 10} year old {'female' if n % 2 else 'male'} who was injured on {whole.injured_on:%m/%d/%Y} at work. "
        f"The complaint is pain of the {place.plain}. The progress report describes tenderness of the {place.plain}. "
    )
    issue = Issue(
        heading=heading,
        treatment=heading,
        decision=decision,
        administrator_basis=f"{place.chapter}.",
        reviewer_basis=basis or f"{place.chapter}, Section(s): Special Studies.",
        rationale=" ".join([*sentences, VERDICT[decision]]),
    )
    return replace(whole, summary=told + summary, issues=(issue,))


def record(n: int, *notes: str, kinds: Sequence[str] = ("ur", "rfa", "pr2"), asked: str = "") -> CaseFile:
    """Make a case file of typed pages: a UR decision, a request, a progress report with these notes, and others by name."""
    place = site(n)
    day = date(2015, 1, 5) + timedelta(days=n)
    pages = {
        "ur": f"UTILIZATION REVIEW DECISION\nDate of decision: {day:%m/%d/%Y}\nThe request is not certified.\nReviewed by a physician.",
        "rfa": f"REQUEST FOR AUTHORIZATION (DWC Form RFA)\nDate: {day:%m/%d/%Y}\nRequested: {asked or 'see the report'}",
        "pr2": "PRIMARY TREATING PHYSICIAN'S PROGRESS REPORT (PR-2)\n"
        f"Date of service: {day - timedelta(days=9):%m/%d/%Y}\nSubjective: pain of the {place.plain}. "
        + " ".join(notes),
        "imaging": f"MRI OF THE {place.part.upper()}\nDate of study: {day - timedelta(days=40):%m/%d/%Y}\nFINDINGS as below.\nIMPRESSION: marked narrowing of the {place.part} with contact of tissue.",
        "qme": f"QUALIFIED MEDICAL EVALUATION REPORT\nDate of evaluation: {day - timedelta(days=60):%m/%d/%Y}\nThe evaluator recommends the {asked or 'treatment'}.",
    }
    return index.from_texts([pages[kind] for kind in kinds])


def study(n: int) -> str:
    """Give the heading of a study of the body part of trial n."""
    return pick(STUDIES, n).format(part=site(n).part)


def course(n: int, number: int) -> str:
    """Give the heading of a number of visits for the body part of trial n."""
    return pick(COURSES, n).format(part=site(n).part, n=number)
