"""Catalogue and slots, interests and popularity, decisions as evidence, experiments and their exposures."""

from alembic import op

from bihuan.decide.catalogue.defaults import SLOTS, starter_items
from bihuan.decide.experiments.defaults import EXPERIMENTS
from bihuan.kit.migrations import run

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for statements in (CATALOGUE, BEHAVIOUR, DECISIONS, EXPERIMENT):
        run(statements)
    for table, rows in (("decide_item", starter_items()), ("decide_slot", SLOTS), ("decide_experiment", EXPERIMENTS)):
        for row in rows:
            names = ", ".join(row)
            values = ", ".join(f"%({name})s" for name in row)
            op.get_bind().exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({values})", row)


CATALOGUE = """
-- Every change of the catalogue makes a new revision; a version of an item is in force in [since, until).
CREATE TABLE decide_catalogue (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  revision bigint NOT NULL
);
INSERT INTO decide_catalogue (revision) VALUES (1);

CREATE TABLE decide_item (
  code              text NOT NULL CHECK (code <> ''),
  version           integer NOT NULL CHECK (version > 0),
  kind              text NOT NULL CHECK (kind IN ('product', 'content', 'function')),
  name_zh           text NOT NULL,
  name_en           text NOT NULL,
  text_zh           text NOT NULL DEFAULT '',
  text_en           text NOT NULL DEFAULT '',
  link              text NOT NULL DEFAULT '',
  image             text NOT NULL DEFAULT '',
  product_kind      text,
  risk_level        smallint CHECK (risk_level BETWEEN 1 AND 5),
  term_days         integer CHECK (term_days >= 0),
  asset_class       text CHECK (asset_class IN ('cash', 'fixed_income', 'mixed', 'equity', 'derivatives', 'other')),
  goal              text CHECK (goal IN ('preserve', 'income', 'growth', 'speculation')),
  permission        text,
  qualified_only    boolean NOT NULL DEFAULT false,
  professional_only boolean NOT NULL DEFAULT false,
  min_age           integer,
  max_age           integer,
  minimum           numeric(20, 2),
  currency          text NOT NULL DEFAULT 'CNY',
  sale_from         timestamptz,
  sale_until        timestamptz,
  topics            text[] NOT NULL DEFAULT '{}',
  weight            double precision NOT NULL DEFAULT 0.5 CHECK (weight BETWEEN 0 AND 1),
  active            boolean NOT NULL DEFAULT true,
  edited_by         text NOT NULL,
  edited_at         timestamptz NOT NULL,
  since             bigint NOT NULL DEFAULT 1,
  until             bigint,
  PRIMARY KEY (code, version)
);
CREATE UNIQUE INDEX decide_item_current ON decide_item (code) WHERE until IS NULL;
COMMENT ON COLUMN decide_item.risk_level IS 'R1 to R5; NULL for content and functions that offer nothing';
COMMENT ON COLUMN decide_item.weight IS 'how much the editors want it shown, 0 to 1';

CREATE TABLE decide_slot (
  code         text PRIMARY KEY,
  ordinal      integer NOT NULL,
  page         text NOT NULL,
  name_zh      text NOT NULL,
  name_en      text NOT NULL,
  layout       text NOT NULL CHECK (layout IN ('banner', 'cards', 'grid', 'list')),
  capacity     integer NOT NULL CHECK (capacity BETWEEN 1 AND 50),
  kinds        text[] NOT NULL CHECK (kinds <@ ARRAY['product', 'content', 'function']),
  topics       text[] NOT NULL DEFAULT '{}',
  default_item text
);
COMMENT ON COLUMN decide_slot.topics IS 'only items with one of these topics fit; empty: any';
COMMENT ON COLUMN decide_slot.default_item IS 'shown when nothing fits: an item that offers nothing, lawful for everybody';
"""

