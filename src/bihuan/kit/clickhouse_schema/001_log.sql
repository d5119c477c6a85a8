-- The archive: every column of the log, facts included, in the order tags, timelines and rebuilds read it.
-- Partitions go by arrival, which is our own clock: an import of twenty years arrives within one month, while its
-- events' own times, which senders choose, would open hundreds of partitions in one insert.
CREATE TABLE IF NOT EXISTS log (
  customer_id UUID,
  occurred_at DateTime64(6, 'UTC'),
  message_id  String,
  name        LowCardinality(String),
  kind        LowCardinality(String),
  source      LowCardinality(String),
  trusted     Bool,
  user_id     String,
  anonymous_id String,
  received_at DateTime64(6, 'UTC'),
  xid         UInt64,
  seq         UInt64,
  lane        UInt16,
  body        String CODEC(ZSTD(1)),
  INDEX by_time occurred_at TYPE minmax GRANULARITY 4
) ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (customer_id, occurred_at, message_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- The same events in the order funnels and segments read them.
CREATE TABLE IF NOT EXISTS events (
  name        LowCardinality(String),
  customer_id UUID,
  occurred_at DateTime64(6, 'UTC'),
  message_id  String,
  source      LowCardinality(String),
  received_at DateTime64(6, 'UTC'),
  body        String CODEC(ZSTD(1)),
  INDEX by_time occurred_at TYPE minmax GRANULARITY 4
) ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (name, customer_id, occurred_at)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS events_of_log TO events AS
SELECT name, customer_id, occurred_at, message_id, source, received_at, body FROM log;

-- Visitors who turned out to be users: joined at query time, so that a merge rewrites nothing. Only the customers
-- room's own facts count; a row that names no two customers is left out instead of stopping all shipping.
CREATE TABLE IF NOT EXISTS customer_alias (
  from_id UUID,
  to_id   UUID,
  at      DateTime64(6, 'UTC')
) ENGINE = ReplacingMergeTree(at)
ORDER BY from_id
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS customer_alias_of_log TO customer_alias AS
SELECT toUUIDOrZero(JSONExtractString(body, 'visitor_id')) AS from_id,
       toUUIDOrZero(JSONExtractString(body, 'into_id')) AS to_id,
       occurred_at AS at
  FROM log
 WHERE kind = 'fact' AND name = 'customers:visitor:merged' AND from_id != toUUIDOrZero('') AND to_id != toUUIDOrZero('');
