"""A bucket of an S3-compatible storage. The only module that knows the library of S3."""

import base64
import functools
import hashlib
import io
import logging
import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NoReturn, ParamSpec, TypeVar

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from imr.web.platform.storage import OWN, Kept, OutOfReach

#: Seconds until a connection stands, and until an answer goes on; how often a request is tried before it is given up.
CONNECT, ANSWER, TRIES = 5, 60, 4
#: A file goes in one request, which the server takes whole or not at all: the most that one may have, in bytes.
LARGEST = 5 * 1024**3
_KEYS = "look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and at what they may do: list, read, write and delete"

_log = logging.getLogger(__name__)
_P = ParamSpec("_P")
_T = TypeVar("_T")


def _reached(call: Callable[_P, _T]) -> Callable[_P, _T]:
    """Say plainly what is wrong where the storage does not answer or refuses."""

    @functools.wraps(call)
    def said(*given: _P.args, **named: _P.kwargs) -> _T:
        try:
            return call(*given, **named)
        except (ClientError, BotoCoreError) as error:
            why = _why(error, given[0])
            _log.error(why)
            raise OutOfReach(why) from error

    return said


class Bucket(S3Storage, Kept):  # type: ignore[misc]  # the library has no types
    """Files of cases in a bucket: encrypted there, with no list of access, and with no address for anybody.

    `once` is for documents: what stands under a digest is never written over.
    """

    def __init__(self, **options: Any) -> None:
        where = options.get("endpoint_url")
        self._alone = threading.Lock()
        self._reached_by: int | None = None
        self._reached_as: Any = None
        super().__init__(
            client_config=Config(
                connect_timeout=CONNECT,
                read_timeout=ANSWER,
                retries={"mode": "standard", "total_max_attempts": TRIES},
                max_pool_connections=32,
                # Servers of others know no names of buckets before their own, and no checksums but the one that is given.
                s3={"addressing_style": "path" if where else "auto"},
                request_checksum_calculation="when_required",
            ),
            transfer_config=TransferConfig(multipart_threshold=LARGEST, use_threads=False),
            default_acl=None,
            **options,
        )

    def get_default_settings(self) -> dict[str, Any]:
        """What may be set, with the two settings of our own."""
        return {**super().get_default_settings(), "encryption": "AES256", "once": True}

    @property
    def connection(self) -> Any:
        """The connection of this process. One that was made before a fork would mix the answers of two processes."""
        with self._alone:
            if self._reached_by != os.getpid():
                session = self._create_session()
                self._reached_as = session.resource(
                    "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
                )
                self._reached_by = os.getpid()
            return self._reached_as

    @property
    def bucket(self) -> Any:
        """The bucket over the connection of this process."""
        return self.connection.Bucket(self.bucket_name)

    def put(self, name: str, data: bytes) -> bool:
        """Keep bytes, whole or not at all; True where nothing stood there before."""
        stands = self.digest(name) if self.once else None
        if stands == hashlib.sha256(data).hexdigest():
            return False
        if stands:  # not what its name says: it was changed there
            self.delete(name)
        self._write(name, data)
        return stands is None

    @_reached
    def read(self, name: str) -> bytes:
        """The bytes of a name. Raises FileNotFoundError where there are none."""
        held = io.BytesIO()
        try:
            self._client.download_fileobj(self.bucket_name, self._key(name), held, Config=self.transfer_config)
        except ClientError as error:
            if _is_missing(error):
                raise FileNotFoundError(name) from error
            raise
        return held.getvalue()

    @_reached
    def digest(self, name: str) -> str | None:
        """The SHA-256 of what stands under a name, by the server's own record where it has one; None where nothing does."""
        try:
            head = self._client.head_object(Bucket=self.bucket_name, Key=self._key(name), ChecksumMode="ENABLED")
        except ClientError as error:
            if _is_missing(error):
                return None
            raise
        noted = head.get("ChecksumSHA256", "")
        if noted and "-" not in noted:  # one of several parts is no digest of the whole
            return base64.b64decode(noted).hex()
        return hashlib.sha256(self.read(name)).hexdigest()

    @_reached
    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Every name, and when it was kept, but for those of `OWN`; a thousand a request."""
        return ((name, at) for name, at in self._under("") if not name.startswith(f"{OWN}/"))

    @_reached
    def own(self) -> Iterator[str]:
        """The names under `OWN`."""
        return (name for name, _ in self._under(f"{OWN}/"))

    def origin(self, name: str) -> str:
        """When the bucket took a file: a copy was taken at another time."""
        return f"taken {self.get_modified_time(name).isoformat()}"

    def _under(self, folder: str) -> Iterator[tuple[str, datetime]]:
        prefix = f"{self.location}/"
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=prefix + folder)
        return self._each(iter(pages), prefix)

    def _each(self, pages: Iterator[Any], prefix: str) -> Iterator[tuple[str, datetime]]:
        while page := self._next(pages):
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(prefix), found["LastModified"]

    @_reached
    def _next(self, pages: Iterator[Any]) -> Any:
        return next(pages, None)

    @_reached
    def delete(self, name: str) -> None:
        """Remove a name. Nothing happens where nothing stands there."""
        super().delete(name)

    @_reached
    def get_modified_time(self, name: str) -> datetime:
        """When a name was kept. Raises FileNotFoundError where nothing stands there."""
        try:
            found: datetime = super().get_modified_time(name)
        except ClientError as error:
            if _is_missing(error):
                raise FileNotFoundError(name) from error
            raise
        return found

    def url(self, *_: Any, **__: Any) -> NoReturn:
        """No file has an address: who may open it is for the site's own access."""
        raise NotImplementedError("files of cases have no address of their own")

    def _save(self, name: str, content: "File[Any]") -> str:
        self._write(name, content.read())
        return name

    @_reached
    def _write(self, name: str, data: bytes) -> None:
        """Write in one request: the server takes it if it has the SHA-256 that is said, and shows it whole."""
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        try:
            self._client.put_object(
                Bucket=self.bucket_name,
                Key=self._key(name),
                Body=data,
                ContentType=self.default_content_type,
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=digest,
                **self._encrypted(),
                **({"IfNoneMatch": "*"} if self.once else {}),
            )
        except ClientError as error:
            # Another process kept the same bytes in between; or this one did, and the answer was lost.
            if _code(error) not in {"PreconditionFailed", "ConditionalRequestConflict"} or self.digest(name) is None:
                raise

    def _encrypted(self) -> dict[str, str]:
        way, _, key = str(self.encryption).partition("/")
        if way == "none":
            return {}
        return {"ServerSideEncryption": way} | ({"SSEKMSKeyId": key} if key else {})

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        key: str = self._normalize_name(name)
        return key


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_missing(error: ClientError) -> bool:
    """Whether nothing stands there."""
    return _code(error) in {"404", "NoSuchKey", "NotFound"}


def _why(error: Exception, bucket: Any) -> str:
    """What is wrong with the storage, for who runs the site, with what to do."""
    name, where = bucket.bucket_name, bucket.endpoint_url or "Amazon S3"
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return f"there are no keys for the storage at {where}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    if not isinstance(error, ClientError):
        return f"the storage at {where} does not answer ({type(error).__name__}): look at IMR_S3_ENDPOINT and at the network"
    code = _code(error)
    said = f"{code}: {error.response.get('Error', {}).get('Message', '')}"
    if code == "NoSuchBucket":
        return f"there is no bucket {name} at {where}: make it, private and encrypted, or correct IMR_DOCUMENTS"
    if code in {"301", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}:
        return f"the bucket {name} is in another region ({said}): set IMR_S3_REGION"
    if code in {"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}:
        return f"the storage at {where} refuses the keys for the bucket {name} ({said}): {_KEYS}"
    if code == "NotImplemented" or "ncrypt" in said or "KMS" in code:
        return (
            f"the storage at {where} cannot do what is asked of it ({said}): set IMR_S3_ENCRYPTION=none where it encrypts by "
            "itself; it must know If-None-Match, and checksums of SHA-256"
        )
    return f"the storage at {where} refuses a request for the bucket {name} ({said})"
