"""What the log of the database server keeps of rows: a refused row, a statement with its values, hold names and health information.

The embedded server is started so that its log has none of it. A server of one's own is asked, and `manage.py check` and the
start say which of its settings to change: a superuser does that, and not the site.
"""

from collections.abc import Sequence

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

#: For each setting of the server, the values with which its log keeps nothing of rows, and the one to set.
_QUIET: dict[str, tuple[frozenset[str], str]] = {
    "log_error_verbosity": (frozenset({"terse"}), "terse"),
    "log_min_error_statement": (frozenset({"fatal", "panic"}), "panic"),
    "log_statement": (frozenset({"none", "ddl"}), "none"),
    "log_min_duration_statement": (frozenset({"-1"}), "-1"),
    "log_min_duration_sample": (frozenset({"-1"}), "-1"),
    "log_transaction_sample_rate": (frozenset({"0"}), "0"),
    "debug_print_parse": (frozenset({"off"}), "off"),
    "debug_print_rewritten": (frozenset({"off"}), "off"),
    "debug_print_plan": (frozenset({"off"}), "off"),
    "auto_explain.log_min_duration": (frozenset({"-1"}), "-1"),
}


def problem(connection: BaseDatabaseWrapper) -> str:
    """Return which settings of the server let its log keep values of rows, with what its superuser does; empty where none does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(_QUIET)])
        found = {str(name): str(setting) for name, setting in cursor.fetchall()}
        cursor.execute("SELECT quote_ident(current_user)")
        ((role,),) = cursor.fetchall()
    loud = [name for name, (quiet, _) in _QUIET.items() if name in found and found[name] not in quiet]
    if not loud:
        return ""
    now = ", ".join(f"{name} is {found[name]}" for name in loud)
    how = "; ".join(f"ALTER ROLE {role} SET {name} = '{_QUIET[name][1]}'" for name in loud)
    return f"the log of the database server may quote rows, with names and health information: {now}. Have its superuser run: {how}"


def said() -> str:
    """Return the same of the database of the site."""
    return problem(connections[DEFAULT_DB_ALIAS])


@checks.register(checks.Tags.database)
def check(*, databases: Sequence[str] | None = None, **_: object) -> list[checks.CheckMessage]:
    """Warn of a log that quotes rows."""
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        try:
            if said := problem(connections[alias]):
                found.append(checks.Warning(said, id="imr.W007"))
        except DatabaseError:
            continue  # whoever needs the database says that it cannot be reached
    return found
