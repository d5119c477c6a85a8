"""Reading a file in chunks of columns, row by row numbered, without ever holding it whole."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from bihuan.kit.errors import Invalid

_BLOCK = 4 * 1024 * 1024


@dataclass
class Chunk:
    """Consecutive rows as columns of text (None for empty); `first` is the number of its first data row, from 1."""

    first: int
    columns: dict[str, list[str | None]]
    size: int
    broken: list[tuple[int, str, str]] = field(default_factory=list)  # row number, reason, text

    def rows(self) -> list[dict[str, str | None]]:
        """The chunk row by row."""
        names = list(self.columns)
        return [dict(zip(names, values, strict=True)) for values in zip(*self.columns.values(), strict=True)]

    def after(self, done: int) -> "Chunk":
        """The rows behind row number `done`; the same chunk where it begins there."""
        skip = done - self.first + 1
        if skip <= 0:
            return self
        columns = {name: values[skip:] for name, values in self.columns.items()}
        return Chunk(done + 1, columns, max(0, self.size - skip), self.broken[max(0, skip - self.size) :])


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises Invalid when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise Invalid("import-file", f"{path} cannot be read: {error.strerror}.") from error
    return digest.hexdigest()


def chunks(path: Path, columns: Sequence[str], *, encoding: str, delimiter: str, size: int) -> Iterator[Chunk]:
    """The file's chunks of at most `size` rows.

    Raises Invalid for a file without the named columns, or one that breaks off (torn gzip, wrong encoding), with the
    number of rows read until there; what came before stands.
    """
    reader = _parquet if path.suffix == ".parquet" else _csv
    number = 1
    try:
        for batch, broken in reader(path, columns, encoding, delimiter):
            offset = 0
            while offset < batch.num_rows or broken:
                part = batch.slice(offset, size)
                offset += size
                taken, broken = broken, []
                yield Chunk(
                    number,
                    {name: _texts(part.column(name)) for name in columns},
                    part.num_rows,
                    taken,
                )
                number += part.num_rows + len(taken)
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError, UnicodeDecodeError) as error:
        raise Invalid("import-file", f"{path.name} breaks off after {number - 1} rows: {error}") from error


def _texts(column: Any) -> list[str | None]:
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    return [value or None for value in column.to_pylist()]


def _csv(
    path: Path, columns: Sequence[str], encoding: str, delimiter: str
) -> Iterator[tuple[Any, list[tuple[int, str, str]]]]:
    broken: list[tuple[int, str, str]] = []

    def skip(row: Any) -> str:
        reason = f"{row.actual_columns} columns instead of {row.expected_columns}"
        broken.append((0, reason, (row.text or "")[:500]))
        return "skip"

    with pa.input_stream(str(path), compression="detect") as stream:
        reader = pa.csv.open_csv(
            stream,
            read_options=pa.csv.ReadOptions(use_threads=False, block_size=_BLOCK, encoding=encoding),
            parse_options=pa.csv.ParseOptions(delimiter=delimiter, invalid_row_handler=skip, newlines_in_values=True),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                include_columns=list(columns),
                strings_can_be_null=True,
            ),
        )
        for batch in reader:
            taken, broken[:] = list(broken), []
            yield batch, taken
        if broken:
            yield pa.RecordBatch.from_pydict({name: pa.array([], pa.string()) for name in columns}), list(broken)


def _parquet(
    path: Path, columns: Sequence[str], encoding: str, delimiter: str
) -> Iterator[tuple[Any, list[tuple[int, str, str]]]]:
    file = pa.parquet.ParquetFile(path)
    absent = [name for name in columns if name not in file.schema_arrow.names]
    if absent:
        raise Invalid("import-columns", f"{path.name} has no column {', '.join(absent)}.")
    for batch in file.iter_batches(batch_size=50_000, columns=list(columns)):
        yield batch, []
