"""Speed of citations, compared with eyecite, and of the checks.

On a draft with a case file of a thousand pages, and on letters alone.

Seconds are of processor time, so that other work on the machine does not count.
"""

import os
import time
from pathlib import Path

from imr.checks import Context, run, text
from imr.determination import Reading, read, write
from imr.examples import determination
from imr.guidelines import citation, find_citations
from imr.records import index
from imr.records.model import CaseFile
from tools.planted_faults.trials import base

SHARED = Path(os.environ.get("IMR_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))
PAGES = 1_000
_PAGE_LETTERS = 2_400
#: The number of invented letters that are checked.
INVENTED = 1_000


def figures() -> dict[str, float]:
    """Print the rows and return the figures."""
    return citations() | thousand_pages() | letters_alone()


def _letters() -> list[str]:
    """Give the sample letters as text and the seed; invented ones if the samples are missing."""
    folder = SHARED / "letters"
    texts = [path.read_text(encoding="utf-8") for path in sorted((folder / "text" / "pdftotext").glob("*.txt"))]
    if texts:
        return [*texts, (folder / "seed-2015.txt").read_text(encoding="utf-8")]
    return [write(determination(n)) for n in range(74)]


def citations() -> dict[str, float]:
    """Measure letters per second in which every guideline citation is found, compared with eyecite on the same letters."""
    letters = _letters()
    found, ours = _timed(letters, _ours)
    theirs_found, theirs = _timed(letters[:20], _eyecite)
    rate, peer = len(letters) / ours, 20 / theirs
    print(f"citations: imr {rate:,.0f} letters/s, {found} guideline citations in {len(letters)} letters")
    print(
        f"citations: eyecite {peer:,.0f} letters/s, {theirs_found} citations in 20 letters, of guidelines none of the kind"
    )
    print(f"citations: ratio to eyecite {rate / peer:.1f}")
    return {
        "citations_letters_a_second": rate,
        "citations_eyecite_letters_a_second": peer,
        "citations_ratio": rate / peer,
    }


def _ours(letter: str) -> int:
    citation._read.cache_clear()  # noqa: SLF001 - each letter as if it were the first; in a run over many the cache helps
    return len(find_citations(letter))


def _eyecite(letter: str) -> int:
    import eyecite

    return len(eyecite.get_citations(letter))


def _timed(letters: list[str], work) -> tuple[int, float]:
    work(letters[0])
    best, found = float("inf"), 0
    for _ in range(3):
        start = time.process_time()
        found = sum(work(letter) for letter in letters)
        best = min(best, time.process_time() - start)
    return found, best


def case_file(pages: int = PAGES) -> CaseFile:
    """Make a case file of so many pages of clinical text, a document every four pages."""
    reports = [
        path.read_text(encoding="utf-8", errors="replace") for path in sorted((SHARED / "records").glob("*/*.txt"))
    ]
    words = (
        "\n".join(reports) or "The employee has pain and is treated with rest. Examination shows tenderness. " * 4_000
    )
    texts = []
    for number in range(pages):
        at = number * _PAGE_LETTERS % max(1, len(words) - _PAGE_LETTERS)
        head = (
            f"PROGRESS REPORT (PR-2)\nDate of service: 0{number % 9 + 1}/1{number % 9}/2014\n"
            if number % 4 == 0
            else ""
        )
        texts.append(head + words[at : at + _PAGE_LETTERS])
    return index.from_texts(texts)


def thousand_pages() -> dict[str, float]:
    """Measure milliseconds for all checks on a draft of one and of six issues, with a case file of a thousand pages."""
    file = case_file()
    claims = (
        "There is no documentation of functional improvement.",
        "The number of visits completed was not documented.",
        "The records do not mention side effects of the medication.",
        "There was no evidence of failed conservative care.",
    )
    one = base(0, "6 physical therapy sessions for the low back", *claims)
    from dataclasses import replace

    six = replace(one, issues=one.issues * 6)
    rows = {}
    for name, draft in (("one issue", one), ("six issues", six)):
        best = float("inf")
        for _ in range(5):
            start = time.process_time()
            found = run(draft, file)
            best = min(best, time.process_time() - start)
        print(
            f"checks: {name}, {PAGES} pages, {sum(len(p.text) for p in file.pages) / 1e6:.1f} MB: {best * 1000:.0f} ms, {len(found)} concerns"
        )
        rows[f"checks_{name.replace(' ', '_')}_ms"] = best * 1000
    return rows


def letters_alone() -> dict[str, float]:
    """Measure letters per second with every check that needs only a letter, compared with the reader on the same letters.

    Published letters have sentences of their own; they are checked as if there were no other. Invented ones repeat
    theirs, as a corpus of a million does; they are checked after as many others.
    """
    rows = {}
    invented = [write(determination(n)) for n in range(2 * INVENTED)]
    for name, before, letters in (
        ("published", _letters(), _letters()),
        ("invented", invented[:INVENTED], invented[INVENTED:]),
    ):
        for letter in before:
            _check(read(letter))
        if name == "published":
            text._sentence.cache_clear()  # noqa: SLF001 - the words of the field are known, the sentences are new
            text._sentences.cache_clear()  # noqa: SLF001
        start = time.process_time()
        readings = [read(letter) for letter in letters]
        middle = time.process_time()
        found = sum(map(_check, readings))
        reading, checking = middle - start, time.process_time() - middle
        print(
            f"checks: a letter alone, {name}: {len(letters) / checking:,.0f} letters/s ({checking / len(letters) * 1000:.2f} ms),"
            f" {found} concerns; the reader {len(letters) / reading:,.0f} letters/s; ratio {reading / checking:.2f}"
        )
        rows |= {
            f"checks_{name}_letters_a_second": len(letters) / checking,
            f"checks_{name}_ratio_to_reader": reading / checking,
            f"checks_{name}_letter_ms": checking / len(letters) * 1000,
        }
    return rows


def _check(reading: Reading) -> int:
    letter = reading.determination
    return len(run(letter, None, Context(text=reading.text, public=True))) if letter else 0


if __name__ == "__main__":
    figures()
