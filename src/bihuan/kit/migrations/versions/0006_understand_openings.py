"""Openings: the steps as data, each application's events and state, what was told of its stalls."""

from bihuan.kit.migrations import run

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run(TABLES)
    run(STEPS)


TABLES = """
CREATE TABLE understand_step (
  code             text PRIMARY KEY CHECK (code <> ''),
  ordinal          integer NOT NULL UNIQUE,
  name_zh          text NOT NULL,
  name_en          text NOT NULL,
  milestone        text UNIQUE CHECK (milestone IN ('submitted', 'opened')),
  started_by       text[] NOT NULL DEFAULT '{}',
  done_by          text[] NOT NULL,
  failed_by        text[] NOT NULL DEFAULT '{}',
  final_reasons    text[] NOT NULL DEFAULT '{}',
  stuck_after      interval CHECK (stuck_after > interval '0'),
  needs_session    boolean NOT NULL DEFAULT false,
  may_be_sent_back boolean NOT NULL DEFAULT false,
  answers_hidden   boolean NOT NULL DEFAULT false,
  resume_path      text
);
COMMENT ON COLUMN understand_step.stuck_after IS 'silence after which the applicant counts as stuck; NULL: no clock';
COMMENT ON COLUMN understand_step.needs_session IS 'the clock runs only while witnesses are at work';
COMMENT ON COLUMN understand_step.answers_hidden IS 'staff may explain the screen, never see or give the answers';
COMMENT ON COLUMN understand_step.final_reasons IS 'reasons of a failure after which the applicant is not eligible';
COMMENT ON COLUMN understand_step.resume_path IS 'link back to this very step; {opening_id} is filled in';

CREATE TABLE understand_opening_setting (
  one             boolean PRIMARY KEY DEFAULT true CHECK (one),
  abandoned_after interval NOT NULL,
  told_within     interval NOT NULL,
  witness_hours   text[] NOT NULL
);
COMMENT ON COLUMN understand_opening_setting.told_within IS
  'a stall found later than this after its time (an import of history) is shown but not announced';
-- Witnesses work in trading hours (the pages of real opening systems ask for it); a week of silence is our choice.
INSERT INTO understand_opening_setting (abandoned_after, told_within, witness_hours)
VALUES ('7 days', '24 hours', '{09:30-11:30,13:00-15:00}');

CREATE TABLE understand_opening (
  opening_id      text PRIMARY KEY,
  customer_id     uuid,
  branch_id       uuid,
  channel         text,
  staff_code      text,
  staff_code_at   timestamptz,
  chosen_branch   text,
  city            text,
  latitude        double precision,
  longitude       double precision,
  state           text NOT NULL CHECK (state IN
                    ('under_way', 'sent_back', 'submitted', 'opened', 'abandoned', 'ineligible')),
  step            text,
  steps           jsonb NOT NULL,
  first_fact_at   timestamptz NOT NULL,
  last_fact_at    timestamptz NOT NULL,
  submitted_at    timestamptz,
  opened_at       timestamptz,
  returned_step   text,
  returned_reason text,
  stuck_at        timestamptz,
  stuck_since     timestamptz,
  stuck_reason    text,
  times_stuck     integer NOT NULL DEFAULT 0
);
CREATE INDEX understand_opening_customer ON understand_opening (customer_id);
-- What the desk shows, newest first, in whole and by branch.
CREATE INDEX understand_opening_recent ON understand_opening (last_fact_at DESC, opening_id);
CREATE INDEX understand_opening_desk ON understand_opening (branch_id, last_fact_at DESC, opening_id)
  WHERE state IN ('under_way', 'sent_back');

-- What each state is folded from; of an event's properties only those that the fold needs, and never an answer.
CREATE TABLE understand_opening_event (
  opening_id  text NOT NULL,
  message_id  text NOT NULL,
  occurred_at timestamptz NOT NULL,
  name        text NOT NULL,
  customer_id uuid,
  known_user  boolean NOT NULL,
  properties  jsonb NOT NULL,
  PRIMARY KEY (opening_id, message_id)
);

-- What has been told of an application's silences, so that nothing is told twice.
CREATE TABLE understand_opening_told (
  opening_id   text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('stuck', 'abandoned')),
  last_fact_at timestamptz NOT NULL,
  told_at      timestamptz NOT NULL,
  PRIMARY KEY (opening_id, kind, last_fact_at)
);
"""

