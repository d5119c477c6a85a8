"""Identifiers: time-ordered ones for rows, derived ones for customers."""

from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

_CUSTOMERS = UUID("6ba7b8c1-5f5a-4d0a-9b0e-b1f0a9c0de00")


def new_id() -> UUID:
    """A version 7 identifier (RFC 9562): later rows have larger ids, which keeps indexes compact."""
    return uuid7()


def customer_of_user(user_id: str) -> UUID:
    """The customer behind the number the firm gave a registered user.

    Derived, not looked up: every process computes the same id without asking anybody.

    >>> customer_of_user("u1") == customer_of_user("u1")
    True
    >>> customer_of_user("u1") == customer_of_visitor("u1")
    False
    """
    return uuid5(_CUSTOMERS, f"user:{user_id}")


def customer_of_visitor(anonymous_id: str) -> UUID:
    """The customer behind a device's anonymous id, until he signs in and is merged into a user."""
    return uuid5(_CUSTOMERS, f"visitor:{anonymous_id}")


def lane_of(customer_id: UUID, lanes: int) -> int:
    """The lane of the log in which a customer's entries are read one after the other."""
    return customer_id.int % lanes
