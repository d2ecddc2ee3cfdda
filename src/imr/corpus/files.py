"""Writes the small JSON files beside the tables of a corpus."""

import json
import os
import threading
from pathlib import Path


def write_json(path: Path, value: object) -> None:
    """Write a JSON file atomically, even when other processes or threads write the same file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    temporary.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    temporary.replace(path)
