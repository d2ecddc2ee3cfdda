"""Case files: accuracy of documents, kinds, facts and words, and speed, compared with Tesseract, OCRmyPDF and pdfplumber in one run.

python -m benchmarks.records                     every part: half an hour on two cores
python -m benchmarks.records digital speed       these parts alone
python -m benchmarks.records hands --seed 3000   on other case files

Parts: `digital` and `scans` (the half of reports, titles and layouts that no rule was written on: `benchmarks.casefile_generator`, half 1),
`hands` (styles of two other hands, digital: `benchmarks.casefiles_style_b`, `benchmarks.casefiles_held_out`), `faxes` (the same, faxed), `figures`
(laboratory tables), `speed` (digital pages), `memory`, `peers` (a scan), `at-rest` (encrypted files beside plain
ones, `--files` pages). `--files` is how many case files a row is measured on.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
from PIL import Image as Pillow

from benchmarks import casefile_generator, casefiles_held_out, casefiles_style_b, files_at_rest, ground_truth
from imr.records import bundle_pdf, index, ocr, sandbox_tasks
from imr.records.model import CaseFile, PageWords
from imr.records.pdf import Pdf

SHARED = Path(os.environ.get("IMR_SHARED", Path(__file__).resolve().parent.parent.parent / "shared")) / "records"
SCANS = {
    "scan 150 dpi": {"dpi": 150},
    "scan 200 dpi": {"dpi": 200},
    "scan 300 dpi": {"dpi": 300},
    "skewed 3 degrees": {"dpi": 200, "skewed": 3.0},
    "fax": {"dpi": 200, "fax": True, "noise": 30.0},
}
#: A fax as machines send it by default, with half the rows of pixels, and a fine one.
FAXES = {"fax": SCANS["fax"], "coarse fax": {"dpi": 200, "fax": True, "coarse": True, "noise": 30.0}}
#: Scans of pages of numbers, from good to bad.
POOR = {
    "office": {"dpi": 200, "skewed": 1.0},
    "fax": {"dpi": 200, "fax": True, "noise": 30.0},
    "poor": {"dpi": 150, "skewed": 2.0, "noise": 45.0},
}
_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*")


def word_errors(truth: str, read: str) -> tuple[int, int]:
    """Count the words to insert, drop or change to make one text of the other, and all words."""
    a, b = re.sub(r"_{3,}", " ", truth).split(), re.sub(r"_{3,}", " ", read).split()
    row = list(range(len(b) + 1))
    for n, word in enumerate(a, 1):
        above, row = row, [n]
        for m, other in enumerate(b, 1):
            row.append(min(above[m] + 1, row[-1] + 1, above[m - 1] + (word != other)))
    return row[-1], len(a)


def _busy() -> float:
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


def _in_their_box(built: CaseFile) -> int:
    """Count the facts that have every one of their words, as read, in the box that they cite."""
    right = 0
    for fact in built.facts:
        words = built.pages[fact.page - 1].words
        assert isinstance(words, PageWords)
        box = fact.box
        inside = [
            word.text
            for word in words
            if box.left <= (word.box.left + word.box.right) / 2 <= box.right
            and box.top <= (word.box.top + word.box.bottom) / 2 <= box.bottom
        ]
        right += "".join(fact.words.split()) in "".join(inside)
    return right


def accuracy(folder: Path, files: range, **scan: object) -> dict[str, float]:
    """Measure documents, kinds and words of the half that no rule was written on."""
    counts: Counter[str] = Counter()
    begun = time.perf_counter()
    for seed in files:
        made = casefile_generator.packet(SHARED, seed, half=1)
        path = folder / "packet.pdf"
        path.write_bytes(casefile_generator.scan(made.pdf, seed, **scan) if scan else made.pdf)
        built = index.build([path])
        counts.update(_documents(built, made.truth))
        for page, text in list(zip(built.pages, made.texts, strict=True))[::4]:
            errors, count = word_errors(text, page.text)
            counts.update({"wrong": errors, "words": count})
        counts["pages"] += len(built.pages)
    return _shares(counts) | {
        "word error": counts["wrong"] / counts["words"],
        "pages/s": counts["pages"] / (time.perf_counter() - begun),
    }


def hand(folder: Path, packet: Callable[[int], ground_truth.Strange], files: range, **scan: object) -> dict[str, float]:
    """Measure documents and facts of case files in other styles, found and right, the facts by kind."""
    counts: Counter[str] = Counter()
    kinds: set[str] = set()
    for seed in files:
        made = packet(seed)
        path = folder / "strange.pdf"
        digital = casefile_generator.draw(made.pages)
        path.write_bytes(casefile_generator.scan(digital, seed, **scan) if scan else digital)
        built = index.build([path])
        counts.update(_documents(built, made.truth))
        for kind in {fact.kind for fact in (*built.facts, *made.said)}:
            right, found, put = ground_truth.facts_agree(
                [fact for fact in built.facts if fact.kind is kind], [fact for fact in made.said if fact.kind is kind]
            )
            for name in (kind.value, "facts"):
                counts.update({f"{name} right": right, f"{name} found": found, f"{name} put": put})
            kinds.add(kind.value)
    rows = _shares(counts)
    for name in ("facts", *sorted(kinds)):
        right, found, put = (counts[f"{name} {what}"] for what in ("right", "found", "put"))
        rows |= {f"{name}, recall of {put}": right / max(1, put), f"{name}, precision": right / max(1, found)}
    return rows


def _documents(built: CaseFile, truth: tuple[ground_truth.Truth, ...]) -> dict[str, int]:
    names = ("whole", "found", "there", "kind", "day")
    counts = dict(zip(names, ground_truth.agreement(built.documents, truth), strict=True))
    return counts | {"said": len(built.facts), "in box": _in_their_box(built)}


def _shares(counts: Counter[str]) -> dict[str, float]:
    return {
        "documents": counts["there"],
        "F1": 2 * counts["whole"] / (counts["found"] + counts["there"]),
        "kind": counts["kind"] / counts["whole"],
        "day": counts["day"] / counts["whole"],
        "facts in their box": counts["in box"] / max(1, counts["said"]),
    }


def table_figures(folder: Path, pages: int) -> dict[str, float]:
    """Measure the share of numbers read in laboratory tables, and CPU seconds per page, with one engine and with both."""
    made = [casefile_generator.results(seed) for seed in range(pages)]
    digital = casefile_generator.draw(made)
    rows: dict[str, float] = {}
    for title, how in POOR.items():
        path = folder / "figures.pdf"
        path.write_bytes(casefile_generator.scan(digital, 1, **how))
        for engines, again in (("Tesseract", False), ("with RapidOCR", True)):
            begun = _busy()
            read = index.read(path, again=again)
            spent = (_busy() - begun) / pages
            found = there = 0
            for lines, page in zip(made, read.pages, strict=True):
                printed, seen = (Counter(_FIGURE.findall(text)) for text in ("\n".join(lines), page.text))
                found, there = found + (printed & seen).total(), there + printed.total()
            rows |= {f"figures, {title}, {engines}": found / there, f"figures, {title}, {engines}: CPU s a page": spent}
    return rows


def large(pages: int) -> bytes:
    """Make a digital case file of that many pages."""
    made = pikepdf.new()
    seed = 0
    while len(made.pages) < pages:
        packet = Path(tempfile.mkdtemp()) / "p.pdf"
        packet.write_bytes(casefile_generator.packet(SHARED, seed, half=seed % 2, clinical=12).pdf)
        with pikepdf.open(packet) as one:
            made.pages.extend(one.pages)
        seed += 1
    del made.pages[pages:]
    out = Path(tempfile.mkdtemp()) / "large.pdf"
    made.save(out)
    return out.read_bytes()


def speed(folder: Path, pages: int) -> dict[str, float]:
    path = folder / "large.pdf"
    path.write_bytes(large(pages))
    begun = _busy()
    built = index.build([path])
    ours = _busy() - begun
    begun = _busy()
    bundle_pdf.build([path], built.documents, case="CM15-0000001")
    bound = _busy() - begun
    few = folder / "few.pdf"
    with pikepdf.open(path) as made:
        del made.pages[60:]
        made.save(few)
    begun = _busy()
    sum(1 for _ in sandbox_tasks.layers(few, name="few"))
    layers = (_busy() - begun) / 60
    begun = _busy()
    import pdfplumber

    with pdfplumber.open(few) as pdf:
        plumbed = sum(len(page.extract_words()) for page in pdf.pages)
    peer = (_busy() - begun) / 60
    assert plumbed
    return {
        "digital pages/s a core, indexed whole": pages / ours,
        "digital pages/s a core, assembled": pages / bound,
        "times faster than pdfplumber, words with boxes": peer / layers,
    }


def memory(folder: Path, pages: int, *, scanned: bool = False) -> dict[str, float]:
    """Measure the peak memory of a process that indexes that many pages, together with its children, in megabytes.

    Proportional sizes (Pss), sampled twenty times a second: a page of a library that three processes share counts once.
    """
    path = folder / "memory.pdf"
    if scanned:
        tables = casefile_generator.draw([casefile_generator.results(seed) for seed in range(pages)])
        path.write_bytes(casefile_generator.scan(tables, 1, **POOR["fax"]))  # every page is read by both engines
    else:
        path.write_bytes(large(pages))
    code = "import sys;from pathlib import Path;from imr.records import index;index.build([Path(sys.argv[1])])"
    most = 0
    with subprocess.Popen([sys.executable, "-c", code, str(path)]) as process:
        while process.poll() is None:
            most = max(most, sum(map(_held, [process.pid, *_children(process.pid)])))
            time.sleep(0.05)
        assert process.returncode == 0
    return {f"MB at the peak, parent and children, {pages} {'scanned' if scanned else 'digital'} pages": most / 1024}


def at_rest(folder: Path, pages: int) -> dict[str, float]:
    """Measure what encryption of files at rest costs a digital case file of that many pages."""
    path = folder / "at-rest.pdf"
    path.write_bytes(large(pages))
    return files_at_rest.measure(folder, path)


def _children(process: int) -> list[int]:
    """Give the children of a process and theirs."""
    found: list[int] = []
    for place in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += map(int, place.read_text().split())
        except OSError:
            continue
    return found + [one for child in found for one in _children(child)]


def _held(process: int) -> int:
    """Give the kilobytes of a process's memory; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def peers(folder: Path, seed: int) -> dict[str, float]:
    """Read a scan of prose with ours, bare Tesseract and OCRmyPDF, each on all processors: seconds, and CPU seconds per page."""
    path = folder / "scan.pdf"
    path.write_bytes(casefile_generator.scan(casefile_generator.packet(SHARED, seed, half=1, clinical=4).pdf, seed))
    pictures = []
    with Pdf(path) as pdf:
        for number in range(len(pdf)):
            pictures.append(folder / f"{number}.png")
            Pillow.fromarray(pdf.image(number, ocr.DPI)).save(pictures[-1], dpi=(ocr.DPI, ocr.DPI))

    def bare() -> None:
        alone = os.environ | {"OMP_THREAD_LIMIT": "1"}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            done = pool.map(
                lambda one: subprocess.run(
                    ["tesseract", str(one), "-", "tsv"], env=alone, capture_output=True, check=True
                ),
                pictures,
            )
            assert all(one.stdout for one in done)

    def ocrmypdf() -> None:
        options = ["-q", "--deskew", "--rotate-pages", "--output-type", "pdf"]
        subprocess.run(
            [sys.executable, "-m", "ocrmypdf", *options, str(path), str(folder / "o.pdf")],
            capture_output=True,
            check=True,
        )

    readers = {
        "ours, one engine": lambda: index.build([path], again=False),
        "ours": lambda: index.build([path]),
        "Tesseract, bare": bare,
        "OCRmyPDF": ocrmypdf,
    }
    rows: dict[str, float] = {"pages": len(pictures)}
    for name, reader in readers.items():
        begun, clock = _busy(), time.perf_counter()
        reader()
        rows |= {
            f"{name}: CPU s a page": (_busy() - begun) / len(pictures),
            f"{name}: pages/s on all cores": len(pictures) / (time.perf_counter() - clock),
        }
    return rows


