"""What happens on a whole day: which step each case takes in which order, by whom, and where two meet on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.factories.live_site import cast
from tests.factories.live_site.sending import Case


@dataclass(frozen=True)
class Do:
    """Somebody takes a step. `employee` and `reviewer` are those of the case."""

    who: str
    step: str


@dataclass(frozen=True)
class Meet:
    """Several steps are sent at the same moment; `least` to `most` of them are taken, and the others are told why not.

    `then` is what follows where the history has got that kind of event, `otherwise` where it has not. `cases` is how
    many cases come together for it.
    """

    name: str
    sent: tuple[Do, ...]
    least: int = 1
    most: int = 1
    then: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    otherwise: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    same: bool = False
    cases: int = 1

    @property
    def who(self) -> str:
        """At whose desk it begins."""
        return self.sent[0].who


@dataclass(frozen=True)
class Change:
    """Another reviewer is asked from here on."""

    who: str = "coordinator"


APPLY = Do("employee", "receive-application")
ON_PAPER = Do("intake", "receive-application")
ELIGIBLE = Do("intake", "decide-eligibility")
NOTICE = Do("coordinator", "assign-organization")
RECORDS = Do("adjuster", "receive-records")
CLOSE = Do("coordinator", "complete-records")
CHOOSE = Do("coordinator", "assign-reviewer")
ATTEST = Do("reviewer", "attest-independence")
DRAFT = Do("reviewer", "save-draft")
SUBMIT = Do("reviewer", "submit-draft")
PASS = Do("quality", "pass-draft")
RETURN = Do("quality", "return-draft")
SIGN = Do("reviewer", "sign-determination")
ISSUE = Do("coordinator", "issue-determination")
SERVE = Do("coordinator", "record-service")
PUBLISH = Do("division", "publish-determination")
IMPLEMENT = Do("adjuster", "report-implementation")
UNPUBLISH = Do("division", "withdraw-publication")

MAIN = (ELIGIBLE, NOTICE, RECORDS, CLOSE, CHOOSE, ATTEST, DRAFT, SUBMIT, PASS, SIGN, ISSUE, PUBLISH)


def instead(moves: tuple[object, ...], **changed: object) -> tuple[object, ...]:
    """A path with other moves in the place of some, by the name of the constant above."""
    found = {id(globals()[name]): new for name, new in changed.items()}
    return tuple(
        one for move in moves for one in (found[id(move)] if isinstance(found.get(id(move)), tuple) else (found.get(id(move), move),))
    )  # fmt: skip


def twice(name: str, move: Do, **more: object) -> Meet:
    """The same step by a double click, or in two tabs of one person."""
    return Meet(name, (move, move), **more)


_AGAIN = (DRAFT, SUBMIT, PASS)

#: The paths of the day: each begins with an application. The first are those of a short day too.
PATHS: tuple[tuple[object, ...], ...] = (
    (
        APPLY,
        *instead(
            MAIN,
            ELIGIBLE=Meet("eligibility decided at two desks", (ELIGIBLE, Do("division", "decide-eligibility"))),
            PUBLISH=(SERVE, PUBLISH),
        ),
    ),
    (ON_PAPER, *instead(MAIN, CHOOSE=Meet("assignments in two cases", (CHOOSE,), cases=2), DRAFT=twice("one draft in two tabs", DRAFT))),
    (ON_PAPER, *instead(MAIN, CHOOSE=Meet("assignments in two cases", (CHOOSE,), cases=2), SIGN=twice("a signature by a double click", SIGN))),
    (twice("the same application twice", ON_PAPER, same=True), *instead(MAIN, CHOOSE=twice("one case assigned twice", CHOOSE))),
    (twice("an application by a double click", APPLY, same=True), *instead(MAIN, SUBMIT=twice("a draft submitted by a double click", SUBMIT))),
    (
        ON_PAPER,
        *instead(
            MAIN,
            SIGN=Meet(
                "a late record at the signature",
                (SIGN, RECORDS),
                most=2,
                otherwise={"determination-signed": (SIGN,)},
            ),
            PASS=Meet("a draft passed and returned", (PASS, RETURN), then={"draft-returned": _AGAIN}),
        ),
    ),
    (ON_PAPER, *instead(MAIN, NOTICE=twice("a notice by a double click", NOTICE), DRAFT=(DRAFT, DRAFT), PASS=(RETURN, DRAFT, SUBMIT, PASS))),
    (APPLY, Do("intake", "ask-information"), Do("physician", "answer-information"), *instead(MAIN, PUBLISH=(IMPLEMENT, PUBLISH, UNPUBLISH, PUBLISH))),
    (ON_PAPER, *instead(MAIN, RECORDS=twice("one record sent twice", RECORDS, same=True), ISSUE=twice("issued by a double click", ISSUE))),
    (
        APPLY,
        *instead(
            MAIN,
            ATTEST=(
                Meet("declined and released at once", (Do("reviewer", "decline-review"), Do("coordinator", "release-reviewer"))),
                Change(), CHOOSE, ATTEST,
            ),
            PUBLISH=Meet("published at two desks", (PUBLISH, Do("coordinator", "publish-determination"))),
        ),
    ),
    (
        ON_PAPER,
        *instead(
            MAIN,
            DRAFT=(
                Do("reviewer", "ask-records"), Do("adjuster", "receive-records"), Do("coordinator", "correct-document"),
                Do("coordinator", "withhold-record"), Do("coordinator", "mark-consent-exclusion"),
                Do("employee", "withdraw-consent"), DRAFT,
            ),
            SUBMIT=(Do("division", "extend-time"), SUBMIT),
        ),
    ),
    (
        APPLY, ELIGIBLE,
        Meet(
            "withdrawn while the notice is sent", (Do("employee", "withdraw-application"), NOTICE), most=2,
            otherwise={"application-withdrawn": (Do("employee", "withdraw-application"),)},
        ),
    ),
    (
        ON_PAPER, ELIGIBLE, NOTICE, RECORDS,
        Do("adjuster", "report-ending"), Do("adjuster", "withdraw-ending-report"),
        Do("adjuster", "report-ending"), Do("employee", "answer-ending"), Do("coordinator", "terminate-review"),
        Do("coordinator", "reopen-review"),
        Do("adjuster", "report-ending"), Do("employee", "answer-ending"), Do("intake", "terminate-review"),
    ),
    (
        ON_PAPER,
        *instead(
            MAIN,
            CLOSE=(Do("coordinator", "convert-to-expedited"), CLOSE),
            PUBLISH=(
                PUBLISH,
                Meet("one appeal at two desks", (Do("division", "receive-appeal"), Do("intake", "receive-appeal"))),
                Do("division", "affirm-determination"),
            ),
        ),
    ),
    (
        APPLY,
        *MAIN, Do("division", "receive-appeal"), Do("division", "reverse-determination"), Do("division", "withdraw-reversed-publication"), Do("division", "open-remand"),
        Change(), *MAIN[1:],
    ),
)  # fmt: skip


def cases(count: int) -> list[Case]:
    """The cases of a day: each path in turn, and each script in turn, so that all paths meet all scripts."""
    scripts = list(cast.EMPLOYEES)
    return [
        Case(
            serial=serial,
            script=scripts[(serial + serial // len(PATHS)) % len(scripts)],
            moves=list(PATHS[serial % len(PATHS)]),
        )
        for serial in range(count)
    ]
