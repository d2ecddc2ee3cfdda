"""A database whose history tables can be emptied between tests; the site has no such door.

Rows are deleted: a test leaves a few in each table, and TRUNCATE writes every table and index to disk again. What `migrate` put there
stays, so that nothing is to be put there again (104 statements a test).
"""

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations

#: What `migrate` fills: the installation stays too, as one that has seen no storage of documents yet.
KEPT = ("imr_installationrow", "django_content_type", "auth_permission")
FORGET = "UPDATE imr_installationrow SET store = '', store_origin = '', database = '', numbers_until = 0, numbers_held = false"


def _emptied(self: DatabaseOperations, _style: object, tables: list[str], **_how: object) -> list[str]:
    names = [self.quote_name(table) for table in tables if table not in KEPT]
    commands = [
        # As TRUNCATE does, this waits for whoever still writes.
        f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE",
        "SET LOCAL session_replication_role = replica",  # neither the triggers that keep the history nor foreign keys are asked
        *(f"DELETE FROM {name}" for name in names),
        FORGET,
        "SET LOCAL session_replication_role = origin",
    ]
    return [f"SELECT tests.as_superuser($$ {'; '.join(commands)} $$)"]


@pytest.fixture(autouse=True, scope="session")
def emptied_between_tests():
    """Let the suite empty the tables that refuse to be emptied."""
    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "sql_flush", _emptied)
    patch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
    yield
    patch.undo()
