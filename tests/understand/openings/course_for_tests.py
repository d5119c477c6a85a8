"""The default course as the migration seeds it, small enough to read, and events to walk it with."""

from datetime import UTC, date, datetime, time, timedelta

from bihuan.kit.time import TradingCalendar
from bihuan.understand.openings.course import Course, Step, WitnessHours
from bihuan.understand.openings.rules import Event

# 2026-03-09 is a Monday; that Friday is a holiday here.
CALENDAR = TradingCalendar.of(
    {date(2026, 3, 1) + timedelta(days=n): n % 7 not in (0, 6) and n != 12 for n in range(40)}
)
HOURS = WitnessHours(CALENDAR, ((time(9, 30), time(11, 30)), (time(13), time(15))))
HALF_HOUR = timedelta(minutes=30)


def _step(ordinal: int, code: str, done: str, **more: object) -> Step:
    return Step(code, ordinal, code, code, done_by=(done,), **{"stuck_after": HALF_HOUR, **more})  # type: ignore[arg-type]


COURSE = Course(
    (
        _step(10, "phone", "opening:phone:verified", started_by=("opening:visit",)),
        _step(
            30,
            "id",
            "opening:id:accepted",
            failed_by=("opening:id:rejected",),
            final_reasons=("under_age",),
            stuck_after=timedelta(minutes=15),
            may_be_sent_back=True,
        ),
        _step(60, "risk", "opening:risk:assessed", answers_hidden=True, may_be_sent_back=True),
        _step(
            100,
            "video",
            "opening:video:passed",
            started_by=("opening:video:queued",),
            failed_by=("opening:video:interrupted",),
            stuck_after=timedelta(minutes=18),
            needs_session=True,
        ),
        _step(120, "submit", "opening:submitted", milestone="submitted"),
        _step(130, "review", "opening:reviewed", stuck_after=None),
        _step(140, "account", "opening:account:opened", stuck_after=None, milestone="opened"),
        _step(150, "deposit", "deposit:first", stuck_after=None),
    ),
    HOURS,
)

# 10:00 in Shanghai on Tuesday 2026-03-10.
START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def event(name: str, minutes: float, message_id: str | None = None, **properties: str) -> Event:
    """An event so many minutes after START."""
    at = START + timedelta(minutes=minutes)
    return Event(at, message_id or f"{name}@{minutes}", name, properties=properties)
