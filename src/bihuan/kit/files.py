"""Files (uploads, rejects of imports, exports): a folder now; the interface is what an object store offers."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bihuan.kit.errors import Invalid, NotFound


class Files:
    """Named files below one folder. Names are relative paths of our own making."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def path(self, name: str) -> Path:
        """Where a file lies. Raises Invalid for a name that leads outside."""
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder) or path == self._folder:
            raise Invalid("file-name", "Give a name inside the file store, without '..'.")
        return path

    @contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        """A new or replaced file, which appears whole or not at all."""
        path = self.path(name)
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
        """The bytes of a file. Raises NotFound."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("file", f"There is no file {name}.") from error
