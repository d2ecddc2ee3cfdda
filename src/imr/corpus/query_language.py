"""Simplifies a query to what the index can answer fast, and explains what was left out or not understood."""

import re
from collections.abc import Callable, Iterable

#: The most words in a search, how many words a phrase counts as, and the most characters.
WORDS, PHRASE, CHARACTERS = 24, 6, 1_000
_LEFT_OUT = (
    (
        re.compile(r'("[^"]*")[~*]\d*'),
        r"\1",
        "a phrase is searched for word for word; * and ~ after it are ignored",
    ),
    (
        re.compile(r"(?<![\w:])([\w][\w/'-]{0,100})[~*]\d*"),
        r"\1",
        "whole words are searched for; * and ~ after a word are ignored",
    ),
    (
        re.compile(r"""[^\s:"()\[\]{}]{1,100}\s{0,20}:\s*\*+"""),  # whatever the engine takes for the name of a field
        "",
        "a field needs a value; one with only * is ignored",
    ),
    (
        re.compile(r"\b(?!year:)\w+:(?:[\[{][^\]}]*[\]}]|[<>]=?\S*)"),
        "",
        "only the year can have a range; a range of another field is ignored",
    ),
)
_TOLD = (
    (re.compile(r"Field does not exist: '(.*)'"), r"there is no field \1"),
    (re.compile(r"Syntax Error: missing delimiter .*"), "a quotation mark is not closed"),
    (re.compile(r"Syntax Error: expected '\)'.*"), "a bracket is not closed"),
    (re.compile(r"Syntax Error: unparsed end of query at position (\d+)"), r"everything from character \1 on"),
    (re.compile(r"Syntax Error: (.*)"), r"\1"),
    (re.compile(r"Expected a valid integer.*"), "a year is a number"),
    (re.compile(r"Unsupported query: Regex.*"), "patterns between / and / are not supported"),
)
#: The engine's remark on a query that only excludes; it answers such a query all the same.
_NO_PROBLEM = "Invalid query: Only excluding terms given"
_QUOTED = re.compile(r'"[^"]+"')
_WORD = re.compile(r"\b(?!(?:AND|OR|NOT|TO)\b)\w+")

#: A field with its value, a phrase, a word, or anything else that is not white space.
_PIECE = re.compile(r'\w+:"[^"]*"|\w+:\[[^\]]*\]|\w+:\w+|"[^"]*"|\w+|\S')


def simplified(query: str) -> tuple[str | None, tuple[str, ...]]:
    """Give the query without what the index cannot answer, and an explanation of each part left out; None where it is too long."""
    if len(query) > CHARACTERS:
        return None, (f"a search can have {CHARACTERS:,} characters, and this one has {len(query):,}; shorten it",)
    bare, phrases = _QUOTED.subn(" ", query)
    count = len(_WORD.findall(bare)) + PHRASE * phrases
    if count > WORDS:
        return None, (f"a search can have {WORDS} words, and a phrase counts as {PHRASE}; use fewer",)
    problems = []
    for pattern, instead, told in _LEFT_OUT:
        query, found = pattern.subn(instead, query)
        if found:
            problems.append(told)
    return query, tuple(problems)


def explained(problems: Iterable[object]) -> tuple[str, ...]:
    """Give the parts of a query that the engine did not understand, in plain words."""
    said = []
    for problem in map(str, problems):
        if problem != _NO_PROBLEM:
            pattern, instead = next(
                ((pattern, instead) for pattern, instead in _TOLD if pattern.fullmatch(problem)), (None, "")
            )
            said.append(pattern.sub(instead, problem) if pattern else problem)
    return tuple(dict.fromkeys(said))


def without_common_words(query: str, in_all: Callable[[str], bool]) -> str:
    """Give the same query without the words that every issue has, if all its words must occur.

    Such a word excludes nothing and ranks nothing, and reading all positions of several of them is slow.
    """
    pieces = [piece for piece in _PIECE.findall(query) if piece != "AND"]
    if any(piece in ("OR", "NOT", "IN") or not re.match(r'[\w"]', piece) for piece in pieces):
        return query
    kept = [piece for piece in pieces if not (piece.isalnum() and in_all(piece.lower()))]
    return " ".join(kept or pieces[:1])
