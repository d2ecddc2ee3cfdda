"""The folders of the site: a home of an earlier version is closed to others on the machine, and keeps what it holds."""

import os
import stat

import pytest

from imr.web.platform import folders

#: What an earlier version left, by folder of the home: documents closed in open folders, all else open.
EARLIER = {
    "documents/ab/abcdef": 0o600,
    "pages/ab/abcdef/text.json": 0o644,
    "pages/ab/abcdef/1.png": 0o644,
    "uploads/9/piece.pdf": 0o644,
    "mail/20260101-1.log": 0o644,
    "guidelines/own.json": 0o644,
    "letters/published.pdf": 0o644,
}
#: Folders that stay as they are: what stands in them is public.
PUBLIC = {"letters"}


@pytest.fixture
def home(tmp_path, settings):
    """A home as an earlier version wrote it."""
    settings.HOME, settings.TEMPORARY = tmp_path, tmp_path / "temporary"
    settings.PAGES, settings.UPLOADS = tmp_path / "pages", tmp_path / "uploads"
    settings.EMAIL_FILE_PATH, settings.GUIDELINES = tmp_path / "mail", tmp_path / "guidelines"
    settings.STORAGES = {
        part: {"BACKEND": "x", "OPTIONS": {"location": str(tmp_path / name)}}
        for part, name in (("default", "documents"), ("quarantine", "quarantine"))
    }
    for name, mode in EARLIER.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
        file.chmod(mode)
    for folder, _, _ in os.walk(tmp_path):
        os.chmod(folder, 0o755)  # noqa: PTH101
    return tmp_path


def found(home):
    """Every file and folder of the home, with its mode."""
    return {str(one.relative_to(home)): stat.S_IMODE(one.stat().st_mode) for one in home.rglob("*")}


def insist_closed(home):
    modes = found(home)
    closed = {name: mode for name, mode in modes.items() if name.split("/")[0] not in PUBLIC}
    assert closed == {name: 0o700 if (home / name).is_dir() else 0o600 for name in closed}
    assert {"documents", "quarantine", "pages", "uploads", "mail", "guidelines", "temporary"} <= closed.keys()
    assert modes["letters"] == 0o755
    assert modes["letters/published.pdf"] == 0o644
    assert {name: (home / name).read_text() for name in EARLIER} == {name: name for name in EARLIER}


def test_a_home_of_an_earlier_version_is_closed_to_others_and_keeps_what_it_holds(home):
    open_before = sum(bool(mode & 0o077) for name, mode in found(home).items() if name.split("/")[0] not in PUBLIC)
    assert folders.close_to_others() == open_before == 14
    insist_closed(home)
    assert folders.close_to_others() == 0


def test_closing_that_was_broken_off_is_done_to_its_end_by_the_next_start(home, monkeypatch):
    close, asked = folders._close, []

    def killed(path, folder):
        asked.append(path)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return close(path, folder)

    monkeypatch.setattr(folders, "_close", killed)
    for _ in range(2):  # in two folders of the home, one after the other
        asked.clear()
        with pytest.raises(KeyboardInterrupt):
            folders.close_to_others()
    monkeypatch.setattr(folders, "_close", close)
    folders.close_to_others()
    insist_closed(home)


def test_what_a_link_leads_to_outside_is_left_alone(home, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "shared.txt"
    outside.write_text("somebody else's")
    outside.chmod(0o644)
    (home / "guidelines" / "link.txt").symlink_to(outside)
    folders.close_to_others()
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644
    assert found(home)["guidelines/own.json"] == 0o600
