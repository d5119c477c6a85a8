"""What the firm's own server does for its app: sign customer tokens."""

import time

import jwt

LASTS = 12 * 3600


def customer_token(secret: str, user_id: str | None, anonymous_id: str | None) -> str:
    """A token for one customer, valid for half a day of real time."""
    now = int(time.time())
    claims = {"sub": user_id, "anonymous_id": anonymous_id, "iat": now, "exp": now + LASTS}
    return jwt.encode(claims, secret, algorithm="HS256")
