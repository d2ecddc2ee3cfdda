"""`imr verify`: proves a chain as exported, and says where one is broken."""

import pytest
from click.testing import CliRunner
from tests.factories.world import World

from imr.case.chain import public_view, to_lines
from imr.case.state import Stage
from imr.cli import imr
from imr.errors import Damaged, Unreadable


@pytest.fixture(scope="module")
def world() -> World:
    return World().until(Stage.ISSUED)


def run(*arguments: str):
    return CliRunner().invoke(imr, ["verify", *arguments])


def test_a_chain_is_proved_inside_and_outside(world, tmp_path):
    file = tmp_path / "events.jsonl"
    file.write_text(to_lines(world.chain), encoding="utf-8")
    told = run(str(file))
    assert told.exit_code == 0
    assert f"{world.number}: {len(world.chain)} events, the chain is complete; issued." in told.output
    assert world.chain[-1].digest in told.output
    assert "sealed" not in told.output
    file.write_text(to_lines(map(public_view, world.chain)), encoding="utf-8")
    told = run(str(file), "--head", world.chain[-1].digest)
    assert told.exit_code == 0
    assert f"{len(world.chain) + 3} values are sealed" in told.output


def test_a_changed_chain_says_where(world, tmp_path):
    file = tmp_path / "events.jsonl"
    file.write_text(to_lines(world.chain).replace("coordinator", "quality", 1), encoding="utf-8")
    assert isinstance(run(str(file)).exception, Damaged)
    file.write_text(to_lines(world.chain[:-1]), encoding="utf-8")
    assert run(str(file)).exit_code == 0
    assert isinstance(run(str(file), "--head", world.chain[-1].digest).exception, Damaged)


@pytest.mark.parametrize(("data", "message"), [(b"", "contains no event"), (b"\xff\xfe", "not text in UTF-8")])
def test_what_is_no_export_is_said(tmp_path, data, message):
    file = tmp_path / "events.jsonl"
    file.write_bytes(data)
    told = run(str(file))
    assert isinstance(told.exception, Unreadable)
    assert message in str(told.exception)
