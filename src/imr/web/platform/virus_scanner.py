"""Asks a virus scanner about a file that somebody sent: clamd, over the socket that `IMR_VIRUS_SCANNER` names.

Where none is named, none is asked. One that does not answer refuses the file: nothing is taken unexamined.
"""

import logging
import socket
import struct
from contextlib import closing

from django.conf import settings

from imr.errors import Unavailable, Unreadable

_PART = 1 << 20
#: How long the scanner may be silent, in seconds.
_SECONDS = 60.0
#: What clamd answers about a stream above its StreamMaxLength, and names a file above its other limits (AlertExceedsMax).
_ABOVE_STREAM, _ABOVE_LIMITS = "size limit exceeded", "Heuristics.Limits.Exceeded"
_log = logging.getLogger(__name__)


def virus_in(data: bytes) -> str | None:
    """Return the name of the virus that the scanner found; None where it found none, or none is asked.

    Raises Unavailable where it does not answer, and Unreadable for a file that is too large for it to examine.
    """
    if not settings.VIRUS_SCANNER:
        return None
    try:
        answer = _asked(data)
    except OSError as error:
        _log.exception("the virus scanner at %s does not answer", settings.VIRUS_SCANNER)
        raise _unexamined() from error
    if _ABOVE_STREAM in answer or _ABOVE_LIMITS in answer:
        _log.error("the virus scanner's limits are below a file of %d bytes: %s", len(data), answer[:200])
        raise Unreadable(
            "it is too large to be examined for viruses, or holds too much, so it was not taken. Split it, or scan it with fewer dots "
            "per inch."
        )
    if answer.endswith("FOUND"):
        return answer.removesuffix("FOUND").rpartition(":")[2].strip()
    if answer.endswith("OK"):
        return None
    _log.error("the virus scanner says: %s", answer[:200])
    raise _unexamined()


def _unexamined() -> Unavailable:
    return Unavailable(
        "The file could not be examined for viruses, so it was not taken. Try again in a few minutes; if it stays so, tell the "
        "review organization."
    )


def _asked(data: bytes) -> str:
    """Send the bytes in parts, and return what clamd says of the stream."""
    with closing(_connection()) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _PART):
                part = data[start : start + _PART]
                connection.sendall(struct.pack("!I", len(part)) + part)
            connection.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            if _ABOVE_STREAM not in (answer := _answer(connection)):
                raise
            return answer
        return _answer(connection)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and (more := connection.recv(4096)):
        answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connection() -> socket.socket:
    place = settings.VIRUS_SCANNER
    if not place.startswith("/"):
        host, _, port = place.rpartition(":")
        return socket.create_connection((host, int(port)), _SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_SECONDS)
    try:
        connection.connect(place)
    except OSError:
        connection.close()
        raise
    return connection
