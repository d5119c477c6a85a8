"""Measure: folded openings, enquiries, presence and outcomes, hourly counters, plans, prices, the cockpit's live rows."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    for part in (COUNTERS, OPENINGS, OUTCOMES, ENQUIRIES, PRESENCE, CREDITS, PLANS, COCKPIT):
        op.get_bind().exec_driver_sql(part)


COUNTERS = """
-- How often something happened within an hour of product time. A row per lane, so that lanes never wait for each
-- other; readers add them up. `detail` is a channel, a reason or a slot.
CREATE TABLE measure_counter (
  metric    text        NOT NULL,
  hour      timestamptz NOT NULL,
  branch_id uuid,
  detail    text        NOT NULL DEFAULT '',
  lane      smallint    NOT NULL,
  n         bigint      NOT NULL,
  UNIQUE NULLS NOT DISTINCT (metric, hour, branch_id, detail, lane)
) WITH (fillfactor = 70);
"""

OPENINGS = """
-- One application as measure sees it. Every moment is the earliest or the latest of its kind, so the row does not
-- depend on the order in which facts are read.
CREATE TABLE measure_opening (
  opening_id          text PRIMARY KEY,
  customer_at         timestamptz,
  customer_id         uuid,
  branch_at           timestamptz,
  branch_id           uuid,
  channel_at          timestamptz,
  channel             text,
  started_at          timestamptz,
  submitted_at        timestamptz,
  opened_at           timestamptz,
  ineligible_at       timestamptz,
  abandoned_at        timestamptz,
  advanced_at         timestamptz,
  advanced_step       text,
  stuck_at            timestamptz,
  stuck_step          text,
  credited_at         timestamptz,
  owned_at            timestamptz,
  credited_branch_id  uuid
) WITH (fillfactor = 70);
CREATE INDEX measure_opening_under_way ON measure_opening (branch_id, stuck_at)
  WHERE opened_at IS NULL AND ineligible_at IS NULL AND (abandoned_at IS NULL OR advanced_at > abandoned_at);
CREATE INDEX measure_opening_started ON measure_opening (started_at);
CREATE INDEX measure_opening_opened ON measure_opening (opened_at) WHERE opened_at IS NOT NULL;
CREATE INDEX measure_opening_credited ON measure_opening (credited_at) WHERE credited_at IS NOT NULL;
CREATE INDEX measure_opening_customer ON measure_opening (customer_id);

CREATE TABLE measure_opening_step (
  opening_id text        NOT NULL,
  at         timestamptz NOT NULL,
  step       text        NOT NULL,
  PRIMARY KEY (opening_id, at, step)
);

-- `contacted_at` is an attempt: a call is noted before it is dialled.
CREATE TABLE measure_rescue (
  rescue_id       uuid PRIMARY KEY,
  known_at        timestamptz,
  opening_id      text,
  branch_at       timestamptz,
  branch_id       uuid,
  offered_at      timestamptz,
  step            text,
  taken_at        timestamptz,
  released_at     timestamptz,
  contacted_at    timestamptz,
  contact_channel text,
  ended_at        timestamptz,
  outcome         text
) WITH (fillfactor = 70);
CREATE INDEX measure_rescue_opening ON measure_rescue (opening_id);
CREATE INDEX measure_rescue_open ON measure_rescue (branch_id, offered_at) WHERE ended_at IS NULL;
CREATE INDEX measure_rescue_ended ON measure_rescue (ended_at) WHERE ended_at IS NOT NULL;

