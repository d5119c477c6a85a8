"""Reach: templates with their versions, moments, deliveries, the in-app inbox, receipts, the room's policy."""

from pathlib import Path
from typing import Any
from uuid import uuid5

import yaml
from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"

STARTER = Path(__file__).resolve().parents[3] / "reach" / "templates" / "starter.yaml"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(TABLES)
    _seed(yaml.safe_load(STARTER.read_text("utf-8")))


def _seed(starter: dict[str, Any]) -> None:
    from uuid import UUID

    space = UUID(starter["space"])
    for message in starter["messages"]:
        for language, spoken in message["text"].items():
            for channel in ("sms", "inbox"):
                name = f"{message['name']}.{language}.{channel}"
                op.get_bind().execute(
                    text(SEED),
                    {
                        "id": uuid5(space, name),
                        "name": name,
                        "occasion": message["occasion"],
                        "step": message.get("step"),
                        "language": language,
                        "channel": channel,
                        "title": spoken["title"],
                        "body": spoken["body"] + (starter["sms_ending"][language] if channel == "sms" else ""),
                        "valid_from": starter["valid_from"],
                        "valid_to": starter["valid_to"],
                    },
                )


SEED = """
INSERT INTO reach_template (id, name, version, occasion, step, language, channel, purpose, title, body, variables,
                            status, valid_from, valid_to, created_at)
VALUES (:id, :name, 1, :occasion, :step, :language, :channel, 'service', :title, :body, ARRAY['link'],
        'approved', :valid_from, :valid_to, :valid_from)
"""

TABLES = """
CREATE TABLE reach_policy (
  one               boolean PRIMARY KEY DEFAULT true CHECK (one),
  person_deadline_s integer NOT NULL DEFAULT 300 CHECK (person_deadline_s > 0),
  resume_after_s    integer NOT NULL DEFAULT 300 CHECK (resume_after_s > 0),
  most_attempts     integer NOT NULL DEFAULT 5 CHECK (most_attempts > 0),
  sign              text    NOT NULL DEFAULT '闭环证券',
  opt_out_words     text[]  NOT NULL DEFAULT ARRAY['退订', 'T', 'TD', 'N', 'STOP', 'UNSUBSCRIBE']
);
INSERT INTO reach_policy DEFAULT VALUES;

-- One row per version. A version that was ever submitted is not edited again; editing makes the next one.
CREATE TABLE reach_template (
  id           uuid PRIMARY KEY,
  name         text NOT NULL,
  version      integer NOT NULL CHECK (version > 0),
  occasion     text NOT NULL CHECK (occasion IN ('opening-stuck', 'opening-returned')),
  step         text,
  language     text NOT NULL CHECK (language IN ('zh-CN', 'en')),
  channel      text NOT NULL CHECK (channel IN ('sms', 'inbox')),
  purpose      text NOT NULL CHECK (purpose IN ('service', 'marketing')),
  title        text NOT NULL,
  body         text NOT NULL,
  variables    text[] NOT NULL,
  status       text NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'rejected')),
  valid_from   timestamptz NOT NULL,
  valid_to     timestamptz NOT NULL CHECK (valid_to > valid_from),
  author_id    uuid,
  approval_id  uuid UNIQUE,
  approver_id  uuid,
  reason       text,
  created_at   timestamptz NOT NULL,
  submitted_at timestamptz,
  decided_at   timestamptz,
  UNIQUE (name, version)
);
CREATE INDEX reach_template_sendable ON reach_template (occasion, language, channel) WHERE status = 'approved';

-- How far an application has come, as far as messages care: a stall older than these no longer stands.
CREATE TABLE reach_opening (
  opening_id    text PRIMARY KEY,
  moved_at      timestamptz,
  taken_at      timestamptz,
  released_at   timestamptz,
  contacted_at  timestamptz,
  returned_at   timestamptz,
  returned_step text
);

-- One row per (application, time it got stuck), in every arm, so that what was not sent is known too.
CREATE TABLE reach_moment (
  id           uuid PRIMARY KEY,
  opening_id   text NOT NULL,
  stuck_at     timestamptz NOT NULL,
  last_fact_at timestamptz NOT NULL,
  customer_id  uuid,
  branch_id    uuid,
  step         text NOT NULL,
  experiment   text NOT NULL,
  arm          text NOT NULL,
  state        text NOT NULL CHECK (state IN
                 ('held', 'waiting', 'due', 'deferred', 'taken', 'resumed', 'refused', 'messaged')),
  reason       text,
  due_at       timestamptz,
  created_at   timestamptz NOT NULL,
  settled_at   timestamptz,
  UNIQUE (opening_id, stuck_at)
);
CREATE INDEX reach_moment_recent ON reach_moment (created_at, id);
CREATE INDEX reach_moment_customer ON reach_moment (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX reach_moment_branch ON reach_moment (branch_id, created_at, id);

CREATE TABLE reach_delivery (
  id                 uuid PRIMARY KEY,
  moment_id          uuid NOT NULL REFERENCES reach_moment (id),
  customer_id        uuid NOT NULL,
  branch_id          uuid,
  opening_id         text NOT NULL,
  step               text NOT NULL,
  arm                text NOT NULL,
  occasion           text NOT NULL,
  channel            text NOT NULL CHECK (channel IN ('sms', 'inbox')),
  purpose            text NOT NULL,
  template_id        uuid NOT NULL REFERENCES reach_template (id),
  template           text NOT NULL,
  template_version   integer NOT NULL,
  language           text NOT NULL,
  title              text NOT NULL,
  body               text NOT NULL,
  link               text NOT NULL,
  address_masked     text,
  address_hash       bytea,
  state              text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'refused')),
  reason             text,
  attempts           integer NOT NULL DEFAULT 0,
  maybe_out          boolean NOT NULL DEFAULT false,   -- a try whose answer was lost: the handset may have it
  contact_id         uuid,                             -- how it counts in comply
  gateway_message_id text,
  created_at         timestamptz NOT NULL,
  sending_at         timestamptz,
  sent_at            timestamptz,
  delivered_at       timestamptz,
  failed_at          timestamptz
);
-- A moment is messaged once. Only after a text that certainly never arrived may the inbox have it instead.
CREATE UNIQUE INDEX reach_delivery_once ON reach_delivery (moment_id)
  WHERE state NOT IN ('failed', 'refused') OR maybe_out;
CREATE INDEX reach_delivery_recent ON reach_delivery (created_at, id);
CREATE INDEX reach_delivery_branch ON reach_delivery (branch_id, created_at, id);
CREATE INDEX reach_delivery_customer ON reach_delivery (customer_id);
CREATE INDEX reach_delivery_address ON reach_delivery (address_hash, created_at) WHERE address_hash IS NOT NULL;

CREATE TABLE reach_inbox (
  id          uuid PRIMARY KEY,
  customer_id uuid NOT NULL,
  delivery_id uuid NOT NULL UNIQUE REFERENCES reach_delivery (id),
  title       text NOT NULL,
  body        text NOT NULL,
  link        text NOT NULL,
  created_at  timestamptz NOT NULL,
  read_at     timestamptz
);
CREATE INDEX reach_inbox_customer ON reach_inbox (customer_id, created_at, id);

-- What the gateway told us, each once, however often it tells it.
CREATE TABLE reach_receipt (
  id          text PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('state', 'reply')),
  delivery_id uuid,
  told        jsonb NOT NULL,
  at          timestamptz NOT NULL
);
"""
