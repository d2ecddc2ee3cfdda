"""Case files: how right the documents, kinds and words are, and how fast, beside pdfplumber and OCRmyPDF in one run.

python -m benchmarks.records            about ten minutes on two cores
python -m benchmarks.records --quick    fewer digital pages
python -m benchmarks.records --long     three scanned case files of each sort instead of one

Accuracy is measured on the half of reports, titles and layouts that no rule was written on (`benchmarks.packets`, half 1), and on
styles of another hand (`benchmarks.strangers`).
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
from pathlib import Path

import pikepdf

from benchmarks import packets, strangers
from imr.records import assemble, index, tasks

SHARED = Path(os.environ.get("IMR_SHARED", Path(__file__).resolve().parent.parent.parent / "shared")) / "records"
SCANS = {
    "scan 150 dpi": {"dpi": 150},
    "scan 200 dpi": {"dpi": 200},
    "scan 300 dpi": {"dpi": 300},
    "skewed 3 degrees": {"dpi": 200, "skewed": 3.0},
    "fax": {"dpi": 200, "fax": True, "noise": 30.0},
}
#: Scans of pages of figures, from good to bad.
POOR = {
    "office": {"dpi": 200, "skewed": 1.0},
    "fax": {"dpi": 200, "fax": True, "noise": 30.0},
    "poor": {"dpi": 150, "skewed": 2.0, "noise": 45.0},
}
_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*")


def word_errors(truth: str, read: str) -> tuple[int, int]:
    """Words to insert, drop or change to make one text of the other, and the words there are."""
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


def accuracy(folder: Path, files: int, **scan: object) -> dict[str, float]:
    whole = found = there = right = wrong = words = pages = 0
    begun = time.perf_counter()
    for seed in range(files):
        made = packets.packet(SHARED, seed, half=1)
        path = folder / "packet.pdf"
        path.write_bytes(packets.scan(made.pdf, seed, **scan) if scan else made.pdf)
        built = index.build([path])
        counts = packets.agreement([(d.first, d.last, d.kind) for d in built.documents], made.truth)
        whole, found, there, right = whole + counts[0], found + counts[1], there + counts[2], right + counts[3]
        for page, text in list(zip(built.pages, made.texts, strict=True))[::4]:
            errors, count = word_errors(text, page.text)
            wrong, words = wrong + errors, words + count
        pages += len(built.pages)
    return {
        "F1": 2 * whole / (found + there),
        "kind": right / whole,
        "word error": wrong / words,
        "pages/s": pages / (time.perf_counter() - begun),
    }


def strange(folder: Path, files: int, **scan: object) -> dict[str, float]:
    """Documents and facts of case files in styles that no rule was written on (`benchmarks.strangers`)."""
    whole = found = there = right = dated = facts_right = facts_found = facts_there = 0
    for seed in range(1000, 1000 + files):
        made = strangers.packet(seed)
        path = folder / "strange.pdf"
        path.write_bytes(packets.scan(made.pdf, seed, **scan) if scan else made.pdf)
        built = index.build([path])
        counts = packets.agreement([(d.first, d.last, d.kind) for d in built.documents], made.truth)
        whole, found, there, right = whole + counts[0], found + counts[1], there + counts[2], right + counts[3]
        days = {(one.first, one.last): one.dated_on for one in made.truth}
        dated += sum(days.get((d.first, d.last), d) == d.dated_on for d in built.documents)
        said = [strangers.Said(fact.kind, fact.value, fact.page) for fact in built.facts]
        agreed = strangers.facts_agree(said, made.said)
        facts_right, facts_found, facts_there = (
            facts_right + agreed[0],
            facts_found + agreed[1],
            facts_there + agreed[2],
        )
    return {
        "F1": 2 * whole / (found + there),
        "kind": right / whole,
        "day": dated / whole,
        "facts, precision": facts_right / facts_found,
        "facts, recall": facts_right / facts_there,
    }


def table_figures(folder: Path, pages: int) -> dict[str, float]:
    """The share of the figures of laboratory tables that is read, and CPU seconds a page, by the first engine and with the second."""
    made = [packets.results(seed) for seed in range(pages)]
    digital = packets.draw(made)
    rows: dict[str, float] = {}
    for title, how in POOR.items():
        path = folder / "figures.pdf"
        path.write_bytes(packets.scan(digital, 1, **how))
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
    """A digital case file of that many pages."""
    made = pikepdf.new()
    seed = 0
    while len(made.pages) < pages:
        packet = Path(tempfile.mkdtemp()) / "p.pdf"
        packet.write_bytes(packets.packet(SHARED, seed, half=seed % 2, clinical=12).pdf)
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
    assemble.whole([path], built.documents, case="CM15-0000001")
    bound = _busy() - begun
    few = folder / "few.pdf"
    with pikepdf.open(path) as made:
        del made.pages[60:]
        made.save(few)
    begun = _busy()
    sum(1 for _ in tasks.layers(few, name="few"))
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


def memory(folder: Path, pages: int) -> dict[str, float]:
    """The largest resident size of a process that indexes that many pages, and of its largest child, in megabytes."""
    path = folder / "memory.pdf"
    path.write_bytes(large(pages))
    code = (
        "import resource,sys;from pathlib import Path;from imr.records import index;"
        "built=index.build([Path(sys.argv[1])]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    own, child = (int(kilobytes) / 1024 for kilobytes in done.stdout.split())
    return {f"MB for {pages} pages, own": own, f"MB for {pages} pages, child": child}


def beside_ocrmypdf(folder: Path) -> dict[str, float]:
    made = packets.packet(SHARED, 3, half=1, clinical=4)
    path = folder / "scan.pdf"
    path.write_bytes(packets.scan(made.pdf, 3))
    with pikepdf.open(path) as pdf:
        pages = len(pdf.pages)
    begun = _busy()
    index.build([path])
    ours = (_busy() - begun) / pages
    figures = {"CPU s a scanned page": ours}
    begun = _busy()
    command = [
        sys.executable,
        "-m",
        "ocrmypdf",
        "-q",
        "--deskew",
        "--rotate-pages",
        "--output-type",
        "pdf",
        str(path),
        str(folder / "o.pdf"),
    ]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        peer = (_busy() - begun) / pages
        figures |= {"OCRmyPDF, CPU s a page": peer, "OCRmyPDF takes times ours": peer / ours}
    return figures


def measure(*, quick: bool = False, long: bool = False) -> dict[str, float]:
    """Print every figure and give them by name."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = {"digital": accuracy(folder, 4 if quick else 12)}
        for title, how in SCANS.items():
            rows[title] = accuracy(folder, 3 if long else 1, **how)
        rows["strange styles, digital"] = strange(folder, 10 if quick else 40)
        for title in ("scan 200 dpi", "fax"):
            rows[f"strange styles, {title}"] = strange(folder, 3 if long else 1, **SCANS[title])
        for title, row in rows.items():
            figures |= {f"{title}: {key}": value for key, value in row.items()}
        figures |= table_figures(folder, 2 if quick else 4)
        figures |= speed(folder, 300 if quick else 1000)
        figures |= memory(folder, 500 if quick else 5000)
        figures |= beside_ocrmypdf(folder)
    for key, value in figures.items():
        print(f"{key:52} {value:10.4g}", flush=True)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--long", action="store_true")
    chosen = parser.parse_args()
    measure(quick=chosen.quick, long=chosen.long)
