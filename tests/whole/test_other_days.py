"""The suite and the product on other days and in other places: the clock of the machine is faked, the database's is not."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.factories.live_site import postgresql as postgres

ROOT = Path(__file__).parents[2]

#: The day and hour that the machine shows, and where it stands: ends of years and of Februaries, and places where it is
#: another day than in California.
MOMENTS = (
    ("2027-02-28 12:00:00", "America/Los_Angeles"),
    ("2028-02-29 12:00:00", "America/Los_Angeles"),
    ("2029-12-31 12:00:00", "UTC"),
    ("2031-01-01 12:00:00", "America/New_York"),
    ("2027-07-01 09:00:00", "Asia/Tokyo"),
    ("2027-12-31 22:30:00", "Pacific/Honolulu"),
)
#: The law, the case, and of the site what counts days: the rest of it asks the same clock for the same things.
PARTS = (
    "tests/law",
    "tests/case",
    "tests/web/test_actions.py",
    "tests/web/test_access.py",
    "tests/web/test_api.py",
    "tests/web/test_applying.py",
    "tests/web/test_forms.py",
    "tests/web/test_listing.py",
    "tests/web/test_panel.py",
    "tests/web/test_portals.py",
    "tests/web/test_serve.py",
    "tests/web/test_signin.py",
)
#: What compares the times of files, which the kernel gives and nobody can fake.
WITHOUT = ("tests/web/test_actions.py::test_documents_of_refused_steps_are_swept",)
PROBLEM = re.compile(r"^(?:FAILED|ERROR) .*", re.MULTILINE)


@pytest.mark.long
@pytest.mark.parametrize(("moment", "zone"), MOMENTS, ids=lambda value: value.replace(" ", "_"))
def test_what_suite_and_product_do_depends_on_no_day_and_no_place(moment, zone, tmp_path, record_property):
    faketime = shutil.which("faketime")
    if faketime is None:
        pytest.skip("no faketime on this machine: apt install faketime")
    with postgres.server() as database:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        env |= database | {
            "TZ": zone,
            "IMR_TEST_HOME": str(tmp_path / "home"),
            "NO_FAKE_STAT": "1",  # a file that is new is as old as it is
        }
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "not long", *PARTS]
        command += [f"--deselect={name}" for name in WITHOUT]
        done = subprocess.run(
            [faketime, "-f", f"@{moment}", *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
    told = done.stdout[-4000:] + done.stderr[-2000:]
    assert done.returncode == 0, "\n".join(PROBLEM.findall(done.stdout)) or told
    record_property("tests", re.search(r"(\d+) passed", done.stdout)[1])
