"""The two roles of the database: one owns the tables and changes their columns, the other reads and writes rows.

The site signs in as a role that owns nothing. It may add to history and not change it, and it can switch no trigger off.
Migrations sign in as the owner (`as_owner`), who then grants the site what it needs (`grant`). `problems` says what the
site's role may do beyond that; the site does not start while there is anything.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg import sql

from imr.errors import SetupError

_log = logging.getLogger(__name__)

#: The tables that triggers keep from being changed, whichever migration made them.
_HISTORY = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE proname = 'imr_only_added_to' AND NOT tgisinternal ORDER BY 1
"""
_HELD = """
SELECT rolname, rolsuper, rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles WHERE rolname = current_user
"""
#: Roles whose members may act as a superuser, as the owner of a database, or beside the tables.
_MEMBER = """
SELECT rolname FROM pg_roles WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER') AND (
  rolsuper OR rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_write_all_data',
  'pg_database_owner', 'pg_maintain', 'pg_signal_backend', 'pg_checkpoint', 'pg_create_subscription')) ORDER BY 1
"""
_OWNED = """
SELECT 'the database ' || datname FROM pg_database WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'MEMBER')
UNION ALL SELECT 'the schema public' FROM pg_namespace WHERE nspname = 'public' AND pg_has_role(current_user, nspowner, 'MEMBER')
UNION ALL (SELECT 'the table ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm', 'v')
  AND pg_has_role(current_user, relowner, 'MEMBER') ORDER BY relname LIMIT 1)
UNION ALL (SELECT 'the function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  AND pg_has_role(current_user, proowner, 'MEMBER') ORDER BY proname LIMIT 1)
"""
_MAY = """
SELECT 'create tables' WHERE has_schema_privilege(current_user, 'public', 'CREATE')
UNION ALL SELECT 'create schemas' WHERE has_database_privilege(current_user, current_database(), 'CREATE')
UNION ALL SELECT 'switch triggers off' WHERE has_parameter_privilege(current_user, 'session_replication_role', 'SET')
"""
_CHANGES = (
    "SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR has_any_column_privilege(%s, 'UPDATE')"
)
#: Triggers that keep history and do not fire. A disabled trigger is kept by the database until somebody enables it.
_SILENT = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE proname LIKE 'imr\\_%' AND NOT tgisinternal AND tgenabled NOT IN ('O', 'A') ORDER BY 1
"""
#: Whether the role may take the right to create tables from others: the owner of the schema and a superuser may.
_MAY_CLOSE = "SELECT has_schema_privilege(current_user, 'public', 'CREATE WITH GRANT OPTION')"
#: Key in the settings of a connection that signs in as the owner of the tables. The names of the roles do not say it: one role may be both.
_AS_OWNER = "AS_OWNER"
_HOW = "docs/operations.md (Roles of the database) says how to make the two roles"


@contextmanager
def as_owner(alias: str = DEFAULT_DB_ALIAS) -> Iterator[BaseDatabaseWrapper]:
    """Sign in as the owner of the tables for as long as this lasts, in this thread; the connection of the site is kept aside."""
    site = connections[alias]
    owner = site.copy(alias)
    owner.settings_dict.update(owner.settings_dict.get("OWNER", {}))
    owner.settings_dict[_AS_OWNER] = True
    connections[alias] = owner
    try:
        yield owner
    finally:
        owner.close()
        connections[alias] = site


def grant(owner: BaseDatabaseWrapper, site: str) -> None:
    """Grant the role `site` what the site needs, and take from it all else. Where one role is both, there is nothing to grant."""
    if site == owner.settings_dict["USER"]:
        return
    with owner.cursor() as cursor:
        cursor.execute(_HISTORY)
        history = [table for (table,) in cursor.fetchall()]
        cursor.execute(_MAY_CLOSE)
        ((may_close,),) = cursor.fetchall()
    only_read = [table for table in ("django_migrations",) if table in owner.introspection.table_names()]
    database = sql.Identifier(str(owner.settings_dict["NAME"]))
    role = sql.Identifier(site)
    statements = [
        "SELECT pg_advisory_xact_lock(hashtextextended('grants', 0))",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        *(f"REVOKE UPDATE, DELETE ON {table} FROM {{role}}" for table in history),
        *(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {{role}}" for table in only_read),
        "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        # A database that was made before PostgreSQL 15, or restored from one, lets everybody create tables.
        *(["REVOKE CREATE ON SCHEMA public FROM {role}, PUBLIC"] if may_close else []),
        "GRANT CONNECT ON DATABASE {database} TO {role}",
        "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM {role}, PUBLIC",
    ]
    together = sql.SQL("; ").join(sql.SQL(one).format(role=role, database=database) for one in statements)
    with owner.cursor() as cursor:
        cursor.execute(sql.SQL("BEGIN; {}; COMMIT").format(together))


def problems(connection: BaseDatabaseWrapper) -> list[str]:
    """Return what the role of this connection may do that the site's must not, one sentence each with what to do."""
    with connection.cursor() as cursor:

        def found(query: str, *values: str) -> list[tuple[object, ...]]:
            cursor.execute(query, values or None)
            return list(cursor.fetchall())

        ((name, superuser, more),) = found(_HELD)
        if superuser:
            return [f"the site signs in to the database as {name}, a superuser, who can change history. {_HOW}"]
        said = ["make or change roles or databases"] if more else []
        said += [f"act as {role}" for (role,) in found(_MEMBER)]
        said += [f"change {what}, which it owns" for (what,) in found(_OWNED)]
        said += [str(what) for (what,) in found(_MAY)]
        history = [str(table) for (table,) in found(_HISTORY)]
        said += [f"change the history in {table}" for table in history if found(_CHANGES, table, table)[0][0]]
        silent = [table for (table,) in found(_SILENT)]
    beyond = [f"the role {name}, as which the site signs in to the database, may {what}: {_HOW}" for what in said]
    return beyond + [
        f"the triggers that keep history are switched off for the table {table}: find out who did it and what was changed since, "
        f"then have the owner run ALTER TABLE {table} ENABLE TRIGGER ALL"
        for table in silent
    ]


