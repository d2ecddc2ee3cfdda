"""Qualifications of a reviewer: licensed, certified, undisciplined, no QME, in practice, of a fitting specialty (LC 139.5(d)(4)).

A fact that nobody has looked up is refused, not assumed.
"""

from collections.abc import Iterator
from datetime import date

from imr.law.days import months_after
from imr.law.names import specialty
from imr.law.roster import BoardCertification, Degree, Licence, LicenceStatus, Matter, Reviewer, Verified
from imr.law.rule import IMR_BEGAN, Citation, Finding, Known, Rule, Subject, labor_code, practice, spell

_LETTERS = practice(
    "criteria of the program", Known.SECONDARY, "stated in letters, by no section of LC 139.5; a setting"
)
_CREDENTIALING = practice("accreditation practice", Known.MEMORY, "a setting; LC 139.5(d)(3) asks for credentialing")
_QUALIFIED = labor_code("139.5(d)(4)")


def _rule(name: str, title: str, asks: str, *under: Citation, since: date = IMR_BEGAN) -> Rule:
    return Rule(id=name, title=title, subject=Subject.REVIEWERS, asks=asks, under=under, since=since)


LICENCE = _rule(
    "rev-licence",
    "A license without restriction",
    "The reviewer holds a license of a state of the United States that is in force and not restricted, as a physician within "
    "LC 3209.3.",
    _QUALIFIED,
)
GOOD_STANDING = _rule(
    "rev-good-standing",
    "Good standing",
    "No license of the reviewer is restricted, suspended or surrendered.",
    _QUALIFIED,
)
BOARD = _rule(
    "rev-board",
    "Board certification",
    "An M.D. or D.O. is currently certified by a board in a specialty that fits the condition or the treatment.",
    _QUALIFIED,
)
DISCIPLINE = _rule(
    "rev-discipline",
    "No discipline",
    "The reviewer has no history of discipline or sanctions, taken or pending, the loss of staff privileges included.",
    _QUALIFIED,
)
NOT_QME = _rule(
    "rev-not-qme",
    "Not a Qualified Medical Evaluator",
    "From January 1, 2014 a reviewer is not a Qualified Medical Evaluator.",
    labor_code("139.5(d)(4)"),
    since=date(2014, 1, 1),
)
PRACTICE_YEARS = _rule(
    "rev-practice-years",
    "Years of active practice",
    "The reviewer has been in active clinical practice for more than five years (a setting of the program).",
    _LETTERS,
)
PRACTICE_HOURS = _rule(
    "rev-practice-hours",
    "Hours of active practice",
    "The reviewer works at least 24 hours a week in active clinical practice (a setting of the program).",
    _LETTERS,
)
SPECIALTY = _rule(
    "rev-specialty",
    "Same or similar specialty",
    "The reviewer is a clinician who knows the condition and the treatment, in the same or a similar specialty.",
    _QUALIFIED,
)
VERIFIED = _rule(
    "rev-verified",
    "Credentials looked up",
    "License and certification were looked up at their source: before they expire, and at least every three years.",
    _CREDENTIALING,
)
TRAINED = _rule(
    "rev-trained",
    "Trained",
    "The reviewer was trained for these reviews before taking one.",
    _CREDENTIALING,
)
CALIFORNIA = _rule(
    "rev-california",
    "Preference for California",
    "The review organization prefers reviewers who are licensed in California. It is a preference, not a bar.",
    labor_code("139.5(d)(4)(B)"),
)
_PHYSICIANS = (Degree.MD, Degree.DO)
_OTHER_PHYSICIANS = labor_code("3209.3", Known.MEMORY, "that this profession is a physician was not seen in text")


def qualifications(reviewer: Reviewer, matter: Matter, on: date) -> tuple[Finding, ...]:
    """Give a finding for every qualification on a day, whether it holds or not."""
    return (
        _licence(reviewer, on),
        _good_standing(reviewer),
        _board(reviewer, matter, on),
        _discipline(reviewer),
        _not_qme(reviewer, on),
        *_practice(reviewer, matter, on),
        _specialty(reviewer, matter, on),
        _verified(reviewer, matter, on),
        _trained(reviewer, on),
    )


def current_licences(reviewer: Reviewer, on: date) -> tuple[Licence, ...]:
    """Give the licenses that are in force on a day and not restricted."""
    return tuple(
        licence
        for licence in reviewer.licences
        if licence.status is LicenceStatus.CURRENT and licence.since <= on <= licence.until
    )


def current_boards(reviewer: Reviewer, on: date) -> tuple[BoardCertification, ...]:
    """Give the certifications that are in force on a day."""
    return tuple(b for b in reviewer.boards if b.since <= on and (b.until is None or on <= b.until))


def _licence(reviewer: Reviewer, on: date) -> Finding:
    licences = current_licences(reviewer, on)
    if not licences:
        return LICENCE.finds(False, "no license without restriction is in force on {day}", day=spell(on))
    best = min(licences, key=lambda licence: licence.degree not in _PHYSICIANS)
    under = LICENCE.under if best.degree in _PHYSICIANS else (*LICENCE.under, _OTHER_PHYSICIANS)
    because = "licensed in {state} as {degree} until {until}"
    return LICENCE.finds(True, because, under, state=best.state, degree=best.degree.value, until=spell(best.until))


def _good_standing(reviewer: Reviewer) -> Finding:
    bad = (LicenceStatus.RESTRICTED, LicenceStatus.SUSPENDED, LicenceStatus.SURRENDERED)
    for licence in reviewer.licences:
        if licence.status in bad:
            because = "the license of {state} is {status}"
            return GOOD_STANDING.finds(False, because, state=licence.state, status=licence.status.value)
    return GOOD_STANDING.finds(True, "no license is restricted, suspended or surrendered")


