"""Splitting statements from rows: nothing of the rows is lost, and nothing in quotes counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kit.engines.statements import first_words, output_format, split_insert

NAMES = st.sampled_from(["t", "db.t", "`odd FORMAT name`", '"FORMAT"', "FUNCTION file('FORMAT CSV')"])
COLUMNS = st.sampled_from(["", " (a, b)", " (`FORMAT`, `it\\`s`)", " (a /* FORMAT CSV */, b)"])
SETTINGS = st.sampled_from(["", " SETTINGS insert_deduplication_token = 'FORMAT CSV it''s'", " -- FORMAT JSON\n"])
FORMATS = st.sampled_from(["Native", "RowBinary", "CSV", "ArrowStream", "Values", "JSONEachRow"])
BREAKS = st.sampled_from(["\n", " \n", "\r\n", "\t \n"])


@given(NAMES, COLUMNS, SETTINGS, FORMATS, BREAKS, st.binary(max_size=200))
def test_head_format_and_rows_are_told_apart(
    name: str, columns: str, settings: str, format_: str, line_break: str, rows: bytes
) -> None:
    head = f"INSERT INTO {name}{columns}{settings}"
    text = f"{head} FORMAT {format_}{line_break}".encode() + rows
    found = split_insert(text)
    assert found is not None
    assert found.head == head.rstrip().encode()
    assert found.format == format_
    assert text[found.rows_at :] == rows


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(text: bytes) -> None:
    split_insert(text)
    output_format(text)
    first_words(text, 3)


@pytest.mark.parametrize(
    "text",
    [
        b"INSERT INTO t VALUES (1, 'FORMAT CSV')",
        b"INSERT INTO t SELECT 1 FORMAT CSV",
        b"SELECT 1 FORMAT CSV",
        b"/* INSERT INTO t FORMAT CSV */ SELECT 1",
        b"INSERT INTO t",
        b"INSERT INTO t FORMAT",
        b"",
    ],
)
def test_what_is_no_insert_with_rows(text: bytes) -> None:
    assert split_insert(text) is None


def test_rows_on_the_same_line_begin_after_the_blanks() -> None:
    found = split_insert(b'insert into t format JSONEachRow {"a":1}')
    assert found is not None
    assert found.rows_at == len(b"insert into t format JSONEachRow ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"SELECT 1", None),
        (b"SELECT 1\n FORMAT Native", "Native"),
        (b"SELECT 'FORMAT CSV'", None),
        (b"SELECT format FROM t", None),
        (b"SELECT 1 AS format FORMAT JSON;", "JSON"),
        (b"SELECT (SELECT 1 FORMAT CSV)", None),
        (b"SELECT formatDateTime(now(), '%Y') FORMAT ArrowStream SETTINGS max_threads = 2", "ArrowStream"),
    ],
)
def test_the_format_of_a_query(text: bytes, shown: str | None) -> None:
    assert output_format(text) == shown
