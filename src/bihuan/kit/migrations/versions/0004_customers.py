"""Customers: profiles, aliases of visitors, accounts, holdings, dated relations."""

from bihuan.kit.migrations import run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run(TABLES)


TABLES = """
-- A user's id is made from his user_id, so no second row can have it: another unique index would only let two lanes that
-- write the same new row at once fail on it.
CREATE TABLE customers_customer (
  id            uuid PRIMARY KEY,
  user_id       text,
  anonymous_id  text,
  merged_into   uuid,                 -- a visitor's row points at the user he turned out to be
  name_sealed   bytea,
  name_masked   text NOT NULL DEFAULT '',
  name_hash     bytea,
  phone_sealed  bytea,
  phone_masked  text NOT NULL DEFAULT '',
  phone_hash    bytea,
  birth_year    smallint,
  gender        text,
  city          text,
  language      text NOT NULL DEFAULT 'zh-CN',
  channel       text,                 -- first touch
  campaign      text,
  staff_code    text,                 -- of the QR code he came with
  first_touch   timestamptz,          -- when channel, campaign and code were seen
  branch_id     uuid,                 -- serving branch
  branch_rank   smallint NOT NULL DEFAULT 9,   -- 1 service relation, 2 staff code, 3 chosen, 4 city
  tier          text,
  traits        jsonb NOT NULL DEFAULT '{}',
  trait_order   jsonb NOT NULL DEFAULT '{}',   -- trait -> time and message id of the identify that set it
  first_seen    timestamptz NOT NULL,
  last_seen     timestamptz NOT NULL,
  events        bigint NOT NULL DEFAULT 0,
  opened_on     date
);
CREATE INDEX customers_customer_branch ON customers_customer (branch_id, last_seen DESC, id) WHERE merged_into IS NULL;
CREATE INDEX customers_customer_recent ON customers_customer (last_seen DESC, id) WHERE merged_into IS NULL;
CREATE INDEX customers_customer_merged ON customers_customer (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX customers_customer_user ON customers_customer (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX customers_customer_phone ON customers_customer (phone_hash);
CREATE INDEX customers_customer_name ON customers_customer (name_hash);

-- A visitor's device belongs to the first user who was seen on it, in the order of events, not of arrival.
CREATE TABLE customers_alias (
  visitor_id uuid PRIMARY KEY,
  into_id    uuid NOT NULL,
  first_at   timestamptz NOT NULL,
  message_id text NOT NULL,
  reason     text NOT NULL,
  merged_at  timestamptz NOT NULL
);
CREATE INDEX customers_alias_into ON customers_alias (into_id);

CREATE TABLE customers_account (
  account_id  text PRIMARY KEY,
  customer_id uuid NOT NULL,
  kind        text NOT NULL,
  status      text NOT NULL DEFAULT 'open',
  opened_on   date,
  branch_id   uuid
);
CREATE INDEX customers_account_customer ON customers_account (customer_id);

CREATE TABLE customers_holding (
  account_id text NOT NULL,
  product    text NOT NULL,
  kind       text NOT NULL,
  quantity   numeric(20, 4) NOT NULL,
  value      numeric(20, 2) NOT NULL,
  as_of      date NOT NULL,
  matures_on date,
  PRIMARY KEY (account_id, product)
);

-- Acquisition (开发), service (服务), contract (签约): each dated; what was true on a day stays true of that day.
CREATE TABLE customers_relation (
  id          uuid PRIMARY KEY,
  customer_id uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('acquisition', 'service', 'contract')),
  branch_id   uuid NOT NULL,
  staff_id    uuid,
  share       numeric(6, 5) NOT NULL CHECK (share > 0 AND share <= 1),
  valid_from  timestamptz NOT NULL,
  valid_to    timestamptz,
  reason      text NOT NULL,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX customers_relation_customer ON customers_relation (customer_id, kind, valid_from);
-- Whoever holds a relation holds it once.
CREATE UNIQUE INDEX customers_relation_open ON customers_relation (customer_id, kind, staff_id, branch_id)
  NULLS NOT DISTINCT WHERE valid_to IS NULL;
CREATE INDEX customers_relation_staff ON customers_relation (staff_id) WHERE valid_to IS NULL;
"""
