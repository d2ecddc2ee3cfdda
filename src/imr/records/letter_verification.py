"""Verification that a letter's PDF shows what its value says: every character on its page, and read back the same.

`verified_pdf` sets a letter and inspects it in a sandboxed process, with the library that reads PDFs, so that it never
runs in a process of the site.
"""

import re
from collections import Counter
from typing import Any

from imr.determination import Determination, Letter, normalize, plain, read
from imr.determination.pdf import typeset
from imr.determination.typography import CUT, visible
from imr.determination.writer import differences
from imr.errors import Unwritable

#: Scripts that a PDF does not give in reading order: right-to-left, with marks before letters, or without spaces.
_OTHER_SCRIPTS = re.compile("[\u0590-\u1dff\u2c00-\U0010ffff]")


def verified_pdf(letter: Letter, determination: Determination | None = None) -> bytes:
    """Give the letter as a PDF that shows every character of it, and that reads back as `determination`, if one is given.

    Raises Unwritable with every problem and what to do, and Unavailable if it cannot be set now.
    """
    made = typeset(letter, look=f"{__name__}:inspect_pdf")
    problems = [
        f"“{word}” does not fit on page {page}: break or shorten it" for page, word in made.looked.get("outside", ())
    ]
    shown = "\f".join(made.looked.get("pages", ()))
    told = plain(letter)
    missing = _letters(told, made.lacking) - _letters(shown, "")
    if missing and not problems:
        problems.append(f"the page does not show every “{'”, “'.join(missing)}” of the text: use other words")
    if determination is not None and not problems and not _OTHER_SCRIPTS.search(told):
        problems = differences(normalize(determination), read(shown))
    if problems:
        raise Unwritable(f"this letter cannot be sent as PDF: {'; '.join(problems)}")
    return made.data


def _letters(text: str, lacking: str) -> Counter[str]:
    return Counter(c for c in _OTHER_SCRIPTS.sub("", visible(text)) if c.isalnum() and c not in lacking)


def inspect_pdf(made: bytes) -> dict[str, Any]:
    """Give the text of each page of a PDF, and the words that are not wholly on their page, each with its page."""
    from imr.records.pdf import page_texts, words_off_page

    return {
        "pages": page_texts(made),
        "outside": [(page, word.replace(CUT, "")) for page, word in words_off_page(made)],
    }
