"""Assessments, investors, consent, contacts, wording, and the numbers of policy with their sources."""

import json
from pathlib import Path
from typing import Any

import yaml
from alembic import op

from bihuan.kit import ids

revision = "0003"
down_revision = "0002"

_COMPLY = Path(__file__).parents[3] / "comply"


def upgrade() -> None:
    connection = op.get_bind()
    for statement in (SUITABILITY, CONSENT, POLICY):
        connection.exec_driver_sql(statement)
    for row in _read("policy/policy.yaml"):
        connection.exec_driver_sql(ADD_POLICY, {**row, "value": json.dumps(row["value"])})
    for group in _read("wording/phrases.yaml"):
        for phrase in group.pop("phrases"):
            connection.exec_driver_sql(ADD_PHRASE, {"unless": [], **group, **phrase, "id": ids.new_id()})


def _read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((_COMPLY / name).read_text("utf-8"))
    return found


ADD_POLICY = "INSERT INTO comply_policy (key, value, source) VALUES (%(key)s, %(value)s::jsonb, %(source)s)"

ADD_PHRASE = """
INSERT INTO comply_phrase (id, phrase, severity, category, context, unless, reason, reason_en, source)
VALUES (%(id)s, %(phrase)s, %(severity)s, %(category)s, %(context)s, %(unless)s, %(reason)s, %(reason_en)s, %(source)s)
"""

SUITABILITY = """
-- What compliance knows of a customer beside his assessments. A visitor's row points at the user he turned out to be.
CREATE TABLE comply_investor (
  customer_id    uuid PRIMARY KEY,
  merged_into    uuid,
  investor_class text NOT NULL DEFAULT 'ordinary' CHECK (investor_class IN ('ordinary', 'professional')),
  protected      boolean NOT NULL DEFAULT false,   -- a professional who chose to be protected like an ordinary one
  qualified      boolean NOT NULL DEFAULT false,
  permissions    text[] NOT NULL DEFAULT '{}',
  birth_year     smallint
);
CREATE INDEX comply_investor_merged ON comply_investor (merged_into) WHERE merged_into IS NOT NULL;

-- Every answer sheet's result; none is ever overwritten by a later one.
CREATE TABLE comply_assessment (
  customer_id     uuid NOT NULL,
  assessed_at     timestamptz NOT NULL,
  source          text NOT NULL CHECK (source IN ('assessed', 'predicted')),
  level           smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
  lowest_category boolean NOT NULL DEFAULT false,
  term            text CHECK (term IN ('short', 'medium', 'long')),
  kinds           text[],
  goals           text[],
  valid_until     date NOT NULL,
  recorded_at     timestamptz NOT NULL,
  PRIMARY KEY (customer_id, source, assessed_at),
  CHECK (NOT lowest_category OR level = 1)
);
"""

CONSENT = """
-- The ledger of consent: what the customer said, when and how. The latest word per purpose and channel counts.
CREATE TABLE comply_consent (
  id          uuid PRIMARY KEY,
  customer_id uuid NOT NULL,
  purpose     text NOT NULL CHECK (purpose IN ('marketing', 'personalisation', 'service')),
  channel     text NOT NULL CHECK (channel IN ('all', 'sms', 'inbox', 'push', 'call', 'chat')),
  granted     boolean NOT NULL,
  decided_at  timestamptz NOT NULL,
  source      text NOT NULL,
  actor       text NOT NULL,
  evidence    text NOT NULL DEFAULT '',
  origin      text NOT NULL,             -- the message, call or row it came by; once each
  UNIQUE (customer_id, purpose, channel, origin)
);
CREATE INDEX comply_consent_latest ON comply_consent (customer_id, purpose, channel, decided_at DESC, id DESC);
CREATE TRIGGER comply_consent_append_only BEFORE UPDATE OR DELETE ON comply_consent
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- One row per contact that was let through, on every channel, advisors' calls included.
CREATE TABLE comply_contact (
  id          uuid PRIMARY KEY,
  customer_id uuid NOT NULL,
  channel     text NOT NULL,
  purpose     text NOT NULL,
  subject     text NOT NULL,
  at          timestamptz NOT NULL,
  UNIQUE (customer_id, channel, subject)
);
CREATE INDEX comply_contact_recent ON comply_contact (customer_id, at);
"""

POLICY = """
CREATE TABLE comply_policy (
  key        text PRIMARY KEY,
  value      jsonb NOT NULL,
  source     text NOT NULL,
  changed_by text,
  changed_at timestamptz
);

CREATE TABLE comply_phrase (
  id        uuid PRIMARY KEY,
  phrase    text NOT NULL,
  severity  text NOT NULL CHECK (severity IN ('block', 'ask', 'warn')),
  category  text NOT NULL,
  context   text NOT NULL DEFAULT 'any',
  unless    text[] NOT NULL DEFAULT '{}',
  reason    text NOT NULL,
  reason_en text NOT NULL,
  source    text NOT NULL,
  active    boolean NOT NULL DEFAULT true,
  UNIQUE (phrase, context)
);
"""