def require_least_privilege() -> None:
    """Raise SetupError where the site's role may do more than the site needs."""
    _require(connections[DEFAULT_DB_ALIAS])


def require_at_first_connection() -> None:
    """Ask it of the next connections instead, until one passes: for a process that starts while the database cannot be reached.

    A connection whose role may do too much is closed and raises SetupError, and the next one is asked again.
    """
    connections[DEFAULT_DB_ALIAS].close()
    connection_created.connect(_ask_new_connection, weak=False, dispatch_uid=_ask_new_connection)


def require_soon() -> bool:
    """Ask it now, or of the first connection where the database cannot be asked yet; return whether it was asked."""
    try:
        require_least_privilege()
    except DatabaseError:
        _log.exception(
            "the database cannot be asked: what the role of the site may do is asked at the first connection"
        )
        require_at_first_connection()
        return False
    return True


def _ask_new_connection(connection: BaseDatabaseWrapper, **_: object) -> None:
    if connection.alias != DEFAULT_DB_ALIAS or connection.settings_dict.get(_AS_OWNER):
        return
    try:
        _require(connection)
    except BaseException:
        connection.close()  # else the next query takes it as one that is made
        raise
    connection_created.disconnect(dispatch_uid=_ask_new_connection)


def _require(connection: BaseDatabaseWrapper) -> None:
    if found := problems(connection):
        raise SetupError("; ".join(found))


@checks.register(checks.Tags.database)
def check(*, databases: Sequence[str] | None = None, **_: object) -> list[checks.CheckMessage]:
    """Report a role that may do too much. `manage.py check` asks it where the database can be reached."""
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.settings_dict.get(_AS_OWNER):
            continue  # a migration
        try:
            found += [checks.Error(problem, id="imr.E006") for problem in problems(connection)]
        except OperationalError:
            continue  # whoever needs the database says that it cannot be reached
    return found
