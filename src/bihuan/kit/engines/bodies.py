"""Request bodies of the ClickHouse wire: unpacked as they are read, in constant memory."""

import gzip
import sys
import zlib
from typing import BinaryIO, cast

import lz4.frame  # type: ignore[import-untyped]

from bihuan.kit.engines.chdb_engine import NOT_IMPLEMENTED, Readable, StatementFailed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CANNOT_DECOMPRESS = 271


def unpacked(packed: BinaryIO, encoding: str) -> BinaryIO:
    """The body without its Content-Encoding. Raises StatementFailed for an encoding that is not spoken here."""
    match encoding.strip().lower():
        case "" | "identity":
            return packed
        case "gzip":
            return cast(BinaryIO, gzip.GzipFile(fileobj=packed, mode="rb"))
        case "lz4":
            return cast(BinaryIO, lz4.frame.LZ4FrameFile(packed))
        case "zstd":
            return cast(BinaryIO, zstd.ZstdFile(packed))
        case _:
            raise StatementFailed.because(
                NOT_IMPLEMENTED, "NOT_IMPLEMENTED", f"Content-Encoding {encoding!r}: use one of gzip, lz4, zstd."
            )


class Rows:
    """What was already read of a body, then the rest of it."""

    def __init__(self, ahead: bytes, rest: Readable) -> None:
        self._ahead = ahead
        self._rest = rest

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end. Raises StatementFailed where the packing is broken."""
        if self._ahead:
            piece, self._ahead = self._ahead[:size], self._ahead[size:]
            return piece
        try:
            return self._rest.read(size)
        except (OSError, EOFError, RuntimeError, zlib.error, zstd.ZstdError) as error:
            raise StatementFailed.because(
                CANNOT_DECOMPRESS, "CANNOT_DECOMPRESS", f"The body is not what its Content-Encoding says: {error}"
            ) from error
