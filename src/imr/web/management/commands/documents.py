"""`manage.py documents ...`: checks every document, copies all of them to another storage, lists files that no case names."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.case.context import CALIFORNIA
from imr.errors import Damaged, ImrError
from imr.web import actions
from imr.web.platform import encryption, folders, reencryption, storage
from imr.web.platform.storage.folder import Folder
from imr.web.store import documents, installation

#: Files that are read at once: each is held in memory.
AT_ONCE = 4
#: Files between two lines of progress.
TOLD = 500


class Command(BaseCommand):
    """Checks or copies the documents. Either can be interrupted and started again; neither changes the storage it reads."""

    help = "Check every document, copy all of them elsewhere, list what no case names, or say whose the storage is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the subcommands."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("check", help="read every document that a case names, and compare its digest")
        copy = verbs.add_parser("copy", help="copy everything; files that are there already are skipped")
        copy.add_argument("to", help="a folder, or s3://bucket/prefix")
        verbs.add_parser(
            "list-unclaimed", help="list the files that no case names; none of them is ever removed automatically"
        )
        remove = verbs.add_parser("remove-unclaimed", help="remove files that no case names, by the names of that list")
        remove.add_argument("names", nargs="+")
        verbs.add_parser(
            "encrypt", help="encrypt every stored file with the newest key; stop the site and its workers before"
        )
        adopt = verbs.add_parser("adopt", help="state that this storage is this site's, after a restore from a backup")
        adopt.add_argument(
            "--anyway", action="store_true", help="even if another site marked it, which no longer exists"
        )

    def handle(
        self,
        *,
        verb: str,
        to: str = "",
        names: Sequence[str] = (),
        anyway: bool = False,
        **_: object,
    ) -> None:
        """Run the subcommand and report damage; the command ends with 6 where a document is damaged."""
        try:
            damaged = self._done(verb, to, names, anyway=anyway)
        except storage.StorageUnreachable as error:
            raise CommandError(f"{error.why}. Start it again to continue") from error
        except (ImrError, OSError) as error:
            raise CommandError(str(error)) from error
        if damaged:
            raise CommandError(
                "\n".join([f"Damaged: {len(damaged)}. Restore from the backup what these name:", *damaged]),
                returncode=Damaged.exit_code,
            )

    def _done(self, verb: str, to: str, names: Sequence[str], *, anyway: bool) -> list[str]:
        match verb:
            case "check":
                return self._check()
            case "copy":
                return self._copy(to)
            case "list-unclaimed":
                self._list_unclaimed()
            case "remove-unclaimed":
                for name in names:
                    actions.remove_unreferenced(name)
                    self.stdout.write(f"removed {name}")
            case "encrypt":
                return self._encrypt()
            case "adopt":
                self.stdout.write(installation.adopt(anyway=anyway))
        return []

    def _list_unclaimed(self) -> None:
        found = 0
        for found, one in enumerate(actions.unreferenced_files(), 1):  # noqa: B007 - counted
            when = f"{one.at.astimezone(CALIFORNIA):%Y-%m-%d %H:%M}"
            said = "left by a refused step, removed in the next round" if one.given_up else "unclaimed"
            self.stdout.write(f"{one.name}  {when}  {said}")
        self.stdout.write(
            f"{found:,} files that no case names. A file may belong to a step that is under way, or to a step that was taken after "
            "the backup from which the database came: examine it before you remove it (remove-unclaimed)."
        )

    def _check(self) -> list[str]:
        return self._each("documents", sorted(actions.referenced_digests()), _checked)

    def _encrypt(self) -> list[str]:
        with folders.lock_home():
            done = reencryption.reencrypt()
        how = "encrypted with the newest key" if encryption.is_on() else "written plain, since the disk is encrypted"
        self.stdout.write(f"{done.changed:,} files {how}")
        return [f"{path}: it cannot be decrypted" for path in done.damaged]

    def _copy(self, to: str) -> list[str]:
        goal = storage.configuration(to, settings.HOME)
        storage.require_writable(storage.storage_from(goal["default"]))
        damaged = []
        for part, named in (("default", "documents"), ("quarantine", "refused files"), ("pages", "pages")):
            source, target = _part(settings.STORAGES, part), _part(goal, part)
            if source is None or target is None:
                continue
            names = [name for name, _ in source.listed() if not name.endswith((".part", ".picture"))]
            damaged += self._each(named, names, _copier(source, target, by_digest=part != "pages"))
        if not damaged:
            installation.copy_own(storage.storage_from(goal["default"]))
            self.stdout.write(
                f"Everything is copied to {to}, as a backup, or to move there. To move: stop the site and its workers, run this again "
                f"for what came meanwhile, set IMR_DOCUMENTS={to} on every machine, and start them. The present storage is unchanged."
            )
        return damaged

    def _each(self, named: str, names: list[str], act: Callable[[str], str | None]) -> list[str]:
        """Call an action with each name, several at once, and print the progress; return what is damaged."""
        damaged = []
        with ThreadPoolExecutor(AT_ONCE) as several:
            for number, said in enumerate(_few_ahead(several, act, names), 1):
                if said:
                    damaged.append(said)
                if number % TOLD == 0:
                    self.stdout.write(f"  {number:,} of {len(names):,} {named}")
        self.stdout.write(f"{named}: {len(names):,}, of which {len(damaged)} damaged")
        return damaged


def _few_ahead(
    several: ThreadPoolExecutor, act: Callable[[str], str | None], names: Iterable[str]
) -> Iterator[str | None]:
    """Yield the results of an action on each name, in their order; a failure ends it before all the others are begun."""
    left = iter(names)
    while some := list(islice(left, 64)):
        yield from several.map(act, some)


def _part(entries: Mapping[str, storage.StorageEntry], part: str) -> storage.FileStorage | None:
    """Return one part of a storage; pages are in the folder of the settings where there is no bucket."""
    if part in entries:
        return storage.storage_from(entries[part])
    return Folder(location=settings.PAGES, confidential=True) if part == "pages" else None


def _checked(digest: str) -> str | None:
    try:
        documents.load(digest)
    except Damaged as error:
        return str(error)
    return None


def _copier(
    source: storage.FileStorage, target: storage.FileStorage, *, by_digest: bool
) -> Callable[[str], str | None]:
    def copy(name: str) -> str | None:
        last = Path(name).name
        digest = last if by_digest else source.digest(name)
        if digest is None or target.digest(name) == digest:
            return None
        try:
            data = source.read(name)
        except FileNotFoundError:  # deleted in the meantime
            return None
        except Damaged as error:
            return str(error) if by_digest else None  # a derived file is made again
        if hashlib.sha256(data).hexdigest() != digest:
            return f"{name} was changed after it was kept, and was not copied"
        target.put(name, data)
        return None

    return copy
