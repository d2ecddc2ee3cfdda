"""Anchors are stamped by an authority outside (RFC 3161): whoever writes them again later cannot have the earlier stamp."""

import io
from dataclasses import replace
from datetime import timedelta
from http.client import BadStatusLine
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from tests.factories import story
from tests.factories.time_stamp_authority import Authority, authority

from imr.case.context import CALIFORNIA
from imr.errors import Damaged, SetupError, Unavailable
from imr.plain import canonical, to_plain
from imr.web import actions
from imr.web.models import AnchorRow, FailureRow
from imr.web.platform import clock, signing_key, time_stamps
from imr.web.platform.environment import Environment
from imr.web.platform.storage import storage_of
from imr.web.store import anchor_stamps, anchors, log_seals

__all__ = ["authority"]


def problems(authority):
    return list(anchor_stamps.verify_stamps(authority.roots).problems)


@pytest.fixture
def stamped(people, authority):
    """An anchor that is kept outside, with its stamp."""
    story.receive(people)
    log_seals.seal_log()
    anchors.anchor()
    assert anchor_stamps.stamp_last() == 1
    return authority


def write_again(at):
    """Sign the only anchor again with another time in it, outside and in the database, as whoever has its key can."""
    place = Path(settings.STORAGES["anchors"]["OPTIONS"]["location"])
    (place / "00000/00000001.tsr").unlink()
    row, key = AnchorRow.objects.get(), signing_key.load()
    made = replace(anchors.parsed(row.text), at=at.astimezone(CALIFORNIA))
    signature = key.sign(canonical(to_plain(made)).encode()).hex()
    text = canonical({"anchor": to_plain(made), "signature": signature}) + "\n"
    file = place / "00000/00000001.json"
    file.chmod(0o600)
    file.write_text(text)
    AnchorRow.objects.update(text=text, digest=made.digest)


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
    assert "The anchors are stamped since " in said.getvalue()
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
    for name in ("00000/x.tsr", "00000/00000009.tsr"):
        (place / name).write_bytes(whole)
        assert f"the time stamp {name} belongs to no anchor" in problems(stamped)
        (place / name).unlink()
    stamp.write_bytes(whole)
    other = Authority(tmp_path / "other")
    assert [said for said in problems(other) if "it is not valid" in said], "of an authority that nobody vouches for"
    with pytest.raises(CommandError, match="it is not valid"):
        call_command("verify", "--authority", str(other.roots), stdout=io.StringIO())
    with pytest.raises(SetupError, match="no certificates"):
        anchor_stamps.verify_stamps(tmp_path / "nothing.pem")


def test_anchors_that_are_written_again_later_have_late_stamps(stamped):
    """Whoever has the key and the place can sign anchors with any time in them, and not have them stamped at that time."""
    old = clock.now() - timedelta(days=9)
    write_again(old)
    AnchorRow.objects.update(at=old, stamped_at=None)
    assert anchor_stamps.stamp_last() == 1
    [said] = problems(stamped)
    assert said.startswith("the anchors 1-1, of ")
    assert "were not stamped near those times" in said
    assert anchor_stamps.verify_stamps(stamped.roots, ["1-1"]).problems == ()


def test_anchors_that_are_written_again_with_no_stamp_of_their_own_are_found(stamped):
    """The stamp of a later anchor covers them, and not in time. What the database says of them changes nothing."""
    old = clock.now() - timedelta(days=9)
    write_again(old)
    AnchorRow.objects.update(at=old, stamped_at=None)
    anchors.anchor()
    assert anchor_stamps.stamp_last() == 1
    [said] = problems(stamped)
    assert said.startswith("the anchors 1-1, of ")
    with pytest.raises(CommandError, match="Where you know why, name them with --unstamped 1-1"):
        call_command("verify", "--authority", str(stamped.roots), stdout=io.StringIO())
    call_command("verify", "--authority", str(stamped.roots), "--unstamped", "1-1", stdout=io.StringIO())


def test_an_anchor_that_says_a_later_time_than_its_stamp_is_found(stamped):
    write_again(clock.now() + timedelta(hours=1))
    AnchorRow.objects.update(stamped_at=None)
    assert anchor_stamps.stamp_last() == 1
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


def test_a_stamp_that_was_granted_with_changes_is_refused(authority):
    query = TimestampRequestBuilder().data(b"an anchor").hash_algorithm(HashAlgorithm.SHA256).build()
    whole = authority.stamp(query.as_bytes())
    granted, with_changes = b"\x30\x03\x02\x01\x00", b"\x30\x03\x02\x01\x01"
    assert granted in whole[:16], "the status of the answer"
    changed = whole.replace(granted, with_changes, 1)
    with pytest.raises(Damaged, match="refused it"):
        time_stamps.stamped_at(changed, b"an anchor", time_stamps.certificates(authority.roots))


def test_an_answer_that_is_not_of_http_is_no_stamp(authority, monkeypatch):
    def broken(*_, **__):
        raise BadStatusLine("x")

    monkeypatch.setattr(time_stamps._ASK, "open", broken)
    with pytest.raises(Unavailable, match="gives none"):
        time_stamps.time_stamp(b"an anchor", "http://127.0.0.1:1/")


def test_what_is_no_stamp_is_damaged(authority):
    with pytest.raises(Damaged, match="no time stamp"):
        time_stamps.stamped_at(b"", b"", time_stamps.certificates(authority.roots))
