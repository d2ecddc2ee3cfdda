"""What encryption of files at rest costs: the same work with plain and with encrypted files, in turn, in processor seconds."""

import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.files.base import ContentFile

from imr.records import index, page_store
from imr.web.case_files.derived_files import StoredPages
from imr.web.platform.keys import open_ring
from imr.web.platform.storage.folder import Folder

#: How often the work is done each way.
ROUNDS = 9
#: Bytes of the file whose storing and reading is measured alone.
LARGE = 64_000_000


def measure(folder: Path, document: Path) -> dict[str, float]:
    """Measure a document that is stored, read in a sandbox, indexed and read again page by page, and the cipher alone."""
    if not settings.configured:
        settings.configure(KEYS=open_ring(folder, "", ""), DISK_ENCRYPTED=True)
    whole = _medians(lambda: _round(folder, document))
    data = os.urandom(LARGE)
    stored = _medians(lambda: _stored(folder, data))
    again = _medians(lambda: _again(folder))
    return {
        "stored, indexed, read again, encrypted: times the seconds of plain": whole[False] / whole[True],
        "stored in a folder, plain: MB/s a core": LARGE / 1e6 / stored[True],
        "stored in a folder, encrypted: MB/s a core": LARGE / 1e6 / stored[False],
        "read from a folder, plain: MB/s a core": LARGE / 1e6 / again[True],
        "read from a folder, encrypted: MB/s a core": LARGE / 1e6 / again[False],
    }


def _medians(work: Callable[[], None]) -> dict[bool, float]:
    """Return the median of the processor seconds by whether the disk is said to be encrypted."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    for count in range(2 * ROUNDS):
        settings.DISK_ENCRYPTED = plain = count % 2 == 0
        begun = _busy()
        work()
        spent[plain].append(_busy() - begun)
    return {plain: median(seconds) for plain, seconds in spent.items()}


def _round(folder: Path, document: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Folder(Path(name) / "documents", confidential=True)
        place.put("ab/abc", document.read_bytes())
        with tempfile.NamedTemporaryFile(dir=name) as copy:
            copy.write(place.read("ab/abc"))
            copy.flush()
            pages = StoredPages(Path(name) / "abc.pages")
            index.casefile([index.read(Path(copy.name), name="abc", shelf=pages).pages])
        assert all(page.text is not None for page in page_store.load(pages))


def _stored(folder: Path, data: bytes) -> None:
    Folder(folder / "large", confidential=True).save("ab/large", ContentFile(data))


def _again(folder: Path) -> None:
    """Read a file that is stored as it is to be read."""
    place = Folder(folder / f"large {settings.DISK_ENCRYPTED}", confidential=True)
    if not place.exists("ab/large"):
        place.save("ab/large", ContentFile(os.urandom(LARGE)))
    assert len(place.read("ab/large")) == LARGE


def _busy() -> float:
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime
