"""Presence, enquiries, offers, conversations, knowledge, rescues; the default rings, limits and starter knowledge."""

from importlib.resources import files

import yaml
from alembic import op
from uuid_utils.compat import uuid7

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for part in (LIMITS, PRESENCE, ENQUIRIES, CONVERSATIONS, KNOWLEDGE, RESCUE):
        op.get_bind().exec_driver_sql(part)
    _seed_knowledge()


def _seed_knowledge() -> None:
    """The starter entries, approved as delivered."""
    text = files("bihuan.serve.knowledge").joinpath("starter.yaml").read_text(encoding="utf-8")
    for entry in yaml.safe_load(text):
        entry_id = str(uuid7())
        op.get_bind().exec_driver_sql(
            SEED_ENTRY,
            {"id": entry_id, "topic": entry["topic"], **{f"answer_{k}": v for k, v in entry["answer"].items()}},
        )
        for language in ("zh", "en"):
            for position, phrasing in enumerate(entry["phrasings"][language]):
                op.get_bind().exec_driver_sql(
                    SEED_PHRASING, {"id": entry_id, "language": language, "position": position, "text": phrasing}
                )


LIMITS = """
-- Numbers a firm may want otherwise, each with its unit, its meaning and where the default comes from.
CREATE TABLE serve_limit (
  name       text PRIMARY KEY,
  value      numeric(12, 4) NOT NULL,
  unit       text NOT NULL,
  meaning_zh text NOT NULL,
  meaning_en text NOT NULL,
  source     text NOT NULL DEFAULT 'Bihuan''s default'
);
INSERT INTO serve_limit (name, value, unit, meaning_zh, meaning_en) VALUES
 ('presence.silence', 1800, 'second', '超过此时长没有任何动静的顾问视为离线', 'an advisor unheard for so long counts as offline'),
 ('presence.grace', 120, 'second', '连接断开后等待重连的时长', 'how long a lost connection may take to come back'),
 ('presence.capacity', 4, 'conversation', '顾问同时进行的会话数默认上限', 'conversations an advisor holds at once unless he says otherwise'),
 ('enquiry.first_answer', 90, 'second', '抢单后未答复，超过此时长退回重派', 'claimed and unanswered for so long, it goes back to dispatch'),
 ('enquiry.answer', 300, 'second', '会话中客户等待答复的最长时长，超过退回重派', 'longest wait inside a conversation before it goes back'),
 ('enquiry.idle', 1800, 'second', '客户不再回复的会话，超过此时长自动结束', 'a conversation the customer has left ends after so long'),
 ('enquiry.callback_retry', 600, 'second', '欠回电的咨询，每隔此时长再次寻找顾问', 'how often dispatch looks again for whoever is owed a call'),
 ('bot.threshold', 0.38, 'cosine', '知识库答案的最低相似度，低于此转人工', 'least similarity at which approved knowledge answers'),
 ('rescue.offer', 300, 'second', '卡住的开户申请无人领取，超过此时长提醒主管', 'an untaken rescue is shown to supervisors after so long'),
 ('rescue.contact', 600, 'second', '领取后未联系，超过此时长退回', 'taken and not contacted for so long, a rescue goes back'),
 ('rescue.follow', 86400, 'second', '办结后此时长内完成下一步，仍记为该次联系的结果', 'a step done within so long after the outcome still counts as following the contact'),
 ('rescue.outcome', 14400, 'second', '联系后未办结，超过此时长退回', 'contacted and without an outcome for so long, a rescue goes back'),
 ('rescue.capacity', 6, 'application', '顾问同时领取的开户申请数上限', 'rescues one advisor may hold at once');
UPDATE serve_limit SET source = 'Bihuan''s default: the hours of one trading session, 9:30 to 11:30 and 13:00 to 15:00'
 WHERE name = 'rescue.outcome';

-- The widening circle. Who is reached: own (the customer's own advisor), branch, region, everyone.
CREATE TABLE serve_ring (
  position smallint PRIMARY KEY,
  name     text NOT NULL UNIQUE,
  title_zh text NOT NULL,
  title_en text NOT NULL,
  reach    text NOT NULL CHECK (reach IN ('own', 'branch', 'region', 'everyone')),
  size     integer NOT NULL CHECK (size > 0),
  patience interval NOT NULL CHECK (patience > interval '0')
);
INSERT INTO serve_ring VALUES
 (1, 'own advisor', '专属顾问', 'own advisor', 'own', 1, '20 seconds'),
 (2, 'home branch', '归属营业部', 'home branch', 'branch', 5, '45 seconds'),
 (3, 'neighbouring branches', '同区域营业部', 'neighbouring branches', 'region', 8, '45 seconds'),
 (4, 'everyone', '全体在线', 'everyone', 'everyone', 20, '120 seconds');
"""

