"""The words of the project, checked: plain American English in docs, templates, docstrings, comments and messages.

`docs/style.md` is the page for people. Run `python tests/wording.py` to list what is left; `make check` runs it. Names in code are
not looked at: code spans of Markdown, tags of templates, identifiers, and strings that are one name (`"imr-dispute-stands"`).
"""

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: The files whose wording is still to be corrected, one a line. The list only gets shorter.
TO_DO = ROOT / "tests" / "wording_to_do.txt"

#: The record of changes keeps its words; the page of style names those that are not used; the packages repeat docstrings.
NAMES_THEM = {"CHANGELOG.md", "style.md", "packages.md"}

#: What is not written, and what is written for it.
BANNED = {
    r"anew": "again",
    r"(?:un)?mend(?:s|ed|ing)?": "fix, correct",
    r"reckon(?:s|ed|ing)?": "count, compute",
    r"foretell(?:s|ing)?|foretold": "predict",
    r"stands?": "is",
    r"told of": "shown, informed about",
    r"whom it has not": "say it the other way round",
    r"by when": "the deadline",
    r"of before": "earlier",
    r"way of": "how to",
    r"doors?": "name the thing: the public API, the portal, the access to a case",
    r"of itself": "by itself, automatically",
    r"(?:is|are) to be done": "name who does it, or use the imperative",
    r"\d{1,2} (?:January|February|April|June|July|August|September|October|November|December|(?:March|May) \d{4})": "November 2, 2026",
    # British spellings
    r"licences?": "license",
    r"behaviours?": "behavior",
    r"colou?r(?<=our)(?:s|ed|ing)?": "color",
    r"(?:fav|hon|lab|neighb)our(?:s|ed|able|ing|hood)?": "-or",
    r"cent(?:re|res|red)": "center",
    r"programmes?": "program",
    r"judgements?": "judgment",
    r"defence|offence|pretence": "-ense",
    r"grey": "gray",
    r"(?:label|cancel|travel|model|signal)l(?:ed|ing)": "one l",
    r"fulfil|enrol": "two l's",
    r"whilst|amongst|learnt|spelt": "while, among, learned, spelled",
    r"practise[sd]?": "practice",
    r"analys(?:e|ed|ing)": "analyze",
    r"(?:organ|recogn|author|final|initial|normal|summar|minim|maxim|optim|capital|serial|special|real|categor|util|standard)"
    r"is(?:e|ed|es|er|ers|ing|ation|ations)": "-ize",
}
#: Where such a word is right: the law's own words, and idioms of plain English.
ALLOWED = [
    r"(?:determination|decision|authorization|dispute|appeal|order|liability) (?:still )?stands?\b",  # stays in force
    r"\bstands? (?:for|in for|alone|down)\b",
    r"\bwhere (?:it|a case|the case|things|each case|your case) stands?\b",
    r"\bby way of\b",
    r"\bin the way of\b",
    # What is stored: the step of a search for evidence, and the words that the id of a concern is a digest of.
    r"nationally recognised, evidence-based",
    r"Two spaces stand where",
    r"exact days stand in one letter",
    r"utilization review\|utilisation review",  # as records spell it
    r"decides the dispute anew|UR decision does not stand\b",  # the letter's words
    r"a heavy door\b",
]
WORDS = re.compile(rf"(?<![\w`/_-])(?:{'|'.join(BANNED)})(?![\w`/_-])", re.IGNORECASE)
RIGHT = re.compile("|".join(ALLOWED), re.IGNORECASE)

Line = tuple[int, str]


def of_python(text: str) -> Iterator[Line]:
    """Comments, docstrings and every other string of several words, but not patterns (r"..."): they hold the words of others."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        if kind == "STRING" and token.string[0] in "rR":
            continue
        if kind == "COMMENT" or (kind == "STRING" and " " in token.string) or kind == "FSTRING_MIDDLE":
            prose = re.sub(r"\{[^{}]*\}", "", token.string) if kind == "STRING" else token.string
            for number, line in enumerate(prose.splitlines(), token.start[0]):
                yield number, re.sub(r"`[^`]*`", "``", line)


def of_template(text: str) -> Iterator[Line]:
    """What a reader sees: text, and what is translated in tags. Comments too, attributes only where they are translated."""
    text = re.sub(r"\{% translate (\"[^\"]*\"|'[^']*').*?%\}", r"\1", text)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text)
    text = re.sub(r"<code>.*?</code>", "", text)
    text = re.sub(r"(?:class|id|name|href|for|src|data-[a-z-]*key)=\"[^\"]*\"", "", text)
    yield from enumerate(text.splitlines(), 1)


def of_markdown(text: str) -> Iterator[Line]:
    """Everything but code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        fenced ^= line.startswith("```")
        if not fenced and not line.startswith("    "):
            yield number, re.sub(r"`[^`]*`|\]\([^)]*\)", "``", line)


READERS = {".py": of_python, ".html": of_template, ".txt": of_template, ".xml": of_template, ".md": of_markdown}


def files() -> list[Path]:
    """What is checked: the product and its documents. Tests, tools and the record of changes are read by their writers."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.py")]
    found += ROOT.glob("src/imr/web/templates/**/*.*")
    return sorted(path for path in found if "migrations" not in path.parts and path.name not in NAMES_THEM)


def findings(path: Path) -> list[str]:
    """Each place of a file with a word that is not ours."""
    found = []
    for number, line in READERS[path.suffix](path.read_text(encoding="utf-8")):
        right = [match.span() for match in RIGHT.finditer(line)]
        for match in WORDS.finditer(line):
            if any(first <= match.start() and match.end() <= last for first, last in right):
                continue
            instead = next(value for word, value in BANNED.items() if re.fullmatch(word, match[0], re.IGNORECASE))
            found.append(
                f"{path.relative_to(ROOT).as_posix()}:{number}: {match[0]!r} ({instead}): {line.strip()[:110]}"
            )
    return found


def main() -> int:
    """Print what is wrong outside of the files still to do; return 1 where there is anything."""
    to_do = set(TO_DO.read_text(encoding="utf-8").split()) if TO_DO.exists() else set()
    wrong = 0
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        found = findings(path)
        if name in to_do:
            if not found:
                print(f"{name} is in order: take it out of {TO_DO.name}")
                wrong += 1
            continue
        print(*found, sep="\n", end="\n" if found else "")
        wrong += len(found)
    print(f"{wrong} to correct, {len(to_do)} files to do")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
