"""`manage.py documents check | copy TO`: whether every document is there as it came, and all of them into another storage."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imr.errors import Damaged, ImrError
from imr.web import actions, documents, storage
from imr.web.storage.folder import Folder

#: Files that are on their way at once: each is held in memory.
AT_ONCE = 4
#: Files between two lines of progress.
TOLD = 500


class Command(BaseCommand):
    """Looks at, or copies, what is kept. Both may be broken off and begun again; neither changes what stands."""

    help = "Check every document by its digest, or copy all of them to another folder or bucket."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and where to."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("check", help="read every document that a case names, and compare its digest")
        copy = verbs.add_parser("copy", help="copy everything; what is there already is passed over")
        copy.add_argument("to", help="a folder, or s3://bucket/prefix")

    def handle(self, **options: Any) -> None:
        """Do it, and say what is damaged; the command ends with 6 where something is."""
        try:
            damaged = self._check() if options["verb"] == "check" else self._copy(options["to"])
        except storage.OutOfReach as error:
            raise CommandError(f"{error.why}; begin it again, and it goes on") from error
        except (ImrError, OSError) as error:
            raise CommandError(str(error)) from error
        if damaged:
            raise CommandError(
                "\n".join([f"Damaged: {len(damaged)}. Restore from the backup what these name:", *damaged]),
                returncode=Damaged.exit_code,
            )

    def _check(self) -> list[str]:
        return self._each("documents", sorted(actions.claimed()), _checked)

    def _copy(self, to: str) -> list[str]:
        goal = storage.configuration(to, settings.HOME)
        storage.insist(storage.made(goal["default"]))
        damaged = []
        for part, named in (("default", "documents"), ("quarantine", "refused files"), ("pages", "pages")):
            source, target = _part(settings.STORAGES, part), _part(goal, part)
            if source is None or target is None:
                continue
            names = [name for name, _ in source.listed() if not name.endswith((".part", ".picture"))]
            damaged += self._each(named, names, _copier(source, target, by_digest=part != "pages"))
        if not damaged:
            self.stdout.write(
                f"All of it stands in {to}. Stop the site and its workers, run this again for what came meanwhile, set "
                f"IMR_DOCUMENTS={to} on every machine, and start them. What stood before is as it was."
            )
        return damaged

    def _each(self, named: str, names: list[str], act: Callable[[str], str | None]) -> list[str]:
        """Act on each name, several at once, and say how far it is; what is damaged."""
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
    """What acting on each name gives, in their order; a failure ends it before all the others are begun."""
    left = iter(names)
    while some := list(islice(left, 64)):
        yield from several.map(act, some)


def _part(entries: dict[str, Any], part: str) -> storage.Kept | None:
    """A place of one storage; pages stand in the folder of the settings where there is no bucket."""
    if part in entries:
        return storage.made(entries[part])
    return Folder(location=settings.PAGES) if part == "pages" else None


def _checked(digest: str) -> str | None:
    try:
        documents.fetch(digest)
    except Damaged as error:
        return str(error)
    return None


def _copier(source: storage.Kept, target: storage.Kept, *, by_digest: bool) -> Callable[[str], str | None]:
    def copy(name: str) -> str | None:
        last = Path(name).name
        digest = last if by_digest else source.digest(name)
        if digest is None or target.digest(name) == digest:
            return None
        try:
            data = source.read(name)
        except FileNotFoundError:  # swept meanwhile
            return None
        if hashlib.sha256(data).hexdigest() != digest:
            return f"{name} was changed after it was kept, and was not copied"
        target.put(name, data)
        return None

    return copy
