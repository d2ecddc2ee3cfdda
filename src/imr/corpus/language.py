"""What of a query is not asked of the index, because no answer would come quickly or none was meant, and how that is told."""

import re
from collections.abc import Callable, Iterable

#: A search has at most so many words, of which a phrase counts as some, and so many characters.
WORDS, PHRASE, CHARACTERS = 24, 6, 1_000
_LEFT_OUT = (
    (
        re.compile(r'("[^"]*")[~*]\d*'),
        r"\1",
        "the words of a phrase are sought whole and side by side; * and ~ behind it are left out",
    ),
    (
        re.compile(r"(?<![\w:])([\w][\w/'-]*)[~*]\d*"),
        r"\1",
        "words are sought whole; * and ~ behind one are left out",
    ),
    (
        re.compile(r"""[^\s:"()\[\]{}]+\s*:\s*\*+"""),  # whatever the engine takes for the name of a field
        "",
        "a field is asked for by a value; one with * alone is left out",
    ),
    (
        re.compile(r"\b(?!year:)\w+:(?:[\[{][^\]}]*[\]}]|[<>]=?\S*)"),
        "",
        "only the year has a from and a to; that of another field is left out",
    ),
)
_TOLD = (
    (re.compile(r"Field does not exist: '(.*)'"), r"there is no field \1"),
    (re.compile(r"Syntax Error: missing delimiter .*"), "a quotation mark stands alone"),
    (re.compile(r"Syntax Error: expected '\)'.*"), "a bracket is not closed"),
    (re.compile(r"Syntax Error: unparsed end of query at position (\d+)"), r"what stands from character \1 on"),
    (re.compile(r"Syntax Error: (.*)"), r"\1"),
    (re.compile(r"Expected a valid integer.*"), "a year is a number"),
    (re.compile(r"Unsupported query: Regex.*"), "patterns between / and / are not sought"),
)
#: The engine's remark on a query that only excludes; it answers such a one all the same.
_NO_PROBLEM = "Invalid query: Only excluding terms given"
_QUOTED = re.compile(r'"[^"]+"')
_WORD = re.compile(r"\b(?!(?:AND|OR|NOT|TO)\b)\w+")

#: A field with its value, a phrase, a word, or anything else that is not white space.
_PIECE = re.compile(r'\w+:"[^"]*"|\w+:\[[^\]]*\]|\w+:\w+|"[^"]*"|\w+|\S')


def limited(query: str) -> tuple[str | None, tuple[str, ...]]:
    """The query as it is asked, and what of it is left out; None where it is too long to be asked at all."""
    if len(query) > CHARACTERS:
        return None, (f"a search has at most {CHARACTERS:,} characters, and this one has {len(query):,}; ask for less",)
    bare, phrases = _QUOTED.subn(" ", query)
    count = len(_WORD.findall(bare)) + PHRASE * phrases
    if count > WORDS:
        return None, (f"a search has at most {WORDS} words, a phrase counting as {PHRASE}; ask with fewer",)
    problems = []
    for pattern, instead, told in _LEFT_OUT:
        query, found = pattern.subn(instead, query)
        if found:
            problems.append(told)
    return query, tuple(problems)


def told(problems: Iterable[object]) -> tuple[str, ...]:
    """What the engine did not understand of a query, in plain words."""
    said = []
    for problem in map(str, problems):
        if problem != _NO_PROBLEM:
            pattern, instead = next(
                ((pattern, instead) for pattern, instead in _TOLD if pattern.fullmatch(problem)), (None, "")
            )
            said.append(pattern.sub(instead, problem) if pattern else problem)
    return tuple(dict.fromkeys(said))


def telling(query: str, in_all: Callable[[str], bool]) -> str:
    """The same query without the words that stand in every issue, where all that is asked for must occur.

    Such a word leaves nothing out and ranks nothing, and going through all places of several takes long.
    """
    pieces = [piece for piece in _PIECE.findall(query) if piece != "AND"]
    if any(piece in ("OR", "NOT", "IN") or not re.match(r'[\w"]', piece) for piece in pieces):
        return query
    kept = [piece for piece in pieces if not (piece.isalnum() and in_all(piece.lower()))]
    return " ".join(kept or pieces[:1])
