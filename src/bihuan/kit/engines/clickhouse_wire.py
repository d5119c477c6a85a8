"""ClickHouse's HTTP interface over an embedded engine: as much of it as its stock clients use.

Queries by GET (read only) and POST, in the query string, the body or form fields; `param_x`, settings, `database`,
`query_id`, `default_format`; bodies in gzip, deflate, lz4 and zstd; basic or header authentication; the X-ClickHouse
headers. Left out, with a clear answer: sessions, ClickHouse's own block compression, external data. Answers are not
compressed: they travel over loopback.
"""

import asyncio
import base64
import binascii
import contextlib
import hmac
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import BinaryIO, TypeVar, cast
from uuid import uuid4

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bihuan.kit.engines import statements
from bihuan.kit.engines.bodies import Rows, unpacked
from bihuan.kit.engines.chdb_engine import (
    NOT_IMPLEMENTED,
    READONLY,
    Answer,
    Blocks,
    ChdbEngine,
    Statement,
    StatementFailed,
)
from bihuan.kit.engines.clickhouse_server import DATABASE

T = TypeVar("T")

AUTHENTICATION_FAILED = 516
TOO_LARGE = 307
SPOOL_BYTES = 16 * 1024 * 1024
HEAD_BYTES = 1024 * 1024
LONGEST_TEXT = 64 * 1024 * 1024

# What the wire itself uses up; everything else in the query string is a setting or a parameter.
TRANSPORT = frozenset(
    {
        "query", "database", "query_id", "default_format", "user", "password", "quota_key", "stacktrace", "role",
        "session_id", "session_timeout", "session_check", "close_session", "compress", "decompress", "buffer_size",
        "wait_end_of_query", "client_protocol_version", "enable_http_compression", "http_zlib_compression_level",
        "send_progress_in_http_headers", "http_headers_progress_interval_ms", "add_http_cors_header",
        "cancel_http_readonly_queries_on_client_close",
    }
)  # fmt: skip

# HTTP status by ClickHouse's error number, where it is not 500.
STATUS = dict.fromkeys((6, 26, 27, 36, 43, 53, 62, 115, 117, 271, 307, 456, 457), 400)
STATUS |= dict.fromkeys((46, 47, 60, 81), 404) | dict.fromkeys((AUTHENTICATION_FAILED, READONLY), 403)
STATUS |= {NOT_IMPLEMENTED: 501}

CONTENT_TYPES = {"JSON": "application/json", "CSV": "text/csv", "TabSeparated": "text/tab-separated-values"}


class ClickHouseWire:
    """The endpoints over one engine. Statements run in `threads`; the event loop only moves bytes."""

    def __init__(self, engine: ChdbEngine, threads: Executor, user: str, password: str) -> None:
        self._engine = engine
        self._threads = threads
        self._user = user
        self._password = password

    def app(self) -> Starlette:
        """As an ASGI application."""
        return Starlette(
            routes=[
                Route("/ping", _ping, methods=["GET", "HEAD"]),
                Route("/", self.answer, methods=["GET", "POST"]),
            ]
        )

    async def answer(self, request: Request) -> Response:
        """One statement."""
        statement_id = _statement_id(request)
        try:
            self._authenticate(request)
            if request.method == "GET" and not request.query_params.get("query"):
                return PlainTextResponse("Ok.\n")
            with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES, dir=str(self._engine.folder)) as spool:
                statement = await self._read(request, statement_id, cast("BinaryIO", spool))
                return await self._run(request, statement)
        except StatementFailed as failed:
            return self._failure(failed, statement_id)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it; nothing was run

    def _authenticate(self, request: Request) -> None:
        user, password = _credentials(request)
        known = hmac.compare_digest(user.encode(), self._user.encode())
        if not (hmac.compare_digest(password.encode(), self._password.encode()) and known):
            raise StatementFailed.because(
                AUTHENTICATION_FAILED,
                "AUTHENTICATION_FAILED",
                f"{user}: Authentication failed: password is incorrect, or there is no user with such name.",
            )

    async def _read(self, request: Request, statement_id: str, spool: BinaryIO) -> Statement:
        """The statement with its settings and the file of its rows."""
        query = dict(request.query_params)
        if query.get("decompress") == "1" or query.get("compress") == "1":
            raise StatementFailed.because(
                NOT_IMPLEMENTED, "NOT_IMPLEMENTED", "Use Content-Encoding instead of compress and decompress."
            )
        text = query.get("query", "").encode()
        body: BinaryIO = spool
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            query |= await _form(request)
            text = query.get("query", "").encode()
        else:
            async for chunk in request.stream():
                spool.write(chunk)
            spool.seek(0)
            body = unpacked(spool, request.headers.get("content-encoding", ""))
        statement = Statement(
            text=text,
            id=statement_id,
            database=query.get("database") or request.headers.get("x-clickhouse-database") or DATABASE,
            settings={name: value for name, value in query.items() if _is_setting(name)},
            parameters={name[6:]: value for name, value in query.items() if name.startswith("param_")},
            format=query.get("default_format") or request.headers.get("x-clickhouse-format") or "TabSeparated",
        )
        return await self._in_thread(lambda: _complete(statement, body))

    async def _run(self, request: Request, statement: Statement) -> Response:
        if request.method == "GET":
            statement = replace(statement, settings={**statement.settings, "readonly": "2"})
        nature = await self._in_thread(lambda: self._engine.nature(statement))
        if nature.shown and nature.streams and request.query_params.get("wait_end_of_query") != "1":
            return await self._streamed(statement, nature.shown)
        answer = await self._whole(request, statement, cancel=nature.reads)
        headers = self._headers(statement.id, nature.shown)
        headers["X-ClickHouse-Summary"] = _summary(answer)
        return Response(answer.body, headers=headers, media_type=_media(nature.shown))

    async def _whole(self, request: Request, statement: Statement, *, cancel: bool) -> Answer:
        """Run to the end; a query is stopped when its client goes away and had asked for that."""
        running = asyncio.ensure_future(self._in_thread(lambda: self._engine.run(statement)))
        if cancel and request.query_params.get("cancel_http_readonly_queries_on_client_close") == "1":
            gone = asyncio.ensure_future(_disconnected(request))
            await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
            if not running.done():  # not in our threads: they may all be busy with such queries
                await asyncio.to_thread(self._engine.kill, statement.id)
        return await running

    async def _streamed(self, statement: Statement, shown: str) -> Response:
        """Answer block by block. A failure after the first block travels in the body, between tags."""
        tag = uuid4().hex[:16]
        blocks = Blocks(self._engine, statement, shown)
        first = await self._in_thread(blocks.next)

        async def body() -> AsyncIterator[bytes]:
            block = first
            try:
                while block:
                    yield block
                    block = await self._in_thread(blocks.next)
            except StatementFailed as failed:
                yield _tagged(str(failed), tag)
            finally:
                # Not awaited: a client that went away has cancelled everything this generator could await.
                self._threads.submit(blocks.close)

        headers = {**self._headers(statement.id, shown), "X-ClickHouse-Exception-Tag": tag}
        return StreamingResponse(body(), headers=headers, media_type=_media(shown))

    def _failure(self, failed: StatementFailed, statement_id: str) -> Response:
        headers = {**self._headers(statement_id, None), "X-ClickHouse-Exception-Code": str(failed.code)}
        text = str(failed)
        if "(version " not in text:
            text = f"{text} (version {self._engine.version} (embedded))"
        return PlainTextResponse(text + "\n", STATUS.get(failed.code, 500), headers)

    def _headers(self, statement_id: str, shown: str | None) -> dict[str, str]:
        headers = {
            "X-ClickHouse-Query-Id": statement_id,
            "X-ClickHouse-Server-Display-Name": "bihuan",
            "X-ClickHouse-Timezone": "UTC",
        }
        return {**headers, "X-ClickHouse-Format": shown} if shown else headers

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def _statement_id(request: Request) -> str:
    """The client's query id where it can stand in a header, else one of ours."""
    asked = request.query_params.get("query_id", "")
    return asked if asked and asked.isascii() and asked.isprintable() else str(uuid4())


