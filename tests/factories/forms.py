"""What a browser sends in a form."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import story

from imr.web.platform.formatting import to_initial


def posted(value, prefix=""):
    """What a browser sends for the answers that stand for `value`."""
    return {
        name: held.isoformat() if isinstance(held, date) else held
        for name, held in to_initial(value, prefix).items()
        if held is not False
    }


def paper():
    return SimpleUploadedFile("decision.pdf", story.pdf("UR decision"))
