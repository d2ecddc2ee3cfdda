"""A database whose history tables can be emptied between tests; the site has no such door."""

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(autouse=True, scope="session")
def emptied_between_tests():
    """Let the suite empty the tables that refuse to be emptied."""
    original = DatabaseOperations.execute_sql_flush

    def flush(self, sql_list):
        return original(
            self, ["SET session_replication_role = replica;", *sql_list, "SET session_replication_role = origin;"]
        )

    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
    yield
    patch.undo()
