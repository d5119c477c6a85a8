"""Credit: rules with their versions, claims, the append-only ledger, disputes."""

from pathlib import Path
from typing import Any

import yaml
from alembic import op
from sqlalchemy import text

revision = "0010"
down_revision = "0009"

RULES = Path(__file__).resolve().parents[3] / "credit" / "rulebook" / "starter.yaml"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(TABLES)
    _seed(yaml.safe_load(RULES.read_text("utf-8")))


def _seed(starter: dict[str, Any]) -> None:
    bind = op.get_bind()
    bind.execute(
        text(
            "INSERT INTO credit_rulebook (version, status, assist_weight, dispute_days, decide_days, created_at,"
            " active_from) VALUES (1, 'active', :assist_weight, :dispute_days, :decide_days, :since, :since)"
        ),
        {key: starter[key] for key in ("assist_weight", "dispute_days", "decide_days", "since")},
    )
    for position, rule in enumerate(starter["rules"], start=1):
        bind.execute(
            text(
                "INSERT INTO credit_rule (version, position, key, claim_kind, before, window_days, takes)"
                " VALUES (1, :position, :key, :claim_kind, :before, :window_days, :takes)"
            ),
            {"position": position, **rule},
        )


TABLES = """
CREATE TABLE credit_rulebook (
  version       integer PRIMARY KEY CHECK (version > 0),
  status        text NOT NULL CHECK (status IN ('submitted', 'active', 'retired', 'rejected')),
  assist_weight numeric(6,5) NOT NULL CHECK (assist_weight > 0),
  dispute_days  integer NOT NULL CHECK (dispute_days > 0),
  decide_days   integer NOT NULL CHECK (decide_days > 0),
  author_id     uuid,
  approval_id   uuid UNIQUE,
  approver_id   uuid,
  reason        text,
  created_at    timestamptz NOT NULL,
  active_from   timestamptz
);
CREATE UNIQUE INDEX credit_rulebook_one_active ON credit_rulebook ((true)) WHERE status = 'active';

CREATE TABLE credit_rule (
  version     integer NOT NULL REFERENCES credit_rulebook (version),
  position    integer NOT NULL CHECK (position > 0),
  key         text NOT NULL,
  claim_kind  text NOT NULL CHECK (claim_kind IN
                ('staff_code', 'relation', 'enquiry', 'branch_chosen', 'nearest_branch')),
  before      text NOT NULL CHECK (before IN ('started', 'submitted', 'opened')),
  window_days integer CHECK (window_days > 0),
  takes       text NOT NULL CHECK (takes IN ('first', 'last')),
  PRIMARY KEY (version, position),
  UNIQUE (version, key),
  UNIQUE (version, claim_kind)
);
CREATE TRIGGER credit_rule_append_only BEFORE UPDATE OR DELETE ON credit_rule
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Everything somebody may base a claim on. `opening_id` is null for what concerns the customer as such. The id is made
-- from kind and evidence: a second unique index on these would let two who add the same claim at once fail on it.
CREATE TABLE credit_claim (
  id          uuid PRIMARY KEY,
  customer_id uuid,
  opening_id  text,
  kind        text NOT NULL,
  evidence    text NOT NULL,
  branch_id   uuid NOT NULL,
  staff_id    uuid,
  share       numeric(6,5) NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1),
  at          timestamptz NOT NULL,
  seen_at     timestamptz NOT NULL
);
CREATE INDEX credit_claim_customer ON credit_claim (customer_id);
CREATE INDEX credit_claim_opening ON credit_claim (opening_id) WHERE opening_id IS NOT NULL;

-- An application that led to an account, as far as credit cares.
CREATE TABLE credit_opening (
  opening_id    text PRIMARY KEY,
  opened_at     timestamptz NOT NULL,
  started_at    timestamptz,
  submitted_at  timestamptz,
  customer_id   uuid,
  branch_id     uuid,
  staff_code    text,
  staff_code_at timestamptz,
  chosen_branch text,
  city          text,
  latitude      double precision,
  longitude     double precision
);

-- Who took which application from the desk: what he hears there is a rescue, not an enquiry that led to the account.
CREATE TABLE credit_rescue (
  opening_id text NOT NULL,
  staff_id   uuid NOT NULL,
  taken_at   timestamptz NOT NULL,
  PRIMARY KEY (opening_id, staff_id)
);

CREATE TABLE credit_entry (
  id           uuid PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('acquisition', 'assist', 'reversal', 'correction')),
  opening_id   text NOT NULL,
  customer_id  uuid,
  rule         text NOT NULL,
  rule_version integer NOT NULL REFERENCES credit_rulebook (version),
  claim_id     uuid,
  rescue_id    uuid,
  corrects     uuid REFERENCES credit_entry (id),
  dispute_id   uuid,
  at           timestamptz NOT NULL,
  written_at   timestamptz NOT NULL,
  CHECK ((kind IN ('reversal', 'correction')) = (corrects IS NOT NULL)),
  CHECK ((kind = 'assist') = (rescue_id IS NOT NULL))
);
-- No account is credited twice, no entry is taken back or replaced twice, no rescue earns two assists.
CREATE UNIQUE INDEX credit_entry_one_per_account ON credit_entry (opening_id) WHERE kind = 'acquisition';
CREATE UNIQUE INDEX credit_entry_reversed_once ON credit_entry (corrects) WHERE kind = 'reversal';
CREATE UNIQUE INDEX credit_entry_corrected_once ON credit_entry (corrects) WHERE kind = 'correction';
CREATE UNIQUE INDEX credit_entry_assist_once ON credit_entry (rescue_id) WHERE kind = 'assist';
CREATE INDEX credit_entry_recent ON credit_entry (written_at, id);
CREATE INDEX credit_entry_customer ON credit_entry (customer_id);
CREATE INDEX credit_entry_opening ON credit_entry (opening_id);
CREATE TRIGGER credit_entry_append_only BEFORE UPDATE OR DELETE ON credit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Whose an entry is. The shares of an account sum to 1; those of its reversal to -1.
CREATE TABLE credit_share (
  entry_id  uuid NOT NULL REFERENCES credit_entry (id),
  position  integer NOT NULL,
  branch_id uuid NOT NULL,
  staff_id  uuid,
  share     numeric(6,5) NOT NULL CHECK (share <> 0),
  PRIMARY KEY (entry_id, position)
);
CREATE INDEX credit_share_branch ON credit_share (branch_id);
CREATE TRIGGER credit_share_append_only BEFORE UPDATE OR DELETE ON credit_share
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The claims that were weighed and lost, as they stood; `late` ones became known after the entry was written.
CREATE TABLE credit_lost_claim (
  entry_id  uuid NOT NULL REFERENCES credit_entry (id),
  claim_id  uuid NOT NULL,
  kind      text NOT NULL,
  evidence  text NOT NULL,
  branch_id uuid NOT NULL,
  staff_id  uuid,
  at        timestamptz NOT NULL,
  why       text NOT NULL,
  late      boolean NOT NULL,
  PRIMARY KEY (entry_id, claim_id)
);
CREATE INDEX credit_lost_claim_branch ON credit_lost_claim (branch_id);
CREATE TRIGGER credit_lost_claim_append_only BEFORE UPDATE OR DELETE ON credit_lost_claim
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE credit_dispute (
  id          uuid PRIMARY KEY,
  entry_id    uuid NOT NULL REFERENCES credit_entry (id),
  customer_id uuid,
  branch_id   uuid NOT NULL,
  staff_id    uuid NOT NULL,
  reason      text NOT NULL,
  state       text NOT NULL CHECK (state IN ('open', 'upheld', 'moved', 'superseded')),
  opened_at   timestamptz NOT NULL,
  due_at      timestamptz NOT NULL,
  overdue     boolean NOT NULL DEFAULT false,
  judge_id    uuid,
  ruling      text,
  decided_at  timestamptz,
  UNIQUE (entry_id, branch_id)
);
CREATE INDEX credit_dispute_open ON credit_dispute (due_at) WHERE state = 'open';
CREATE INDEX credit_dispute_branch ON credit_dispute (branch_id);
"""
