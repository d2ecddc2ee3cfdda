"""The key ring: a key a purpose, rotated without anybody signed out or asked again; weak keys are refused."""

import hmac
import json
import os
import stat
import subprocess
import sys
import threading
from io import StringIO
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import signing
from django.core.management import CommandError, call_command
from django.test import Client
from tests.factories import story

from imr.case.document_types import DocumentType
from imr.case.state import Stage
from imr.errors import ImrError, SetupError
from imr.panel.commitment import Commitment
from imr.plain import from_plain
from imr.web import accounts
from imr.web.models import DocumentRow, EventRow, ReviewerRow
from imr.web.platform import environment, keys
from imr.web.platform.environment import Environment
from imr.web.platform.keys import KeyRing, Purpose, open_ring
from imr.web.store import reviewers
from imr.web.store.documents import load

SECRET = "an invented secret of the site, of fifty characters"


@pytest.fixture
def ring(settings, tmp_path):
    """A ring that is the suite's alone to rotate."""
    settings.KEYS = open_ring(tmp_path, "", "")
    settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS = settings.KEYS.keys(Purpose.SIGNING)
    return settings.KEYS


def run(*words):
    out = StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


def restart(settings):
    """Take the keys as a process does that starts now."""
    settings.KEYS = KeyRing(settings.KEYS.file, {})
    settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS = settings.KEYS.keys(Purpose.SIGNING)


def test_a_new_site_has_a_key_a_purpose_that_nobody_else_reads(tmp_path):
    ring = open_ring(tmp_path / "home", "", "")
    assert stat.S_IMODE(ring.file.stat().st_mode) == 0o600
    assert len({ring.current(purpose) for purpose in Purpose}) == len(Purpose)
    assert ring.problems() == []
    again = open_ring(tmp_path / "home", "", "")
    assert [again.keys(purpose) for purpose in Purpose] == [ring.keys(purpose) for purpose in Purpose]
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["keys.json"]


