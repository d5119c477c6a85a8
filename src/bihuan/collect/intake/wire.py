"""Reading what stock SDKs send: encodings, body shapes, where the write key hides. Pure functions over bytes."""

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bihuan.kit.errors import Malformed, TooLarge

GZIP_MAGIC = b"\x1f\x8b"


class Unusable(ValueError):
    """JSON of which no message can be taken. It is kept whole: an SDK would throw away what is answered with 400."""

    reason = "shape"
    detail = 'send a JSON object; to an address of batches one with a list "batch" of messages'

    def __init__(self, write_key: str | None = None) -> None:
        super().__init__(self.detail)
        self.write_key = write_key


class TooDeep(Unusable):
    """JSON nested deeper than any reader of it could follow."""

    reason = "depth"
    detail = "the body is nested too deeply to be read"


@dataclass(frozen=True)
class Body:
    """A tracking body: its messages as JSON bytes each, and what the envelope says of all of them."""

    messages: list[bytes]
    sent_at: str | None
    write_key: str | None
    shared: dict[str, Any]  # context and integrations of the envelope, merged into each message
    plain: bytes = b""  # the whole body


def unzip(raw: bytes, encoding: str | None, limit: int) -> bytes:
    """The plain bytes; gzip is known by its header or by its first two bytes.

    Raises TooLarge as soon as more than `limit` bytes come out, whatever the compressed size, and Malformed for a
    torn stream.
    """
    if len(raw) > limit:
        raise TooLarge("body", f"Send at most {limit} bytes in one request.")
    if encoding != "gzip" and not raw.startswith(GZIP_MAGIC):
        return raw
    inflate = zlib.decompressobj(wbits=31)
    try:
        plain = inflate.decompress(raw, limit + 1)
    except zlib.error as error:
        raise Malformed("gzip", "The body says it is gzip and cannot be unzipped.") from error
    if len(plain) > limit:
        raise TooLarge("body", f"Send at most {limit} bytes in one request, counted after unzipping.")
    if not inflate.eof:
        raise Malformed("gzip", "The gzip body is torn.")
    return plain


class _Envelope(msgspec.Struct):
    batch: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    sentAt: Any = None
    writeKey: Any = None
    context: Any = None
    integrations: Any = None


_decode = msgspec.json.Decoder(_Envelope).decode


def read(plain: bytes, *, batch: bool, most: int) -> Body:
    """Take a body apart.

    A message stays bytes, so that one that cannot be read does not take its neighbours along. Raises Malformed when
    the body is no JSON, Unusable when it is JSON of another shape, TooLarge beyond `most` messages, TooDeep when it is
    JSON nested beyond reading.
    """
    try:
        envelope = _decode(plain)
    except RecursionError as error:
        raise TooDeep from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        plain = _salvaged(plain)
        envelope = _decoded_again(plain, batch=batch)
    if envelope.batch is msgspec.UNSET:
        if batch:
            raise Unusable(_text(envelope.writeKey))
        messages = [plain]
        shared: dict[str, Any] = {}
    else:
        messages = [bytes(raw) for raw in envelope.batch]
        shared = {
            name: found
            for name in ("context", "integrations")
            if isinstance(found := getattr(envelope, name), dict) and found
        }
    if len(messages) > most:
        raise TooLarge("batch", f"Send at most {most} messages in one batch.")
    return Body(messages, _text(envelope.sentAt), _text(envelope.writeKey), shared, plain)


def _decoded_again(plain: bytes, *, batch: bool) -> _Envelope:
    """The envelope of strict JSON; a single message may have a `batch` of its own that is no list."""
    try:
        return _decode(plain)
    except msgspec.ValidationError as error:
        found = json.loads(plain)
        envelope = msgspec.convert({name: found[name] for name in found if name != "batch"}, _Envelope)
        if batch:
            raise Unusable(_text(envelope.writeKey)) from error
        return envelope
    except msgspec.DecodeError as error:
        raise Malformed("json", f"The body is not what the tracking wire says: {error}.") from error


def _salvaged(plain: bytes) -> bytes:
    """The same JSON in strict form: half surrogate pairs and bad UTF-8 become U+FFFD, NaN and Infinity null."""
    try:
        found = json.loads(plain.decode("utf-8", "replace"), parse_constant=lambda _: None)
    except RecursionError as error:
        raise TooDeep from error
    except ValueError as error:
        raise Malformed("json", "The body is not JSON.") from error
    if not isinstance(found, dict):
        raise Unusable
    try:
        return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
    except RecursionError as error:
        raise TooDeep from error


def _text(found: object) -> str | None:
    return found if isinstance(found, str) and found else None


def key_of(authorization: str | None, query: str | None, body_key: str | None) -> str | None:
    """The write key: from Basic (with or without the trailing colon), the query, or the body."""
    scheme, _, rest = (authorization or "").partition(" ")
    if scheme.lower() == "basic" and rest:
        try:
            return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0] or None
        except (binascii.Error, UnicodeDecodeError):
            return None
    return query or body_key


# What a pixel's query may set of the message itself; everything else is a property.
_OWN = frozenset({"event", "name", "category", "userId", "anonymousId", "groupId", "messageId", "timestamp",
                  "originalTimestamp", "sentAt"})  # fmt: skip
_PARTS = frozenset({"properties", "context", "traits", "integrations"})
_MOST_STEPS = 8


def pixel_message(query: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The message in a pixel's query; dots lead into properties and context, as RudderStack's pixel writes them.

    >>> pixel_message([("event", "Opened"), ("context.page.url", "u"), ("properties", '{"a": 1}'), ("b", "2")])
    {'properties': {'a': 1, 'b': '2'}, 'event': 'Opened', 'context': {'page': {'url': 'u'}}}
    """
    message: dict[str, Any] = {"properties": {}}
    for name, text in query:
        path = name.split(".")
        if name in _OWN:
            message[name] = text
        elif name in _PARTS:
            message[name] = {**_object(message.get(name)), **_object(text)}
        elif path[0] in _PARTS and len(path) <= _MOST_STEPS:
            _plant(message, path, text)
        elif name != "writeKey":
            message["properties"][name] = text
    return message


def _plant(message: dict[str, Any], path: Sequence[str], text: str) -> None:
    for step in path[:-1]:
        inner = message.get(step)
        if not isinstance(inner, dict):
            inner = message[step] = {}
        message = inner
    message[path[-1]] = text


def _object(found: object) -> dict[str, Any]:
    if isinstance(found, str):
        try:
            found = msgspec.json.decode(found)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            return {}
    return found if isinstance(found, dict) else {}
