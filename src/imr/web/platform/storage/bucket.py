"""A bucket of an S3-compatible storage. The only module that imports the S3 library."""

import base64
import functools
import hashlib
import io
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Concatenate, NoReturn, ParamSpec, Protocol, TypedDict, TypeVar

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from imr.web.platform.storage import OWN, FileStorage, StorageUnreachable

#: Seconds to connect, seconds between two pieces of an answer, and how often a request is tried.
CONNECT, ANSWER, TRIES = 5, 60, 4
#: A file is sent in one request, which the server stores whole or not at all: the largest that one may carry, in bytes.
LARGEST = 5 * 1024**3
_KEYS = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and that they permit to list, read, write and delete"

_log = logging.getLogger(__name__)
_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Found(TypedDict):
    """A file in a listing."""

    Key: str
    LastModified: datetime


class _Listing(TypedDict, total=False):
    """A page of a listing."""

    Contents: list[_Found]


class _Paginator(Protocol):
    def paginate(self, *, Bucket: str, Prefix: str) -> Iterable[_Listing]: ...  # noqa: N803 - the library's names


class _Client(Protocol):
    """What is used of the client of the library, which has no types."""

    def download_fileobj(self, bucket: str, key: str, file: io.BytesIO, *, Config: TransferConfig) -> None: ...  # noqa: N803

    def head_object(self, *, Bucket: str, Key: str, ChecksumMode: str) -> Mapping[str, str]: ...  # noqa: N803

    def put_object(self, **named: str | bytes) -> None: ...

    def get_paginator(self, operation: str) -> _Paginator: ...


class _Meta(Protocol):
    client: _Client


class _Resource(Protocol):
    """What is used of the resource of the library."""

    meta: _Meta

    def Bucket(self, name: str) -> object: ...  # noqa: N802 - the library's name