PRESENCE = """
-- Who is there. The row is the lock under which one advisor's capacity is counted.
CREATE TABLE serve_presence (
  staff_id            uuid PRIMARY KEY,
  name                text NOT NULL,
  registration_number text,
  branch_id           uuid,
  region_id           uuid,
  service_centre      boolean NOT NULL,
  licensed            boolean NOT NULL,
  state               text NOT NULL CHECK (state IN ('online', 'away', 'offline')),
  capacity            smallint NOT NULL CHECK (capacity BETWEEN 1 AND 50),
  since               timestamptz NOT NULL,
  last_seen           timestamptz NOT NULL,
  left_at             timestamptz,
  last_claimed_at     timestamptz
);
CREATE INDEX serve_presence_online ON serve_presence (branch_id) WHERE state = 'online';

-- Time on duty (online or away), the denominator of everything per advisor hour.
CREATE TABLE serve_shift (
  id         uuid PRIMARY KEY,
  staff_id   uuid NOT NULL,
  branch_id  uuid,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz
);
CREATE UNIQUE INDEX serve_shift_open ON serve_shift (staff_id) WHERE ended_at IS NULL;
CREATE INDEX serve_shift_time ON serve_shift (started_at);
"""

ENQUIRIES = """
CREATE TABLE serve_enquiry (
  id               uuid PRIMARY KEY,
  customer_id      uuid NOT NULL,
  customer_label   text NOT NULL,
  branch_id        uuid,
  region_id        uuid,
  own_staff_id     uuid,
  opening_id       text,
  origin           text NOT NULL CHECK (origin IN ('customer', 'rescue')),
  client_key       text,
  question         text NOT NULL,
  language         text NOT NULL CHECK (language IN ('zh', 'en')),
  topic            text NOT NULL,
  needs_licence    boolean NOT NULL,
  state            text NOT NULL CHECK (state IN ('bot', 'waiting', 'callback_owed', 'claimed', 'closed')),
  round            integer NOT NULL DEFAULT 1,
  ring             smallint,
  ring_until       timestamptz,
  asked_at         timestamptz NOT NULL,
  person_asked_at  timestamptz,
  dispatched_at    timestamptz,
  first_offered_at timestamptz,
  callback_at      timestamptz,
  owner_id         uuid,
  owner_branch_id  uuid,
  owner            jsonb,
  claimed_at       timestamptz,
  first_answer_at  timestamptz,
  owner_answered_at timestamptz,
  handover         jsonb,
  wanted_branch_id uuid,
  bot_answered_at  timestamptz,
  awaiting_since   timestamptz,
  last_number      integer NOT NULL DEFAULT 0,
  last_text        text NOT NULL DEFAULT '',
  last_author      text NOT NULL DEFAULT '',
  last_at          timestamptz NOT NULL,
  closed_at        timestamptz,
  outcome          text,
  merged_into      uuid REFERENCES serve_enquiry,
  stars            smallint CHECK (stars BETWEEN 1 AND 5),
  comment          text,
  rated_at         timestamptz,
  CHECK ((state = 'claimed') <= (owner_id IS NOT NULL AND claimed_at IS NOT NULL)),
  CHECK ((state IN ('bot', 'waiting', 'callback_owed')) <= (owner_id IS NULL)),
  CHECK ((state IN ('waiting', 'callback_owed')) <= (person_asked_at IS NOT NULL AND dispatched_at IS NOT NULL)),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX serve_enquiry_once ON serve_enquiry (customer_id, client_key);
CREATE INDEX serve_enquiry_customer ON serve_enquiry (customer_id, asked_at);
-- One customer, one conversation.
CREATE UNIQUE INDEX serve_enquiry_active ON serve_enquiry (customer_id) WHERE state <> 'closed';
CREATE INDEX serve_enquiry_owner ON serve_enquiry (owner_id) WHERE state = 'claimed';
CREATE INDEX serve_enquiry_waiting ON serve_enquiry (person_asked_at, id) WHERE state IN ('waiting', 'callback_owed');
CREATE INDEX serve_enquiry_list ON serve_enquiry (asked_at DESC, id DESC);
CREATE INDEX serve_enquiry_opening ON serve_enquiry (opening_id) WHERE opening_id IS NOT NULL;

CREATE TABLE serve_offer (
  enquiry_id uuid NOT NULL REFERENCES serve_enquiry,
  staff_id   uuid NOT NULL,
  state      text NOT NULL CHECK (state IN ('offered', 'claimed', 'declined', 'silent', 'withdrawn')),
  ring       smallint NOT NULL,
  offered_at timestamptz NOT NULL,
  ended_at   timestamptz,
  PRIMARY KEY (enquiry_id, staff_id),
  CHECK ((state = 'offered') = (ended_at IS NULL))
);
CREATE INDEX serve_offer_live ON serve_offer (staff_id) WHERE state = 'offered';
"""

