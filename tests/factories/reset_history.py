"""A database whose history tables can be emptied between tests; the site has no such door."""

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

#: The installation stays, as one that has seen no storage of documents yet.
KEEP = ("CREATE TEMP TABLE installed AS SELECT * FROM imr_installationrow;",)
BRING_BACK = (
    "SET session_replication_role = origin;",
    "UPDATE installed SET store = '', store_origin = '', database = '', numbers_until = 0, numbers_held = false;",
    "INSERT INTO imr_installationrow SELECT * FROM installed;",
    "DROP TABLE installed;",
)


@pytest.fixture(autouse=True, scope="session")
def emptied_between_tests():
    """Let the suite empty the tables that refuse to be emptied."""
    original = DatabaseOperations.execute_sql_flush
    if original.__module__ == __name__:  # a run over several folders asks for this once for each
        yield
        return

    def flush(self, sql_list):
        return original(self, [*KEEP, "SET session_replication_role = replica;", *sql_list, *BRING_BACK])

    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
    yield
    patch.undo()
