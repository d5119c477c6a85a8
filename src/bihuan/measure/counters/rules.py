"""Which hour something is counted in, and whether it still matters."""

from datetime import datetime, timedelta

# Figures are compared with the same weekday up to four weeks before; what is older is never read.
REMEMBERED = timedelta(days=36)


def hour_of(at: datetime) -> datetime:
    """The full hour a moment lies in; exchange time is whole hours from UTC.

    >>> from datetime import UTC
    >>> hour_of(datetime(2026, 3, 10, 9, 59, 59, tzinfo=UTC)).isoformat()
    '2026-03-10T09:00:00+00:00'
    """
    return at.replace(minute=0, second=0, microsecond=0)


def counted(at: datetime, now: datetime) -> bool:
    """Whether something that happened then can still be compared with: a loaded history is counted from there on."""
    return now - at <= REMEMBERED


# Above any book of a brokerage; what is larger is a mistake of the sender and would break every sum.
_MOST_YUAN = 1e12


def cents(amount: object) -> int:
    """An amount in yuan as whole cents; 0 where it is none.

    >>> cents(19.99), cents("250000.00"), cents(None), cents("many"), cents(-5)
    (1999, 25000000, 0, 0, 0)
    """
    if isinstance(amount, bool) or not isinstance(amount, int | float | str):
        return 0
    try:
        yuan = float(amount)
    except (ValueError, OverflowError):
        return 0
    return round(yuan * 100) if 0 < yuan < _MOST_YUAN else 0
