-- Keys for machines: what a program may ask for in one competition, and which aspects it may mark. Only a token's hash is kept.

CREATE TABLE api_key (
    id           uuid PRIMARY KEY,
    competition  uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    account      uuid NOT NULL UNIQUE REFERENCES account ON DELETE RESTRICT,
    name         text NOT NULL,
    digest       bytea NOT NULL UNIQUE,
    hint         text NOT NULL,
    scopes       jsonb NOT NULL,
    made         timestamptz NOT NULL,
    made_by      uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    expires      timestamptz NOT NULL,
    last_used    timestamptz,
    withdrawn    timestamptz,
    withdrawn_by uuid REFERENCES account ON DELETE RESTRICT
);

-- Marks in the ledger name a key by its name for ever, so that no two keys of a competition are called alike.
CREATE UNIQUE INDEX api_key_name ON api_key (competition, name);

CREATE TABLE api_key_aspect (
    id     uuid PRIMARY KEY,
    key    uuid NOT NULL REFERENCES api_key ON DELETE RESTRICT,
    event  uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    aspect text NOT NULL,
    UNIQUE (key, event, aspect)
);

CREATE INDEX api_key_aspect_event ON api_key_aspect (event);
