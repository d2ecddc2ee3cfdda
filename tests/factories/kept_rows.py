"""What a function writes into an empty test database, kept and written again in one statement where the same is asked again.

A case of the story is 300 to 700 statements. Within a test whose transaction is rolled back, the rows that it leaves are the same each
time; so they are copied after the first time, and put back where the database is as it was before that, whatever the test did.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import UserSettingsHolder, settings
from django.core import mail
from django.db import connection
from tests.factories.database import past_triggers

from imr.errors import Damaged
from imr.web.models import DocumentRow
from imr.web.platform import clock
from imr.web.store.documents import load

#: What `migrate` fills and no test writes.
_WITHOUT = ("django_migrations", "django_content_type", "auth_permission")
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s) ORDER BY tablename"
Rows = dict[str, frozenset[str]]


@dataclass(frozen=True)
class _Kept:
    before: Rows
    day: object
    removed: dict[str, list[str]]
    added: dict[str, list[str]]
    result: Any


def kept_rows(key: Callable[..., Hashable], again: Callable[[Any], Any] = lambda result: result) -> Callable[..., Any]:
    """Keep what the function leaves in the database, by the key of its arguments; `again` gives its result another time."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        known: dict[Hashable, _Kept] = {}

        @wraps(function)
        def one(*arguments: Any) -> Any:
            if not _rolled_back():
                return function(*arguments)
            before, name = _rows(), key(*arguments)
            found = known.get(name)
            if found and (found.before, found.day) == (before, clock.today()) and _documents_are_there(found):
                _write(found)
                return again(found.result)
            sent = len(mail.outbox)
            result = function(*arguments)
            if len(mail.outbox) == sent:
                after = _rows()
                removed = {table: sorted(rows - after[table]) for table, rows in before.items() if rows - after[table]}
                added = {table: sorted(rows - before[table]) for table, rows in after.items() if rows - before[table]}
                known[name] = _Kept(before, clock.today(), removed, added, result)
            return again(result)

        return one

    return decorate


def _rolled_back() -> bool:
    """Whether this test is rolled back, on the machine's own time and with the settings of the suite."""
    blocks = connection.atomic_blocks
    own = not isinstance(settings._wrapped, UserSettingsHolder) and clock._STANDING.get() is None
    return own and bool(blocks) and blocks[0]._from_testcase


def _rows() -> Rows:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [list(_WITHOUT)])
        tables = [name for (name,) in cursor.fetchall()]
        each = (f"SELECT '{table}', array_agg(a_row::text) FROM \"{table}\" a_row" for table in tables)
        cursor.execute(" UNION ALL ".join(each))
        return {table: frozenset(rows or ()) for table, rows in cursor.fetchall()}


def _write(kept: _Kept) -> None:
    # The triggers that keep the history were asked when the rows were first written.
    commands, values = [], []
    for table, rows in kept.removed.items():
        commands.append(f'DELETE FROM "{table}" a_row WHERE a_row::text = ANY(%s)')
        values.append(rows)
    for table, rows in kept.added.items():
        commands.append(f'INSERT INTO "{table}" SELECT * FROM unnest(%s::"{table}"[])')
        values.append(rows)
    past_triggers("; ".join(commands), values)


def _documents_are_there(kept: _Kept) -> bool:
    """Whether the storage has the documents of these rows still: another test may have swept them."""
    table = DocumentRow._meta.db_table
    if table not in kept.added:
        return True
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT DISTINCT digest FROM unnest(%s::"{table}"[])', [kept.added[table]])
        digests = [digest for (digest,) in cursor.fetchall()]
    try:
        return all(load(digest) for digest in digests)
    except Damaged:
        return False
