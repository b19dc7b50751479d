-- Draws in public: supervisors commit and reveal, a draw may be held again and the old one stays, layers are sealed.

ALTER TABLE draw
    DROP CONSTRAINT draw_event_key,
    ADD COLUMN version        integer NOT NULL DEFAULT 1,
    ADD COLUMN way            text    NOT NULL DEFAULT 'typed',
    ADD COLUMN shifts         integer NOT NULL DEFAULT 0,
    ADD COLUMN promises       jsonb   NOT NULL DEFAULT '{}',
    ADD COLUMN secrets_sealed bytea   NOT NULL DEFAULT '',
    ADD COLUMN codes          jsonb   NOT NULL DEFAULT '[]',
    ADD COLUMN withdrawn      boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT draw_version UNIQUE (event, version);

CREATE TABLE ceremony (
    id             uuid PRIMARY KEY,
    event          uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    number         integer NOT NULL,
    naming         text NOT NULL,
    known_at       timestamptz NOT NULL,
    entries        jsonb NOT NULL,
    stations       integer NOT NULL,
    shifts         integer NOT NULL,
    promises       jsonb NOT NULL,
    secrets_sealed bytea NOT NULL,
    custody        boolean NOT NULL,
    escrow         boolean NOT NULL,
    opened         timestamptz NOT NULL,
    outcome        text NOT NULL,
    reason         text NOT NULL,
    draw_version   integer NOT NULL,
    CONSTRAINT ceremony_number UNIQUE (event, number)
);
-- At most one ceremony of an event is open.
CREATE UNIQUE INDEX ceremony_open ON ceremony (event) WHERE outcome = '';

CREATE TABLE witness (
    id           uuid PRIMARY KEY,
    ceremony     uuid NOT NULL REFERENCES ceremony ON DELETE RESTRICT,
    account      uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    commitment   text NOT NULL,
    committed_at timestamptz,
    words        text NOT NULL,
    revealed_at  timestamptz,
    CONSTRAINT witness_once UNIQUE (ceremony, account)
);

CREATE TABLE redraw (
    id          uuid PRIMARY KEY,
    draw        uuid NOT NULL REFERENCES draw ON DELETE RESTRICT,
    asked_by    uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    reason      text NOT NULL,
    asked_at    timestamptz NOT NULL,
    answer      text NOT NULL,
    answered_by uuid,
    answered_at timestamptz
);
CREATE UNIQUE INDEX redraw_waiting ON redraw (draw) WHERE answer = '';

CREATE TABLE custodian (
    id         uuid PRIMARY KEY,
    ceremony   uuid NOT NULL REFERENCES ceremony ON DELETE RESTRICT,
    layer      text NOT NULL,
    account    uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    public_key bytea NOT NULL,
    wrapped    bytea NOT NULL,
    escrow     bytea NOT NULL,
    keyed_at   timestamptz,
    CONSTRAINT custodian_layer UNIQUE (ceremony, layer)
);

CREATE TABLE sealed_layer (
    id        uuid PRIMARY KEY,
    draw      uuid NOT NULL REFERENCES draw ON DELETE RESTRICT,
    custodian uuid NOT NULL REFERENCES custodian ON DELETE RESTRICT,
    layer     text NOT NULL,
    sealed    bytea NOT NULL,
    opened    text NOT NULL,
    opened_at timestamptz,
    CONSTRAINT sealed_layer_once UNIQUE (draw, layer)
);
CREATE INDEX custodian_account ON custodian (account);
CREATE INDEX witness_account ON witness (account);
