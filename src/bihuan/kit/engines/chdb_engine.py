"""ClickHouse inside this process, by chdb: one folder, statements with their own settings, in threads.

Every statement gets a client of its own (opening one takes 0.1 ms while another is open). What one statement sets
never reaches the next; no two threads share a client, which would serialise them; and no statement follows another that
failed: chdb 26.9 answers it with what the failed one had already written.
"""

import os
import re
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from xml.sax.saxutils import escape

from bihuan.kit.engines import statements
from bihuan.kit.engines.clickhouse_server import DATABASE

CHUNK = 1024 * 1024
NOT_IMPLEMENTED = 48
SYNTAX_ERROR = 62
UNKNOWN_SETTING = 115
READONLY = 164
UNKNOWN_EXCEPTION = 1002

# Statements outside the data that mean something without a session.
WITHOUT_SESSION = frozenset({"KILL", "SYSTEM", "BACKUP", "RESTORE", "ATTACH", "DETACH"})

# Bytes of an answer that is held in memory before it is sent; the engine's limit on memory does not count them.
LARGEST_ANSWER = 256 * 1024 * 1024

# The engine emits these block by block, and the blocks together are a whole answer; other formats have a frame.
STREAMED_FORMATS = frozenset({"Native", "RowBinary", "TabSeparated", "TSV", "CSV", "JSONEachRow"})

_CODE = re.compile(r"Code: (\d+)\. ")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# Small pools and caches for a machine that also runs everything else. fsync, because an acknowledged row is kept.
CONFIG = """<clickhouse>
    <timezone>UTC</timezone>
    <backups><allowed_path>{backups}</allowed_path></backups>
    <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
    <mark_cache_size>268435456</mark_cache_size>
    <index_mark_cache_size>67108864</index_mark_cache_size>
    <background_pool_size>2</background_pool_size>
    <background_common_pool_size>2</background_common_pool_size>
    <background_move_pool_size>1</background_move_pool_size>
    <background_fetches_pool_size>1</background_fetches_pool_size>
    <background_schedule_pool_size>8</background_schedule_pool_size>
    <merge_tree>
        <fsync_after_insert>{durable}</fsync_after_insert>
        <fsync_part_directory>{durable}</fsync_part_directory>
        <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
        <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
        <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
    </merge_tree>
</clickhouse>
"""


class StatementFailed(Exception):
    """The engine refused a statement. `code` is ClickHouse's error number; the text is ClickHouse's own."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code

    @classmethod
    def of(cls, error: Exception) -> "StatementFailed":
        text = str(error)
        found = _CODE.search(text)
        if found is None:
            return cls(UNKNOWN_EXCEPTION, f"Code: {UNKNOWN_EXCEPTION}. DB::Exception: {text}")
        return cls(int(found[1]), text[found.start() :])

    @classmethod
    def because(cls, code: int, name: str, text: str) -> "StatementFailed":
        """In the form of ClickHouse's own messages."""
        return cls(code, f"Code: {code}. DB::Exception: {text} ({name})")


