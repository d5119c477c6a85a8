"""Regions, branches, staff; sessions, keys, approvals."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(STAFF)
    op.execute(DOORS)
    op.execute(APPROVALS)


STAFF = """
CREATE TABLE people_region (
  id      uuid PRIMARY KEY,
  code    text NOT NULL UNIQUE,
  name    text NOT NULL,
  name_en text NOT NULL DEFAULT ''
);

CREATE TABLE people_branch (
  id               uuid PRIMARY KEY,
  code             text NOT NULL UNIQUE,
  name             text NOT NULL,
  name_en          text NOT NULL DEFAULT '',
  city             text NOT NULL DEFAULT '',
  region_id        uuid NOT NULL REFERENCES people_region,
  latitude         double precision CHECK (latitude BETWEEN -90 AND 90),
  longitude        double precision CHECK (longitude BETWEEN -180 AND 180),
  opens_at         time NOT NULL,
  closes_at        time NOT NULL,
  monthly_capacity integer NOT NULL CHECK (monthly_capacity >= 0),
  active           boolean NOT NULL DEFAULT true
);
CREATE INDEX people_branch_region ON people_branch (region_id);

CREATE TABLE people_staff (
  id                  uuid PRIMARY KEY,
  login               text NOT NULL UNIQUE CHECK (login = lower(login)),
  name                text NOT NULL,
  name_en             text NOT NULL DEFAULT '',
  roles               text[] NOT NULL CHECK (cardinality(roles) > 0),
  branch_id           uuid REFERENCES people_branch,
  region_id           uuid REFERENCES people_region,
  registration_number text,
  licensed            boolean NOT NULL DEFAULT false,
  staff_code          text UNIQUE,
  active              boolean NOT NULL DEFAULT true,
  password_hash       text,
  password_is_demos   boolean NOT NULL DEFAULT false, -- printed at the demo's start, and good in demo mode only
  CHECK (NOT ('witness' = ANY (roles)
              AND roles && ARRAY['advisor', 'branch_manager', 'region_manager', 'operator', 'service_agent',
                                 'supervisor'])) -- NEVER_WITNESS of people/rules.py
);
CREATE INDEX people_staff_branch ON people_staff (branch_id);
"""

DOORS = """
CREATE TABLE people_session (
  token_hash bytea PRIMARY KEY,
  staff_id   uuid NOT NULL REFERENCES people_staff,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  address    text NOT NULL,
  agent      text NOT NULL
);
CREATE INDEX people_session_staff ON people_session (staff_id);
CREATE INDEX people_session_expires ON people_session (expires_at);

-- Sign-ins tried per subject: a login at an address and an address, in the window that began at `since`; a login at
-- addresses where it is not familiar, the last one at `since`.
CREATE TABLE people_attempt (
  subject bytea PRIMARY KEY,
  tried   integer NOT NULL,
  since   timestamptz NOT NULL,
  ends_at timestamptz NOT NULL -- forgotten from then on
);
CREATE INDEX people_attempt_ends ON people_attempt (ends_at);

-- A login at an address (the same subject) that has proven itself there: what others try elsewhere does not slow it.
CREATE TABLE people_familiar (
  subject bytea PRIMARY KEY,
  ends_at timestamptz NOT NULL
);
CREATE INDEX people_familiar_ends ON people_familiar (ends_at);

CREATE TABLE people_key (
  id         uuid PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('write', 'server')),
  name       text NOT NULL,
  scopes     text[] NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  hint       text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX people_key_name ON people_key (name);
"""

APPROVALS = """
CREATE TABLE people_approval (
  id         uuid PRIMARY KEY,
  kind       text NOT NULL,
  subject    text NOT NULL,
  proposed   jsonb NOT NULL,
  permission text NOT NULL,
  author_id  uuid NOT NULL REFERENCES people_staff,
  asked_at   timestamptz NOT NULL,
  state      text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'rejected', 'withdrawn')),
  decided_by uuid REFERENCES people_staff,
  decided_at timestamptz,
  comment    text,
  CHECK (state = 'withdrawn' OR decided_by IS DISTINCT FROM author_id),
  CHECK ((state = 'pending') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX people_approval_pending ON people_approval (kind, subject) WHERE state = 'pending';
CREATE INDEX people_approval_asked ON people_approval (state, asked_at, id);
"""
