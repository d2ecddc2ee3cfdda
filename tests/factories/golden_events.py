"""One stored example of every kind of event ever released, in tests/golden/events.

`make goldens` stores an example of each kind that has none. It never changes one that is stored: kinds are added, never
renamed, and what was once recorded can always be read and proved.
"""

import json
from pathlib import Path

from tests.factories.world import FORM, World

from imr.case.chain import Recorded, to_record
from imr.case.events import KINDS, RETIRED
from imr.case.state import Stage

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "events"


def examples() -> dict[str, Recorded]:
    """An example of every kind that a step still gives, from stories that the steps allow."""
    found: dict[str, Recorded] = {}

    def told(world: World) -> World:
        for item in world.chain:
            found.setdefault(item.event.kind, item)
        return world

    main = World().through("receive-application", "ask-information", "answer-information").until(Stage.ASSIGNED)
    main.wait(14).do("note-records-overdue")
    main.do("correct-document")
    main.wait(1).until(Stage.RECORDS_COMPLETE).do("bind-case-file")
    main.do("withhold-record")
    main.do("mark-consent-exclusion")
    main.do("withdraw-consent")
    main.do("settle-identity")
    main.until(Stage.REVIEWER_ASSIGNED).through("decline-review", "assign-reviewer", "release-reviewer")
    main.until(Stage.UNDER_REVIEW).through("ask-records", "convert-to-expedited", "extend-time")
    main.through("submit-draft", "return-draft").until(Stage.PUBLISHED)
    main.through("report-implementation", "receive-appeal", "affirm-determination")
    told(main)
    turned = World().until(Stage.PUBLISHED).through("receive-appeal", "reverse-determination")
    turned.do("withdraw-reversed-publication")
    told(World(number="CM15-0030000", earlier=turned.case, at=turned.at).through("open-remand"))
    turned.do("note-remand")
    told(turned)
    unsigned = World(form=FORM)
    unsigned.do("receive-application")
    unsigned.do("decide-eligibility", on_necessity=False)
    told(unsigned)
    told(World().until(Stage.ASSIGNED).through("withdraw-application"))
    ended = World().until(Stage.ASSIGNED).through("report-ending", "withdraw-ending-report")
    told(ended.through("report-ending", "answer-ending", "terminate-review", "reopen-review"))
    assert set(found) == set(KINDS) - {event.kind for event in RETIRED}
    return found


def store() -> None:
    """Store an example of each kind that has none."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind, item in examples().items():
        path = FOLDER / f"{kind}.json"
        if not path.exists():
            path.write_text(json.dumps(to_record(item), indent=1, sort_keys=True) + "\n", encoding="utf-8")
