"""Planted faults of fact: against the case file, against the request, and of the letter against itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from imr.determination import ReviewedDocument
from imr.law.terms import RecordKind
from imr.records import index
from imr.records.model import CaseFile
from tools.planted_faults.trials import Trial, base, course, record, site, study

_ABSENT = (
    ("There is no documentation of functional improvement.", "With therapy the employee has improved walking tolerance and returned to modified work."),
    ("The number of visits completed to date was not documented.", "The employee has completed 9 visits of physical therapy and chiropractic and acupuncture."),
    ("The records do not mention side effects of the medication.", "The employee reports no side effects from the medication."),
    ("There was no evidence of failed conservative care.", "The employee has tried physical therapy and home exercises without relief."),
    ("Pain levels were not provided.", "Pain is 7/10 without and 3/10 with medication."),
    ("The treating physician failed to document aberrant behavior or a pain contract.", "CURES was reviewed; there is no aberrant behavior."),
    ("Nothing in the submitted reports shows that a home exercise program was tried.", "She performs home exercises daily."),
    ("It was not stated whether therapy helped function.", "After therapy range of motion improved and he returned to work."),
    ("The provider has not explained what the study would change.", "Surgery is planned if the study confirms the tear."),
    ("The file is silent on imaging.", "An MRI of last year revealed a tear."),
    ("I find no record of any relief from the treatment.", "The treatment gave 60 % relief of pain for six weeks."),
)  # fmt: skip


_ABSENT_OR_NOT = tuple((claim, note, "Plan: return in four weeks.") for claim, note in _ABSENT)


def absence(
    n: int,
    wordings: Sequence[tuple[str, str, str]] = _ABSENT_OR_NOT,
) -> tuple[Trial, Trial]:
    """Plant the claim that something is not documented, while the file documents it; the twin's file does not."""
    claim, note, near = wordings[n % len(wordings)]
    # What is documented of one part of the body is no answer for another: the other wordings name their own.
    draft = base(n, course(n, 6) if (claim, note) in _ABSENT else "Treatment as requested", claim)
    return Trial(draft, record(n, note)), Trial(draft, record(n, near))


def ignored(n: int) -> tuple[Trial, Trial]:
    """Plant a rationale that ignores a listed imaging report of the body part; the twin's rationale weighs it."""
    file = record(n, kinds=("ur", "rfa", "pr2", "imaging"))
    imaging = next(d for d in file.documents if d.kind is RecordKind.IMAGING)
    listed = (ReviewedDocument(title=imaging.title, kind=RecordKind.IMAGING, dated_on=imaging.dated_on),)
    silent = base(n, f"Surgery of the {site(n).part}", f"The employee has pain of the {site(n).plain}.")
    assert imaging.dated_on is not None  # noqa: S101 - the page above has its day
    weighed = base(
        n,
        f"Surgery of the {site(n).part}",
        f"The MRI of {imaging.dated_on:%m/%d/%Y} shows narrowing, yet the examination is normal.",
    )
    return Trial(replace(silent, documents=listed), file), Trial(replace(weighed, documents=listed), file)


_NAMES_IT = (
    "The claims administrator's physician reviewed the QME report dated 01/02/2015.",
    "The decision refers to the agreed medical evaluation of 01/02/2015.",
    "An operative report of 11/03/2014 is relied on.",
    "Physical therapy notes from 12/01/2014 were reviewed.",
)


def never_came(n: int) -> tuple[Trial, Trial]:
    """Plant a document that the UR decision names and the file does not contain; the twin's decision names none."""
    draft = base(n, study(n), f"The employee has pain of the {site(n).plain}.")
    named = replace_page(record(n), 0, _NAMES_IT[n % len(_NAMES_IT)])
    return Trial(draft, named), Trial(draft, record(n))


def replace_page(file: CaseFile, number: int, more: str) -> CaseFile:
    """Give the case file with an additional sentence on one page."""
    texts = [page.text for page in file.pages]
    texts[number] += f"\n{more}"
    return index.from_texts(texts)


def nothing(n: int) -> tuple[Trial, Trial]:
    """Plant a file with only the UR decision and the request; the twin's file has a progress report."""
    draft = base(n, study(n), f"The employee has pain of the {site(n).plain}.")
    bare = record(n, kinds=("ur",) if n % 2 else ("ur", "rfa"))
    return Trial(draft, bare), Trial(draft, record(n))