class Readable(Protocol):
    """Bytes to be read once."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""
        ...


@dataclass(frozen=True)
class Statement:
    """One request: `text` (for an INSERT with rows: up to the format's name), and what holds for it alone.

    `parameters` are values for `{name:Type}`, escaped as ClickHouse's HTTP wire escapes them. `format` is what the
    answer is written in when the text names none.
    """

    text: bytes
    id: str
    database: str = DATABASE
    settings: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    format: str = "TabSeparated"
    insert: statements.Insert | None = None
    rows: Readable | None = None


@dataclass(frozen=True)
class Nature:
    """What the engine says of a statement before it runs. `shown` is the format of its answer, None if it has none."""

    reads: bool
    shown: str | None

    @property
    def streams(self) -> bool:
        """Whether its answer may be sent block by block."""
        return self.reads and self.shown in STREAMED_FORMATS


@dataclass(frozen=True)
class Answer:
    """What a statement gave."""

    body: bytes
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_rows: int = 0
    seconds: float = 0.0


class ChdbEngine:
    """The engine on one folder. One per process, and one process per folder (the caller holds a lock)."""

    def __init__(self, folder: Path, defaults: Mapping[str, str], *, durable: bool) -> None:
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        os.chdir(folder)  # and relative from here on: the engine reads '?' and '&' in a path as options
        os.environ["TZ"] = "UTC"
        backups = escape(str(folder / "backups"))  # BACKUP ... TO File('name') writes there and nowhere else
        Path("config.xml").write_text(CONFIG.format(durable=int(durable), backups=backups), "utf-8")
        # Takes half a second, and reads TZ when it is loaded.
        from chdb import ChdbError
        from chdb.state.sqlitelike import Connection

        self.folder = folder
        self._error: type[Exception] = ChdbError
        self._parsing = threading.Lock()
        self._open: Callable[[str], Any] = Connection
        self._defaults = dict(defaults)
        self._anchor = Connection("engine?config-file=config.xml")  # keeps the engine loaded between statements
        # The engine's own database "default" takes table names for files of the working folder; this one does not.
        self._anchor.query(f"CREATE DATABASE IF NOT EXISTS {DATABASE} ENGINE = Atomic")
        self.version = self._anchor.query("SELECT version()", "TSVRaw").bytes().decode().strip()

    def close(self) -> None:
        """Write everything down and unload."""
        self._anchor.close()

    def nature(self, statement: Statement) -> Nature:
        """What kind of statement it is. Raises StatementFailed for what would do nothing, or harm, here."""
        words = statements.first_words(statement.text)
        if statement.insert is not None or words == ["INSERT"]:
            return Nature(reads=False, shown=None)
        kind = self._kind(statement.text)
        if kind == "CONTROL" and not set(words) <= WITHOUT_SESSION:
            raise StatementFailed.because(
                NOT_IMPLEMENTED,
                "NOT_IMPLEMENTED",
                f"{''.join(words) or 'This statement'} is not for the embedded engine, where each request stands alone "
                "and writes no files. Give settings and database with each query, and take rows from the answer.",
            )
        reads = kind == "READ_ONLY"
        shown = (statements.output_format(statement.text) or statement.format) if reads or kind == "CONTROL" else None
        return Nature(reads, shown)

    def run(self, statement: Statement) -> Answer:
        """Run one statement to its end. Raises StatementFailed."""
        with self._client(statement, {"max_result_bytes": str(LARGEST_ANSWER)}) as client:
            if statement.insert is not None:
                return _insert(client, statement.insert, statement.rows)
            done = client.query(statement.text, statement.format, params=dict(statement.parameters))
            return Answer(
                done.bytes(),
                read_rows=done.storage_rows_read(),
                read_bytes=done.storage_bytes_read(),
                written_rows=done.rows_written(),
                written_bytes=done.bytes_written(),
                result_rows=done.rows_read(),
                seconds=done.elapsed(),
            )

    def stream(self, statement: Statement, shown: str) -> Generator[bytes, None, None]:
        """The answer block by block in the format `shown`, in constant memory.

        Raises StatementFailed, at first or on the way.
        """
        with self._client(statement, {}) as client:
            # Each block is written in the format given here, whatever the text says.
            blocks = client.send_query(statement.text, shown, params=dict(statement.parameters))
            try:
                for block in blocks:
                    yield block.bytes()
            finally:
                blocks.close()

    def kill(self, statement_id: str) -> None:
        """Stop a running statement. Nothing happens when it has ended."""
        client = self._open("engine")
        try:
            client.query(f"KILL QUERY WHERE Settings['log_comment'] = {_quoted(statement_id)} ASYNC")
        finally:
            client.close()

    @contextmanager
    def _client(self, statement: Statement, more: Mapping[str, str]) -> Iterator[Any]:
        """A client with the statement's database and settings. What the engine raises leaves as StatementFailed."""
        client = self._open("engine")
        asked = {**self._defaults, **more, "log_comment": statement.id, **statement.settings}
        if statement.insert is not None:  # which takes no parameters beside the text
            asked |= {f"param_{name}": value for name, value in statement.parameters.items()}
        try:
            client.query(f"USE {_identifier(statement.database)}")
            client.query(_set(asked))
            yield client
        except (RuntimeError, ValueError, self._error) as error:
            raise StatementFailed.of(error) from error
        finally:
            client.close()

    def _kind(self, text: bytes) -> str:
        with self._parsing:
            found = self._anchor._conn.classify_query(text.decode("utf-8", "replace"))
        if found["statement_count"] > 1:
            raise StatementFailed.because(SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed")
        return str(found["query_class"].name)


class Blocks:
    """The blocks of a streamed result, asked for from any thread, one call at a time."""

    def __init__(self, engine: ChdbEngine, statement: Statement, shown: str) -> None:
        self._blocks = engine.stream(statement, shown)
        self._turn = threading.Lock()

    def next(self) -> bytes:
        """The next block, empty at the end. Raises StatementFailed."""
        with self._turn:
            return next((block for block in self._blocks if block), b"")

    def close(self) -> None:
        """Stop the query, wherever it is. Waits for a call that is under way."""
        with self._turn:
            self._blocks.close()


def _insert(client: Any, insert: statements.Insert, rows: Readable | None) -> Answer:
    inserter = client.send_insert(insert.head.decode(), insert.format)
    try:
        while rows is not None and (chunk := rows.read(CHUNK)):
            inserter.append(chunk)
        done = inserter.finish()
    except BaseException:
        inserter.cancel()
        raise
    return Answer(b"", written_rows=done.rows_written, written_bytes=done.bytes_written, seconds=done.elapsed)


def _set(settings: Mapping[str, str]) -> str:
    """SET for all of them. Raises StatementFailed for a name that is none."""
    for name in settings:
        if not _NAME.fullmatch(name):
            raise StatementFailed.because(UNKNOWN_SETTING, "UNKNOWN_SETTING", f"Unknown setting '{name}'.")
    return "SET " + ", ".join(f"{name} = {_quoted(value)}" for name, value in settings.items())


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _identifier(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"
