"""Invented reviewers and cases for the tests of the panel, plain and by Hypothesis."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from imr.law.reviewers import (
    Affiliation,
    AffiliationKind,
    BoardCertification,
    Degree,
    Discipline,
    Licence,
    LicenceStatus,
    Matter,
    Party,
    Practice,
    Reviewer,
    Verified,
)
from imr.law.terms import PartyKind
from imr.panel import Absence, Experience, PanelMember, PastAssignment, ReviewFee, ReviewRequest

ON = date(2015, 2, 27)
LONG_AGO = date(1999, 7, 1)
VERIFIED = Verified(source="board of the state", on=date(2014, 6, 1))


def reviewer(who: str = "R1", specialty: str = "Pain Management", **changes) -> Reviewer:
    """A reviewer whom the law clears on ON for cases that ask for the specialty."""
    licence = Licence(
        state="California",
        number="A1",
        degree=Degree.MD,
        status=LicenceStatus.CURRENT,
        since=LONG_AGO,
        until=date(2016, 1, 31),
        verified=VERIFIED,
    )
    facts = {
        "id": who,
        "name": f"Quill {who}",
        "licences": (licence,),
        "boards": (BoardCertification(board="a board", specialty=specialty, since=LONG_AGO, verified=VERIFIED),),
        "practice": (Practice(since=LONG_AGO, hours_a_week=30.0, verified=VERIFIED),),
        "discipline": (),
        "is_qme": False,
        "specialties": (specialty,),
        "trained_on": date(2013, 1, 1),
    }
    return Reviewer(**{**facts, **changes})


def member(who: str = "R1", specialty: str = "Pain Management", *, capacity: int = 2, **changes) -> PanelMember:
    ours = {name: changes.pop(name) for name in ("experience", "absences", "fees", "days_a_review") if name in changes}
    return PanelMember(reviewer=reviewer(who, specialty, **changes), capacity=capacity, **ours)


def request(
    number: str = "C1", *, specialties: tuple[str, ...] = (), parties: tuple[Party, ...] = (), **changes
) -> ReviewRequest:
    matter = Matter(specialties=specialties, parties=parties, **changes.pop("matter", {}))
    return ReviewRequest(number=number, matter=matter, **changes)


def tied(member: PanelMember, name: str) -> PanelMember:
    """The same, employed by somebody."""
    tie = Affiliation(name=name, kind=AffiliationKind.PROFESSIONAL, relation="employment", since=LONG_AGO)
    return replace(member, reviewer=replace(member.reviewer, affiliations=(*member.reviewer.affiliations, tie)))


# By Hypothesis. Few words, so that names meet.
WORDS = ("Acme", "Beta", "Care", "Jane", "John", "Doe", "Roe", "J", "K", "Inc", "M.D.", "Group", "of", "7")
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).flatmap(
    lambda words: st.sampled_from(
        (" ".join(words), f"{words[-1]}, {' '.join(words[:-1])}".strip(), " ".join(words).upper())
    )
)
SPECIALTIES = (
    "Pain Management",
    "Neurology",
    "PM&R",
    "Physical Medicine and Rehabilitation",
    "Psychiatry",
    "Unheard Of",
)
days = st.dates(date(2009, 1, 1), date(2018, 1, 1))
verifications = st.none() | st.builds(Verified, source=st.just("register"), on=days)
affiliations = st.builds(
    Affiliation,
    name=names,
    kind=st.sampled_from(AffiliationKind),
    relation=st.sampled_from(("employment", "spouse", "cousin", "consulting", "staff privileges", "stock", "inventor")),
    income_share=st.none() | st.sampled_from((0.0, 0.05, 0.06, 0.5)),
    since=days,
    until=st.none() | days,
)
boards = st.builds(
    BoardCertification,
    board=st.just("a board"),
    specialty=st.sampled_from(SPECIALTIES),
    subspecialty=st.sampled_from(("", *SPECIALTIES)),
    since=days,
    until=st.none() | days,
    verified=verifications,
)
licences = st.builds(
    Licence,
    state=st.sampled_from(("California", "Texas")),
    number=st.just("A1"),
    degree=st.sampled_from((Degree.MD, Degree.DC)),
    status=st.sampled_from(LicenceStatus),
    since=days,
    until=days,
    verified=verifications,
)
practices = st.builds(
    Practice,
    since=days,
    until=st.none() | days,
    hours_a_week=st.sampled_from((10.0, 24.0, 40.5)),
    setting=st.sampled_from(("", "clinic")),
    verified=verifications,
)
disciplines = st.builds(Discipline, on=days, body=st.just("board"), action=st.just("reprimand"), pending=st.booleans())


def some(strategy, most=2):
    return st.lists(strategy, max_size=most).map(tuple)


def reviewers(who: str):
    """Reviewers of every sort, most of them qualified."""
    loose = st.builds(
        Reviewer,
        id=st.just(who),
        name=names,
        licences=some(licences),
        boards=some(boards),
        practice=some(practices),
        discipline=st.none() | some(disciplines, 1),
        is_qme=st.none() | st.booleans(),
        specialties=some(st.sampled_from(SPECIALTIES)),
        affiliations=some(affiliations),
        languages=some(st.sampled_from(("English", "Spanish", "Tagalog"))),
        trained_on=st.none() | days,
    )
    sound = st.builds(
        lambda specialty, name, ties, boards: reviewer(
            who, specialty, name=name, affiliations=ties, boards=(*reviewer(who, specialty).boards, *boards)
        ),
        st.sampled_from(SPECIALTIES),
        names,
        some(affiliations),
        some(boards, 1),
    )
    return sound | sound | loose


def members(who: str):
    return st.builds(
        PanelMember,
        reviewer=reviewers(who),
        capacity=st.integers(0, 3),
        days_a_review=st.integers(1, 9),
        experience=some(
            st.builds(Experience, category=st.sampled_from(("Injection: Injection", "")), count=st.integers(0, 12))
            | st.builds(Experience, body_part=st.sampled_from(("neck", "knee")), count=st.integers(0, 12))
        ),
        absences=some(st.builds(Absence, first=days, last=days), 1),
        fees=some(
            st.builds(ReviewFee, since=days, standard=st.integers(0, 50_000), expedited=st.integers(0, 50_000)), 1
        ),
    )


def panels(least: int = 0, most: int = 4):
    return st.integers(least, most).flatmap(lambda n: st.tuples(*(members(f"R{i}") for i in range(n))))


parties = st.builds(Party, kind=st.sampled_from(PartyKind), name=names, aliases=some(names, 1))
matters = st.builds(
    Matter,
    parties=some(parties, 3),
    specialties=some(st.sampled_from(SPECIALTIES)),
    treatments=some(names, 1),
    earlier_reviewers=some(st.sampled_from(("R0", "R1")), 1),
    organization=st.just(()) | some(affiliations, 1),
)


def requests(number: str, *, groups: bool = False):
    return st.builds(
        lambda together, reviewers, **facts: ReviewRequest(
            together=together, reviewers=1 if together else reviewers, **facts
        ),
        number=st.just(number),
        matter=matters,
        treatments=some(st.sampled_from(("Injection: Injection", "Surgery: Spine", "Unheard Of"))),
        body_parts=some(st.sampled_from(("neck", "knee"))),
        physician_specialty=st.sampled_from(("", "Neurology", "Unheard Of")),
        language=st.sampled_from(("English", "Spanish")),
        due=st.none() | st.dates(ON, ON + timedelta(days=20)),
        reviewers=st.integers(1, 2),
        director_approved_on=st.just(ON),
        together=st.sampled_from(("", "one", "two")) if groups else st.just(""),
    )


def batches(most: int = 4, **kinds):
    return st.integers(0, most).flatmap(lambda n: st.tuples(*(requests(f"C{i}", **kinds) for i in range(n))))


pasts = some(
    st.builds(
        PastAssignment,
        case=st.just("old"),
        reviewer=st.sampled_from(("R0", "R1", "R2")),
        on=st.dates(ON - timedelta(days=120), ON),
        administrators=some(names, 1),
        physicians=some(names, 1),
        is_open=st.booleans(),
    ),
    6,
)
