"""Reading a file in chunks of columns, row by row numbered, without ever holding it whole."""

import csv
import hashlib
import io
import itertools
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from bihuan.kit.errors import Invalid

_BLOCK = 4 * 1024 * 1024


Broken = tuple[int, str, str]  # row number, reason, text


@dataclass
class Chunk:
    """Rows as columns of text (None for empty), with the number each has in its file.

    Data rows are numbered from 1, those that cannot be read among them; a row has the same number however the file is
    cut. `broken` are rows without the right number of columns: (number, reason, text).
    """

    numbers: Sequence[int]
    columns: dict[str, list[str | None]]
    broken: list[Broken] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many rows can be read."""
        return len(self.numbers)

    @property
    def last(self) -> int:
        """The number of the last row, readable or not."""
        return max([*self.numbers[-1:], *(number for number, _, _ in self.broken)], default=0)

    def rows(self) -> list[dict[str, str | None]]:
        """The chunk row by row."""
        names = list(self.columns)
        return [dict(zip(names, values, strict=True)) for values in zip(*self.columns.values(), strict=True)]

    def after(self, done: int) -> "Chunk":
        """The rows behind row number `done`; the same chunk where it begins there."""
        skip = bisect_right(self.numbers, done)
        broken = [one for one in self.broken if one[0] > done]
        return self.part(skip, self.size, broken) if skip or len(broken) < len(self.broken) else self

    def part(self, start: int, stop: int, broken: list[Broken] | None = None) -> "Chunk":
        """Some of the readable rows."""
        columns = {name: values[start:stop] for name, values in self.columns.items()}
        return Chunk(self.numbers[start:stop], columns, broken or [])

    def without(self, indexes: Collection[int]) -> "Chunk":
        """The chunk without the rows at these indexes."""
        kept = [index for index in range(self.size) if index not in indexes]
        columns = {name: [values[index] for index in kept] for name, values in self.columns.items()}
        return Chunk([self.numbers[index] for index in kept], columns, self.broken)


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
    done = 0
    broken: list[Broken] = []
    try:
        for batch in reader(path, columns, encoding, delimiter, broken):
            numbers = _numbered(done, batch.num_rows, broken)
            for start in range(0, batch.num_rows, size):
                part = batch.slice(start, size)
                here = numbers[start : start + size]
                texts = {name: _texts(part.column(name)) for name in columns}
                yield Chunk(here, texts, _taken(broken, here[-1]))
                done = here[-1]
    except (pa.ArrowException, OSError, UnicodeDecodeError, LookupError) as error:
        raise Invalid("import-file", f"{path.name} breaks off after {done} rows: {error}") from error
    if broken:
        yield Chunk([], {name: [] for name in columns}, list(broken))


def _numbered(done: int, count: int, broken: Sequence[Broken]) -> Sequence[int]:
    """The numbers of the next `count` readable rows; the reader may be ahead, so later broken rows are known too."""
    holes = {number for number, _, _ in broken}
    if not holes:
        return range(done + 1, done + 1 + count)
    following = (number for number in itertools.count(done + 1) if number not in holes)
    return list(itertools.islice(following, count))


def _taken(broken: list[Broken], upto: int) -> list[Broken]:
    """Take those out that stand before a row."""
    taken = [one for one in broken if one[0] <= upto]
    broken[:] = [one for one in broken if one[0] > upto]
    return taken


def _texts(column: Any) -> list[str | None]:
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    return [value or None for value in column.to_pylist()]


def _csv(path: Path, columns: Sequence[str], encoding: str, delimiter: str, broken: list[Broken]) -> Iterator[Any]:
    def skip(row: Any) -> str:
        reason = f"{row.actual_columns} columns instead of {row.expected_columns}"
        broken.append((row.number - 1, reason, (row.text or "")[:500]))  # the header is row 1 there
        return "skip"

    header = _header(path, encoding, delimiter)
    absent = [name for name in columns if name not in header]
    if absent:
        raise _absent(path, absent, header)

    with pa.input_stream(str(path), compression="detect") as stream:
        yield from pa.csv.open_csv(
            stream,
            read_options=pa.csv.ReadOptions(use_threads=False, block_size=_BLOCK, encoding=encoding),
            parse_options=pa.csv.ParseOptions(delimiter=delimiter, invalid_row_handler=skip, newlines_in_values=True),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                include_columns=list(columns),
                strings_can_be_null=True,
                null_values=[""],  # a customer may be called Null, and NA is a country
            ),
        )


def _absent(path: Path, absent: Sequence[str], there: Sequence[str]) -> Invalid:
    listed = ", ".join(there[:100])
    return Invalid(
        "import-columns",
        f"{path.name} has no column {', '.join(absent)}. Its columns are: {listed}. Correct the mapping.",
    )


def _header(path: Path, encoding: str, delimiter: str) -> list[str]:
    """The names in the first line; none where it is longer than a block or cannot be read."""
    with pa.input_stream(str(path), compression="detect") as stream:
        first = stream.read(1 << 20)
    lines = io.StringIO(first.decode(encoding, "replace").removeprefix("\ufeff"))
    return next(csv.reader(lines, delimiter=delimiter), [])


def _parquet(path: Path, columns: Sequence[str], encoding: str, delimiter: str, broken: list[Broken]) -> Iterator[Any]:
    file = pa.parquet.ParquetFile(path)
    schema = file.schema_arrow
    absent = [name for name in columns if name not in schema.names]
    if absent:
        raise _absent(path, absent, schema.names)
    nested = [name for name in columns if pa.types.is_nested(schema.field(name).type)]
    if nested:
        raise Invalid(
            "import-columns", f"{', '.join(nested)} of {path.name} holds lists or objects: map columns of plain values."
        )
    yield from file.iter_batches(batch_size=50_000, columns=list(columns))
