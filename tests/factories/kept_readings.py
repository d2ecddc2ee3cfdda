"""What a sandboxed child said of a file, kept and said again of the same bytes.

A child takes a tenth of a second of a processor to start, and a test of the site has a handful: most look at the same invented
files. What a child says depends on the file and on what it is asked alone, so in the tests of the site each is asked once;
`tests/records` asks the children themselves.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from imr.errors import Unreadable
from imr.records import sandbox
from imr.records.sandbox import Frame, ProcessLimits

#: The tasks that only read their file.
TASKS = frozenset({"everything", "inspect", "layers", "scans", "unscripted"})
#: A larger file is asked about each time, so that its pages are not held in memory.
LARGEST = 2_000_000


@pytest.fixture(autouse=True, scope="session")
def kept_readings() -> Iterator[dict[str, tuple[list[Frame], str]]]:
    """Give the frames of each task and file that was asked for, with the reason where it was refused."""
    run_task, known = sandbox.run_task, dict[str, tuple[list[Frame], str]]()

    def kept(task: str, path: Path, *, limits: ProcessLimits | None = None, **options: object) -> Iterator[Frame]:
        # The fixture lasts as long as the process, which may run tests of the children themselves after those of the site.
        kept_for = not os.environ.get("PYTEST_CURRENT_TEST", "").startswith("tests/records/")
        data = path.read_bytes() if kept_for and task in TASKS and path.stat().st_size <= LARGEST else None
        if data is None:
            yield from run_task(task, path, limits=limits, **options)
            return
        asked = json.dumps(
            [task, hashlib.sha256(data).hexdigest(), repr(limits), options, os.environ.get("TESSDATA_PREFIX")]
        )
        if asked not in known:
            frames: list[Frame] = []
            try:
                frames += run_task(task, path, limits=limits, **options)
                known[asked] = frames, ""
            except Unreadable as error:
                known[asked] = frames, str(error)
        frames, refused = known[asked]
        yield from deepcopy(frames)
        if refused:
            raise Unreadable(refused)

    patch = pytest.MonkeyPatch()
    patch.setattr(sandbox, "run_task", kept)
    yield known
    patch.undo()
