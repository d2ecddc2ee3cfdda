"""Every measurement, compared with its peers: `python benchmarks/run.py [--only SUBJECT] [--write]`, or `make bench`.

Each subject prints its rows and returns its figures. They are compared with `baseline.json`, which --write replaces. A
figure is a rate, a share or a ratio to a peer of the same run; of two runs on different machines only ratios are
comparable.
"""

import argparse
import importlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "benchmarks" / "baseline.json"
#: The module and the function that measure each subject.
SUBJECTS = {
    "letters": ("benchmarks.letters", "figures"),
    "law": ("benchmarks.law", "measure"),
    "case": ("benchmarks.case", "run"),
    "panel": ("benchmarks.panel", "measure"),
    "checks": ("benchmarks.checks", "figures"),
    "records": ("benchmarks.records", "measure"),
    "corpus": ("benchmarks.corpus", "figures"),
}


def main() -> None:
    """Measure the chosen subjects."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", choices=SUBJECTS, action="append", help="measure this subject alone; may be repeated")
    parser.add_argument("--write", action="store_true", help="write the figures into baseline.json")
    chosen = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    kept: dict[str, dict[str, float]] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    measured = {}
    for subject in chosen.only or SUBJECTS:
        module, function = SUBJECTS[subject]
        print(f"\n== {subject}", flush=True)
        figures = getattr(importlib.import_module(module), function)()
        measured[subject] = {name: round(float(value), 4) for name, value in figures.items()}
        compare(measured[subject], kept.get(subject, {}))
    if chosen.write:
        BASELINE.write_text(json.dumps(kept | measured, indent=1, sort_keys=True) + "\n")
        print(f"\nwrote {BASELINE.relative_to(ROOT)}")


def compare(figures: dict[str, float], before: dict[str, float]) -> None:
    """Print each figure with the one of the baseline."""
    for name, value in figures.items():
        was = before.get(name)
        beside = f"   baseline {was:12,.3f}   now {value / was:6.2f} of it" if was else ""
        print(f"  {name:52} {value:12,.3f}{beside}")


if __name__ == "__main__":
    main()