def _asked(matter: Matter) -> frozenset[str]:
    return frozenset(specialty(s) for s in matter.specialties)


def _fits(board: BoardCertification, asked: frozenset[str]) -> bool:
    return not asked or specialty(board.specialty) in asked or specialty(board.subspecialty) in asked


def _board(reviewer: Reviewer, matter: Matter, on: date) -> Finding:
    degrees = {licence.degree for licence in current_licences(reviewer, on)}
    if degrees and not degrees & set(_PHYSICIANS):
        return BOARD.finds(True, "board certification is asked of an M.D. or D.O. only")
    boards = current_boards(reviewer, on)
    for board in boards:
        if _fits(board, _asked(matter)):
            return BOARD.finds(
                True, "certified in {specialty} by {board}", specialty=board.specialty, board=board.board
            )
    if not boards:
        return BOARD.finds(False, "no board certification is in force on {day}", day=spell(on))
    because = "certified in {has}, which is none of {asked}"
    return BOARD.finds(False, because, has=", ".join(b.specialty for b in boards), asked=", ".join(matter.specialties))


def _discipline(reviewer: Reviewer) -> Finding:
    if reviewer.discipline is None:
        return DISCIPLINE.finds(False, "nobody has looked up yet whether there is discipline: look it up first")
    for action in reviewer.discipline:
        state = "pending" if action.pending else "taken"
        because = "discipline {state} of {day} by {body}: {action}"
        return DISCIPLINE.finds(
            False, because, state=state, day=spell(action.on), body=action.body, action=action.action
        )
    return DISCIPLINE.finds(True, "looked up, and there is no discipline, taken or pending")


def _not_qme(reviewer: Reviewer, on: date) -> Finding:
    if not NOT_QME.governs(on):
        return NOT_QME.finds(True, "before January 1, 2014 a Qualified Medical Evaluator may review")
    if reviewer.is_qme is None:
        return NOT_QME.finds(False, "nobody has looked up yet whether the reviewer is a QME: look it up first")
    return NOT_QME.finds(not reviewer.is_qme, "is a QME" if reviewer.is_qme else "is not a QME")


def _years_of_practice(reviewer: Reviewer, on: date) -> float:
    """Years in practice up to a day; overlapping periods are counted once."""
    stretches = sorted((p.since, min(p.until or on, on)) for p in reviewer.practice if p.since <= on)
    days, reached = 0, date.min
    for since, until in stretches:
        if until > (begins := max(since, reached)):
            days += (until - begins).days
            reached = until
    return days / 365.2425


def _practice(reviewer: Reviewer, matter: Matter, on: date) -> Iterator[Finding]:
    years, asked = _years_of_practice(reviewer, on), matter.criteria.years_of_practice
    because = "{years:.1f} years of active practice; more than {asked:g} are required"
    yield PRACTICE_YEARS.finds(years > asked, because, years=years, asked=asked)
    now = [p for p in reviewer.practice if p.since <= on and (p.until is None or on <= p.until)]
    hours, asked = sum(p.hours_a_week for p in now), matter.criteria.hours_a_week
    because = "{hours:g} hours a week in active practice; at least {asked:g} are required"
    yield PRACTICE_HOURS.finds(hours >= asked, because, hours=hours, asked=asked)


def _specialty(reviewer: Reviewer, matter: Matter, on: date) -> Finding:
    asked = _asked(matter)
    if not asked:
        return SPECIALTY.finds(True, "no specialty is asked for")
    has = [*reviewer.specialties]
    for board in current_boards(reviewer, on):
        has += [board.specialty, board.subspecialty]
    for name in has:
        if specialty(name) in asked:
            return SPECIALTY.finds(True, "of the specialty {specialty}", specialty=name)
    because = "of none of the specialties asked for: {asked}"
    return SPECIALTY.finds(False, because, asked=", ".join(matter.specialties))


def _stale(what: str, verified: Verified | None, years: int, on: date) -> str:
    if verified is None or verified.on > on:
        return f"{what} was not looked up yet"
    if on > months_after(verified.on, 12 * years):
        return f"{what} was last looked up on {spell(verified.on)}, more than {years} years ago"
    return ""


def _verified(reviewer: Reviewer, matter: Matter, on: date) -> Finding:
    years = matter.criteria.verification_years
    licences = [
        _stale(f"the license of {lic.state}", lic.verified, years, on) for lic in current_licences(reviewer, on)
    ]
    boards = [
        _stale(f"the certification in {b.specialty}", b.verified, years, on)
        for b in current_boards(reviewer, on)
        if _fits(b, _asked(matter))
    ]
    # One verified license and one verified certification are enough: the review rests on these.
    wrong = [stale[0] for stale in (licences, boards) if stale and all(stale)]
    if not licences:
        wrong.append("no license is in force")
    because = "{wrong}: look it up" if wrong else "looked up within {years} years, and not expired"
    return VERIFIED.finds(not wrong, because, wrong="; ".join(wrong), years=years)


def _trained(reviewer: Reviewer, on: date) -> Finding:
    if reviewer.trained_on is None or reviewer.trained_on > on:
        return TRAINED.finds(False, "not trained by {day}", day=spell(on))
    return TRAINED.finds(True, "trained on {day}", day=spell(reviewer.trained_on))


def california_preferred(reviewer: Reviewer, on: date) -> Finding:
    """Say whether the reviewer is licensed in California, which the review organization prefers; not a bar."""
    here = any(lic.state.strip().casefold() in ("ca", "california") for lic in current_licences(reviewer, on))
    return CALIFORNIA.finds(here, "licensed in California" if here else "licensed elsewhere only: others are preferred")