CONVERSATIONS = """
-- Who had which enquiry from when to when. The index is the promise that nobody is served by two at once.
CREATE TABLE serve_ownership (
  id         uuid PRIMARY KEY,
  enquiry_id uuid NOT NULL REFERENCES serve_enquiry,
  staff_id   uuid NOT NULL,
  began_at   timestamptz NOT NULL,
  ended_at   timestamptz,
  reason     text,
  CHECK ((ended_at IS NULL) = (reason IS NULL))
);
CREATE UNIQUE INDEX serve_ownership_one ON serve_ownership (enquiry_id) WHERE ended_at IS NULL;
CREATE INDEX serve_ownership_enquiry ON serve_ownership (enquiry_id, began_at);

-- `number` orders a conversation without gaps; it is given under the enquiry's row lock.
CREATE TABLE serve_message (
  enquiry_id   uuid NOT NULL REFERENCES serve_enquiry,
  number       integer NOT NULL,
  author       text NOT NULL CHECK (author IN ('customer', 'staff', 'bot')),
  staff_id     uuid,
  staff_name   text,
  text         text NOT NULL,
  link         text,
  proactive    boolean NOT NULL DEFAULT false,
  client_id    text,
  knowledge_id uuid,
  score        real,
  warnings     text[] NOT NULL DEFAULT '{}',
  said_at      timestamptz NOT NULL,
  PRIMARY KEY (enquiry_id, number),
  CHECK ((author = 'staff') = (staff_id IS NOT NULL))
);
CREATE UNIQUE INDEX serve_message_once ON serve_message (enquiry_id, author, client_id);

-- What staff wrote and the product did not let out. Kept for compliance, append-only.
CREATE TABLE serve_refusal (
  id          uuid PRIMARY KEY,
  staff_id    uuid NOT NULL,
  customer_id uuid NOT NULL,
  branch_id   uuid,
  enquiry_id  uuid,
  opening_id  text,
  reason      text NOT NULL CHECK (reason IN ('wording', 'hidden_answers')),
  text        text NOT NULL,
  phrases     text[] NOT NULL,
  at          timestamptz NOT NULL
);
CREATE INDEX serve_refusal_at ON serve_refusal (at DESC, id DESC);
CREATE TRIGGER serve_refusal_append_only BEFORE UPDATE OR DELETE ON serve_refusal
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

KNOWLEDGE = """
CREATE TABLE serve_knowledge (
  id          uuid PRIMARY KEY,
  topic       text NOT NULL,
  answer_zh   text NOT NULL,
  answer_en   text NOT NULL,
  valid_from  date,
  valid_to    date,
  status      text NOT NULL CHECK (status IN ('draft', 'approved', 'expired')),
  author_id   uuid,
  reviewer_id uuid,
  written_at  timestamptz,
  reviewed_at timestamptz,
  replaces    uuid REFERENCES serve_knowledge,
  CHECK (author_id <> reviewer_id),
  CHECK (valid_from <= valid_to)
);
CREATE INDEX serve_knowledge_status ON serve_knowledge (status);

