"""Artefacts of trained models: numbered versions by name, each inspectable, with the report of its training.

An artefact is one JSON document (what kind of model, its parameters, the names of its columns) and arrays of numbers
in an npz file. Nothing in it is ever executed: no pickles, no objects in arrays. The files lie in the file store, what
is known of them in `kit_model`; a digest over both files shows any change on the way.
"""

import asyncio
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bihuan.kit import postgres
from bihuan.kit.errors import Invalid, NotFound, Problem
from bihuan.kit.files import Files
from bihuan.kit.postgres import Tx

Arrays = Mapping[str, NDArray[Any]]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_KINDS = frozenset("biufU")  # truth values, whole numbers, floats and texts: what npz holds without pickling

NEXT = "SELECT coalesce(max(version), 0) + 1 FROM kit_model WHERE name = %(name)s"

ADD = """
INSERT INTO kit_model (name, version, digest, report, made_at)
VALUES (%(name)s, %(version)s, %(digest)s, %(report)s::jsonb, %(now)s)
"""

_COLUMNS = "name, version, digest, report, made_at, promoted_at"
VERSIONS = f"SELECT {_COLUMNS} FROM kit_model WHERE name = %(name)s ORDER BY version DESC"
VERSION = f"SELECT {_COLUMNS} FROM kit_model WHERE name = %(name)s AND version = %(version)s"

# The version in use is the one promoted last, so that going back to an older one is a promotion too.
IN_USE = f"""
SELECT {_COLUMNS} FROM kit_model WHERE name = %(name)s AND promoted_at IS NOT NULL
 ORDER BY promoted_at DESC, version DESC LIMIT 1
"""

PROMOTE = "UPDATE kit_model SET promoted_at = %(now)s WHERE name = %(name)s AND version = %(version)s"


class Damaged(Problem):
    """A stored artefact is not what was saved."""

    title = "A model's files were changed"


@dataclass(frozen=True)
class Version:
    """What is known of one version. `report` is how it was trained and how well it did; `digest` is SHA-256 in hex."""

    name: str
    version: int
    digest: str
    report: dict[str, Any]
    made_at: datetime
    promoted_at: datetime | None


@dataclass(frozen=True)
class Artefact:
    """One version with its contents."""

    version: Version
    document: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


async def save(
    tx: Tx, files: Files, name: str, document: dict[str, Any], arrays: Arrays, report: dict[str, Any], now: datetime
) -> Version:
    """Keep a trained model as the next version of its name; it is in use only once it is promoted.

    Raises Invalid for a name that is no name, and for arrays of anything but numbers, truth values and texts.
    """
    if not _NAME.fullmatch(name):
        raise Invalid("model", "Name a model in small letters, digits and dashes.")
    odd = sorted(key for key, array in arrays.items() if array.dtype.kind not in _KINDS)
    if odd:
        raise Invalid("model", f"Arrays of a model hold numbers, truth values or texts, unlike {', '.join(odd)}.")
    text, packed = msgspec.json.format(msgspec.json.encode(document)), await asyncio.to_thread(_packed, arrays)
    await postgres.execute(tx, "SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 9))", name=name)
    version = int(await postgres.value(tx, NEXT, name=name))
    await asyncio.to_thread(_write, files, name, version, text, packed)
    told = msgspec.json.encode(report).decode()
    await postgres.execute(tx, ADD, name=name, version=version, digest=_digest(text, packed), report=told, now=now)
    return await _version(tx, name, version)


async def load(tx: Tx, files: Files, name: str, version: int | None = None) -> Artefact:
    """One version, by default the one in use.

    Raises NotFound, also when no version was ever promoted, and Damaged when the files are not those that were saved.
    """
    found = await in_use(tx, name) if version is None else await _version(tx, name, version)
    if found is None:
        raise NotFound("model", f"No version of {name} is in use: promote one.")
    text, packed = await asyncio.to_thread(_read, files, found)
    if _digest(text, packed) != found.digest:
        raise Damaged("model-damaged", f"The files of {name} {found.version} were changed: restore them or train anew.")
    return Artefact(found, msgspec.json.decode(text), await asyncio.to_thread(_unpacked, packed))


async def versions(tx: Tx, name: str) -> list[Version]:
    """All versions of a model, latest first."""
    return await postgres.read(tx, Version, VERSIONS, name=name)


async def in_use(tx: Tx, name: str) -> Version | None:
    """The version promoted last."""
    return await postgres.read_one(tx, Version, IN_USE, name=name)


async def promote(tx: Tx, name: str, version: int, now: datetime) -> None:
    """Have a version used from now on. Raises NotFound. The caller writes the audit line: he knows who decided."""
    if not await postgres.execute(tx, PROMOTE, name=name, version=version, now=now):
        raise NotFound("model", f"There is no version {version} of {name}.")


async def _version(tx: Tx, name: str, version: int) -> Version:
    found = await postgres.read_one(tx, Version, VERSION, name=name, version=version)
    if found is None:
        raise NotFound("model", f"There is no version {version} of {name}.")
    return found


def _digest(text: bytes, packed: bytes) -> str:
    return hashlib.sha256(len(text).to_bytes(8, "big") + text + packed).hexdigest()


def _packed(arrays: Arrays) -> bytes:
    """An npz file: a zip of one npy file per array. Written here, because numpy takes names for its own arguments."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.save(member, arrays[name], allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _unpacked(packed: bytes) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {
            member.removesuffix(".npy"): np.load(io.BytesIO(archive.read(member)), allow_pickle=False)
            for member in archive.namelist()
        }


def _folder(name: str, version: int) -> str:
    return f"models/{name}/{version:06d}"


def _write(files: Files, name: str, version: int, text: bytes, packed: bytes) -> None:
    for file, content in (("model.json", text), ("arrays.npz", packed)):
        with files.write(f"{_folder(name, version)}/{file}") as handle:
            handle.write(content)


def _read(files: Files, found: Version) -> tuple[bytes, bytes]:
    folder = _folder(found.name, found.version)
    return files.read(f"{folder}/model.json"), files.read(f"{folder}/arrays.npz")