def test_processes_that_start_at_once_have_one_ring(tmp_path):
    program = (
        "import sys; from pathlib import Path; from imr.web.platform.keys import *\n"
        "print(open_ring(Path(sys.argv[1]), '', '').current(Purpose.SIGNING))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "home")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({one.communicate(timeout=120)[0] for one in started}) == 1
    assert all(one.returncode == 0 for one in started)


@pytest.mark.parametrize("given", ["file", "setting"])
def test_the_key_of_an_earlier_version_is_the_first_of_each_purpose(given, tmp_path):
    (tmp_path / "secret-key").write_text(SECRET if given == "file" else "of no use: the setting counts")
    named = str(tmp_path / "ring") if given == "setting" else ""
    ring = open_ring(tmp_path, named, SECRET if given == "setting" else "")
    assert ring.keys(Purpose.SIGNING) == ring.keys(Purpose.WORKING_COPIES) == (SECRET,)
    assert ring.keys(Purpose.SECOND_FACTORS) == (f"second factor {SECRET}",)
    ring.rotate(Purpose.SIGNING)
    assert open_ring(tmp_path, named, "").keys(Purpose.SIGNING)[1:] == (SECRET,)


def test_with_one_setting_for_all_there_is_no_file_and_no_rotation(tmp_path):
    ring = open_ring(tmp_path, "", SECRET)
    assert list(tmp_path.iterdir()) == []
    assert ring.current(Purpose.SIGNING) == SECRET
    with pytest.raises(ImrError, match="Set IMR_KEYS to a file"):
        ring.rotate(Purpose.SIGNING)


def test_after_a_rotation_everybody_is_signed_in_still_and_every_code_counts(ring, people, settings):
    """The process that rotates is another one: this one reads the new key without a restart."""
    accounts.give_second_factor(people["intake"])
    RecoveryCodes.activate(people["intake"])
    codes = RecoveryCodes(Authenticator.objects.get(user=people["intake"], type="recovery_codes")).generate_codes()
    client = story.client(people["adjuster"])
    assert client.get("/").status_code == 200
    signed = signing.dumps("a link that sets a password")
    before = dict(Authenticator.objects.values_list("pk", "data"))
    other = KeyRing(ring.file, {})
    for number in (2, 3):
        settings.KEYS = other
        assert "2 second factors are encrypted with the new key" in run("rotate")
        settings.KEYS = ring
        assert len(ring.keys(Purpose.SECOND_FACTORS)) == number
        assert accounts.lost_second_factors() == ()
    assert all(data != before[pk] for pk, data in Authenticator.objects.values_list("pk", "data"))
    restart(settings)
    assert signing.loads(signed) == "a link that sets a password"
    assert client.get("/api/cases").status_code == 200, "the session is valid still"
    afterwards = RecoveryCodes(Authenticator.objects.get(user=people["intake"], type="recovery_codes")).generate_codes()
    assert afterwards == codes
    fresh = Client(raise_request_exception=False)
    fresh.post("/account/login/", {"login": "ines@example.com", "password": story.PASSWORD})
    assert fresh.post("/account/2fa/authenticate/", {"code": accounts.code("ines@example.com")}).status_code == 302
    assert fresh.get("/api/cases").status_code == 200


def test_keys_are_retired_and_then_only_the_newest_counts(ring, people, settings):
    accounts.give_second_factor(people["intake"])
    signed = signing.dumps("a link")
    run("rotate")
    assert run("list") == "signing: 2\nsecond-factors: 2\nworking-copies: 1\nfiles: 1\npasswords: 1\n"
    assert "second-factors: 1 earlier keys removed" in run("retire", "second-factors")
    run("retire", "signing")
    assert run("list") == "signing: 1\nsecond-factors: 1\nworking-copies: 1\nfiles: 1\npasswords: 1\n"
    assert accounts.lost_second_factors() == (), "they were encrypted again before the key went"
    restart(settings)
    with pytest.raises(signing.BadSignature):
        signing.loads(signed)
    run("rotate", "working-copies")
    assert len(settings.KEYS.keys(Purpose.WORKING_COPIES)) == 2


def test_of_rotations_at_once_every_one_is_kept(tmp_path):
    """Each begins with the same ring, as a process does that started before."""
    ring = open_ring(tmp_path, "", "")
    rings = [KeyRing(ring.file, {}) for _ in range(4)]
    start = threading.Barrier(len(rings))

    def rotate(one):
        one.keys(Purpose.SIGNING)
        start.wait(60)
        for purpose in Purpose:
            one.rotate(purpose)

    threads = [threading.Thread(target=rotate, args=[one]) for one in rings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(set(ring.keys(purpose))) for purpose in Purpose] == [5] * len(Purpose)
    assert ring.retire(Purpose.SIGNING) == 4


def test_a_second_factor_that_no_key_opens_stays_and_stops_no_other(ring, people):
    for name in ("intake", "coordinator"):
        accounts.give_second_factor(people[name])
    lost = Authenticator.objects.get(user=people["intake"])
    lost.data["secret"] = "of another site"
    lost.save()
    assert "1 second factors are encrypted" in run("rotate", "second-factors")
    assert accounts.lost_second_factors() == ("ines@example.com",)


@pytest.mark.parametrize(
    "weak", ["short", "changeme" * 8, "a" * 60, "django-insecure-Qv7pXk2LmT9cRw4ZbN8dHs6JyF3gUa1EoiKx5VtM0nB"]
)
def test_a_weak_key_is_refused(weak, settings, tmp_path):
    settings.KEYS = KeyRing(None, keys.from_secret(weak))
    assert any(
        "IMR_SECRET_KEY: a key for signing is too weak: write at least 32" in one for one in environment.problems()
    )
    env = {**os.environ, "IMR_HOME": str(tmp_path), "IMR_SECRET_KEY": weak, "DJANGO_SETTINGS_MODULE": "imr.web.settings",
           "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}  # fmt: skip
    command = [sys.executable, "-m", "django", "check"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "too weak" in done.stderr


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"signing": []}', '{"signing": [1]}', "nonsense"])
def test_a_broken_ring_is_said_in_words(text, tmp_path):
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(SetupError, match="restore it from the backup"):
        open_ring(tmp_path, "", "")


def test_a_ring_that_is_gone_is_said_in_words(ring):
    ring.file.unlink()
    with pytest.raises(SetupError, match="restore them from the backup"):
        ring.current(Purpose.SIGNING)
    with pytest.raises(CommandError, match="restore them"):
        run("list")


def test_a_secret_is_read_from_a_file(tmp_path):
    file = tmp_path / "password"
    file.write_text("an invented password\n")
    read = Environment(
        {"A_FILE": str(file), "B": "given", "C": "both", "C_FILE": str(file), "D_FILE": str(tmp_path / "none")}
    )
    assert (read.secret("A"), read.secret("B"), read.secret("E")) == ("an invented password", "given", "")
    assert read.problems == []
    read.secret("C")
    read.secret("D")
    assert [said.partition(":")[0] for said in read.problems] == [
        "C and C_FILE are set", f"D_FILE names {tmp_path / 'none'}, which cannot be read (No such file or directory)",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL", "IMR_SECRET_KEY", "IMR_MAIL_PASSWORD"])
def test_each_secret_of_the_site_may_come_from_a_file(name, tmp_path):
    (tmp_path / "secret").write_text("postgresql://ann:secret@db.example/imr")
    env = {**os.environ, "IMR_HOME": str(tmp_path), f"{name}_FILE": str(tmp_path / "secret")}
    if name == "DATABASE_OWNER_URL":
        env["DATABASE_URL"] = "postgresql://site@db.example/imr"
    program = (
        "from imr.web import settings as s; d = s.DATABASES['default']; "
        "print(d['PASSWORD' if 'PASSWORD' in d else 'NAME'], d['OWNER'].get('PASSWORD'), s.SECRET_KEY, s.EMAIL_HOST_PASSWORD)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert "secret" in done.stdout


def test_no_key_of_the_site_names_the_reviewer_of_a_commitment(people, settings):
    """The secret is random; before, one try a reviewer and event with the site's key found it."""
    number = story.to(Stage.UNDER_REVIEW, people)
    row = DocumentRow.objects.get(case=number, paper=DocumentType.COMMITMENT.value)
    opened = from_plain(Commitment, json.loads(load(row.digest)))
    event = EventRow.objects.get(case=number, kind="reviewer-assigned")
    assert event.data["commitment"] == opened.root
    assert len(bytes.fromhex(opened.secret)) == 32
    known = [key for purpose in Purpose for key in settings.KEYS.keys(purpose)]
    panel = ReviewerRow.objects.values_list("pk", flat=True)
    derived = {
        hmac.new(key.encode(), f"commitment {number} {count} {reviewer}".encode(), "sha256").hexdigest()
        for key in known
        for count in range(20)
        for reviewer in panel
    }
    assert len(derived) == len(set(known)) * 20 * len(panel) > 0
    assert opened.secret not in derived


def test_a_commitment_that_another_step_made_is_refused(people):
    facts = SimpleNamespace(commitment="0" * 64)
    with pytest.raises(ImrError, match="assign again"):
        reviewers.opened_commitment(facts)
