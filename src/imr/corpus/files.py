"""Small files of facts beside the tables of a corpus."""

import json
import os
import threading
from pathlib import Path


def write_json(path: Path, value: object) -> None:
    """Write a small file of facts whole or not at all, whoever else writes it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    temporary.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    temporary.replace(path)
