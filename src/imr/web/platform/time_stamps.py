"""Time stamps of an authority (RFC 3161): asked for over HTTP, and verified with the certificates of the authority.

The one module that knows the library of time stamps. The authority learns a digest, and nothing else.
"""

import urllib.request
from collections.abc import Sequence
from datetime import datetime
from http.client import HTTPException
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from imr.case.digests import digest_of_bytes
from imr.errors import Damaged, SetupError, Unavailable

#: How long the authority may take to answer, in seconds, and the most bytes of its answer.
PATIENCE, LARGEST = 15, 100_000
_QUERY = "application/timestamp-query"


class _WithoutRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: only the address that the setting names is asked."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Return None, which makes the redirect an error."""


_ASK = urllib.request.build_opener(_WithoutRedirects)


def time_stamp(data: bytes, authority: str) -> bytes:
    """Return the authority's stamp of these bytes. Raises Unavailable where it gives none."""
    asked = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
    request = urllib.request.Request(authority, data=asked.as_bytes(), headers={"Content-Type": _QUERY})  # noqa: S310 - the setting has to be http or https
    try:
        with _ASK.open(request, timeout=PATIENCE) as answer:
            stamp: bytes = answer.read(LARGEST)
        found = _decoded(stamp)
    except (OSError, HTTPException, Damaged) as error:
        raise Unavailable(f"the authority of time stamps {authority} gives none: {error}") from error
    imprint = found.tst_info.message_imprint.message.hex()
    if imprint != digest_of_bytes(data) or found.tst_info.nonce != asked.nonce:
        raise Unavailable(f"the authority of time stamps {authority} stamped something else")
    return stamp


def stamped_at(stamp: bytes, data: bytes, roots: Sequence[Certificate]) -> datetime:
    """Return when an authority that these certificates vouch for stamped these bytes. Raises Damaged where none did."""
    found = _decoded(stamp)
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(found, data)
    except (VerificationError, ValueError) as error:
        raise Damaged(f"it is not valid: {error}") from error
    at: datetime = found.tst_info.gen_time
    return at


def certificates(file: Path) -> list[Certificate]:
    """Return the certificates of a file in PEM. Raises SetupError where it has none."""
    try:
        return load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise SetupError(f"{file} has no certificates in PEM: {error}") from error


def _decoded(stamp: bytes) -> TimeStampResponse:
    try:
        found = decode_timestamp_response(stamp)
        granted = PKIStatus(found.status) is PKIStatus.GRANTED  # with changes, it does not verify
    except ValueError as error:
        raise Damaged(f"it is no time stamp: {error}") from error
    if not granted:
        raise Damaged("the authority refused it")
    return found
