"""Whatever bytes arrive, reading them ends in messages or in an error that says what to do."""

import base64
import contextlib
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.intake import wire
from bihuan.kit.errors import Malformed, Problem, TooLarge

LIMIT = 100_000

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


@given(st.binary())
def test_any_bytes_are_read_or_refused_with_a_problem(raw: bytes) -> None:
    with contextlib.suppress(Problem, wire.Unusable):
        assert wire.read(wire.unzip(raw, None, LIMIT), batch=True, most=100).messages is not None


@given(st.lists(st.dictionaries(TEXT, json_values), max_size=10), st.booleans())
def test_messages_come_out_as_they_went_in(messages: list[dict[str, Any]], zipped: bool) -> None:
    raw = json.dumps({"batch": messages}).encode()
    body = wire.read(wire.unzip(gzip.compress(raw) if zipped else raw, None, LIMIT), batch=True, most=10)
    assert [json.loads(message) for message in body.messages] == messages


def test_a_gzip_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < LIMIT
    with pytest.raises(TooLarge):
        wire.unzip(bomb, "gzip", LIMIT)


def test_a_torn_gzip_body_is_malformed() -> None:
    with pytest.raises(Malformed):
        wire.unzip(gzip.compress(b'{"batch": []}' * 100)[:-9], "gzip", LIMIT)


def test_half_a_surrogate_pair_and_nan_are_replaced_and_nothing_is_lost() -> None:
    body = wire.read(rb'{"batch": [{"a": "\ud800x"}, {"b": NaN}]}', batch=True, most=10)
    assert [json.loads(message) for message in body.messages] == [{"a": "?x"}, {"b": None}]


def test_nesting_beyond_reading_is_told_apart_from_broken_json() -> None:
    with pytest.raises(wire.TooDeep):
        wire.read(b'{"batch": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", batch=True, most=10)
    with pytest.raises(Malformed):
        wire.read(b'{"batch": [', batch=True, most=10)


def test_more_messages_than_allowed_are_refused_whole() -> None:
    with pytest.raises(TooLarge):
        wire.read(b'{"batch": [{}, {}, {}]}', batch=True, most=2)


@pytest.mark.parametrize("colon", ["", ":", ":ignored"])
def test_the_write_key_is_the_user_name_of_basic(colon: str) -> None:
    header = "Basic " + base64.b64encode(f"wk_1{colon}".encode()).decode()
    assert wire.key_of(header, None, None) == "wk_1"


def test_the_write_key_may_stand_in_query_or_body_and_a_broken_header_opens_nothing() -> None:
    assert wire.key_of(None, "q", "b") == "q"
    assert wire.key_of("Bearer x", None, "b") == "b"
    assert wire.key_of("Basic !!!", "q", "b") is None


@pytest.mark.parametrize("raw", [b'"text"', b"[]", b"7", b"null", b"{}", b'{"batch": 3}', b'{"batch": {"a": 1}}'])
def test_json_of_another_shape_is_told_apart_from_what_is_no_json(raw: bytes) -> None:
    with pytest.raises(wire.Unusable):
        wire.read(raw, batch=True, most=10)
    with pytest.raises(Malformed):
        wire.read(raw + b"}", batch=True, most=10)


def test_a_single_message_may_have_a_field_named_batch() -> None:
    body = wire.read(b'{"event": "E", "batch": "morning", "writeKey": "wk"}', batch=False, most=10)
    assert [json.loads(message)["batch"] for message in body.messages] == ["morning"]
    assert body.write_key == "wk"


@given(st.lists(st.tuples(st.sampled_from(["event", "properties", "properties.a.b", "context.a", "traits", "x"]) | TEXT,
                          TEXT | st.just('{"a": {"b": 1}}') | st.just("[" * 5000))))  # fmt: skip
def test_any_query_of_a_pixel_is_a_message(query: list[tuple[str, str]]) -> None:
    message = wire.pixel_message(query)
    assert isinstance(message["properties"], dict)
    json.dumps(message)
