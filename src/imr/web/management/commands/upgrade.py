"""`manage.py upgrade`: every duty of an update, done or named."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.corpus.indexing import is_current
from imr.errors import Damaged, ImrError
from imr.web import accounts, actions, demo_data
from imr.web.actions.publish_to_corpus import update_corpus
from imr.web.management import site_setup
from imr.web.platform import folders, reencryption


class Command(BaseCommand):
    """Applies migrations, rebuilds derived data, and has documents read again; with --check, lists what is to do."""

    help = "Bring everything that the site keeps up to the installed version. Stop the site and make a backup first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option --check."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; print what is to do, and end with 1 if anything is"
        )

    def handle(self, *, check: bool, **_: object) -> None:
        """Do everything. Ends with 6 if a case, a document or the corpus could not be brought up to date."""
        try:
            if check:
                self._check()
                return
            with folders.lock_home():
                problems = self._upgrade()
        except ImrError as error:
            raise CommandError(str(error), returncode=error.exit_code) from error
        if problems:
            for problem in problems:
                self.stderr.write(problem)
            raise CommandError(
                "The site is not completely up to date: do what is listed above, then run this again.",
                returncode=Damaged.exit_code,
            )
        site_setup.record_version()
        self.stdout.write("The site is up to date: start it again.")

    def _upgrade(self) -> list[str]:
        """Do every duty and print it; return what could not be done."""
        pending = site_setup.pending_migrations()
        site_setup.set_up()
        self._say("migrations applied", len(pending))
        rebuilt = actions.rebuild()
        self._say("rows of cases rebuilt", rebuilt.cases)
        problems = [f"{number}: {why}" for number, why in rebuilt.failed.items()]
        files = reencryption.reencrypt()
        self._say("files encrypted, or written plain where the disk is encrypted", files.changed)
        problems += [f"{path}: it cannot be decrypted; restore it from the backup" for path in files.damaged]
        self._say("invented signing keys", demo_data.give_signing_keys())
        actions.enqueue_unread()
        self._say("documents to be read again once the site serves", actions.unread_documents())
        made = self._index_waits()
        try:
            self._say("published letters added, changed or removed", update_corpus())
            self._say("search index rebuilt", int(made))
        except ImrError as error:
            problems.append(str(error))
        if lost := accounts.lost_second_factors():
            problems.append(
                f"{len(lost)} accounts have a second factor under another secret key: restore the key, or reset each "
                "(`imr manage second-factor lost` lists them)"
            )
        return problems

    def _check(self) -> None:
        waits = [f"migration {name}" for name in site_setup.pending_migrations()]
        if not waits:  # else the tables may lack the columns that are read
            if rows := actions.outdated_rows():
                waits.append(f"rows of {rows} cases, which an older version made")
            if unread := actions.unread_documents():
                waits.append(f"{unread} documents to read again (the site does it in the background)")
        if files := reencryption.under_other_keys():
            waits.append(f"{files} files to encrypt, or to write plain where the disk is encrypted")
        if self._index_waits():
            waits.append(f"the search index of {settings.CORPUS}, which another version made")
        if problem := site_setup.outdated():
            waits.append(problem)
        for wait in waits:
            self.stdout.write(wait)
        if waits:
            raise CommandError("`imr manage upgrade` does all of this; docs/upgrading.md says what else to look at.")
        self.stdout.write("The site is up to date.")

    def _index_waits(self) -> bool:
        return (settings.CORPUS / "corpus.json").exists() and not is_current(settings.CORPUS)

    def _say(self, what: str, count: int) -> None:
        self.stdout.write(f"{what}: {count}")
