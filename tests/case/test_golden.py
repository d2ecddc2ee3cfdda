"""Every kind of event ever released can still be read, proved and replayed."""

import json
from dataclasses import replace

import pytest
from tests.factories.golden_events import FOLDER, examples

from imr.case.chain import from_record, public_view, replay, to_record
from imr.case.digests import digest
from imr.case.events import KINDS

STORED = sorted(path.stem for path in FOLDER.glob("*.json"))


def test_every_kind_has_its_stored_example():
    assert set(KINDS) == set(STORED), "store the new kinds: make goldens"


@pytest.mark.parametrize("kind", STORED)
def test_a_stored_event_is_read_proved_and_replayed(kind):
    stored = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    item = from_record(stored)
    assert item.event.kind == kind
    assert to_record(item) == stored
    seen = {name: value for name, value in to_record(public_view(item)).items() if name != "digest"}
    assert digest(seen) == item.digest
    assert replay([item]).events == item.number
    assert from_record(to_record(public_view(item))) == public_view(item)


def test_the_steps_still_give_every_kind():
    for kind, item in examples().items():
        assert replace(item, key="").event.kind == kind
