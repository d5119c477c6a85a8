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
