"""What the logs hold: where something went wrong, never the values it went wrong with."""

import logging
import traceback
from types import TracebackType


class WithoutValues(logging.Formatter):
    """Writes an exception as its places and its class. Its message may quote a row of the database, and stays out."""

    def formatException(  # noqa: N802 - logging's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Give the places, innermost last, and the class."""
        kind, _, where = ei
        return "".join(traceback.format_tb(where)) + (kind.__name__ if kind else "")
