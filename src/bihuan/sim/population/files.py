"""Tables as gzipped CSV, written in parts, beside the mapping that tells the public import what the columns are."""

import gzip
import io
import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv
import yaml


def picked(choices: npt.NDArray[Any] | list[str] | tuple[str, ...], index: npt.NDArray[Any]) -> Any:
    """A column that takes one of `choices` in each row; nothing where the index is negative."""
    return pa.DictionaryArray.from_arrays(
        pa.array(index.astype(np.int32), mask=index < 0), pa.array(np.asarray(choices).tolist())
    )


def amounts(values: npt.NDArray[Any], places: int = 2) -> Any:
    """Numbers with a fixed count of decimals, empty where not a number."""
    known = ~np.isnan(values)
    return pa.array(np.where(known, np.round(values, places), 0.0), mask=~known)


class CsvFile:
    """A gzipped CSV that grows by tables; compressing runs beside the caller, at most two parts behind."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        self._raw = path.open("wb")
        self._zip = gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", compresslevel=3, mtime=0)
        self._pool = ThreadPoolExecutor(1)
        self._pending: list[Future[int]] = []

    def write(self, columns: Mapping[str, Any]) -> None:
        """Append rows; the first call's names become the header."""
        table = pa.table(dict(columns))
        text = io.BytesIO()
        pacsv.write_csv(
            table, text, pacsv.WriteOptions(include_header=self.rows == 0 and not self._pending, quoting_style="needed")
        )
        self.rows += table.num_rows
        self._pending.append(self._pool.submit(self._zip.write, text.getvalue()))
        while len(self._pending) > 2:
            self._pending.pop(0).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in self._pending:
            part.result()
        self._pool.shutdown()
        self._zip.close()
        self._raw.close()


def write_mapping(path: Path, kind: str, columns: Mapping[str, Any], **extra: Any) -> None:
    """A mapping for `bihuan import KIND FILE --mapping THIS`."""
    path.write_text(
        yaml.safe_dump({"kind": kind, **extra, "columns": dict(columns)}, sort_keys=False, allow_unicode=True)
    )


def write_json(path: Path, content: Any) -> None:
    """Readable JSON."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")
