"""Signing in and out. Sessions and their pauses run in real time, whatever the product's clock does."""

import asyncio
import functools
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bihuan.kit.crypto import token_hash
from bihuan.kit.errors import TooMany, Unauthenticated
from bihuan.kit.house import House
from bihuan.kit.postgres import Tx
from bihuan.people.sessions import repository
from bihuan.people.sessions.rules import (
    ADDRESS_FACTOR,
    ATTEMPTS_LAST,
    FAMILIAR_LASTS,
    LOGIN_FACTOR,
    subjects_of,
    wait_after,
    wait_before,
)
from bihuan.people.staff import repository as staff_repository
from bihuan.people.types import Staff

# Argon2id as RFC 9106 recommends where memory is scarce; each hash takes 64 MiB, hence few at once.
_HASHER = PasswordHasher()
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="argon2")

_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedInNow:
    """A fresh session: who, and the token that only his browser is told."""

    staff: Staff
    token: str


def real_now() -> datetime:
    """Real time, in which doors count."""
    return datetime.now(UTC)


async def hash_password(password: str) -> str:
    """An Argon2id hash, made off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, password)


@functools.cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


def _matches(stored: str | None, password: str) -> bool:
    # An unknown login costs as much time as a known one.
    try:
        return _HASHER.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


async def _verify(stored: str | None, password: str) -> bool:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _matches, stored, password)


async def sign_in(house: House, login: str, password: str, address: str, agent: str) -> SignedInNow:
    """A new session. Raises TooMany after too many attempts and Unauthenticated for a wrong login or password.

    No transaction is open while the password is verified.
    """
    staff_id = await _proven(house, login, password, address)
    async with house.postgres.transaction() as tx:
        return await begin(tx, staff_id, house.settings.session_hours, address, agent)


async def begin(tx: Tx, staff_id: UUID, hours: int, address: str, agent: str) -> SignedInNow:
    """A session for somebody who has proven who he is."""
    at = real_now()
    token = secrets.token_urlsafe(32)
    await repository.begin(tx, staff_id, token_hash(token), at, at + timedelta(hours=hours), address, agent[:200])
    staff = await staff_repository.active_by_id(tx, staff_id)
    if staff is None:
        raise Unauthenticated("credentials", "Check login and password.")
    return SignedInNow(staff, token)


async def _proven(house: House, login: str, password: str, address: str) -> UUID:
    at = real_now()
    pause = timedelta(seconds=house.settings.sign_in_pause_s)
    allowed = house.settings.sign_in_attempts
    own, shared, anywhere = subjects_of(login, address)
    # Anywhere, own, shared: always in this order, so that nobody waits in a circle. The sweep waits for nobody.
    async with house.postgres.transaction() as tx:
        familiar = await repository.is_familiar(tx, own, at)
        # Who is refused for what others tried has not used up an attempt of his own.
        wait = 0 if familiar else await _wait_anywhere(tx, anywhere, allowed * LOGIN_FACTOR, pause, at)
        if not wait:
            by_login = await repository.count_attempt(tx, own, at, at + pause)
            by_address = await repository.count_attempt(tx, shared, at, at + pause)
            most = allowed * ADDRESS_FACTOR
            wait = max(wait_after(by_login, allowed, pause, at), wait_after(by_address, most, pause, at))
        if not wait and not familiar:
            await repository.let_through(tx, anywhere, at, at + ATTEMPTS_LAST)
        known = await repository.password_of(tx, login, demo=house.settings.demo)
        await repository.sweep(tx, at)
    if wait:
        raise TooMany("sign-in", "Wait before you try again, or ask an operator for a new password.", retry_after=wait)
    if not await _verify(known[1] if known else None, password) or known is None:
        raise Unauthenticated("credentials", "Check login and password.")
    staff_id, stored = known
    fresh = await hash_password(password) if _HASHER.check_needs_rehash(stored) else None
    async with house.postgres.transaction() as tx:
        if not familiar:  # else this attempt was not counted there, and says nothing of those who try elsewhere
            await repository.forget(tx, anywhere)
        await repository.forgive(tx, own, shared)
        await repository.know(tx, own, at + FAMILIAR_LASTS)
        if fresh:
            await repository.set_password_hash(tx, staff_id, fresh)
    return staff_id


async def _wait_anywhere(tx: Tx, login: bytes, allowed: int, longest: timedelta, at: datetime) -> int:
    """Seconds until this login may be tried at a place it does not know; nobody else is told meanwhile."""
    let_through = await repository.lock_let_through(tx, login, at, at + ATTEMPTS_LAST)
    return wait_before(let_through, allowed, longest, at)


async def staff_of(tx: Tx, token: str | None, hours: int | None = None) -> Staff | None:
    """Whose session this is, or None. With `hours` the session is extended to so many from now."""
    if not token:
        return None
    at, hashed = real_now(), token_hash(token)
    staff_id = await repository.staff_id_of(tx, hashed, at)
    if staff_id is None:
        return None
    if hours is not None:
        until = at + timedelta(hours=hours)
        await repository.touch(tx, hashed, until, until - _TOUCH_EVERY)
    return await staff_repository.active_by_id(tx, staff_id)


async def sign_out(tx: Tx, token: str) -> None:
    """End this session."""
    await repository.end(tx, token_hash(token))


async def change_password(
    house: House, staff: Staff, current: str, wanted: str, address: str, agent: str
) -> SignedInNow:
    """A new password; every session of the person ends, and a new one begins for this browser."""
    await _proven(house, staff.login, current, address)
    hashed = await hash_password(wanted)
    async with house.postgres.transaction() as tx:
        await repository.set_password_hash(tx, staff.id, hashed)
        await repository.end_all_of(tx, staff.id)
        return await begin(tx, staff.id, house.settings.session_hours, address, agent)
