"""All SQL about sessions, passwords and attempts to sign in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

# Counts one more attempt, or the first of a new window; done before the password is looked at, so that
# attempts side by side cannot slip through together.
COUNT_ATTEMPT = """
INSERT INTO people_attempt AS a (subject, tried, since, ends_at) VALUES (%(subject)s, 1, %(at)s, %(ends_at)s)
ON CONFLICT (subject) DO UPDATE SET
  tried = CASE WHEN a.ends_at <= %(at)s THEN 1 ELSE a.tried + 1 END,
  since = CASE WHEN a.ends_at <= %(at)s THEN excluded.since ELSE a.since END,
  ends_at = CASE WHEN a.ends_at <= %(at)s THEN excluded.ends_at ELSE a.ends_at END
RETURNING tried, since
"""

# How often a login was let through, none when that is forgotten; the row stays locked, so that attempts side by side
# are decided one after the other.
LOCK_LET_THROUGH = """
INSERT INTO people_attempt AS a (subject, tried, since, ends_at) VALUES (%(subject)s, 0, %(at)s, %(ends_at)s)
ON CONFLICT (subject) DO UPDATE SET tried = CASE WHEN a.ends_at <= %(at)s THEN 0 ELSE a.tried END
RETURNING tried, since
"""

# What is forgotten, a little with every attempt, leaving what somebody else is just counting.
SWEEP_ATTEMPTS = """
DELETE FROM people_attempt WHERE subject IN (
  SELECT subject FROM people_attempt WHERE ends_at <= %(at)s LIMIT 20 FOR UPDATE SKIP LOCKED)
"""
SWEEP_FAMILIAR = """
DELETE FROM people_familiar WHERE subject IN (
  SELECT subject FROM people_familiar WHERE ends_at <= %(at)s LIMIT 20 FOR UPDATE SKIP LOCKED)
"""
KNOW = """
INSERT INTO people_familiar (subject, ends_at) VALUES (%(subject)s, %(ends_at)s)
ON CONFLICT (subject) DO UPDATE SET ends_at = excluded.ends_at
"""

# The session that is still alive; extended at most once a minute, and never waiting for another request's extension.
TOUCH = """
UPDATE people_session SET expires_at = %(until)s
 WHERE token_hash = (SELECT token_hash FROM people_session
                      WHERE token_hash = %(token_hash)s AND expires_at < %(stale)s FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True)
class Attempt:
    """How often a subject has tried, and since when; of a login anywhere, when last."""

    tried: int
    since: datetime


async def count_attempt(tx: Tx, subject: bytes, at: datetime, ends_at: datetime) -> Attempt:
    """The attempts of this subject, this one included; a new window ends at `ends_at`."""
    found = await postgres.read_one(tx, Attempt, COUNT_ATTEMPT, subject=subject, at=at, ends_at=ends_at)
    assert found is not None  # noqa: S101  (an upsert always returns its row)
    return found


async def lock_let_through(tx: Tx, subject: bytes, at: datetime, ends_at: datetime) -> Attempt:
    """How often this subject was let through, and when last; nobody else is told until the transaction ends."""
    found = await postgres.read_one(tx, Attempt, LOCK_LET_THROUGH, subject=subject, at=at, ends_at=ends_at)
    assert found is not None  # noqa: S101  (an upsert always returns its row)
    return found


async def let_through(tx: Tx, subject: bytes, at: datetime, ends_at: datetime) -> None:
    """One more was let through."""
    await postgres.execute(
        tx,
        "UPDATE people_attempt SET tried = tried + 1, since = %(at)s, ends_at = %(ends_at)s"
        " WHERE subject = %(subject)s",
        subject=subject,
        at=at,
        ends_at=ends_at,
    )


async def sweep(tx: Tx, at: datetime) -> None:
    """Forget some of what is over."""
    await postgres.execute(tx, SWEEP_ATTEMPTS, at=at)
    await postgres.execute(tx, SWEEP_FAMILIAR, at=at)


async def forgive(tx: Tx, own: bytes, shared: bytes) -> None:
    """An attempt has succeeded: forget the login's attempts here and take this one off its address."""
    await forget(tx, own)
    await postgres.execute(tx, "UPDATE people_attempt SET tried = tried - 1 WHERE subject = %(shared)s", shared=shared)


