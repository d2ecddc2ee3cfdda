"""The values of a corpus load without the libraries that compute them."""

import subprocess
import sys

HEAVY = {"duckdb", "numpy", "pyarrow", "tantivy"}


def test_a_value_of_a_corpus_loads_no_engine_and_no_database():
    code = "import sys, imr.corpus.model, imr.corpus.fields, imr.corpus.publication_status; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not HEAVY & {name.partition(".")[0] for name in loaded.split()}
