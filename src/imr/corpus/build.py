"""Builds the Parquet tables from a folder of letters: in parallel, restartable, and the same bytes for the same input.

The input is split into parts of equal size in the order of the paths. Each part becomes one Parquet file for each table,
written under a temporary name and then renamed, with a mark of what it was made from; a part whose mark still matches is not
built again. The same function reads a part in this process, in a process pool, or on a Dask cluster whose workers see the same
folders.
"""

import codecs
import gc
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from imr.checks import Context, run
from imr.corpus.files import write_json
from imr.corpus.tables import TABLES, Rows
from imr.determination import Reading, read
from imr.errors import ImrError, Unreadable
from imr.records.pdf import page_texts

#: Letters in one part: a few seconds of work, so that progress moves and little is lost when a worker dies.
LETTERS_PER_PART = 2_000
#: The default number of processes: one more than there are cores, because one of them waits for the disk.
PROCESSES = (os.cpu_count() or 1) + 1
#: Raise this to rebuild every part: when the tables change, or what the reader and the rules give.
TABLES_VERSION = 2
_SUFFIXES = (".pdf", ".txt")
_TRIES = 2
#: The file that names the folder or list a corpus was built from; not part of the output.
_SOURCE = ".source"

Progress = Callable[[int, int], None]


def no_progress(done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusPart:
    """A batch of letters and where their rows go. Paths are relative to `folder`."""

    number: int
    folder: str
    letters: tuple[str, ...]
    out: str
    checks: bool = True

    @property
    def mark(self) -> str:
        """A digest of what the part is made from: the tables' version, the paths, and each file's size and modification time."""
        made_from: list[object] = [TABLES_VERSION]
        for letter in self.letters:
            try:
                found = os.stat(f"{self.folder}/{letter}")  # noqa: PTH116 - a million paths as objects cost more than the files
                made_from.append((letter, found.st_size, found.st_mtime_ns))
            except OSError:
                made_from.append((letter, None, None))
        return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()

    def file(self, table: str) -> Path:
        """Give the Parquet file of this part of a table."""
        return Path(self.out) / table / f"part-{self.number:05d}.parquet"

    @property
    def mark_file(self) -> Path:
        """The file that holds the mark of the finished part, with its counts."""
        return Path(self.out) / ".marks" / f"part-{self.number:05d}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSummary:
    """The result of a build: inputs seen, rows by table, and how many parts were kept from an earlier run."""

    inputs: int
    rows: Mapping[str, int]
    parts: int
    kept: int


def inputs(source: Path) -> tuple[Path, tuple[str, ...]]:
    """Give the folder and the letters below it, sorted; or the letters that a list file names, one path on each line."""
    if source.is_dir():
        found = (
            os.path.relpath(Path(base) / name, source)
            for base, _, names in os.walk(source)
            for name in names
            if name.lower().endswith(_SUFFIXES)
        )
        return source, tuple(sorted(found))
    if not source.is_file():
        raise ImrError(
            f"{source} is neither a folder nor a list of paths; give a folder of letters, or a file with one path on each line"
        )
    lines = (line.strip() for line in source.read_text(encoding="utf-8").splitlines())
    return source.parent, tuple(sorted({line for line in lines if line and not line.startswith("#")}))


def build(
    source: Path,
    out: Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    checks: bool = True,
    progress: Progress = no_progress,
) -> BuildSummary:
    """Read every letter of `source` into Parquet below `out`, continuing where an earlier run stopped.

    `workers` is the number of processes (default `PROCESSES`); `scheduler` is the address of a Dask scheduler, whose workers
    must see both folders under the same paths. Without `checks` the table of findings stays empty; a part built that way is
    read again when checks are wanted. A bad file does not stop the build: it becomes a row of `unread`. Raises ImrError where
    `source` has no letters or `out` holds something else.
    """
    folder, letters = inputs(source)
    if not letters:
        raise ImrError(f"no PDF or text file was found in {source}; name the folder that holds the letters")
    if out.exists() and not (out / ".marks").is_dir() and any(out.iterdir()):
        raise ImrError(f"{out} holds something that is not a corpus; name an empty or a new folder")
    for name in (*TABLES, ".marks"):
        (out / name).mkdir(parents=True, exist_ok=True)
    parts = [
        CorpusPart(
            number=number,
            folder=str(folder.resolve()),
            letters=letters[start : start + LETTERS_PER_PART],
            out=str(out.resolve()),
            checks=checks,
        )
        for number, start in enumerate(range(0, len(letters), LETTERS_PER_PART))
    ]
    (out / _SOURCE).write_text(str(source.resolve()), encoding="utf-8")
    _remove_leftovers(out, len(parts))
    todo = [part for part in parts if not _is_built(part)]
    done = len(letters) - sum(len(part.letters) for part in todo)
    progress(done, len(letters))
    for part in _run(todo, workers, scheduler):
        done += len(part.letters)
        progress(done, len(letters))
    counts = _counts(parts)
    write_json(
        out / "corpus.json", {"form": TABLES_VERSION, "inputs": len(letters), "parts": len(parts), "rows": counts}
    )
    return BuildSummary(inputs=len(letters), rows=counts, parts=len(parts), kept=len(parts) - len(todo))


def source_of(corpus: Path) -> Path | None:
    """Give the folder or list that a corpus was built from; None where it is not recorded."""
    try:
        return Path((corpus / _SOURCE).read_text(encoding="utf-8"))
    except OSError:
        return None


def build_part(part: CorpusPart, *, alone: bool = False) -> None:
    """Read the letters of one part and write its tables. With `alone`, try each letter in its own process first."""
    mark = part.mark
    rows = Rows()
    with _uncollected():
        for letter in part.letters:
            path = f"{part.folder}/{letter}"
            reason = _try_alone(path) if alone else ""
            if reason:
                rows.refuse(letter, "", reason)
            else:
                _add(rows, letter, path, checks=part.checks)
    for name, table in rows.tables().items():
        target = part.file(name)
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        pq.write_table(table, temporary, compression="zstd", write_statistics=True, store_schema=True)
        temporary.replace(target)
    write_json(
        part.mark_file, {"mark": mark, "checks": part.checks, "rows": {name: len(rows.rows[name]) for name in TABLES}}
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Turn cyclic garbage collection off until the part is done: each collection would walk all rows so far."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _text(path: str, data: bytes) -> str:
    """Give the text of a letter, from the text layer of a PDF or a text in a known encoding. Raises Unreadable where it has neither."""
    if path[-4:].lower() == ".pdf":
        return "\f".join(page_texts(data))
    for encoding in ("utf-8", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return data.removeprefix(codecs.BOM_UTF8).decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"{Path(path).name} is not text in UTF-8, UTF-16 or Windows-1252; save it as UTF-8")


def _bytes(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - as with the mark
        return file.read()


def _add(rows: Rows, letter: str, path: str, *, checks: bool) -> None:
    digest = ""
    try:
        data = _bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        reading = read(_text(path, data))
    except OSError as error:
        rows.refuse(letter, digest, f"the file could not be opened: {error.strerror}")
    except ImrError as error:
        rows.refuse(letter, digest, str(error))
    else:
        rows.read(letter, digest, reading, _findings(reading) if checks else ())


def _findings(reading: Reading) -> Iterator[dict[str, Any]]:
    """What the checks find in a published letter, without its case file."""
    if reading.determination is None:
        return
    for concern in run(reading.determination, None, Context(text=reading.text, public=True)):
        yield {
            "issue": concern.issue,
            "check": concern.check,
            "severity": concern.severity.value,
            "sentence": concern.sentence,
            "says": concern.says,
        }


def _try_alone(path: str) -> str:
    """Read one letter in its own process; give the reason where that process died, else an empty string."""
    code = "import sys; from imr.corpus.build import try_letter; try_letter(sys.argv[1])"
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-c", code, path], capture_output=True, check=False, timeout=120
    )
    return "" if done.returncode == 0 else f"reading it killed the reader (signal or exit {done.returncode})"


def try_letter(path: str) -> None:
    """Read one letter and discard the result. Run in its own process, it shows whether reading the letter kills the reader."""
    try:
        read(_text(path, _bytes(path)))
    except (OSError, ImrError):
        return


def _run(todo: Sequence[CorpusPart], workers: int | None, scheduler: str | None) -> Iterator[CorpusPart]:
    if scheduler:
        yield from _run_on_cluster(todo, scheduler)
    elif len(todo) <= 1 or workers == 1:
        for part in todo:
            build_part(part)
            yield part
    else:
        yield from _run_in_pool(todo, workers)


def _run_in_pool(todo: Sequence[CorpusPart], workers: int | None) -> Iterator[CorpusPart]:
    """Build parts in a process pool. Where a process dies, its parts are tried again, in the end letter by letter."""
    tries = dict.fromkeys((part.number for part in todo), 0)
    waiting = list(todo)
    while waiting:
        again: list[CorpusPart] = []
        with ProcessPoolExecutor(workers or PROCESSES, mp_context=get_context("spawn")) as pool:
            running: dict[Future[None], CorpusPart] = {
                pool.submit(build_part, part, alone=tries[part.number] >= _TRIES): part for part in waiting
            }
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    part = running.pop(future)
                    try:
                        future.result()
                    except BrokenProcessPool:
                        tries[part.number] += 1
                        if tries[part.number] > _TRIES + 1:
                            raise
                        again.append(part)
                    else:
                        yield part
        waiting = again


def _run_on_cluster(todo: Sequence[CorpusPart], scheduler: str) -> Iterator[CorpusPart]:
    try:
        from dask.distributed import Client, as_completed
    except ImportError as error:
        raise ImrError("a cluster needs the package dask[distributed]: pip install 'dask[distributed]'") from error
    with Client(scheduler) as client:  # type: ignore[no-untyped-call]
        futures = {
            client.submit(build_part, part, pure=False, retries=3, key=f"part-{part.number}-{part.mark}"): part
            for part in todo
        }
        for future in as_completed(futures):  # type: ignore[no-untyped-call]
            future.result()
            yield futures[future]


def _is_built(part: CorpusPart) -> bool:
    """Say whether a part was already built from the same files, and all its tables exist."""
    try:
        kept = json.loads(part.mark_file.read_text(encoding="utf-8"))
        stands = kept["mark"] == part.mark and (kept["checks"] or not part.checks)
    except (OSError, ValueError, KeyError):
        return False
    return bool(stands) and all(part.file(name).exists() for name in TABLES)


def _remove_leftovers(out: Path, parts: int) -> None:
    """Remove what an interrupted run left half-written, and parts beyond the last."""
    for name in TABLES:
        for file in (out / name).iterdir():
            if file.name.startswith(".part-") or (file.name.startswith("part-") and int(file.stem[5:]) >= parts):
                file.unlink()
    for file in (out / ".marks").iterdir():
        if int(file.stem.rsplit("-", 1)[1]) >= parts:
            file.unlink()


def _counts(parts: Iterable[CorpusPart]) -> dict[str, int]:
    counts = dict.fromkeys(TABLES, 0)
    for part in parts:
        for name, count in json.loads(part.mark_file.read_text(encoding="utf-8"))["rows"].items():
            counts[name] += count
    return counts
