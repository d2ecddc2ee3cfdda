"""Planted faults of the basis of a decision, of the reviewer, of what a letter reveals, and of its form."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files

from imr.checks import Context
from imr.determination import Decision
from imr.examples.panel import reviewer as sound_reviewer
from imr.guidelines import known_guidelines, read_licensed
from imr.law.reviewers import BoardCertification, Degree, Licence, LicenceStatus, Matter, Reviewer, Verified
from tools.planted_faults.trials import VERDICT, Trial, base, site, study

_AGAINST = (
    "Therefore, the request is medically necessary.", "As such, the requested treatment is medically necessary.", "The treatment is considered medically necessary and appropriate.",
    "Medical necessity is established.", "The appeal has merit and the care should be allowed.",
)  # fmt: skip


def verdict(n: int) -> tuple[Trial, Trial]:
    """Plant a verdict sentence that contradicts the heading; the twin's agrees."""
    sound = base(n, study(n), f"The employee has pain of the {site(n).plain}.")
    issue = sound.issues[0]
    words = issue.rationale.replace(VERDICT[Decision.UPHELD], _AGAINST[n % len(_AGAINST)])
    if n % 2:
        return Trial(replace(sound, issues=(replace(issue, decision=Decision.OVERTURNED),))), Trial(sound)
    return Trial(replace(sound, issues=(replace(issue, rationale=words),))), Trial(sound)


def verdict_worded(n: int, favour: Sequence[str], against: Sequence[str]) -> tuple[Trial, Trial]:
    """Plant a verdict sentence, in other words, that contradicts the heading; the twin's agrees."""
    sound = base(n, study(n), f"The employee has pain of the {site(n).plain}.")
    issue = sound.issues[0]
    said, decision, other = (
        (favour[n // 2 % len(favour)], Decision.OVERTURNED, Decision.UPHELD)
        if n % 2
        else (against[n // 2 % len(against)], Decision.UPHELD, Decision.OVERTURNED)
    )
    words = issue.rationale.replace(VERDICT[Decision.UPHELD], said)
    bad, good = (replace(sound, issues=(replace(issue, rationale=words, decision=d),)) for d in (other, decision))
    return Trial(bad), Trial(good)


def edition(n: int) -> tuple[Trial, Trial]:
    """Plant a superseded, future or unknown edition, or a page outside the chapter; the twin cites the edition of the day."""
    right = "Decision based on MTUS Chronic Pain Medical Treatment 2009, Section(s): Medications for chronic pain."
    wrong = (
        right.replace("2009", "2016"), right.replace("2009", "2012"), "Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 177.",
        "Decision based on MTUS Low Back Disorders 2016, Section(s): Imaging.",
    )[n % 4]  # fmt: skip
    draft = base(n, "Gabapentin 300mg #90", "The employee has chronic pain.", basis=wrong)
    return Trial(draft), Trial(base(n, "Gabapentin 300mg #90", "The employee has chronic pain.", basis=right))


def _example() -> Context:
    text = files("imr.guidelines").joinpath("example.toml").read_text(encoding="utf-8")
    return Context(register=known_guidelines() | read_licensed(text))


def quotation(n: int) -> tuple[Trial, Trial]:
    """Plant a quotation that the loaded guideline does not contain; the twin's is in it."""
    basis = "Decision based on Non-MTUS Citation Invented Neck Care Guideline, 1st edition."
    right = (
        "A course of guided movement is offered to people whose neck pain has lasted a fortnight.",
        "A course ends after eight visits unless gain in daily activities is written down.",
    )[n % 2]
    wrong = (
        right.replace("is offered", "is never offered").replace("eight", "four"),
        right.replace("guided", "strict").replace("gain in", "full return to"),
    )[n // 2 % 2]
    trials = []
    for words in (wrong, right):
        draft = base(
            n,
            "8 physical therapy sessions for the neck",
            f'The Invented Neck Care Guideline states, "{words}"',
            basis=basis,
        )
        trials.append(Trial(draft, None, _example()))
    return trials[0], trials[1]


_WHY = (
    "The MTUS does not address this study.",
    "The MTUS is silent on this request.",
    "ACOEM does not specifically discuss it, so other guidelines were used.",
)


def lower_source(n: int, reasons: Sequence[str] = _WHY) -> tuple[Trial, Trial]:
    """Plant a reliance on ODG alone although the MTUS covers the body part; the twin's rationale gives the reason."""
    basis = "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Low Back Chapter, MRI."
    basis = basis.replace(
        "Low Back",
        {
            "lumbar spine": "Low Back",
            "cervical spine": "Neck and Upper Back",
            "left wrist": "Forearm, Wrist, & Hand",
        }.get(site(n).part, site(n).part.split()[-1].capitalize()),
    )
    why = reasons[n % len(reasons)]
    bad, good = (base(n, study(n), *words, "Studies are for selected cases.", basis=basis) for words in ((), (why,)))
    # If the claims administrator cited the MTUS, a letter that calls it silent has a fault.
    silent = tuple(replace(issue, administrator_basis=basis) for issue in good.issues)
    return Trial(bad), Trial(replace(good, issues=silent))


def reviewer(n: int) -> tuple[Trial, Trial]:
    """Plant a reviewer whose license is expired, restricted or suspended on the day; the twin's is current."""
    draft = base(n, study(n), f"The employee has pain of the {site(n).plain}.")
    assert draft.decided_on is not None  # noqa: S101 - an invented letter has its day
    sound: Reviewer = sound_reviewer(n)
    looked_up = Verified(source="state board", on=draft.decided_on)
    boards = (
        BoardCertification(
            board="ABPMR", specialty="Physical Medicine & Rehabilitation", since=date(2001, 1, 1), verified=looked_up
        ),
    )
    licences = (
        Licence(
            state="California",
            number="A00000",
            degree=Degree.MD,
            status=LicenceStatus.CURRENT,
            since=date(2000, 1, 1),
            until=draft.decided_on + timedelta(days=400),
            verified=Verified(source="state board", on=draft.decided_on),
        ),
    )
    bad = (
        replace(licences[0], until=draft.decided_on - timedelta(days=1)), replace(licences[0], status=LicenceStatus.RESTRICTED), replace(licences[0], status=LicenceStatus.SUSPENDED),
    )[n % 3]  # fmt: skip
    contexts = [
        Context(reviewer=replace(sound, licences=(one,), boards=boards), matter=Matter()) for one in (bad, licences[0])
    ]
    return Trial(draft, None, contexts[0]), Trial(draft, None, contexts[1])


_UR_WORDS = (
    "The claimant has had persistent pain despite the passage of several months and has been treated with medicine and rest, and the most recent report does not show new findings on examination that would change the plan of care at this time. "
    "In the absence of a clear plan for how the requested care would restore function, the request cannot be supported as submitted by the provider."
)  # fmt: skip
_OWN_WORDS = (
    "I read three reports of this year. The first describes a stiff joint, the second less pain after rest, the third no change. None of them asks what the study would decide. "
    "A study that decides nothing is not needed now."
)  # fmt: skip


def taken_over(n: int) -> tuple[Trial, Trial]:
    """Plant a rationale that repeats the UR decision, whole or in half; the twin has its own words."""
    words = (
        _UR_WORDS
        if n % 2
        else _UR_WORDS.split(". ", maxsplit=1)[0] + ". The reports were read and nothing new was found in them."
    )
    context = Context(ur_text=f"Rationale: {_UR_WORDS}") if n % 3 else Context(own_letters=(_UR_WORDS,))
    return Trial(base(n, study(n), words), None, context), Trial(base(n, study(n), _OWN_WORDS), None, context)


def earlier(n: int) -> tuple[Trial, Trial]:
    """Plant an earlier determination of the claim that contradicts this one; the twin's is on another body part."""
    draft = base(
        n,
        study(n),
        "There is no evidence of failed physical therapy."
        if n % 2
        else f"The employee has pain of the {site(n).plain}.",
    )
    place = site(n)
    if n % 2:
        before = base(n, f"6 physical therapy sessions for the {place.part}", "Therapy is not needed.")
        other = base(n, "Omeprazole 20mg #60", "There is no risk.")
    else:
        before = base(n, draft.issues[0].heading, "It is needed.", decision=Decision.OVERTURNED)
        other = base(n, f"MRI of the {place.far}", "It is needed.", decision=Decision.OVERTURNED)
    return Trial(draft, None, Context(earlier=(before,))), Trial(draft, None, Context(earlier=(other,)))


_LEFT_IN = (
    "On examination by Dr. , the joint was stiff.", "The exercise kit ( ) was asked for.", "The employee was seen by Dr. Inventor on that day.",
    "Questions go to (555) 555-0100 or the claims desk.", "The claim number: 12345678 is on the form.", "Jane Madeup, M.D., asked for it.", "The device of , was asked for.",
    "The employee lives at 1200 Nowhere Street.", "Born 01/02/1980, the employee works as a cook.", "The employer, Invented Foods Incorporated, was told.",
)  # fmt: skip
_CLEAN_WORDS = (
    "Spurling's test was negative (see the report).", "The exercise kit (a ball and a band) was asked for.", "The treating physician saw the employee on that day.", "The claims desk was asked.",
)  # fmt: skip


def holes(n: int, wordings: Sequence[tuple[str, str]] = ()) -> tuple[Trial, Trial]:
    """Plant a gap or a residue of redaction; the twin has plain words."""
    pair = _LEFT_IN[n % len(_LEFT_IN)], _CLEAN_WORDS[n % len(_CLEAN_WORDS)]
    bad, good = (base(n, study(n), words) for words in (wordings[n % len(wordings)] if wordings else pair))
    return Trial(bad, None, Context(public=True)), Trial(good, None, Context(public=True))


def limits(n: int) -> tuple[Trial, Trial]:
    """Plant visits beyond a limit that the draft does not mention, or a limit that they do not exceed; the twin is right."""
    context = _example()
    heading = "{n} physical therapy sessions for the neck"
    if n % 2:
        told = (
            "The employee has completed 20 physical therapy visits.",
            "The employee has completed 4 physical therapy visits.",
        )
        bad, good = (
            base(
                n,
                heading.format(n=12 if n % 4 == 1 else 8),
                "More gain is likely.",
                decision=Decision.OVERTURNED,
                summary=words,
            )
            for words in told
        )
        return Trial(bad), Trial(good)
    said = "The request exceeds the limit of the guideline."
    bad = base(n, heading.format(n=4), said, summary="The employee has completed 3 physical therapy visits.")
    good = base(n, heading.format(n=4), said, summary="The employee has completed 8 physical therapy visits.")
    return Trial(bad, None, context), Trial(good, None, context)


def contents(n: int) -> tuple[Trial, Trial]:
    """Plant a letter that lacks a required part; the twin has all."""
    sound = base(n, study(n), f"The employee has pain of the {site(n).plain}.")
    issue = sound.issues[0]
    bad = (
        replace(sound, documents=()), replace(sound, licensure=()), replace(sound, summary=" "), replace(sound, issues=(replace(issue, reviewer_basis=""),)),
        replace(sound, issues=(replace(issue, reviewer_basis="The Expert Reviewer did not cite any medical evidence for its decision."),)), replace(sound, issues=(replace(issue, rationale=""),)),
    )[n % 6]  # fmt: skip
    return Trial(bad), Trial(sound)


_HARD = (
    "There is no radiculopathy, myelopathy or foraminal stenosis, and the dermatomal findings are nonfocal.",
    "Percutaneous adhesiolysis and concomitant intra-articular injection are contraindicated.",
    "Arthroscopy with debridement and acromioplasty has an efficacy that is not established.",
    ("While the employee, who was injured at work and has been treated since then with rest and with medicine and with several visits to a number of physicians of more than one specialty, "
    "still has pain that comes and goes, none of the reports that were sent for this review says what the study would change."),
)  # fmt: skip
_PLAIN_WORDS = (
    "There is no sign of a pressed nerve.", "The injection would be harmful here.", "Keyhole surgery has not been shown to help.",
    "The employee still has pain. No report says what the study would change.",
)  # fmt: skip


def hard(n: int) -> tuple[Trial, Trial]:
    """Plant words or sentences that a lay reader will not understand; the twin has plain ones."""
    return Trial(base(n, study(n), _HARD[n % 4])), Trial(base(n, study(n), _PLAIN_WORDS[n % 4]))
