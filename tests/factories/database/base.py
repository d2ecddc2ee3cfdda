"""The site's engine for the suite: the owner of the tables creates and removes databases."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db.backends.postgresql import creation

from imr.web.platform.database import base, roles

_FUNCTION = """
CREATE SCHEMA tests;
GRANT USAGE ON SCHEMA tests TO PUBLIC;
CREATE FUNCTION tests.as_superuser(statements text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
$$ BEGIN EXECUTE statements; END $$
"""


class DatabaseCreation(creation.DatabaseCreation):
    """Adds the function to each database of a test."""

    def _create_test_db(self, *arguments: object, **named: object) -> str:
        name: str = super()._create_test_db(*arguments, **named)
        with self.connection.superuser(name) as connection:
            if connection.execute("SELECT to_regnamespace('tests')").fetchone() == (None,):
                connection.execute(_FUNCTION)
        return name


class DatabaseWrapper(base.DatabaseWrapper):
    """Creates databases as the owner of the tables."""

    creation_class = DatabaseCreation

    def superuser(self, name: str) -> psycopg.Connection:
        """A connection of the server's superuser to a database."""
        parameters = {**self.get_connection_params(), "dbname": name, "user": "postgres", "password": None}
        for ours in ("context", "cursor_factory", "prepare_threshold"):
            parameters.pop(ours, None)
        return psycopg.connect(**parameters, autocommit=True)

    @contextmanager
    def _nodb_cursor(self) -> Iterator[object]:
        with self.superuser("postgres") as connection:
            connection.execute("SELECT pg_advisory_lock(1)")  # two processes of the suite
            connection.execute(f"ALTER ROLE {self.settings_dict['OWNER']['USER']} CREATEDB")
        with roles.as_owner(self.alias) as owner, super(DatabaseWrapper, owner)._nodb_cursor() as cursor:
            yield cursor