_SAYS_PART = (
    "The employee complains of pain of the {part}.", "In this case the {part} was examined and found tender.", "The patient reports continued pain of the {part}.",
)  # fmt: skip


def other_part(n: int) -> tuple[Trial, Trial]:
    """Plant a decision on another body part, side or level than was requested; the twin decides on the requested one."""
    place = site(n)
    if place.level and n % 2:
        heading = f"Epidural steroid injection at {place.level}"
        return (
            Trial(
                base(n, heading, f"The request is for an injection at {place.other_level}.", basis=f"{place.chapter}.")
            ),
            Trial(base(n, heading, f"The request is for an injection at {place.level}.", basis=f"{place.chapter}.")),
        )
    said = _SAYS_PART[n % len(_SAYS_PART)]
    wrong = place.other_side or place.far
    return Trial(base(n, study(n), said.format(part=wrong))), Trial(base(n, study(n), said.format(part=place.plain)))


_DRUGS = (
    ("Norco 10/325mg #60", "tramadol", "hydrocodone"),
    ("Gabapentin 300mg #90", "cyclobenzaprine", "gabapentin"),
    ("Naproxen 550mg #60", "omeprazole", "naproxen"),
)
_DOSES = (
    ("Gabapentin 300mg #90", "gabapentin 600 mg", "gabapentin 300 mg"),
    ("Tramadol 50mg #60", "tramadol 150 mg", "tramadol 50 mg"),
)


