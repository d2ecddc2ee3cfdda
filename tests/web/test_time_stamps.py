"""Anchors are stamped by an authority outside (RFC 3161): whoever writes them again later cannot have the earlier stamp."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from tests.factories import story
from tests.factories.time_stamp_authority import Authority, authority

from imr.errors import Damaged, SetupError, Unavailable
from imr.web import actions
from imr.web.models import AnchorRow, FailureRow
from imr.web.platform import clock, time_stamps
from imr.web.platform.environment import Environment
from imr.web.platform.storage import storage_of
from imr.web.store import anchor_stamps, anchors, log_seals

__all__ = ["authority"]


def problems(authority):
    return list(anchor_stamps.stamp_problems(authority.roots))


@pytest.fixture
def stamped(people, authority):
    """An anchor that is kept outside, with its stamp."""
    story.receive(people)
    log_seals.seal_log()
    anchors.anchor()
    assert anchor_stamps.stamp_last() == 1
    return authority


def test_the_last_anchor_is_stamped_once_and_verifies(stamped):
    assert anchor_stamps.stamp_last() == 0
    assert stamped.asked == 1
    place = storage_of("anchors")
    names = sorted(name for name, _ in place.listed())
    assert names == ["00000/00000001.json", "00000/00000001.tsr"]
    roots = time_stamps.certificates(stamped.roots)
    at = time_stamps.stamped_at(place.read(names[1]), place.read(names[0]), roots)
    assert abs(at - AnchorRow.objects.get().at) < timedelta(minutes=5)
    assert problems(stamped) == []
    said = io.StringIO()
    call_command("verify", "--authority", str(stamped.roots), stdout=said)
    assert said.getvalue().endswith("Nothing is wrong.\n")


def test_a_stamp_that_is_gone_or_of_something_else_is_found(stamped, settings, tmp_path):
    place = Path(settings.STORAGES["anchors"]["OPTIONS"]["location"])
    anchor, stamp = place / "00000/00000001.json", place / "00000/00000001.tsr"
    whole, text = stamp.read_bytes(), anchor.read_bytes()
    anchor.chmod(0o600)
    anchor.write_bytes(text.replace(b"heads", b"haeds"))
    assert [said for said in problems(stamped) if "time stamp of anchor 1: it is not valid" in said]
    anchor.write_bytes(text)
    stamp.chmod(0o600)
    stamp.write_bytes(b"no stamp")
    assert [said for said in problems(stamped) if "time stamp of anchor 1: it is no time stamp" in said]
    stamp.unlink()
    assert problems(stamped) == [
        "the time stamp of anchor 1 is missing outside",
        "the last time stamp is missing: nothing after it is stamped",
    ]
    stamp.write_bytes(whole)
    other = Authority(tmp_path / "other")
    assert [said for said in problems(other) if "it is not valid" in said], "of an authority that nobody vouches for"
    with pytest.raises(CommandError, match="it is not valid"):
        call_command("verify", "--authority", str(other.roots), stdout=io.StringIO())
    with pytest.raises(SetupError, match="no certificates"):
        list(anchor_stamps.stamp_problems(tmp_path / "nothing.pem"))


def test_anchors_that_are_written_again_later_have_late_stamps(stamped):
    """Whoever has the key and the place can sign anchors with any time in them, and not have them stamped at that time."""
    AnchorRow.objects.update(at=clock.now() - timedelta(days=9))
    [said] = problems(stamped)
    assert said.startswith("anchor 1 says that it is of ")
    assert "and the authority stamped it at" in said


def test_late_stamps_are_a_problem(stamped):
    with time_machine.travel(clock.now() + timedelta(hours=4)):
        assert [said for said in problems(stamped) if said.startswith("the last time stamp is of")]


@pytest.mark.parametrize("answer", [b"", b"no stamp", b"\x30\x03\x02\x01\x02"], ids=["empty", "text", "refused"])
def test_an_authority_that_gives_no_stamp_stops_no_anchor(people, authority, answer):
    authority.answers = answer
    log_seals.seal_log()
    actions.run_maintenance()
    assert AnchorRow.objects.get().kept_at is not None
    [failure] = FailureRow.objects.filter(task="time stamps", over_at__isnull=True)
    assert "gives none" in failure.problem
    authority.answers = True
    assert anchor_stamps.stamp_last() == 1


def test_the_stamp_of_something_else_is_refused(authority, settings):
    query = TimestampRequestBuilder().data(b"something else").hash_algorithm(HashAlgorithm.SHA256).build()
    authority.answers = authority.stamp(query.as_bytes())
    with pytest.raises(Unavailable, match="stamped something else"):
        time_stamps.time_stamp(b"an anchor", settings.TIME_STAMPS)


def test_without_an_authority_nothing_is_stamped(people, settings):
    settings.TIME_STAMPS = ""
    anchors.anchor()
    assert anchor_stamps.stamp_last() == 0


def test_the_setting_is_an_address():
    for value, given in (
        ("", ""),
        ("https://tsa.example.org/ts", "https://tsa.example.org/ts"),
        ("file:///etc/passwd", ""),
    ):
        environment = Environment({"IMR_TIME_STAMPS": value})
        assert environment.address("IMR_TIME_STAMPS") == given
        assert bool(environment.problems) is (value != given)


def test_what_is_no_stamp_is_damaged(authority):
    with pytest.raises(Damaged, match="no time stamp"):
        time_stamps.stamped_at(b"", b"", time_stamps.certificates(authority.roots))
