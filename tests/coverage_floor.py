"""Coverage of lines and of branches: 100 % for the pure core, what was reached for the rest."""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

#: Parts of packages with a floor of their own. What confines a reader runs only in processes that may write no file any more, also
#: not what coverage measured; tests/records/test_confinement.py asks such processes from outside.
APART = {("records", "confinement"): "confinement"}
ROOT = Path(__file__).resolve().parent.parent
#: Per package: the least share of lines and of branches that tests run, in percent. A figure here only rises.
FLOORS = {
    "case": (100, 100),
    "checks": (98, 95),
    "cli": (89, 85),
    "confinement": (45, 14),
    "corpus": (98, 95),
    "determination": (100, 100),
    "examples": (99, 97),
    "guidelines": (99, 97),
    "identity": (99, 98),
    "imr": (99, 98),
    "law": (100, 100),
    "panel": (100, 100),
    "records": (92, 83),
    "web": (96, 90),
}


def main() -> int:
    """Print the share a package and return 1 where one is below its floor."""
    coverage = [str(Path(sys.executable).parent / "coverage")]
    if list(ROOT.glob(".coverage.*")):
        subprocess.run([*coverage, "combine", "-q", "--append"], cwd=ROOT, check=True)
    report = ROOT / "build" / "coverage.json"
    report.parent.mkdir(exist_ok=True)
    subprocess.run([*coverage, "json", "-q", "-o", str(report)], cwd=ROOT, check=True)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    missing: dict[str, list[str]] = defaultdict(list)
    for name, data in json.loads(report.read_text())["files"].items():
        parts = Path(name).parts
        package = APART.get(parts[2:4], parts[2]) if len(parts) > 3 else "imr"
        summary = data["summary"]
        for index, key in enumerate(("covered_lines", "num_statements", "covered_branches", "num_branches")):
            sums[package][index] += summary[key]
        if data["missing_lines"] or data["missing_branches"]:
            missing[package].append(f"{name}: lines {data['missing_lines']}, branches {data['missing_branches']}")
    below = len(FLOORS.keys() ^ sums.keys())
    for package in sorted(FLOORS.keys() ^ sums.keys()):
        print(f"{package}: a package without a floor, or a floor without a package")
    for package in sorted(FLOORS.keys() & sums.keys()):
        lines, of_lines, branches, of_branches = sums[package]
        shares = (100 * lines / (of_lines or 1), 100 * branches / of_branches if of_branches else 100)
        ok = all(share >= floor for share, floor in zip(shares, FLOORS[package], strict=True))
        below += not ok
        reached = ", ".join(
            f"{name} {share:6.2f} % of at least {floor} %"
            for name, share, floor in zip(("lines", "branches"), shares, FLOORS[package], strict=True)
        )
        print(f"{package:15} {reached}{'' if ok else '  BELOW'}")
        if not ok and FLOORS[package] == (100, 100):
            print("\n".join(missing[package]))
    return min(below, 1)


if __name__ == "__main__":
    sys.exit(main())