async def _ping(_request: Request) -> Response:
    return PlainTextResponse("Ok.\n")


def _credentials(request: Request) -> tuple[str, str]:
    """User and password from the Authorization header or ClickHouse's own; empty when there are none."""
    kind, _, sealed = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        with contextlib.suppress(binascii.Error, UnicodeDecodeError):
            user, _, password = base64.b64decode(sealed, validate=True).decode().partition(":")
            return user, password
    return request.headers.get("x-clickhouse-user", ""), request.headers.get("x-clickhouse-key", "")


async def _form(request: Request) -> dict[str, str]:
    async with request.form(max_part_size=LONGEST_TEXT) as form:
        if any(isinstance(value, UploadFile) for value in form.values()):
            raise StatementFailed.because(
                NOT_IMPLEMENTED, "NOT_IMPLEMENTED", "External data is not for the embedded engine. Insert it first."
            )
        return {name: str(value) for name, value in form.items()}


def _complete(statement: Statement, body: BinaryIO) -> Statement:
    """The statement with what the body holds: more of its text, or the rows of an INSERT."""
    rows = Rows(b"", body)
    head = rows.read(HEAD_BYTES)
    glue = b"\n" if statement.text and head and not statement.text.endswith(b"\n") else b""
    text = statement.text + glue + head
    insert = statements.split_insert(text)
    if insert is not None:
        return replace(statement, text=insert.head, insert=insert, rows=Rows(text[insert.rows_at :], body))
    text += rows.read(LONGEST_TEXT)
    if rows.read(1):
        limit = f"{LONGEST_TEXT // 2**20} MiB"
        raise StatementFailed.because(
            TOO_LARGE, "TOO_MANY_BYTES", f"A statement may have {limit}. Send rows with INSERT ... FORMAT, not VALUES."
        )
    return replace(statement, text=text)


def _is_setting(name: str) -> bool:
    return name not in TRANSPORT and not name.startswith("param_")


async def _disconnected(request: Request) -> None:
    """Return when the client has gone. The body has been read, so nothing else comes."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _summary(answer: Answer) -> str:
    figures = {
        "read_rows": answer.read_rows,
        "read_bytes": answer.read_bytes,
        "written_rows": answer.written_rows,
        "written_bytes": answer.written_bytes,
        "total_rows_to_read": answer.read_rows,
        "result_rows": answer.result_rows,
        "result_bytes": len(answer.body),
        "elapsed_ns": round(answer.seconds * 1e9),
    }
    return json.dumps({name: str(value) for name, value in figures.items()}, separators=(",", ":"))


def _media(shown: str | None) -> str:
    return CONTENT_TYPES.get(shown or "", "application/octet-stream" if shown else "text/plain")


def _tagged(message: str, tag: str) -> bytes:
    """A failure inside a body, as ClickHouse writes it since 25.11."""
    text = message.encode() + b"\n"
    mark = tag.encode()
    return b"\r\n__exception__\r\n%b\r\n%b%d %b\r\n__exception__\r\n" % (mark, text, len(text), mark)