BEHAVIOUR = """
-- How much a customer cares for a topic: one unit per event, halved every 30 days. Kept in units of a fixed day,
-- so that adding is all there is to do and the order of events does not matter.
CREATE TABLE decide_interest (
  customer_id uuid NOT NULL,
  topic       text NOT NULL,
  units       double precision NOT NULL,
  PRIMARY KEY (customer_id, topic)
);

-- Visitors and the users they turned out to be: what was decided for the one belongs to the other.
CREATE TABLE decide_alias (
  visitor_id uuid PRIMARY KEY,
  into_id    uuid NOT NULL
);
CREATE INDEX decide_alias_into ON decide_alias (into_id);

CREATE TABLE decide_click (
  item   text NOT NULL,
  day    date NOT NULL,
  clicks bigint NOT NULL,
  PRIMARY KEY (item, day)
);

-- How popular each item was when counted last, 0 to 1; a count keeps its number for evidence.
CREATE TABLE decide_popularity (
  count_no bigint NOT NULL,
  item     text NOT NULL,
  share    double precision NOT NULL,
  PRIMARY KEY (count_no, item)
);
CREATE TABLE decide_popularity_count (
  count_no   bigint PRIMARY KEY,
  counted_at timestamptz NOT NULL
);

-- What the score is made of; a change makes a new row.
CREATE TABLE decide_ranking (
  version    integer PRIMARY KEY,
  interest   double precision NOT NULL,
  popularity double precision NOT NULL,
  editors    double precision NOT NULL,
  since      timestamptz NOT NULL
);
INSERT INTO decide_ranking VALUES (1, 0.5, 0.2, 0.3, 'epoch');
"""

DECISIONS = """
-- Evidence: what was known, what was asked, who won, how many fell by which rule. Everything else follows from it.
CREATE TABLE decide_decision (
  id           uuid PRIMARY KEY,
  customer_id  uuid,
  asked_by     text NOT NULL,
  decided_at   timestamptz NOT NULL,
  personalised boolean NOT NULL,
  revision     bigint NOT NULL,
  count_no     bigint NOT NULL,
  ranking      integer NOT NULL,
  known        jsonb NOT NULL,
  slots        jsonb NOT NULL,
  answers      jsonb NOT NULL
);
CREATE INDEX decide_decision_customer ON decide_decision (customer_id, decided_at DESC, id DESC);
CREATE INDEX decide_decision_recent ON decide_decision (decided_at DESC, id DESC);
CREATE TRIGGER decide_decision_append_only BEFORE UPDATE OR DELETE ON decide_decision
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

EXPERIMENT = """
-- The weights of a version are never changed: others make the next version.
CREATE TABLE decide_experiment (
  key            text NOT NULL CHECK (key <> ''),
  version        integer NOT NULL CHECK (version > 0),
  name_zh        text NOT NULL,
  name_en        text NOT NULL,
  question_zh    text NOT NULL,
  question_en    text NOT NULL,
  unit           text NOT NULL CHECK (unit IN ('customer')),
  salt           text NOT NULL,
  arms           jsonb NOT NULL,
  control        text NOT NULL,
  otherwise      text NOT NULL,
  status         text NOT NULL CHECK (status IN ('running', 'paused', 'ended')),
  started_at     timestamptz NOT NULL,
  ended_at       timestamptz,
  edited_by      text NOT NULL,
  PRIMARY KEY (key, version)
);
CREATE UNIQUE INDEX decide_experiment_current ON decide_experiment (key) WHERE ended_at IS NULL;
COMMENT ON COLUMN decide_experiment.otherwise IS 'the arm everybody gets, unexposed, while the experiment does not run';

-- The arm of a customer, once given, stays.
CREATE TABLE decide_assignment (
  experiment  text NOT NULL,
  customer_id uuid NOT NULL,
  version     integer NOT NULL,
  arm         text NOT NULL,
  assigned_at timestamptz NOT NULL,
  PRIMARY KEY (experiment, customer_id)
);

-- Who was exposed when: the first stall of an opening. What is analysed is analysed by this row.
CREATE TABLE decide_exposure (
  experiment  text NOT NULL,
  opening_id  text NOT NULL,
  version     integer NOT NULL,
  customer_id uuid NOT NULL,
  arm         text NOT NULL,
  exposed_at  timestamptz NOT NULL,
  step        text NOT NULL,
  branch_id   uuid,
  channel     text,
  PRIMARY KEY (experiment, opening_id)
);
CREATE INDEX decide_exposure_customer ON decide_exposure (customer_id);
"""
