"""What `imr serve` and `manage.py upgrade` both set up, and which version last brought a site's data up to date."""

from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from imr.web.platform import folders, reencryption, storage, temporary_files
from imr.web.platform.database import roles
from imr.web.store import installation

#: In the home: the version whose `upgrade` was the last to finish, or that made the site.
_FILE = "version"


_PLAIN_FILES = (
    "Documents and pages are on the disk otherwise than IMR_DISK_ENCRYPTED says, because they are of an earlier version or setting: stop "
    "the site and run `imr manage upgrade`"
)


def set_up() -> int:
    """Set up what is missing: folders, tables, static files. Return how many files and folders were closed to others.

    Raises SetupError if the storage of documents, or the database, cannot be used.
    """
    closed = folders.close_to_others()
    temporary_files.sweep()
    storage.require_writable()
    with roles.as_owner():  # after a restore the site's role may read nothing yet
        is_new = not _executor().loader.applied_migrations
    if is_new:
        record_version()  # nothing in it is of an older version
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    roles.require_least_privilege()
    installation.check_at_start()
    call_command("collectstatic", interactive=False, verbosity=0)
    return closed


def pending_migrations() -> list[str]:
    """Return the migrations that the database lacks, in their order."""
    with roles.as_owner():
        executor = _executor()
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _executor() -> MigrationExecutor:
    return MigrationExecutor(connection)


def record_version() -> None:
    """Record that all data of this site is as the installed version makes it."""
    (Path(settings.HOME) / _FILE).write_text(f"{version('imr')}\n", encoding="utf-8")


def outdated() -> str:
    """Return a sentence with what to do if another version was the last to bring this site up to date, else an empty one."""
    file = Path(settings.HOME) / _FILE
    recorded = file.read_text(encoding="utf-8").strip() if file.exists() else "a version before 0.2.0"
    if recorded == version("imr"):
        return _PLAIN_FILES if reencryption.is_due() else ""
    return f"The data of this site is as {recorded} left it, and {version('imr')} is installed: stop the site and run `imr manage upgrade` (docs/upgrading.md)"