def other_drug(n: int) -> tuple[Trial, Trial]:
    """Plant a decision on another drug or dose than was requested; the twin decides on the requested one."""
    basis = "Decision based on MTUS Chronic Pain Medical Treatment 2009, Section(s): Medications for chronic pain."
    if n % 2:
        heading, wrong, right = _DRUGS[n % len(_DRUGS)]
        sentences = (f"The request is for {wrong}.", f"The request is for {right}.")
    else:
        heading, wrong, right = _DOSES[n // 2 % len(_DOSES)]
        sentences = (f"The current request is for {wrong}.", f"The current request is for {right}.")
    bad, good = (base(n, heading, sentence, basis=basis) for sentence in sentences)
    return Trial(bad), Trial(good)


def chapter(n: int) -> tuple[Trial, Trial]:
    """Plant a citation of another body part's chapter, in the basis or in the rationale; the twin cites the right one."""
    place = site(n)
    if n % 3 == 0:
        number = {"Neck": 8, "Shoulder": 9, "Forearm,": 11, "Low": 12, "Knee": 13}
        wrong, right = (number[words.split("MTUS ")[1].split()[0]] for words in (place.far_chapter, place.chapter))
        texts = (f"ACOEM, Chapter {wrong} speaks of imaging.", f"ACOEM, Chapter {right} speaks of imaging.")
        bad, good = (base(n, study(n), words) for words in texts)
        return Trial(bad), Trial(good)
    return (
        Trial(
            base(
                n,
                study(n),
                f"The employee has pain of the {place.plain}.",
                basis=f"{place.far_chapter}, Section(s): Special Studies.",
            )
        ),
        Trial(base(n, study(n), f"The employee has pain of the {place.plain}.")),
    )


_COUNTS = (
    ("Treatment included 6 {kind} sessions.", "The patient most recently participated in 4-6 {kind} sessions.", "The patient most recently participated in 6 {kind} sessions."),
    ("The employee has completed 12 {kind} visits.", "The records show that 8 {kind} visits were completed.", "The records show that 12 {kind} visits were completed."),
    ("Treatment to date has included ten {kind} treatments.", "The employee attended 14 {kind} treatments.", "The employee attended 10 {kind} treatments."),
)  # fmt: skip


def counts_worded(n: int, wordings: Sequence[tuple[str, str, str]]) -> tuple[Trial, Trial]:
    """Plant a number of visits that differs between summary and rationale; the twin's agree."""
    kind = ("physical therapy", "chiropractic", "acupuncture")[n % 3]
    told, wrong, right = (w.format(kind=kind, Kind=kind[0].upper() + kind[1:]) for w in wordings[n % len(wordings)])
    return Trial(base(n, course(n, 6), wrong, summary=told)), Trial(base(n, course(n, 6), right, summary=told))


def counts(n: int) -> tuple[Trial, Trial]:
    """Plant a number of visits, an age or a sex that differs between summary, heading and rationale; the twin's agree."""
    kind = ("physical therapy", "chiropractic", "acupuncture")[n % 3]
    if n % 4 == 3:
        bad, good = (
            base(n, course(n, 12), "The request for 8 sessions is beyond need."),
            base(n, course(n, 12), "The request for 12 sessions is beyond need."),
        )
        return Trial(bad), Trial(good)
    if n % 4 == 2:
        wrong, right = ("He", "She") if n % 2 else ("She", "He")
        return Trial(base(n, study(n), f"{wrong} has full strength.")), Trial(
            base(n, study(n), f"{right} has full strength.")
        )
    told, wrong, right = (words.format(kind=kind) for words in _COUNTS[n % len(_COUNTS)])
    return Trial(base(n, course(n, 6), wrong, summary=told)), Trial(base(n, course(n, 6), right, summary=told))


def history(n: int) -> tuple[Trial, Trial]:
    """Plant an impossible date, or a course of treatment that the summary does not list; the twin's dates and lists agree."""
    sound = base(n, study(n), f"The employee has pain of the {site(n).plain}.")
    assert sound.decided_on is not None and sound.injured_on is not None  # noqa: S101, PT018 - an invented letter has its days
    late, early = sound.decided_on + timedelta(days=30), sound.injured_on - timedelta(days=200)
    between = sound.injured_on + timedelta(days=3)
    listed = " Treatment to date has included medications and rest."
    kind = ("physical therapy", "chiropractic care", "acupuncture")[n % 3]
    wrong, right = (
        (f"The study of {late:%m/%d/%Y} was normal.", f"The study of {between:%m/%d/%Y} was normal."),
        (f"A progress note dated {early:%m/%d/%Y} tells of the fall.", f"A progress note dated {between:%m/%d/%Y} tells of the fall."),
        (f"On March 4, {sound.decided_on.year + 1000} he was examined.", f"On {between:%B} {between.day}, {between.year} he was examined."),
        (f"The employee has had prior {kind} with little gain.", f"No prior {kind} has taken place."),
    )[n % 4]  # fmt: skip
    bad, good = (
        base(n, study(n), words.replace("he was", "the joint was"), summary=listed) for words in (wrong, right)
    )
    return Trial(bad), Trial(good)


_UNKNOWN = (
    (
        "The number of visits completed to date is not documented.",
        "The request for {n} additional visits exceeds what the guideline recommends.",
    ),
    (
        "It is unclear how many sessions of therapy the employee has had.",
        "Therefore more sessions would be in excess of the recommended number.",
    ),
    ("The total number of prior treatments is unknown.", "The additional visits are beyond guideline recommendations."),
    ("The reports do not say how many visits there were.", "The request goes over the allowed total."),
    ("Past attendance is nowhere recorded.", "Further sessions would surpass the suggested maximum."),
)


_UNKNOWN_OR_NOT = tuple((said, then, "The employee completed 12 visits of this treatment.") for said, then in _UNKNOWN)


def unknown(
    n: int,
    wordings: Sequence[tuple[str, str, str]] = _UNKNOWN_OR_NOT,
) -> tuple[Trial, Trial]:
    """Plant a number that is declared unknown and then found too high; in the twin it is known, or another one is not."""
    said, then, instead = wordings[n % len(wordings)]
    then = then.format(n=6)
    return Trial(base(n, course(n, 6), said, then)), Trial(base(n, course(n, 6), instead, then))


def undecided(n: int) -> tuple[Trial, Trial]:
    """Plant a request with a part that is not decided; the twin mentions each part."""
    place = site(n)
    pairs = (
        ("acupuncture", "massage"),
        ("chiropractic treatment", "TENS unit"),
        ("MRI", "electrodiagnostic testing"),
        ("aquatic therapy", "acupuncture"),
    )
    one, two = pairs[n % len(pairs)]
    heading = f"{one[0].upper()}{one[1:]} and {two} for the {place.part}"
    said = f"{one[0].upper()}{one[1:]} is recommended after other care."
    return Trial(base(n, heading, said)), Trial(
        base(n, heading, said, f"For {two} the guideline asks for a trial first.")
    )
