"""Publishes the determinations of this site to its corpus: the public version of each, among the other letters.

Letters published elsewhere are in the folder of the setting `LETTERS`, from which the corpus is built; those of this site are
in a subfolder of it that sorts last, so that a new one rebuilds only the last part.
"""

from pathlib import Path

from django.conf import settings

from imr.corpus import publication_status
from imr.corpus.build import Progress, build, no_progress, source_of
from imr.corpus.indexing import is_current, rebuild
from imr.determination import write
from imr.errors import SetupError
from imr.web import access
from imr.web.store import failures, site_corpus
from imr.web.store.failures import Task

#: The subfolder of this site's letters: it sorts behind every name that begins with a letter or a digit.
HERE = "~published-here"


def update_corpus(progress: Progress = no_progress) -> int:
    """Bring the corpus up to date with what is published here; return how many letters came, changed or went.

    A published determination that is missing or damaged is recorded (`store.failures`) and stops no other; an index that
    another version made is rebuilt. Raises SetupError where the corpus was built from another folder: an operator has to say
    which is meant.
    """
    letters, corpus = Path(settings.LETTERS), Path(settings.CORPUS)
    if (corpus / "corpus.json").exists() and not is_current(corpus):
        rebuild(corpus, progress)
        site_corpus.count(corpus).keep()
    built_from = source_of(corpus)
    if (corpus / "corpus.json").exists() and built_from != letters.resolve():
        raise SetupError(
            f"the corpus {corpus} was built from {built_from or 'an unknown folder'}, not from {letters}: set IMR_LETTERS to that folder, "
            "so that the determinations of this site are put among its letters, or IMR_CORPUS to another corpus"
        )
    changed = _put(letters / HERE)
    if changed or (letters.is_dir() and any(letters.iterdir()) and not (corpus / "corpus.json").exists()):
        build(letters, corpus, progress=progress)
        publication_status.write(corpus, access.current_publication_status())
        rebuild(corpus, progress)
        site_corpus.count(corpus).keep()  # so that no visitor waits for it
    return changed


def _put(folder: Path) -> int:
    """Write the public version of each published determination, a file each, and no others; return how many changed."""
    wanted = {f"{line.number}.txt": line.number for line in access.published()}
    there = {file.name for file in folder.glob("*.txt")}
    changed = 0
    for name in there - set(wanted):
        (folder / name).unlink()
        changed += 1
    failures.delete_others(Task.PUBLISHING, wanted.values())
    return changed + sum(failures.run_each(Task.PUBLISHING, wanted.values(), lambda number: _put_one(folder, number)))


def _put_one(folder: Path, number: str) -> bool:
    """Write the public version of one determination; return whether the file changed."""
    text = write(access.public_determination(number))
    file = folder / f"{number}.txt"
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(file)
    return True
