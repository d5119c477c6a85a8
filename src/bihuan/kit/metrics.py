"""What Prometheus reads: what this server has counted itself, and how far the log's readers are, from PostgreSQL.

Counters live in the process that answers the scrape, so only the server's own work is counted here; whatever a
worker does shows in the tables it works on, and is read from them at each scrape.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from bihuan.kit import postgres
from bihuan.kit.postgres import Tx

ACCEPTED = Counter("bihuan_events_accepted", "Tracked events made durable", ["source"])
DUPLICATES = Counter("bihuan_events_duplicate", "Tracked events that were there already")
QUARANTINED = Counter("bihuan_events_quarantined", "Tracked events set aside at intake", ["reason"])
INTAKE_SECONDS = Histogram(
    "bihuan_intake_seconds", "Until a tracking request is durable", buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1)
)
SOCKETS = Gauge("bihuan_live_sockets", "Open live sockets")
REQUESTS = Histogram(
    "bihuan_http_seconds", "Time to answer", ["method", "route", "status"], buckets=(0.005, 0.01, 0.025, 0.1, 0.5, 2)
)

# Entries are counted no further than this: a scrape must stay cheap while an import of millions is being read.
MOST_COUNTED = 100_000

# Each reader of the log: how many entries lie before it, and since when the oldest does.
READERS = """
SELECT o.lane::text AS lane, ahead.oldest_at,
       (SELECT count(*) FROM (SELECT FROM log l WHERE l.lane = o.lane AND (l.xid, l.seq) > (o.xid, o.seq)
                               LIMIT %(most)s) counted) AS entries
  FROM log_offset o
  LEFT JOIN LATERAL (SELECT l.received_at AS oldest_at FROM log l
                      WHERE l.lane = o.lane AND (l.xid, l.seq) > (o.xid, o.seq)
                      ORDER BY l.xid, l.seq LIMIT 1) ahead ON true
 WHERE o.reader = 'reactions'
UNION ALL
SELECT NULL, ahead.oldest_at,
       (SELECT count(*) FROM (SELECT FROM log l WHERE (l.xid, l.seq) > (o.xid, o.seq) LIMIT %(most)s) counted)
  FROM log_offset o
  LEFT JOIN LATERAL (SELECT l.received_at AS oldest_at FROM log l WHERE (l.xid, l.seq) > (o.xid, o.seq)
                      ORDER BY l.xid, l.seq LIMIT 1) ahead ON true
 WHERE o.reader = 'ship'
"""

# What waits for a worker or for a person. Heartbeats of workers are real time.
WAITING = """
SELECT (SELECT count(*) FROM log_poison WHERE resolved_at IS NULL) AS poisoned,
       (SELECT count(*) FROM kit_deadline WHERE due_at <= %(now)s) AS due,
       (SELECT min(due_at) FROM kit_deadline WHERE due_at <= %(now)s) AS due_since,
       (SELECT count(*) FROM kit_deadline WHERE failures > 0) AS failing,
       (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds') AS workers
"""


@dataclass(frozen=True)
class Reader:
    """How far a reader of the log is behind; `lane` is None for the shipper."""

    lane: str | None
    oldest_at: datetime | None
    entries: int


@dataclass(frozen=True)
class Waiting:
    """Entries set aside, deadlines that are due, deadlines whose handler failed, workers alive."""

    poisoned: int
    due: int
    due_since: datetime | None
    failing: int
    workers: int


async def readers(tx: Tx) -> list[Reader]:
    """All readers of the log: the reactions lane by lane, then the shipper."""
    return await postgres.read(tx, Reader, READERS, most=MOST_COUNTED)


# Lanes whose oldest unread entry has waited longer than so many real seconds.
LATE = """
SELECT count(ahead.at) AS lanes, min(ahead.at) AS oldest_at
  FROM log_offset o, LATERAL (SELECT l.received_at AS at FROM log l
                               WHERE l.lane = o.lane AND (l.xid, l.seq) > (o.xid, o.seq)
                               ORDER BY l.xid, l.seq LIMIT 1) ahead
 WHERE o.reader = 'reactions'
   AND ahead.at < %(now)s - make_interval(secs => %(seconds)s * coalesce((SELECT factor FROM kit_clock), 1))
"""


@dataclass(frozen=True)
class Late:
    """Lanes that nobody reads in time, and since when the oldest of their entries waits."""

    lanes: int
    oldest_at: datetime | None


async def late(tx: Tx, now: datetime, seconds: float) -> Late:
    """What has waited for a reaction for more than so many real seconds: the sign of a worker that is gone or stuck."""
    return await postgres.read_one(tx, Late, LATE, now=now, seconds=seconds) or Late(0, None)


async def of_the_log(tx: Tx, now: datetime, factor: float) -> bytes:
    """The figures of the log, its deadlines and its workers as Prometheus text.

    `now` is the product's time and `factor` how much faster than real time it runs; figures are in real seconds.
    """
    waiting = await postgres.read_one(tx, Waiting, WAITING, now=now)
    assert waiting is not None  # noqa: S101  (a query of aggregates always has its row)

    def since(at: datetime | None) -> float:
        return max(0.0, (now - at).total_seconds() / factor) if at else 0.0

    found = await readers(tx)
    lanes = [(reader.lane, reader) for reader in found if reader.lane is not None]
    shipper = [reader for reader in found if reader.lane is None]
    return _text(
        [
            _gauge(
                "bihuan_reaction_lag_seconds",
                "How long the oldest entry of a lane that no room has reacted to has been there",
                [((lane,), since(reader.oldest_at)) for lane, reader in lanes],
                ["lane"],
            ),
            _gauge(
                "bihuan_entries_unread",
                f"Entries of a lane that no room has reacted to, counted to {MOST_COUNTED}",
                [((lane,), reader.entries) for lane, reader in lanes],
                ["lane"],
            ),
            _gauge(
                "bihuan_entries_unshipped",
                f"Entries that ClickHouse does not have yet, counted to {MOST_COUNTED}",
                [((), sum(reader.entries for reader in shipper))],
            ),
            _gauge(
                "bihuan_shipping_lag_seconds",
                "How long the oldest entry that ClickHouse does not have has been there",
                [((), since(reader.oldest_at)) for reader in shipper],
            ),
            _gauge("bihuan_entries_poisoned", "Entries set aside and not resolved", [((), waiting.poisoned)]),
            _gauge("bihuan_deadlines_due", "Deadlines that are due and not fired", [((), waiting.due)]),
            _gauge(
                "bihuan_deadlines_overdue_seconds",
                "How long the oldest of them has been due",
                [((), since(waiting.due_since))],
            ),
            _gauge("bihuan_deadlines_failing", "Deadlines put off because they failed", [((), waiting.failing)]),
            _gauge("bihuan_workers_alive", "Workers heard of in the last 30 seconds", [((), waiting.workers)]),
        ]
    )


def of_this_process() -> bytes:
    """What this process has counted itself, as Prometheus text."""
    return generate_latest()


def _gauge(
    name: str, meaning: str, values: Iterable[tuple[Sequence[str | None], float]], labels: Sequence[str] = ()
) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for label, value in values:
        family.add_metric([str(part) for part in label], value)
    return family


@dataclass(frozen=True, eq=False)  # the library keeps collectors by identity
class _Collected:
    families: Sequence[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.families


def _text(families: Sequence[Metric]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Collected(families))
    return generate_latest(registry)
