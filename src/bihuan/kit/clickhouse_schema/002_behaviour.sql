-- What tags and segments count, read out of each event once when it is shipped: a filter on JSON costs about ten times
-- one on a column. In the order of customers, so that all aggregates of one stand together.
CREATE TABLE IF NOT EXISTS behaviour (
  customer_id  UUID,
  at           DateTime64(6, 'UTC'),
  name         LowCardinality(String),
  screen       LowCardinality(String),
  item         String,
  topic        LowCardinality(String),
  side         LowCardinality(String),
  product_kind LowCardinality(String),
  device       LowCardinality(String),
  way          LowCardinality(String),
  amount       Float64,
  fee          Float64,
  stars        UInt8,
  received_at  DateTime64(6, 'UTC')
) ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (customer_id, at)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS behaviour_of_log TO behaviour AS
WITH JSONExtract(body, if(kind = 'tracked', 'properties', ''), 'Tuple(screen String, item String, topic String, side String, kind String, device String, way String, amount Float64, fee Float64)') AS told
SELECT customer_id, occurred_at AS at, name, told.screen AS screen, told.item AS item,
       if(kind = 'fact', JSONExtractString(body, 'topic'), told.topic) AS topic, told.side AS side,
       told.kind AS product_kind, told.device AS device, told.way AS way, told.amount AS amount, told.fee AS fee,
       if(name = 'serve:enquiry:rated', toUInt8(JSONExtractUInt(body, 'stars')), 0) AS stars, received_at
  FROM log
 WHERE customer_id != toUUIDOrZero('') AND (kind = 'tracked' OR startsWith(name, 'serve:enquiry:')
       OR startsWith(name, 'understand:opening:') OR name IN ('serve:rescue:contacted', 'reach:message:sent'));

-- The same in the order of names: a rule asks for a few names of everybody, where tags ask for all of one after another.
CREATE TABLE IF NOT EXISTS deed (
  name         LowCardinality(String),
  customer_id  UUID,
  at           DateTime64(6, 'UTC'),
  screen       LowCardinality(String),
  item         String,
  topic        LowCardinality(String),
  side         LowCardinality(String),
  product_kind LowCardinality(String),
  device       LowCardinality(String),
  way          LowCardinality(String),
  amount       Float64,
  fee          Float64,
  stars        UInt8,
  received_at  DateTime64(6, 'UTC'),
  INDEX by_time at TYPE minmax GRANULARITY 4
) ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (name, customer_id, at)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS deed_of_behaviour TO deed AS
SELECT name, customer_id, at, screen, item, topic, side, product_kind, device, way, amount, fee, stars, received_at
  FROM behaviour;

-- Mirrors of what PostgreSQL knows, filled before tags are computed.
CREATE TABLE IF NOT EXISTS portrait_customer (
  customer_id UUID, is_user Bool, branch_id Nullable(String), birth_year Nullable(Int16), gender Nullable(String),
  city Nullable(String), language Nullable(String), channel Nullable(String), staff_code Nullable(String),
  opened_on Nullable(Date32), first_seen DateTime64(6, 'UTC'), last_seen DateTime64(6, 'UTC'), traits String,
  filled UInt8, accounts Nullable(UInt32), account_kinds Nullable(String), closed Bool, assets Nullable(Float64),
  settled_on Nullable(Date32), matures_on Nullable(Date32), products Nullable(UInt32), top1 Nullable(Float64),
  top3 Nullable(Float64), kinds Nullable(String), shares Nullable(Float64), funds Nullable(Float64),
  wealth Nullable(Float64), bonds Nullable(Float64), margin Nullable(Float64), cash Nullable(Float64), contracted Bool,
  served_since Nullable(DateTime64(6, 'UTC')), has_advisor Bool, mirrored_at DateTime64(6, 'UTC') DEFAULT now64(6)
) ENGINE = ReplacingMergeTree(mirrored_at) ORDER BY customer_id;

CREATE TABLE IF NOT EXISTS portrait_investor (
  customer_id UUID, risk_level Nullable(UInt8), lowest_category Nullable(Bool),
  assessed_at Nullable(DateTime64(6, 'UTC')), valid_until Nullable(Date32), term Nullable(String),
  wanted_kinds Nullable(String), goals Nullable(String), predicted_level Nullable(UInt8),
  investor_class Nullable(String), qualified Nullable(Bool), permissions Nullable(String), granted Nullable(String),
  refused Nullable(String), mirrored_at DateTime64(6, 'UTC') DEFAULT now64(6)
) ENGINE = ReplacingMergeTree(mirrored_at) ORDER BY customer_id;