-- A message about an opening, from the gateway's taking it to the receipt of the handset.
CREATE TABLE measure_delivery (
  delivery_id  uuid PRIMARY KEY,
  sent_at      timestamptz,
  opening_id   text,
  arm          text,
  channel      text,
  delivered_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX measure_delivery_opening ON measure_delivery (opening_id);
"""

OUTCOMES = """
-- What became of each assignment: recomputed from measure_opening, its steps, messages and rescues whenever one of
-- them changes. Reached is who has the message, or whose contact by a person is not known to have gone unanswered.
CREATE TABLE measure_exposure_outcome (
  experiment          text        NOT NULL,
  opening_id          text        NOT NULL,
  exposed_at          timestamptz NOT NULL,
  version             integer     NOT NULL,
  arm                 text        NOT NULL,
  step                text        NOT NULL,
  customer_id         uuid,
  branch_id           uuid,
  reached_at          timestamptz,
  reach_channel       text,
  person_reached_at   timestamptz,
  resumed_at          timestamptz,
  opened_at           timestamptz,
  left_at             timestamptz,
  PRIMARY KEY (experiment, opening_id)
) WITH (fillfactor = 70);
CREATE INDEX measure_exposure_outcome_opening ON measure_exposure_outcome (opening_id);
CREATE INDEX measure_exposure_outcome_exposed ON measure_exposure_outcome (exposed_at);
"""

ENQUIRIES = """
-- One round of an enquiry. `claimed_at` is the first claim and `held_at` the latest: it may have gone back in between.
CREATE TABLE measure_enquiry (
  enquiry_id       uuid     NOT NULL,
  round            integer  NOT NULL,
  branch_at        timestamptz,
  branch_id        uuid,
  asked_at         timestamptz,
  person_asked_at  timestamptz,
  claimed_at       timestamptz,
  held_at          timestamptz,
  offered_at       timestamptz,
  first_answer_at  timestamptz,
  by_bot           boolean,
  callback_owed_at timestamptz,
  closed_at        timestamptz,
  outcome          text,
  PRIMARY KEY (enquiry_id, round)
) WITH (fillfactor = 70);
CREATE INDEX measure_enquiry_asked ON measure_enquiry (asked_at);
CREATE INDEX measure_enquiry_answered ON measure_enquiry (first_answer_at);
CREATE INDEX measure_enquiry_person ON measure_enquiry (person_asked_at) WHERE person_asked_at IS NOT NULL;
CREATE INDEX measure_enquiry_open ON measure_enquiry (branch_id, asked_at) WHERE closed_at IS NULL;

-- The latest rating of each enquiry.
CREATE TABLE measure_rating (
  enquiry_id uuid PRIMARY KEY,
  branch_at  timestamptz,
  branch_id  uuid,
  rated_at   timestamptz,
  stars      integer
);
CREATE INDEX measure_rating_rated ON measure_rating (rated_at);
"""

PRESENCE = """
-- Each change of an advisor's presence; hours online are the spans between them.
CREATE TABLE measure_presence (
  staff_id  uuid        NOT NULL,
  at        timestamptz NOT NULL,
  state     text        NOT NULL,
  branch_id uuid,
  PRIMARY KEY (staff_id, at)
);
CREATE INDEX measure_presence_at ON measure_presence (at);
"""

CREDITS = """
CREATE TABLE measure_assist (
  entry_id  uuid PRIMARY KEY,
  at        timestamptz,
  branch_id uuid
);
CREATE INDEX measure_assist_at ON measure_assist (branch_id, at);

CREATE TABLE measure_dispute (
  dispute_id uuid PRIMARY KEY,
  opened_at  timestamptz,
  branch_id  uuid,
  decided_at timestamptz,
  verdict    text
);
CREATE INDEX measure_dispute_open ON measure_dispute (opened_at) WHERE decided_at IS NULL;
"""

PLANS = """
-- What a branch is to bring in a month, as headquarters plans it: accounts opened, and net new assets in yuan (which
-- may be planned as an outflow).
CREATE TABLE measure_plan (
  branch_id  uuid    NOT NULL,
  month      date    NOT NULL CHECK (extract(day FROM month) = 1),
  accounts   integer NOT NULL CHECK (accounts >= 0),
  net_assets bigint,
  PRIMARY KEY (branch_id, month)
);

-- Numbers a firm sets itself, each with where its default comes from.
CREATE TABLE measure_assumption (
  name       text PRIMARY KEY,
  value      numeric(12, 4) NOT NULL,
  unit       text NOT NULL,
  meaning_zh text NOT NULL,
  meaning_en text NOT NULL,
  origin     text NOT NULL
);
INSERT INTO measure_assumption (name, value, unit, meaning_zh, meaning_en, origin) VALUES
  ('price.sms', 0.05, 'yuan', '每条短信的费用', 'price of one text message',
   'usual bulk price of a mainland gateway; replace by the contract''s'),
  ('price.inbox', 0, 'yuan', '每条站内信的费用', 'price of one in-app message', 'own system'),
  ('price.advisor_minute', 1.0, 'yuan', '员工每分钟在线成本', 'cost of one advisor minute online',
   'about 10,000 yuan a month over 21 days of 8 hours; replace by the firm''s'),
  ('promise.person_seconds', 60, 'seconds', '承诺人工应答时间', 'a customer waits no longer than this for a person',
   'the customary moment at which an unanswered enquiry is raised'),
  ('promise.at_risk_share', 0.5, 'share', '已等待超过承诺时间的这一比例即提醒', 'who has waited for more than this part of the promised time is at risk',
   'half the time is left to act; set by the firm'),
  ('rescue.in_time_seconds', 600, 'seconds', '断点后多久内联系上算及时', 'who is reached so soon after the stall was reached in time',
   'twice the time after which a rescue nobody took becomes a message'),
  ('experiment.horizon_seconds', 86400, 'seconds', '断点后观察多久：期内开户才算，满期的才比较', 'an account opened within this time of the stall counts, and only stalls older than it are compared',
   'a whole day, so that every application has had an evening, a night and a morning; video is done in trading hours, so a weekend may ask for 72 hours'),
  ('leak.stuck_share', 0.3, 'share', '断点占比超过此值须处理', 'act when more of the openings under way are stuck at one step',
   'loss of up to 30 per cent is named for slow or complex applications'),
  ('leak.empty_share', 0.2, 'share', '空展示位占比超过此值须处理', 'act when more of a slot''s decisions stay empty',
   'one customer in five without content; set by the firm'),
  ('leak.refused_share', 0.5, 'share', '拦截占比超过此值须处理', 'act when more of the messages due are refused for one reason',
   'more refused than sent; set by the firm'),
  ('leak.missed_share', 0.02, 'share', '超时应答率超过此值须处理', 'act when more enquiries wait longer than promised',
   'the usual target is 98 per cent connected'),
  ('leak.disputed_share', 0.02, 'share', '归属争议率超过此值须处理', 'act when more disputes are open per account credited in 30 days',
   'one account in fifty; set by the firm'),
  ('alarm.behind_seconds', 60, 'seconds', '事件处理落后多久须报警', 'the loop is behind when an entry has waited longer than this, in real time',
   'a worker that died is started again within seconds; a minute means that nobody does');
"""

COCKPIT = """
-- The cockpit as it was last sent to browsers: a snapshot of the live topic is exactly these rows.
CREATE TABLE measure_cockpit_row (
  key text PRIMARY KEY,
  row jsonb NOT NULL
);

-- The beat that recomputes the cockpit; it sets its own next deadline.
INSERT INTO kit_deadline (kind, subject, due_at) VALUES ('measure.cockpit', 'beat', '1970-01-01T00:00:00Z');
"""
