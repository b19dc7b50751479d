-- Policies that an organiser wrote, version by version: a draft until an event uses it, never changed after that.

CREATE TABLE own_policy (
    id           uuid PRIMARY KEY,
    organiser    uuid NOT NULL REFERENCES organiser ON DELETE RESTRICT,
    code         text NOT NULL,
    version      integer NOT NULL,
    origin       text NOT NULL,
    text         text NOT NULL,
    fingerprint  text NOT NULL DEFAULT '',
    revision     bigint NOT NULL DEFAULT 0,
    by_name      text NOT NULL,
    at           timestamptz NOT NULL,
    confirmed_by text NOT NULL DEFAULT '',
    confirmed    timestamptz,
    frozen       timestamptz,
    UNIQUE (organiser, code, version)
);

CREATE FUNCTION own_policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'own_policy %: an event was held under it', OLD.id;
END $$;

CREATE TRIGGER own_policy_stays BEFORE UPDATE OR DELETE ON own_policy
    FOR EACH ROW WHEN (OLD.frozen IS NOT NULL) EXECUTE FUNCTION own_policy_stays();

-- Publication: the competition's own days off, and the moment at which the program publishes an event by itself.

ALTER TABLE competition ADD COLUMN days_off jsonb NOT NULL DEFAULT '[]';

CREATE TABLE planned_publication (
    event    uuid PRIMARY KEY REFERENCES event ON DELETE RESTRICT,
    at       timestamptz NOT NULL,
    set_by   text NOT NULL,
    set_at   timestamptz NOT NULL,
    stopped  text NOT NULL DEFAULT ''
);

-- The re-check: a sample of sheets drawn by lot, and what a supervisor found on each of them. Rows are only added.

CREATE TABLE recheck (
    event   uuid PRIMARY KEY REFERENCES event ON DELETE RESTRICT,
    seed    text NOT NULL,
    top     jsonb NOT NULL,
    drawn   jsonb NOT NULL,
    rest    jsonb NOT NULL,
    by_name text NOT NULL,
    at      timestamptz NOT NULL
);

CREATE TABLE recheck_sheet (
    event   uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    code    text NOT NULL,
    agreed  boolean NOT NULL,
    words   text NOT NULL,
    by_name text NOT NULL,
    at      timestamptz NOT NULL,
    id      uuid PRIMARY KEY,
    UNIQUE (event, code)
);