CREATE TABLE serve_phrasing (
  entry_id uuid NOT NULL REFERENCES serve_knowledge,
  language text NOT NULL CHECK (language IN ('zh', 'en')),
  position smallint NOT NULL,
  text     text NOT NULL,
  PRIMARY KEY (entry_id, language, position)
);

-- Moves whenever what may be answered changes, so that every process knows when its index is old.
CREATE TABLE serve_knowledge_version (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint NOT NULL
);
INSERT INTO serve_knowledge_version (version) VALUES (1);
"""

SEED_ENTRY = """
INSERT INTO serve_knowledge (id, topic, answer_zh, answer_en, status)
VALUES (%(id)s, %(topic)s, %(answer_zh)s, %(answer_en)s, 'approved')
"""

SEED_PHRASING = """
INSERT INTO serve_phrasing (entry_id, language, position, text)
VALUES (%(id)s, %(language)s, %(position)s, %(text)s)
"""

RESCUE = """
-- One row per stuck moment. `held` rows belong to arms without a person and cannot be taken. Who is stuck again
-- before it is over keeps his row: `stuck_again_at` is the latest time, `stuck_at` the one an assist is judged by.
CREATE TABLE serve_rescue (
  id              uuid PRIMARY KEY,
  opening_id      text NOT NULL,
  customer_id     uuid NOT NULL,
  customer_label  text NOT NULL,
  branch_id       uuid,
  step            text NOT NULL,
  reason          text,
  experiment      text NOT NULL,
  arm             text NOT NULL,
  state           text NOT NULL CHECK (state IN ('held', 'open', 'taken', 'finished')),
  stuck_at        timestamptz NOT NULL,
  stuck_again_at  timestamptz CHECK (stuck_again_at > stuck_at),
  last_fact_at    timestamptz NOT NULL,
  offered_at      timestamptz,
  overdue_at      timestamptz,
  staff_id        uuid,
  staff_branch_id uuid,
  staff_name      text,
  taken_at        timestamptz,
  contacted_at    timestamptz,
  channel         text,
  resumed_at      timestamptz,
  next_step_at    timestamptz,
  finished_at     timestamptz,
  outcome         text,
  note            text,
  CHECK ((state = 'taken') <= (staff_id IS NOT NULL AND taken_at IS NOT NULL)),
  CHECK ((state IN ('held', 'open')) <= (staff_id IS NULL)),
  CHECK ((state = 'finished') = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX serve_rescue_active ON serve_rescue (opening_id) WHERE state <> 'finished';
CREATE UNIQUE INDEX serve_rescue_once ON serve_rescue (opening_id, stuck_at);
CREATE INDEX serve_rescue_staff ON serve_rescue (staff_id) WHERE state = 'taken';
CREATE INDEX serve_rescue_branch ON serve_rescue (branch_id, stuck_at) WHERE state <> 'finished';
CREATE INDEX serve_rescue_customer ON serve_rescue (customer_id);
CREATE INDEX serve_rescue_finished ON serve_rescue (finished_at);

-- Every contact that went out for a rescue.
CREATE TABLE serve_contact (
  id         uuid PRIMARY KEY,
  rescue_id  uuid NOT NULL REFERENCES serve_rescue,
  staff_id   uuid NOT NULL,
  channel    text NOT NULL CHECK (channel IN ('chat', 'call', 'message')),
  text       text,
  enquiry_id uuid,
  at         timestamptz NOT NULL
);
CREATE INDEX serve_contact_rescue ON serve_contact (rescue_id, at);
"""
