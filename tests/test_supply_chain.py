"""What a release consists of is listed: every package with its hashes and a license that somebody accepted."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tools import locked_packages
from tools.bill_of_materials import DEBIAN, bill_of_materials
from tools.locked_packages import ACCEPTED

ROOT = Path(__file__).parents[1]
PACKAGES = locked_packages.locked_packages()


def test_every_license_of_what_is_shipped_was_accepted():
    assert {package.name: package.license for package in PACKAGES if not package.licenses <= ACCEPTED} == {}


def test_a_license_that_nobody_stated_stops_the_list(monkeypatch):
    monkeypatch.setattr(locked_packages, "_STATED", {})
    with pytest.raises(LookupError, match="anyascii names no license of SPDX"):
        list(locked_packages._packages(["anyascii==0.3.3 \\", f"    --hash=sha256:{'0' * 64}", "    # via imr"]))


def test_the_bill_of_materials_lists_what_is_locked_with_every_hash():
    text = bill_of_materials()
    told = json.loads(text)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert text == bill_of_materials(), "the same lock gives the same bytes"
    named = {each["purl"]: each for each in told["components"]}
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    assert len(PACKAGES) == len(re.findall(r"^[A-Za-z0-9].*==", lock, re.MULTILINE))
    assert set(named) == {package.address for package in PACKAGES} | {f"pkg:deb/debian/{name}" for name in DEBIAN}
    hashes = [one["content"] for each in told["components"] for one in each.get("hashes", [])]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))
    assert all(each["licenses"] for each in told["components"])
    needs = {each["ref"]: each.get("dependsOn", []) for each in told["dependencies"]}
    reached, new = set(), {told["metadata"]["component"]["bom-ref"]}
    while new:
        reached |= new
        new = {other for one in new for other in needs[one]} - reached
    assert reached == set(needs), "nothing is in the list that nothing needs"


def test_no_address_of_a_registry_is_in_the_bill_of_materials():
    assert "http" not in bill_of_materials().replace("http://cyclonedx.org/schema/bom-1.6.schema.json", "")


@pytest.mark.long
def test_a_release_writes_a_valid_bill_of_materials(tmp_path):
    command = [ROOT / ".venv/bin/python", "-m", "tools.bill_of_materials", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    assert [path.name for path in tmp_path.iterdir()] == [f"imr-{locked_packages.project_version()}.cdx.json"]


def test_an_audit_that_cannot_ask_about_a_package_fails():
    told = subprocess.run(
        ["make", "-n", "audit"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    (command,) = [line for line in told.splitlines() if "pip-audit" in line and "pip install" not in line]
    assert {"--strict", "--require-hashes", "requirements/run.txt"} <= set(command.split())