# The order of a remote opening at most firms; clocks of 15, 18 and 30 minutes. Firms edit these rows.
STEPS = """
INSERT INTO understand_step (code, ordinal, name_zh, name_en, milestone, started_by, done_by, failed_by, final_reasons,
                             stuck_after, needs_session, may_be_sent_back, answers_hidden, resume_path)
VALUES
('phone', 10, '手机验证', 'Phone verification', NULL, '{opening:visit}', '{opening:phone:verified}',
 '{opening:phone:failed}', '{client_already}', '30 min', false, false, false, '/open/{opening_id}/phone'),
('products', 20, '选择市场与营业部', 'Market and branch', NULL, '{}', '{opening:products:chosen}',
 '{}', '{}', '30 min', false, false, false, '/open/{opening_id}/products'),
('id', 30, '身份证上传', 'ID upload', NULL, '{}', '{opening:id:accepted}',
 '{opening:id:rejected}', '{under_age,over_age,client_already}', '15 min', false, true, false, '/open/{opening_id}/id'),
('profile', 40, '个人资料', 'Personal data', NULL, '{}', '{opening:profile:done}',
 '{}', '{}', '30 min', false, true, false, '/open/{opening_id}/profile'),
('face', 50, '人脸识别', 'Face check', NULL, '{}', '{opening:face:passed}',
 '{opening:face:failed}', '{}', '30 min', false, true, false, '/open/{opening_id}/face'),
('risk', 60, '风险测评', 'Risk questionnaire', NULL, '{}', '{opening:risk:assessed}',
 '{}', '{}', '30 min', false, true, true, '/open/{opening_id}/risk'),
('agreements', 70, '协议签署', 'Agreements', NULL, '{}', '{opening:agreements:signed}',
 '{}', '{}', '30 min', false, true, true, '/open/{opening_id}/agreements'),
('bank', 80, '三方存管', 'Bank binding', NULL, '{}', '{opening:bank:bound}',
 '{opening:bank:failed}', '{}', '30 min', false, true, false, '/open/{opening_id}/bank'),
('password', 90, '设置密码', 'Passwords', NULL, '{}', '{opening:password:set}',
 '{opening:password:refused}', '{}', '30 min', false, false, false, '/open/{opening_id}/password'),
('video', 100, '视频见证', 'Video witness', NULL, '{opening:video:queued}', '{opening:video:passed}',
 '{opening:video:interrupted,opening:video:rejected}', '{}', '18 min', true, true, false, '/open/{opening_id}/video'),
('callback', 110, '开户回访', 'Follow-up questions', NULL, '{}', '{opening:callback:done}',
 '{}', '{}', '30 min', false, true, true, '/open/{opening_id}/callback'),
('submit', 120, '提交申请', 'Submission', 'submitted', '{}', '{opening:submitted}',
 '{}', '{}', '30 min', false, false, false, '/open/{opening_id}/submit'),
('review', 130, '审核', 'Review', NULL, '{}', '{opening:reviewed}',
 '{}', '{}', NULL, false, false, false, NULL),
('account', 140, '开户成功', 'Account opened', 'opened', '{}', '{opening:account:opened}',
 '{}', '{}', NULL, false, false, false, NULL),
('deposit', 150, '首次入金', 'First deposit', NULL, '{}', '{deposit:first}',
 '{}', '{}', NULL, false, false, false, NULL),
('trade', 160, '首笔交易', 'First trade', NULL, '{}', '{trade:first}',
 '{}', '{}', NULL, false, false, false, NULL);
"""
