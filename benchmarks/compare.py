"""Gains and losses of the reader on the published letters, against the last commit: `make compare`, or with --to COMMIT.

Both readers read every letter as each extractor gives it, each in a process of its own. The differences are printed,
field by field; a change of the reader is not complete before somebody has looked at them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("IMR_SHARED", ROOT.parent / "shared")) / "letters"
SOURCES = ("pdf", "pdftotext", "layout", "raw", "mupdf", "pypdf", "pdfminer", "ocr")
_READ = """
import json, sys
from pathlib import Path
from imr.determination import read
from imr.plain import to_plain
from imr.records.pdf import page_texts
for line in sys.stdin:
    path = Path(line.strip())
    text = "\\f".join(page_texts(path.read_bytes())) if path.suffix == ".pdf" else path.read_text(encoding="utf-8")
    reading = read(text)
    print(json.dumps({"determination": to_plain(reading.determination), "problems": list(reading.problems),
                      "unread": list(reading.unread)}))
"""


def main() -> int:
    """Print the differences; return 1 if something was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--to", default="HEAD", help="the commit to compare with")
    commit = parser.parse_args().to
    paths = [path for source in SOURCES for path in sorted(letters(source).glob("*.*"))]
    if not paths:
        print(f"the published letters are not at {SHARED}; set IMR_SHARED to the folder above them")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        before = readings(Path(folder) / "src", paths)
    now = readings(ROOT / "src", paths)
    lost = gained = 0
    for path, old, new in zip(paths, before, now, strict=True):
        for field in sorted(old.keys() | new.keys()):
            if old.get(field) != new.get(field):
                lost += field in old
                gained += field in new
                print(
                    f"{path.parent.name}/{path.stem} {field}\n  - {old.get(field)!r:.200}\n  + {new.get(field)!r:.200}"
                )
    print(f"{len(paths)} readings: {gained} fields new or changed, {lost} fields of {commit} lost or changed")
    return min(lost, 1)


def letters(source: str) -> Path:
    """Give the folder of one extractor's letters."""
    return SHARED / "pdf" if source == "pdf" else SHARED / "text" / source


def readings(source: Path, paths: list[Path]) -> list[dict[str, object]]:
    """Read letters with the reader below `source`; give each as a flat table of its fields."""
    done = subprocess.run(
        [sys.executable, "-c", _READ],
        input="\n".join(map(str, paths)),
        env={**os.environ, "PYTHONPATH": str(source)},
        text=True,
        capture_output=True,
        check=True,
    )
    return [flat(json.loads(line)) for line in done.stdout.splitlines()]


def flat(value: object, name: str = "") -> dict[str, object]:
    """Flatten a nested value to a table of its leaves that have a value."""
    if isinstance(value, dict):
        return {
            key: leaf for part, inner in value.items() for key, leaf in flat(inner, f"{name}.{part}".strip(".")).items()
        }
    if isinstance(value, list):
        return {key: leaf for n, inner in enumerate(value) for key, leaf in flat(inner, f"{name}[{n}]").items()}
    return {} if value in (None, "") else {name: value}


if __name__ == "__main__":
    sys.exit(main())
