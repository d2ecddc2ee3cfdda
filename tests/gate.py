"""The gate behind `make check`: runs every check, prints every failure, and ends with 1 where one failed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS = {
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    "types": [BIN / "mypy"],
    "contracts": [BIN / "lint-imports"],
    "generated documents": [sys.executable, "-m", "tools.documents", "--check"],
    "coverage": [sys.executable, "tests/coverage_floor.py"],
}


def main() -> int:
    """Run them all; return how many failed."""
    failed = []
    for name, command in CHECKS.items():
        done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    print(f"{len(CHECKS) - len(failed)} passed, {len(failed)} failed")
    return min(len(failed), 1)


if __name__ == "__main__":
    sys.exit(main())
