-- Judges: an organiser's pool, what each of them stands back from, what a competition asks of its panels, proposals of
-- panels, and invitations with the links that answer them.

CREATE TABLE judge (
    id           uuid PRIMARY KEY,
    organiser    uuid NOT NULL REFERENCES organiser ON DELETE RESTRICT,
    name         text NOT NULL,
    unit         text NOT NULL,
    delegation   text NOT NULL,
    level        text NOT NULL,
    title        text NOT NULL,
    occupations  jsonb NOT NULL,
    years        integer,
    phone_sealed bytea NOT NULL,
    phone_masked text NOT NULL,
    phone_index  bytea NOT NULL,
    active       boolean NOT NULL,
    version      bigint NOT NULL
);

CREATE TABLE judge_account (
    id      uuid PRIMARY KEY,
    judge   uuid NOT NULL UNIQUE REFERENCES judge ON DELETE RESTRICT,
    account uuid NOT NULL REFERENCES account ON DELETE RESTRICT
);

CREATE TABLE judge_history (
    id          uuid PRIMARY KEY,
    judge       uuid NOT NULL REFERENCES judge ON DELETE RESTRICT,
    year        integer NOT NULL,
    competition text NOT NULL,
    event       text NOT NULL,
    chief       boolean NOT NULL
);

CREATE TABLE judge_event (
    id    uuid PRIMARY KEY,
    judge uuid NOT NULL REFERENCES judge ON DELETE RESTRICT,
    event uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    CONSTRAINT judge_event_once UNIQUE (judge, event)
);

CREATE TABLE panel_rules (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL UNIQUE REFERENCES competition ON DELETE RESTRICT,
    years       integer NOT NULL,
    level       text NOT NULL,
    title       text NOT NULL,
    most        integer,
    one_per     text NOT NULL
);

CREATE TABLE panel_days (
    id    uuid PRIMARY KEY,
    event uuid NOT NULL UNIQUE REFERENCES event ON DELETE RESTRICT,
    days  jsonb NOT NULL
);

-- Exactly one of event, unit and person says what a judge stands back from.
CREATE TABLE recusal (
    id        uuid PRIMARY KEY,
    judge     uuid NOT NULL REFERENCES judge ON DELETE RESTRICT,
    event     uuid,
    unit      text NOT NULL,
    person    text NOT NULL,
    reason    text NOT NULL,
    words     text NOT NULL,
    by_name   text NOT NULL,
    at        timestamptz NOT NULL,
    withdrawn timestamptz,
    CONSTRAINT recusal_of_one_thing CHECK ((event IS NOT NULL)::int + (unit <> '')::int + (person <> '')::int = 1)
);

CREATE TABLE proposal (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    state       text NOT NULL,
    asked_by    text NOT NULL,
    asked       timestamptz NOT NULL,
    done        timestamptz,
    content     jsonb NOT NULL
);

CREATE TABLE invitation (
    id       uuid PRIMARY KEY,
    event    uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    judge    uuid NOT NULL REFERENCES judge ON DELETE RESTRICT,
    state    text NOT NULL,
    chief    boolean NOT NULL,
    by_hand  boolean NOT NULL,
    reason   text NOT NULL,
    made     timestamptz NOT NULL,
    answer   text NOT NULL,
    answered timestamptz
);

CREATE TABLE invitation_link (
    id          bytea PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    judge       uuid NOT NULL REFERENCES judge ON DELETE RESTRICT,
    made        timestamptz NOT NULL,
    expires     timestamptz NOT NULL,
    answered    timestamptz,
    withdrawn   boolean NOT NULL
);

-- Nobody is asked twice at once for one panel, and a panel has one chief.
CREATE UNIQUE INDEX invitation_once ON invitation (event, judge) WHERE state IN ('proposed', 'invited', 'accepted');
CREATE UNIQUE INDEX invitation_chief ON invitation (event) WHERE chief AND state IN ('proposed', 'invited', 'accepted');

CREATE INDEX judge_organiser ON judge (organiser, name);
CREATE INDEX judge_account_account ON judge_account (account);
CREATE INDEX judge_history_judge ON judge_history (judge);
CREATE INDEX judge_event_event ON judge_event (event);
CREATE INDEX recusal_judge ON recusal (judge);
CREATE INDEX proposal_competition ON proposal (competition, asked);
CREATE INDEX invitation_judge ON invitation (judge);
CREATE INDEX invitation_link_judge ON invitation_link (competition, judge, made);
