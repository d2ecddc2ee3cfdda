"""Keeps values out of the logs: a traceback says where something failed, never with which values."""

import logging
import traceback
from types import TracebackType


class RedactingFormatter(logging.Formatter):
    """Formats an exception as its places and its class. Its message may quote a row of the database and is left out."""

    def formatException(  # noqa: N802 - logging's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Return the places, innermost last, and the class."""
        kind, _, where = ei
        return "".join(traceback.format_tb(where)) + (kind.__name__ if kind else "")