Row = tuple[str, dict[str, float]]
HANDS = {"second hand": casefiles_style_b.packet, "third hand": casefiles_held_out.packet}


def _scans(folder: Path, seed: int, files: int | None) -> Iterator[Row]:
    for title, how in SCANS.items():
        yield title, accuracy(folder, range(seed, seed + (files or 1)), **how)


def _hands(folder: Path, seed: int, files: int | None) -> Iterator[Row]:
    for title, packet in HANDS.items():
        yield f"{title}, digital", hand(folder, packet, range(seed, seed + (files or 40)))


def _faxes(folder: Path, seed: int, files: int | None) -> Iterator[Row]:
    for title, packet in HANDS.items():
        for scan, how in FAXES.items():
            yield f"{title}, {scan}", hand(folder, packet, range(seed, seed + (files or 2)), **how)


def _memory(folder: Path, *_: object) -> Iterator[Row]:
    for pages, scanned in ((500, False), (1000, False), (5000, False), (8, True), (24, True)):
        yield "memory", memory(folder, pages, scanned=scanned)


PARTS: dict[str, Callable[[Path, int, int | None], Iterable[Row]]] = {
    "digital": lambda folder, seed, files: [("digital", accuracy(folder, range(seed, seed + (files or 24))))],
    "scans": _scans,
    "hands": _hands,
    "faxes": _faxes,
    "figures": lambda folder, _, files: [("tables", table_figures(folder, files or 4))],
    "speed": lambda folder, *_: [("speed", speed(folder, 1000))],
    "memory": _memory,
    "peers": lambda folder, seed, _: [("scan", peers(folder, seed + 3))],
    "at-rest": lambda folder, _, files: [("at rest", at_rest(folder, files or 300))],
}


def measure(parts: Iterable[str] = PARTS, *, seed: int = 0, files: int | None = None) -> dict[str, float]:
    """Print every figure of these parts and return them by name."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        for part in parts:
            for title, row in PARTS[part](Path(name), seed, files):
                for key, value in row.items():
                    figures[f"{title}: {key}"] = value
                    print(f"{title + ': ' + key:68} {value:10.4g}", flush=True)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[], metavar="PART")
    parser.add_argument("--seed", type=int, default=0, help="the first case file")
    parser.add_argument("--files", type=int, default=None, help="case files per row")
    chosen = parser.parse_args()
    measure(chosen.parts or PARTS, seed=chosen.seed, files=chosen.files)
