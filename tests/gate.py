"""The gate behind `make check`: runs every check, prints every failure, and ends with 1 where one failed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
#: The templates of pages: in a mail, white space is what a person reads.
TEMPLATES = sorted((ROOT / "src/imr/web/templates").rglob("*.*ml"))

CHECKS = {
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    "types": [BIN / "mypy"],
    "contracts": [BIN / "lint-imports"],
    "indentation of templates": [BIN / "djhtml", "--check", "--tabwidth", "2", *TEMPLATES],
    "templates": [BIN / "djlint", "--lint", "--quiet", "src/imr/web/templates"],
    "scripts": [BIN / "oxlint", "--deny-warnings", "src/imr/web/static"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "production settings": [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "generated documents": [sys.executable, "-m", "tools.documents", "--check"],
    "wording": [sys.executable, "tests/wording.py"],
    "coverage": [sys.executable, "tests/coverage_floor.py"],
}


def main() -> int:
    """Run them all; return how many failed."""
    failed = []
    with tempfile.TemporaryDirectory() as home:
        # The settings of a site behind HTTPS, with a folder of its own and a database that nothing here connects to.
        production = {
            **os.environ,
            "IMR_HOME": home,
            "IMR_SITE": "https://imr.example",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "PYTHONWARNINGS": "ignore:Got an error checking a consistent migration history:RuntimeWarning",
        }
        for name, command in CHECKS.items():
            environment = production if "manage.py" in command else None
            done = subprocess.run(
                [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False, env=environment
            )
            print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    print(f"{len(CHECKS) - len(failed)} passed, {len(failed)} failed")
    return min(len(failed), 1)


if __name__ == "__main__":
    sys.exit(main())
