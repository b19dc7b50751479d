-- Lists that somebody keeps under a name, and statistics of sealed events: computed from the ledger, each with what it was computed from.

CREATE TABLE saved_view (
    id          uuid PRIMARY KEY,
    account     uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    listing     text NOT NULL,
    name        text NOT NULL,
    query       text NOT NULL,
    at          timestamptz NOT NULL,
    UNIQUE (account, competition, listing, name)
);

CREATE TABLE measured_event (
    id        uuid PRIMARY KEY,
    basis     text NOT NULL,
    agreement integer,
    at        timestamptz NOT NULL
);

CREATE TABLE judge_statistic (
    id          uuid PRIMARY KEY,
    event       uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    account     uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    seat        integer NOT NULL,
    entries     integer NOT NULL,
    marks       integer NOT NULL,
    compared    integer NOT NULL,
    severity    integer,
    deviation   integer,
    consistency integer,
    UNIQUE (event, account)
);

CREATE TABLE aspect_statistic (
    id             uuid PRIMARY KEY,
    event          uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    aspect         text NOT NULL,
    place          integer NOT NULL,
    name           text NOT NULL,
    kind           text NOT NULL,
    maximum        integer NOT NULL,
    difficulty     integer NOT NULL,
    discrimination integer,
    UNIQUE (event, aspect)
);

CREATE INDEX refused_certificate_snapshot ON refused_certificate (snapshot);
