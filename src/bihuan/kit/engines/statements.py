"""What the HTTP wire has to know of a ClickHouse statement before the engine sees it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"""
      (?P<skip>   \s+ | --[^\n]* | \#[!\ ][^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<quoted> '(?:[^'\\]|\\.|'')*'? | "(?:[^"\\]|\\.|"")*"? | `(?:[^`\\]|\\.|``)*`? )
    | (?P<word>   [A-Za-z_][A-Za-z0-9_]* )
    | (?P<other>  . )
    """,
    re.VERBOSE | re.DOTALL,
)
_DEPTH = {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}


@dataclass(frozen=True)
class Insert:
    """An INSERT whose rows follow in a format: `head` up to the format's name, the rows from byte `rows_at`."""

    head: bytes
    format: str
    rows_at: int


@dataclass(frozen=True)
class _Token:
    text: bytes
    word: str  # upper case; empty for anything that is not a bare word outside all brackets
    start: int
    end: int


def split_insert(text: bytes) -> Insert | None:
    """The parts of `INSERT INTO ... FORMAT name rows`, None for every other statement.

    `text` may be cut anywhere after the format's name. Rows begin after one line break, or after the blanks if there
    is none, as ClickHouse reads it.

    >>> split_insert(b"INSERT INTO t (a) FORMAT CSV\\n1\\n")
    Insert(head=b'INSERT INTO t (a)', format='CSV', rows_at=29)
    >>> split_insert(b"INSERT INTO t SELECT 1") is None
    True
    """
    tokens = _tokens(text)
    first = next(tokens, None)
    if first is None or first.word != "INSERT":
        return None
    for token in tokens:
        if token.word in {"VALUES", "SELECT", "WITH", "WATCH"}:
            return None
        if token.word == "FORMAT":
            name = next(tokens, None)
            if name is None or not name.word:
                return None
            if name.word == "VALUES":
                return Insert(text[: token.start].rstrip(), "Values", _rows_at(text, name.end))
            return Insert(text[: token.start].rstrip(), name.text.decode(), _rows_at(text, name.end))
    return None


def _rows_at(text: bytes, at: int) -> int:
    while text[at : at + 1] in (b" ", b"\t", b"\f"):
        at += 1
    if text[at : at + 1] == b"\r":
        at += 1
    return at + 1 if text[at : at + 1] == b"\n" else at


def output_format(text: bytes) -> str | None:
    """The format a query asks for by its last FORMAT clause, None when it leaves that open.

    >>> output_format(b"SELECT format('{}', 1) FORMAT JSON SETTINGS max_threads = 1")
    'JSON'
    """
    if b"format" not in text.lower():
        return None
    found = None
    tokens = [token for token in _tokens(text) if token.text != b";"]
    for clause, name, after in zip(tokens, tokens[1:], [*tokens[2:], None], strict=False):
        if clause.word == "FORMAT" and name.word and (after is None or after.word == "SETTINGS"):
            found = name.text.decode()
    return found


def first_words(text: bytes, count: int = 1) -> list[str]:
    """The first words of a statement in upper case, without comments.

    >>> first_words(b"/* a */ kill query where 1", 2)
    ['KILL', 'QUERY']
    """
    words: list[str] = []
    for token in _tokens(text):
        if len(words) == count or not token.word:
            break
        words.append(token.word)
    return words


def _tokens(text: bytes) -> Iterator[_Token]:
    depth = 0
    for match in _TOKEN.finditer(text):
        kind, piece = match.lastgroup, match.group()
        if kind == "skip":
            continue
        depth += _DEPTH.get(piece, 0) if kind == "other" else 0
        word = piece.decode().upper() if kind == "word" and depth == 0 else ""
        yield _Token(piece, word, match.start(), match.end())