def _reached(call: "Callable[Concatenate[Bucket, _P], _T]") -> "Callable[Concatenate[Bucket, _P], _T]":
    """Raise StorageUnreachable, with the reason, where the storage does not answer or refuses."""

    @functools.wraps(call)
    def wrapped(bucket: "Bucket", /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return call(bucket, *args, **kwargs)
        except (ClientError, BotoCoreError) as error:
            why = _why(error, bucket)
            _log.error(why)
            raise StorageUnreachable(why) from error

    return wrapped


class Bucket(S3Storage, FileStorage):  # type: ignore[misc]  # the library has no types
    """Files of cases in a bucket: encrypted by the server, without access lists and without URLs.

    `once` is for documents: the file under a digest is never overwritten.
    """

    def __init__(self, **options: object) -> None:
        where = options.get("endpoint_url")
        self._alone = threading.Lock()
        self._reached_by: int | None = None
        self._reached_as: _Resource | None = None
        super().__init__(
            client_config=Config(
                connect_timeout=CONNECT,
                read_timeout=ANSWER,
                retries={"mode": "standard", "total_max_attempts": TRIES},
                max_pool_connections=32,
                # Other vendors' servers do not support bucket names in the host name, nor checksums other than the one given.
                s3={"addressing_style": "path" if where else "auto"},
                request_checksum_calculation="when_required",
            ),
            transfer_config=TransferConfig(multipart_threshold=LARGEST, use_threads=False),
            default_acl=None,
            **options,
        )

    def get_default_settings(self) -> dict[str, object]:
        """Return the options of the storage, with the two of this class."""
        return {**super().get_default_settings(), "encryption": "AES256", "once": True}

    @property
    def connection(self) -> "_Resource":
        """Return the connection of this process. One made before a fork would mix the answers of two processes."""
        with self._alone:
            if self._reached_as is None or self._reached_by != os.getpid():
                session = self._create_session()
                reached: _Resource = session.resource(
                    "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
                )
                self._reached_as, self._reached_by = reached, os.getpid()
            return self._reached_as

    @property
    def bucket(self) -> object:
        """Return the bucket over the connection of this process."""
        return self.connection.Bucket(self.bucket_name)

    def put(self, name: str, data: bytes) -> bool:
        """Store bytes, whole or not at all; return True where the name was free."""
        stands = self.digest(name) if self.once else None
        if stands == hashlib.sha256(data).hexdigest():
            return False
        if stands:  # its content does not match its name: it was changed there
            self.delete(name)
        self._write(name, data)
        return stands is None

    @_reached
    def read(self, name: str) -> bytes:
        """Return the bytes of a name. Raises FileNotFoundError where there are none."""
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
        """Return the SHA-256 of the file under a name, from the server's record where it has one; None where there is no file."""
        try:
            head = self._client.head_object(Bucket=self.bucket_name, Key=self._key(name), ChecksumMode="ENABLED")
        except ClientError as error:
            if _is_missing(error):
                return None
            raise
        noted = head.get("ChecksumSHA256", "")
        if noted and "-" not in noted:  # a checksum of several parts is not a digest of the whole
            return base64.b64decode(noted).hex()
        return hashlib.sha256(self.read(name)).hexdigest()

    @_reached
    def listed(self) -> Iterator[tuple[str, datetime]]:
        """Yield every name and when it was stored, except those of `OWN`; a thousand per request."""
        return ((name, at) for name, at in self._under("") if not name.startswith(f"{OWN}/"))

    @_reached
    def own(self) -> Iterator[str]:
        """Yield the names under `OWN`."""
        return (name for name, _ in self._under(f"{OWN}/"))

    def origin(self, name: str) -> str:
        """Return when the bucket received a file: a copy was received at another time."""
        return f"taken {self.get_modified_time(name).isoformat()}"

    def _under(self, folder: str) -> Iterator[tuple[str, datetime]]:
        prefix = f"{self.location}/"
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=prefix + folder)
        return self._each(iter(pages), prefix)

    def _each(self, pages: Iterator[_Listing], prefix: str) -> Iterator[tuple[str, datetime]]:
        while page := self._next(pages):
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(prefix), found["LastModified"]

    @_reached
    def _next(self, pages: Iterator[_Listing]) -> _Listing | None:
        return next(pages, None)

    @_reached
    def delete(self, name: str) -> None:
        """Remove a name. Does nothing where there is none."""
        super().delete(name)

    @_reached
    def get_modified_time(self, name: str) -> datetime:
        """Return when a name was stored. Raises FileNotFoundError where there is none."""
        try:
            found: datetime = super().get_modified_time(name)
        except ClientError as error:
            if _is_missing(error):
                raise FileNotFoundError(name) from error
            raise
        return found

    def url(self, *_: object, **__: object) -> NoReturn:
        """Raise NotImplementedError: no file has a URL; the site's own access control decides who opens it."""
        raise NotImplementedError("files of cases have no address of their own")

    def _save(self, name: str, content: "File[bytes]") -> str:
        self._write(name, content.read())
        return name

    @_reached
    def _write(self, name: str, data: bytes) -> None:
        """Write in one request: the server accepts only bytes with the SHA-256 given, and shows them whole."""
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
            # Another process stored the same bytes in between; or this one did, and the answer was lost.
            if _code(error) not in {"PreconditionFailed", "ConditionalRequestConflict"} or self.digest(name) is None:
                raise

    def _encrypted(self) -> dict[str, str]:
        way, _, key = str(self.encryption).partition("/")
        if way == "none":
            return {}
        return {"ServerSideEncryption": way} | ({"SSEKMSKeyId": key} if key else {})

    @property
    def _client(self) -> "_Client":
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        key: str = self._normalize_name(name)
        return key


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_missing(error: ClientError) -> bool:
    """Return whether the error says that there is no such file."""
    return _code(error) in {"404", "NoSuchKey", "NotFound"}


def _why(error: Exception, bucket: "Bucket") -> str:
    """Describe what is wrong with the storage, with what to do, for the operator."""
    name, where = bucket.bucket_name, bucket.endpoint_url or "Amazon S3"
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return f"there are no keys for the storage at {where}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    if not isinstance(error, ClientError):
        return f"the storage at {where} does not answer ({type(error).__name__}): check IMR_S3_ENDPOINT and the network"
    code = _code(error)
    answer = f"{code}: {error.response.get('Error', {}).get('Message', '')}"
    if code == "NoSuchBucket":
        return f"there is no bucket {name} at {where}: create it, private and encrypted, or correct IMR_DOCUMENTS"
    if code in {"301", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}:
        return f"the bucket {name} is in another region ({answer}): set IMR_S3_REGION"
    if code in {"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}:
        return f"the storage at {where} refuses the keys for the bucket {name} ({answer}): {_KEYS}"
    if code == "NotImplemented" or "ncrypt" in answer or "KMS" in code:
        return (
            f"the storage at {where} does not support what is asked of it ({answer}): set IMR_S3_ENCRYPTION=none where it encrypts by "
            "itself; it must support If-None-Match and SHA-256 checksums"
        )
    return f"the storage at {where} refuses a request for the bucket {name} ({answer})"
