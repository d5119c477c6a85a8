"""Customer tokens: JSON Web Tokens (RFC 7519), HS256, signed by the firm's server with the customer secret."""

from datetime import datetime, timedelta
from typing import Annotated

import jwt
import msgspec
from jwt.types import Options

from bihuan.kit import ids
from bihuan.kit.crypto import Cipher
from bihuan.kit.errors import Unauthenticated
from bihuan.people.types import Caller

LONGEST = timedelta(hours=24)
_SKEW = timedelta(seconds=60)

# Its own checks of these would refuse a null `sub`, or go by its own clock.
_CHECKED_HERE: Options = {
    "verify_sub": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_jti": False,
    "verify_aud": False,
}

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Claims(msgspec.Struct, frozen=True):
    """What a token says; `sub` is the firm's number of a registered user."""

    exp: float
    sub: _Id | None = None
    anonymous_id: _Id | None = None


def secret_of(cipher: Cipher) -> str:
    """The secret customer tokens are signed with; `bihuan keys` prints it."""
    return cipher.secret_for("customer tokens")


def caller_of(cipher: Cipher, token: str, at: datetime) -> Caller:
    """Whose token this is; `at` is real time, in which the firm's server signs.

    Raises Unauthenticated for a token that is forged, expired, valid for more than 24 hours, signed in another way,
    or names nobody.
    """
    refused = Unauthenticated("token", "Ask the firm's server for a new customer token.")
    try:
        raw = jwt.decode(
            token,
            secret_of(cipher),
            algorithms=["HS256"],
            options=_CHECKED_HERE,
        )
        claims = msgspec.convert(raw, Claims)
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError) as error:
        raise refused from error
    left = claims.exp - at.timestamp()
    if not 0 < left <= (LONGEST + _SKEW).total_seconds() or not (claims.sub or claims.anonymous_id):
        raise refused
    if not all(_storable(text) for text in (claims.sub, claims.anonymous_id) if text):
        raise refused
    customer_id = ids.customer_of_user(claims.sub) if claims.sub else ids.customer_of_visitor(str(claims.anonymous_id))
    return Caller(customer_id, claims.sub, claims.anonymous_id)


def _storable(text: str) -> bool:
    # PostgreSQL's text holds neither NUL nor half a surrogate pair.
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def issue(cipher: Cipher, user_id: str | None, anonymous_id: str | None, at: datetime, lasts: timedelta) -> str:
    """A token as the firm's server would sign it; only demo mode and tests issue their own."""
    claims = {"sub": user_id, "anonymous_id": anonymous_id, "iat": int(at.timestamp())}
    return jwt.encode({**claims, "exp": int((at + lasts).timestamp())}, secret_of(cipher), algorithm="HS256")
