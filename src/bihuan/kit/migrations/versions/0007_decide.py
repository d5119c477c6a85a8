"""Catalogue and slots, interests and popularity, decisions as evidence, experiments and their exposures."""

import json
from pathlib import Path
from typing import Any

import yaml
from alembic import op

from bihuan.kit.migrations import run

revision = "0007"
down_revision = "0006"

_DECIDE = Path(__file__).parents[3] / "decide"


def upgrade() -> None:
    for statements in (CATALOGUE, BEHAVIOUR, DECISIONS, EXPERIMENT):
        run(statements)
    connection = op.get_bind()
    for row in _read("catalogue/starter.yaml"):
        connection.exec_driver_sql(ADD_ITEM, {**row, **_both("name", row), **_both("text", row)})
    for ordinal, row in enumerate(_read("catalogue/slots.yaml"), 1):
        connection.exec_driver_sql(ADD_SLOT, {**row, **_both("name", row), "ordinal": ordinal})
    for row in _read("experiments/experiments.yaml"):
        texts = {**_both("name", row), **_both("question", row)}
        connection.exec_driver_sql(ADD_EXPERIMENT, {**row, **texts, "arms": json.dumps(row["arms"])})


def _read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((_DECIDE / name).read_text("utf-8"))
    return found


def _both(name: str, row: dict[str, Any]) -> dict[str, str]:
    chinese, english = row[name]
    return {f"{name}_zh": chinese, f"{name}_en": english}


ADD_ITEM = """
INSERT INTO decide_item (code, version, kind, name_zh, name_en, text_zh, text_en, link, topics, weight, edited_by,
                         edited_at)
VALUES (%(code)s, 1, %(kind)s, %(name_zh)s, %(name_en)s, %(text_zh)s, %(text_en)s,
        '/' || %(kind)s || '/' || %(code)s, %(topics)s, %(weight)s, 'installation', 'epoch')
"""

ADD_SLOT = """
INSERT INTO decide_slot (code, ordinal, page, name_zh, name_en, layout, capacity, kinds, topics, default_item)
VALUES (%(code)s, %(ordinal)s, %(page)s, %(name_zh)s, %(name_en)s, %(layout)s, %(capacity)s, %(kinds)s, %(topics)s,
        %(default_item)s)
"""

ADD_EXPERIMENT = """
INSERT INTO decide_experiment (key, version, name_zh, name_en, question_zh, question_en, unit, salt, arms, control,
                               otherwise, status, started_at, edited_by)
VALUES (%(key)s, 1, %(name_zh)s, %(name_en)s, %(question_zh)s, %(question_en)s, 'customer', %(salt)s, %(arms)s::jsonb,
        %(control)s, %(otherwise)s, 'running', 'epoch', 'installation')
"""

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

-- The arm of a customer, once given, stays. One that somebody picked instead of drawing it is never analysed.
CREATE TABLE decide_assignment (
  experiment  text NOT NULL,
  customer_id uuid NOT NULL,
  version     integer NOT NULL,
  arm         text NOT NULL,
  picked      boolean NOT NULL DEFAULT false,
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
