"""No page and no message types a number of days, hours or months: it comes from the rule on the day, or from the site's setting.

An amendment of the law then changes one rule, and every sentence with it. Sentences inside `imr.law` are beside their rule.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "imr"
TEMPLATES = SOURCE / "web" / "templates"

_NUMBER = (
    r"(?<![\w.(\[§])(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|forty-five|sixty|"
    r"seventy-two|ninety|dos|tres|cuatro|cinco|seis|siete|diez|doce|quince|veinte|treinta)(?![\w.(\]])(?! dates)"
)
_UNIT = r"(?:days?|hours?|weeks?|months?|years?|minutes?|dollars?|d[ií]as?|horas?|semanas?|meses|años?)\b"
#: In a page, a number anywhere in a sentence about time: "longer by mail, which adds 5 days; for a drug of the formulary 10".
_IN_SENTENCE = (re.compile(_NUMBER, re.IGNORECASE), re.compile(rf"\b{_UNIT}", re.IGNORECASE))
#: In code, a number before its unit: "20 days", "five working days".
_IN_CODE = re.compile(rf"{_NUMBER}(?: (?:calendar|working|business|court|more|or|and))*[ -]{_UNIT}", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<(\w+)[^>]*class=\"cite\"[^>]*>.*?</\1>", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)
_LITERAL = re.compile(r"\{% translate (?:\"([^\"]*)\"|'([^']*)').*?%\}")

#: Packages whose sentences are of the rule itself, of invented documents, or of the laboratory.
_APART = ("law", "examples", "panel/simulation", "web/migrations")
#: Why a sentence with a number stays as it is: it is no number of a dated rule.
ALLOWED = {
    "determination/template.py": "the fixed words of the letters of 2014 to 2017, which the reader of letters recognizes",
    "web/portals/base/local_time.py": "the two hours of the night on which the clocks are set back",
    "guidelines/validity.py": "what chronic pain is, said beside the citation of the definition",
}


def sentences(text: str) -> Iterator[str]:
    """What a page says, sentence by sentence: text and translated words, without tags, comments and citations."""
    text = _LITERAL.sub(lambda match: match[1] or match[2] or "", _NOT_SHOWN.sub("", text))
    for block in re.split(r"</?(?:p|li|h\d|dt|dd|td|th|div|section|caption|summary)\b[^>]*>", text):
        yield from re.split(r"(?<=[.?!])\s", " ".join(_TAG.sub(" ", block).split()))


def strings(text: str) -> Iterator[tuple[int, str]]:
    """The strings of a module that are no docstrings, with their lines; f-strings without what they compute."""
    tree = ast.parse(text)
    quiet = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet.add(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in quiet:
            yield node.lineno, node.value


def said_in_pages() -> list[str]:
    """Each sentence of a page that types a number and speaks of time."""
    return [
        f"{path.relative_to(SOURCE)}: {sentence}"
        for path in sorted(TEMPLATES.rglob("*.*"))
        for sentence in sentences(path.read_text(encoding="utf-8"))
        if all(pattern.search(sentence) for pattern in _IN_SENTENCE)
    ]


def said_in_code() -> dict[str, list[str]]:
    """Each message that types a number of days, hours or months, by its module."""
    found: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(_APART):
            for line, said in strings(path.read_text(encoding="utf-8")):
                if _IN_CODE.search(said):
                    found.setdefault(name, []).append(f"{line}: {said}")
    return found


def test_no_page_types_a_number_of_the_law():
    assert said_in_pages() == []


def test_no_message_types_a_number_of_the_law():
    found = said_in_code()
    assert {name: lines for name, lines in found.items() if name not in ALLOWED} == {}
    assert sorted(found) == sorted(ALLOWED), "an exception that is not needed any more"


@pytest.mark.parametrize(
    "page",
    [
        "<p>You have 30 days from service.</p>",
        '<p>{% translate "Authorize it within five working days." %}</p>',
        "<p>Within {{ law.application }}, 10 for a drug; days are counted.</p>",
        "<p>Tiene 30 días desde la entrega.</p>",
    ],
)
def test_a_number_in_a_page_is_found(page):
    assert any(all(pattern.search(said) for pattern in _IN_SENTENCE) for said in sentences(page))


@pytest.mark.parametrize(
    "page",
    [
        "<p>You have {{ law.application }} from service. The form has 2 pages.</p>",
        '<p>The day it was served. <span class="cite">Labor Code 4610.5(h)</span></p>',
        "<p>One day more.</p>",
    ],
)
def test_a_number_that_comes_from_a_rule_is_not(page):
    assert not any(all(pattern.search(said) for pattern in _IN_SENTENCE) for said in sentences(page))
