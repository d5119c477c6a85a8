"""What the processes count, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

ACCEPTED = Counter("bihuan_events_accepted", "Tracked events made durable", ["source"])
DUPLICATES = Counter("bihuan_events_duplicate", "Tracked events that were there already")
QUARANTINED = Counter("bihuan_events_quarantined", "Tracked events set aside at intake", ["reason"])
INTAKE_SECONDS = Histogram(
    "bihuan_intake_seconds", "Until a tracking request is durable", buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1)
)
REACTED = Counter("bihuan_entries_reacted", "Log entries all rooms have reacted to")
LAG = Gauge("bihuan_reaction_lag_seconds", "Real seconds between an entry's arrival and the reaction to it")
SET_ASIDE = Counter("bihuan_entries_poisoned", "Log entries set aside because a reaction failed")
SHIPPED = Counter("bihuan_entries_shipped", "Log entries shipped to ClickHouse")
SOCKETS = Gauge("bihuan_live_sockets", "Open live sockets")
REQUESTS = Histogram(
    "bihuan_http_seconds", "Time to answer", ["method", "route", "status"], buckets=(0.005, 0.01, 0.025, 0.1, 0.5, 2)
)
