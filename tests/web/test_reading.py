"""A site says what its sandbox lacks when it starts, and does not start where a file could do harm."""

from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.checks.registry import registry
from django.core.management import CommandError, call_command

from imr.records import sandbox
from imr.records.confinement import Confinement, Demand, Layer
from imr.web.platform import reading
from imr.web.platform.environment import Environment


def lack(monkeypatch, *layers: Layer) -> None:
    monkeypatch.setattr(reading, "confinement", lambda: Confinement(frozenset(Layer) - set(layers)))


def test_a_whole_sandbox_gives_no_word(monkeypatch, settings):
    lack(monkeypatch)
    settings.SANDBOX = "every-layer"
    reading.require_safe()
    assert reading.lacking() == ""
    assert reading.check() == []


def test_a_layer_that_is_doubled_is_named_and_refused_only_on_demand(monkeypatch, settings):
    lack(monkeypatch, Layer.PROCESSES)
    settings.SANDBOX = "closed"
    reading.require_safe()
    assert "process namespace" in reading.lacking()
    assert "guarded by another layer" in reading.lacking()
    assert [told.id for told in reading.check()] == ["imr.W003"]
    settings.SANDBOX = "every-layer"
    assert [told.id for told in reading.check()] == ["imr.E003"]


def test_a_site_whose_readers_are_not_confined_does_not_start(monkeypatch, settings, tmp_path):
    lack(monkeypatch, Layer.SYSTEM_CALLS)
    settings.SANDBOX, settings.HOME = "closed", tmp_path
    with pytest.raises(CommandError, match="IMR_SANDBOX=partial"):
        call_command("serve", empty=True, set_up_only=True)
    assert not (tmp_path / "static").exists()
    (told,) = reading.check()
    assert (told.id, "sockets" in told.msg) == ("imr.E003", True)
    assert reading.check in registry.get_checks(include_deployment_checks=True)


def test_a_site_that_may_lack_layers_says_at_its_start_which(monkeypatch, settings, tmp_path):
    from imr.web.management.commands import serve

    lack(monkeypatch, Layer.SYSTEM_CALLS)
    settings.SANDBOX, settings.HOME = "partial", tmp_path
    monkeypatch.setattr(serve, "site_setup", SimpleNamespace(set_up=_set_up))
    told = StringIO()
    with pytest.raises(CommandError, match="set up"):
        call_command("serve", empty=True, set_up_only=True, stderr=told)
    assert "A hostile file could make any system call" in told.getvalue()


def _set_up() -> int:
    from imr.errors import ImrError

    raise ImrError("what comes next is to set up")


def test_the_setting_takes_the_words_of_the_sandbox_and_this_system_is_measured(monkeypatch):
    read = Environment({"IMR_SANDBOX": "all"})
    assert read.choice("IMR_SANDBOX", *Demand) == "closed"
    assert len(read.problems) == 1
    for word in Demand:
        monkeypatch.setenv("IMR_SANDBOX", word)
        assert sandbox.demand() is word
    assert reading.confinement() == sandbox.measure()
