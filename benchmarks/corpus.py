"""The corpus at scale: invented letters read, built, indexed, counted and searched, compared with SQLite FTS5 and PostgreSQL.

python -m benchmarks.corpus --letters 20000                                   some minutes
python -m benchmarks.corpus --letters 1000000 --growth --keep FOLDER          an hour the first time on a machine of its own, 35 GB below FOLDER

With --growth the first 10,000 and 100,000 of the letters are built and searched too, so that growth can be seen.
With --keep the output stays, and complete output of an earlier run is used again: letters, corpora with their indexes (with
the figures of when they were made), and the peers, where they were loaded from the same rows. --rebuild rebuilds corpora and
indexes in any case. --no-checks builds without the findings of the checks; --no-peers and --no-pages leave out the
peers and the public pages.
"""

import argparse
import json
import os
import resource
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.corpus_search import search

CORES = os.cpu_count() or 1


def measure(
    letters: int = 20_000,
    *,
    peers: bool = True,
    pages: bool = True,
    growth: bool = False,
    checks: bool = True,
    rebuild: bool = False,
    keep: Path | None = None,
) -> dict[str, float]:
    """Measure everything at one size, print it, and return the figures."""
    from benchmarks.corpus_pages import look
    from imr.examples import write_letters

    work = keep or Path(tempfile.mkdtemp(prefix="imr-corpus-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        began = time.perf_counter()
        if (work / f"letters-{letters}.json").exists():
            print(f"{letters:,} letters used again, written before")
        else:
            size = write_letters(work / "letters", letters, workers=CORES)
            (work / f"letters-{letters}.json").write_text(json.dumps({"bytes": size}))
            print(f"{letters:,} letters of {size / letters:,.0f} bytes written in {time.perf_counter() - began:.0f} s")
        figures = _read(work)
        for smaller in (10_000, 100_000) if growth else ():
            if smaller < letters:
                _made(smaller, work, checks=checks, rebuild=rebuild)
                search(work / f"corpus-{smaller}", None)
        figures |= _made(letters, work, checks=checks, rebuild=rebuild)
        corpus = work / f"corpus-{letters}"
        figures |= search(corpus, work if peers else None)
        figures |= look(corpus) if pages else {}
    finally:
        if keep is None:
            shutil.rmtree(work)
    return figures


def _listed(work: Path, letters: int) -> Path:
    """Write a list of the first letters of the folder."""
    listed = work / "letters" / f"first-{letters}"
    names = (f"{number // 1_000:05d}/{number:08d}.txt" for number in range(letters))
    listed.write_text("\n".join(names), encoding="utf-8")
    return listed


def _seconds() -> tuple[float, float]:
    """Give seconds of wall time, and of processor time for this process and its finished children."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _since(before: tuple[float, float]) -> tuple[float, float]:
    wall, used = _seconds()
    return wall - before[0], used - before[1]


def _peak(which: int) -> float:
    """Give the peak memory of this process, or of a finished child, in MiB."""
    return resource.getrusage(which).ru_maxrss / 1024


def _read(work: Path) -> dict[str, float]:
    """Measure how fast the reader reads letters in memory, on one core: the best of three times."""
    from imr.determination import read

    files = sorted((work / "letters" / "00000").glob("*.txt"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    used = []
    for _ in range(3):
        began = time.process_time()
        for text in texts:
            read(text)
        used.append(time.process_time() - began)
    rate = len(texts) / min(used)
    print(f"the reader alone: {rate:,.0f} letters a second of one core's time (asked for: 2,000)")
    return {"read_letters_a_second_a_core": rate}


def _made(letters: int, work: Path, *, checks: bool, rebuild: bool) -> dict[str, float]:
    """Build the first letters as a corpus with its index and counts, or use a complete one again."""
    from imr.corpus.build import TABLES_VERSION
    from imr.corpus.indexing import INDEX_VERSION as INDEX

    out, complete = work / f"corpus-{letters}", work / f"corpus-{letters}.json"
    mark = json.loads(complete.read_text()) if complete.exists() and not rebuild else {}
    form = [TABLES_VERSION, INDEX, checks]
    if mark.get("form") == form:
        print(f"{letters:,} letters: corpus and index used again; the figures are of {mark['on']}")
    else:
        complete.unlink(missing_ok=True)
        figures = _build(letters, _listed(work, letters), out, checks=checks) | _index(out) | _count(out)
        mark = {"form": form, "on": time.strftime("%Y-%m-%d %H:%M"), "figures": figures}
        complete.write_text(json.dumps(mark))
    figures = mark["figures"]
    wall, used = figures["build_seconds"], figures["build_processor_seconds"]
    print(
        f"{letters:,} letters built {'with' if checks else 'without'} the checks in {wall:.1f} s on {CORES} cores ({used:.1f} s of processor time): {letters / wall:,.0f} a second,"
        f" {letters / used:,.0f} a second of a core's time; at most {figures['build_peak_mib']:,.0f} MiB; {figures['issues']:,} issues,"
        f" {figures['findings']:,} findings, {figures['unread']:,} not read"
    )
    print(
        f"index: {figures['index_seconds']:.1f} s ({figures['index_processor_seconds']:.1f} s of processor time),"
        f" {figures['index_mb']:,.0f} MB, at most {figures['index_peak_mib']:,.0f} MiB; counted in {figures['count_seconds']:.1f} s,"
        f" at most {figures['count_peak_mib']:,.0f} MiB",
        flush=True,
    )
    return {"letters": letters, **figures, "build_letters_a_second": letters / wall}


def _build(letters: int, listed: Path, out: Path, *, checks: bool) -> dict[str, float]:
    from imr.corpus.build import PROCESSES, build

    shutil.rmtree(out, ignore_errors=True)
    before = _seconds()
    built = build(listed, out, checks=checks)
    wall, used = _since(before)
    return {
        "build_seconds": wall,
        "build_processor_seconds": used,
        "build_letters_a_second_a_core": letters / used,
        "build_peak_mib": _peak(resource.RUSAGE_SELF) + PROCESSES * _peak(resource.RUSAGE_CHILDREN),
        "issues": built.rows["issues"],
        "unread": built.rows["unread"],
        "findings": built.rows["findings"],
    }


def _index(out: Path) -> dict[str, float]:
    from imr.corpus.indexing import rebuild

    before = _seconds()
    rebuild(out)
    wall, used = _since(before)
    return {
        "index_seconds": wall,
        "index_processor_seconds": used,
        "index_mb": sum(file.stat().st_size for file in out.rglob("index-*/*")) / 1e6,
        "index_peak_mib": _peak(resource.RUSAGE_SELF),
    }


def _count(out: Path) -> dict[str, float]:
    from imr.corpus.statistics import Statistics

    before = _seconds()
    Statistics(out).keep()
    return {"count_seconds": _since(before)[0], "count_peak_mib": _peak(resource.RUSAGE_SELF)}


def figures() -> dict[str, float]:
    """Run the measurements of `make bench`."""
    return measure()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=20_000)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--no-pages", action="store_true")
    parser.add_argument("--growth", action="store_true", help="Also measure the first 10,000 and 100,000.")
    parser.add_argument("--no-checks", action="store_true")
    parser.add_argument("--rebuild", action="store_true", help="Rebuild corpora and indexes.")
    parser.add_argument("--keep", type=Path, help="Work in this folder, keep everything, and reuse complete output.")
    given = parser.parse_args()
    measure(
        given.letters,
        peers=not given.no_peers,
        pages=not given.no_pages,
        growth=given.growth,
        checks=not given.no_checks,
        rebuild=given.rebuild,
        keep=given.keep,
    )
