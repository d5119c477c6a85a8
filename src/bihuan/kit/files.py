"""Files (uploads, rejects of imports, exports, models): a folder of this machine, or a bucket of an object store.

Which of the two is a setting; nobody else knows. Names are relative paths of our own making.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from bihuan.kit.errors import Invalid, NotFound, Unavailable

if TYPE_CHECKING:
    from obstore.store import RetryConfig

# What is kept in memory of a file on its way to a bucket; more of it goes through a temporary file.
_IN_MEMORY = 4 * 1024 * 1024
# Whoever waits for a file is told within seconds that the store is away.
_RETRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}


class Files(Protocol):
    """Named files. All methods raise Invalid for a name that leads outside, Unavailable for a store that is away."""

    def write(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A new or replaced file, which appears whole or, after an exception, not at all."""

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises NotFound."""

    def location(self, name: str) -> str:
        """Where a person finds it: a path of this machine, or an address."""


def files_at(url: str, folder: Path) -> Files:
    """The store at `s3://bucket/prefix`, or that folder when `url` is empty. Raises Invalid for another address."""
    if not url:
        return Folder(folder)
    if not url.startswith("s3://") or not url.removeprefix("s3://").strip("/"):
        raise Invalid("files-url", "Write BIHUAN_FILES_URL as s3://bucket or s3://bucket/prefix, or leave it empty.")
    return Bucket(url.rstrip("/"))


class Folder:
    """Files below one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def _path(self, name: str) -> Path:
        return self._folder / _checked(name)

    @contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        """See Files. The bytes have reached the disk when this returns."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        try:
            with draft.open("xb") as handle:
                yield handle
                handle.flush()
                os.fsync(handle.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    def read(self, name: str) -> bytes:
        """See Files."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("file", f"There is no file {name}.") from error

    def location(self, name: str) -> str:
        """See Files."""
        return str(self._path(name))


class Bucket:
    """Files below a prefix of an S3 bucket. Region, endpoint and credentials are those of the environment (AWS_*)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._store = S3Store.from_url(url, retry_config=_RETRIES)

    @contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        """See Files."""
        name = _checked(name)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as draft:
            yield cast(BinaryIO, draft)
            draft.seek(0)
            with _reached():
                self._store.put(name, cast(BinaryIO, draft))

    def read(self, name: str) -> bytes:
        """See Files."""
        name = _checked(name)
        with _reached():
            try:
                return bytes(self._store.get(name).bytes())
            except (NotFoundError, FileNotFoundError) as error:
                raise NotFound("file", f"There is no file {name}.") from error

    def location(self, name: str) -> str:
        """See Files."""
        return f"{self._url}/{_checked(name)}"


def _checked(name: str) -> str:
    path = PurePosixPath(name)
    if not name or "\0" in name or "\\" in name or path.is_absolute() or ".." in path.parts or str(path) == ".":
        raise Invalid("file-name", "Give a name inside the file store, without '..'.")
    return str(path)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        raise Unavailable("files", "The file store does not answer: check BIHUAN_FILES_URL and AWS_*.") from error
