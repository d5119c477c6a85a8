"""Sensitive fields: encrypted at rest, searched by keyed hash, masked on screen."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bihuan.kit.errors import Problem


class WrongKey(Problem):
    """A stored field was encrypted with another master key."""

    title = "A stored field cannot be decrypted"


class Cipher:
    """AES-256-GCM with keys derived from one master key (HKDF, RFC 5869), one key per purpose."""

    def __init__(self, master: bytes) -> None:
        self._aead = AESGCM(_derive(master, b"bihuan fields"))
        self._search = _derive(master, b"bihuan search")
        self._master = master

    def encrypt(self, text: str) -> bytes:
        """Nonce (12 bytes) and sealed text; two calls never give the same bytes."""
        nonce = os.urandom(12)
        return nonce + self._aead.encrypt(nonce, text.encode(), None)

    def decrypt(self, sealed: bytes) -> str:
        """The text again. Raises WrongKey when the master key differs or the bytes were changed."""
        try:
            return self._aead.decrypt(sealed[:12], sealed[12:], None).decode()
        except InvalidTag as error:
            raise WrongKey("wrong-key", "Start with the BIHUAN_KEY this data was written with.") from error

    def keyed_hash(self, text: str) -> bytes:
        """HMAC-SHA256 of a normalised value, for exact search without storing the value."""
        return hmac.digest(self._search, text.strip().lower().encode(), "sha256")

    def secret_for(self, purpose: str) -> str:
        """A secret derived for one purpose, such as signing customer tokens (64 hex digits)."""
        return _derive(self._master, purpose.encode()).hex()


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(master)


def load_master(folder: Path, given: str | None) -> bytes:
    """The master key: the given one (base64), else the one in `folder/secrets/master.key`, made at first start."""
    if given:
        return base64.b64decode(given, validate=True)
    path = folder / "secrets" / "master.key"
    return base64.b64decode(secret_file(path, lambda: base64.b64encode(os.urandom(32)).decode()))


def secret_file(path: Path, make: "os.PathLike[str] | object" = None) -> str:
    """The text of a file only its owner may read; made at first use. Two makers never disagree."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = make() if callable(make) else secrets.token_urlsafe(32)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        draft.touch(mode=0o600)
        draft.write_text(text, "utf-8")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_text("utf-8").strip()


def token_hash(token: str) -> bytes:
    """SHA-256 of a random token: what is stored of session cookies and keys (they carry 256 bits of their own)."""
    return hashlib.sha256(token.encode()).digest()


def mask_phone(phone: str) -> str:
    """The first three and last four digits.

    >>> mask_phone("13812345678")
    '138****5678'
    """
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"


def mask_name(name: str) -> str:
    """The first character, as Chinese staff screens show names.

    >>> mask_name("王小明")
    '王**'
    """
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""
