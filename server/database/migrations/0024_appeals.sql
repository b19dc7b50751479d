-- Appeals against published results: what was asked, each act upon it (rows are only added), and what it brought along.

CREATE TABLE appeal (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    number      integer NOT NULL,
    event       uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    delegation  uuid NOT NULL REFERENCES delegation ON DELETE RESTRICT,
    entry       uuid NOT NULL REFERENCES entry ON DELETE RESTRICT,
    snapshot    uuid NOT NULL REFERENCES snapshot ON DELETE RESTRICT,
    state       text NOT NULL,
    reason      text NOT NULL,
    rule        text NOT NULL,
    assigned    uuid REFERENCES account ON DELETE RESTRICT,
    republished uuid REFERENCES snapshot ON DELETE RESTRICT,
    version     bigint NOT NULL,
    account     uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at          timestamptz NOT NULL,
    UNIQUE (competition, number)
);

-- An entry appeals once at a time: a second click, or a second clerk, files nothing.
CREATE UNIQUE INDEX appeal_once_at_a_time ON appeal (entry) WHERE state IN ('asked', 'open');
CREATE INDEX appeal_event ON appeal (event);
CREATE INDEX appeal_delegation ON appeal (delegation);

CREATE TABLE appeal_act (
    id       uuid PRIMARY KEY,
    appeal   uuid NOT NULL REFERENCES appeal ON DELETE RESTRICT,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    act      text NOT NULL,
    text     text NOT NULL,
    account  uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    by_name  text NOT NULL,
    at       timestamptz NOT NULL
);

CREATE INDEX appeal_act_appeal ON appeal_act (appeal, sequence);

CREATE TABLE appeal_attachment (
    id     uuid PRIMARY KEY,
    appeal uuid NOT NULL UNIQUE REFERENCES appeal ON DELETE RESTRICT,
    sealed bytea NOT NULL,
    sha256 bytea NOT NULL,
    media  text NOT NULL,
    pages  integer NOT NULL
);

-- A correction of a mark after the seal: proposed by one person, approved by another; then it is a row of `mark` too.

CREATE TABLE mark_correction (
    id       uuid PRIMARY KEY,
    event    uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    occasion uuid NOT NULL,
    corrects text NOT NULL REFERENCES mark ON DELETE RESTRICT,
    before   integer NOT NULL,
    after    integer NOT NULL,
    reason   text NOT NULL,
    state    text NOT NULL,
    proposed uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at       timestamptz NOT NULL,
    decided  uuid REFERENCES account ON DELETE RESTRICT,
    settled  timestamptz,
    mark     text REFERENCES mark ON DELETE RESTRICT,
    CHECK (decided IS NULL OR decided <> proposed)
);

CREATE UNIQUE INDEX mark_correction_once_at_a_time ON mark_correction (corrects) WHERE state = 'proposed';
CREATE INDEX mark_correction_event ON mark_correction (event);

-- Which publication a snapshot replaces; levels that a replaced publication had brought and that hold no longer.

ALTER TABLE snapshot ADD COLUMN supersedes uuid UNIQUE;

CREATE TABLE skill_withdrawal (
    id     uuid PRIMARY KEY,
    record uuid NOT NULL UNIQUE REFERENCES skill_record ON DELETE RESTRICT,
    reason text NOT NULL,
    at     timestamptz NOT NULL
);
