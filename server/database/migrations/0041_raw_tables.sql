-- Raw tables for a superuser. Who opens them says why; what is seen and changed there is a chain of its own, because a
-- raw row may belong to no competition.

CREATE TABLE superuser (
    id      uuid PRIMARY KEY,
    account uuid NOT NULL UNIQUE REFERENCES account ON DELETE RESTRICT,
    at      timestamptz NOT NULL
);

CREATE TABLE raw_opening (
    id      uuid PRIMARY KEY,
    account uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    session bytea NOT NULL,
    reason  text NOT NULL,
    at      timestamptz NOT NULL,
    until   timestamptz NOT NULL,
    closed  timestamptz
);
CREATE INDEX raw_opening_session ON raw_opening (session);

CREATE TABLE raw_head (
    id       integer PRIMARY KEY CHECK (id = 1),
    sequence bigint NOT NULL,
    hash     bytea NOT NULL
);

CREATE TABLE raw_act (
    id         uuid PRIMARY KEY,
    opening    uuid REFERENCES raw_opening ON DELETE RESTRICT,
    sequence   bigint NOT NULL UNIQUE,
    kind       text NOT NULL,
    actor      uuid,
    actor_name text NOT NULL,
    at         timestamptz NOT NULL,
    relation   text NOT NULL,
    "row"      text NOT NULL,
    reason     text NOT NULL,
    data       jsonb NOT NULL,
    previous   bytea NOT NULL,
    hash       bytea NOT NULL
);
CREATE INDEX raw_act_opening ON raw_act (opening, sequence);

CREATE TRIGGER raw_act_only_grows BEFORE UPDATE OR DELETE ON raw_act FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER raw_act_is_never_emptied BEFORE TRUNCATE ON raw_act EXECUTE FUNCTION refuse_change();
