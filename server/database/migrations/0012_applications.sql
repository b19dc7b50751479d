-- People who ask to take part by a link: the link, and what they sent, sealed until it becomes an entry or is swept.

CREATE TABLE application_link (
    id         uuid PRIMARY KEY,
    delegation uuid NOT NULL REFERENCES delegation ON DELETE RESTRICT,
    event      uuid REFERENCES event ON DELETE RESTRICT,
    digest     bytea NOT NULL UNIQUE,
    sealed     bytea NOT NULL,
    made       timestamptz NOT NULL,
    until      timestamptz NOT NULL,
    closed     timestamptz,
    by_name    text NOT NULL
);

CREATE INDEX application_link_delegation ON application_link (delegation);

CREATE TABLE application (
    id      uuid PRIMARY KEY,
    link    uuid NOT NULL REFERENCES application_link ON DELETE RESTRICT,
    event   uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    digest  bytea NOT NULL UNIQUE,
    sealed  bytea NOT NULL,
    photo   bytea NOT NULL,
    who     bytea NOT NULL,
    consent text NOT NULL,
    state   text NOT NULL,
    at      timestamptz NOT NULL,
    decided timestamptz,
    by_name text NOT NULL,
    reason  bytea NOT NULL,
    entry   uuid
);

CREATE INDEX application_link_state ON application (link, state);
