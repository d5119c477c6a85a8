"""The few errors the product raises on purpose; each becomes an RFC 9457 problem at the HTTP edge."""

from typing import Any, ClassVar


class Problem(Exception):
    """Something a caller can be told: a stable `code`, and a `detail` that says what to do next."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, code: str, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.extra = extra

    def body(self, instance: str) -> dict[str, Any]:
        """The problem as the wire carries it; `instance` is the id to quote to an engineer."""
        return {
            "type": f"urn:bihuan:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            **self.extra,
        }


class Fault(Problem):
    """Something of ours broke; the request id leads to the log line that says what."""

    def __init__(self) -> None:
        super().__init__("fault", "This is a fault of ours: quote the instance id to an engineer.")


class Invalid(Problem):
    """The request cannot be understood or breaks a rule of its own."""

    status = 422
    title = "The request is not valid"


class Malformed(Problem):
    """The body is not what the wire says."""

    status = 400
    title = "The body cannot be read"


class Unauthenticated(Problem):
    """Nobody is signed in, or the key or token is not known."""

    status = 401
    title = "Sign in first"


class Forbidden(Problem):
    """Somebody is signed in who may not do this."""

    status = 403
    title = "Not allowed"


class NotFound(Problem):
    """There is no such thing within the caller's data scope."""

    status = 404
    title = "Not found"


class Conflict(Problem):
    """Somebody was faster, or the thing is in another state."""

    status = 409
    title = "Too late, or in another state"


class TooLarge(Problem):
    """More bytes or items than the limit."""

    status = 413
    title = "Too large"


class TooMany(Problem):
    """More calls than the limit; `retry_after` seconds are named."""

    status = 429
    title = "Too many calls"


class Unavailable(Problem):
    """The product is overloaded or an engine is away; the same call may be made again."""

    status = 503
    title = "Not available for the moment"
