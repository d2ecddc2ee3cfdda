"""A walk over the site: every address of the URL resolver with its blanks filled, and what an answer says."""

import re
from io import BytesIO

import pikepdf
from django.urls import URLPattern, URLResolver, get_resolver

from imr.records.pdf import Pdf

_BLANK = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def routes(resolver=None, prefix=""):
    """Every address of the site as a pattern with its blanks."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"^\^|\$$|\\Z", "", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def blanks(pattern):
    """The names of the blanks of a pattern."""
    return [one or other for one, other in _BLANK.findall(pattern)]


def addresses(pattern, filled):
    """The addresses that a pattern stands for."""
    found = [pattern.replace("(?P<url>.*)", "<url>").replace("\\", "")]
    for blank, values in filled.items():
        mark = re.compile(rf"<(?:\w+:)?{blank}>|\(\?P<{blank}>[^)]*\)")
        found = [mark.sub(value, each, count=1) for each in found for value in values]
    return [f"/{each}" for each in found]


def words(answer):
    """What an answer says, with its headers; of a PDF the words of its pages and its metadata."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"%PDF-"):
        with pikepdf.open(BytesIO(body)) as made:
            metadata = str(made.docinfo) + str(made.open_metadata())
            assert not made.attachments
        with Pdf(body) as pdf:
            text = metadata + " ".join(pdf.text(number) for number in range(len(pdf)))
    else:
        text = body.decode("utf-8", "replace")
    return text + str(answer.headers) + str(answer.cookies)
