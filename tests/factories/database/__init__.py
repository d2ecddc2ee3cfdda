"""The database of a test: the suite signs in as the site does, and has a way past the triggers that the site has not.

Databases are created and removed by the owner of the tables. A function of the superuser (`tests.as_superuser`), in each database
of a test alone, runs what only a superuser may: emptying tables that keep history, and damaging them on purpose.
"""

from collections.abc import Sequence

from django.db import connection

#: Where the server lets the superuser in: the socket of the suite's own.
ACCESS = "local all postgres trust"


def as_superuser(statements: str, values: Sequence[object] | None = None) -> None:
    """Run statements as the superuser, in the transaction of the test."""
    with connection.cursor() as cursor:
        whole = cursor.mogrify(statements, values) if values is not None else statements
        cursor.execute("SELECT tests.as_superuser(%s)", [whole])


def past_triggers(statements: str, values: Sequence[object] | None = None) -> None:
    """Run statements as the superuser whom no trigger stops, in the transaction of the test."""
    as_superuser(
        f"SET LOCAL session_replication_role = replica; {statements}; SET LOCAL session_replication_role = origin",
        values,
    )