async def forget(tx: Tx, subject: bytes) -> None:
    """Forget a subject's attempts."""
    await postgres.execute(tx, "DELETE FROM people_attempt WHERE subject = %(subject)s", subject=subject)


async def is_familiar(tx: Tx, subject: bytes, at: datetime) -> bool:
    """Whether this login has proven itself at this address."""
    return bool(
        await postgres.value(
            tx,
            "SELECT EXISTS (SELECT 1 FROM people_familiar WHERE subject = %(subject)s AND ends_at > %(at)s)",
            subject=subject,
            at=at,
        )
    )


async def know(tx: Tx, subject: bytes, ends_at: datetime) -> None:
    """This login has proven itself at this address."""
    await postgres.execute(tx, KNOW, subject=subject, ends_at=ends_at)


async def password_of(tx: Tx, login: str, *, demo: bool) -> tuple[UUID, str] | None:
    """The id and password hash of an active staff member who has a password; one of the demo's only with `demo`."""
    row = await postgres.one(
        tx,
        "SELECT id, password_hash FROM people_staff"
        " WHERE login = lower(%(login)s) AND active AND password_hash IS NOT NULL"
        "   AND (%(demo)s OR NOT password_is_demos)",
        login=login,
        demo=demo,
    )
    return (row["id"], row["password_hash"]) if row else None


async def set_password_hash(tx: Tx, staff_id: UUID, password_hash: str) -> None:
    """Store a new hash; whatever stood there, it is the person's own password from now on."""
    await postgres.execute(
        tx,
        "UPDATE people_staff SET password_hash = %(password_hash)s, password_is_demos = false WHERE id = %(id)s",
        id=staff_id,
        password_hash=password_hash,
    )


async def set_password_hashes(tx: Tx, logins: list[str] | None, password_hash: str, *, demo: bool) -> int:
    """Give those of these staff members (or with None all) who have none the same hash; `demo` marks it as such."""
    return await postgres.execute(
        tx,
        "UPDATE people_staff SET password_hash = %(password_hash)s, password_is_demos = %(demo)s"
        " WHERE (%(logins)s::text[] IS NULL OR login = ANY(%(logins)s)) AND password_hash IS NULL",
        logins=logins,
        password_hash=password_hash,
        demo=demo,
    )


async def end_demo(tx: Tx) -> None:
    """End every session of people who have the demo's password."""
    await postgres.execute(
        tx,
        "DELETE FROM people_session WHERE staff_id IN (SELECT id FROM people_staff WHERE password_is_demos)",
    )


async def begin(
    tx: Tx, staff_id: UUID, token_hash: bytes, at: datetime, until: datetime, address: str, agent: str
) -> None:
    """A new session; those that have expired are swept out on the way."""
    await postgres.execute(tx, "DELETE FROM people_session WHERE expires_at <= %(at)s", at=at)
    await postgres.execute(
        tx,
        "INSERT INTO people_session (token_hash, staff_id, created_at, expires_at, address, agent)"
        " VALUES (%(token_hash)s, %(staff_id)s, %(at)s, %(until)s, %(address)s, %(agent)s)",
        token_hash=token_hash,
        staff_id=staff_id,
        at=at,
        until=until,
        address=address,
        agent=agent,
    )


async def staff_id_of(tx: Tx, token_hash: bytes, at: datetime) -> UUID | None:
    """Whose session this is, while it lasts."""
    found: UUID | None = await postgres.value(
        tx,
        "SELECT staff_id FROM people_session WHERE token_hash = %(token_hash)s AND expires_at > %(at)s",
        token_hash=token_hash,
        at=at,
    )
    return found


async def touch(tx: Tx, token_hash: bytes, until: datetime, stale: datetime) -> None:
    """Extend a session whose end is nearer than `stale`."""
    await postgres.execute(tx, TOUCH, token_hash=token_hash, until=until, stale=stale)


async def end(tx: Tx, token_hash: bytes) -> None:
    """End one session."""
    await postgres.execute(tx, "DELETE FROM people_session WHERE token_hash = %(token_hash)s", token_hash=token_hash)


async def end_all_of(tx: Tx, staff_id: UUID) -> None:
    """End every session of a person."""
    await postgres.execute(tx, "DELETE FROM people_session WHERE staff_id = %(staff_id)s", staff_id=staff_id)
