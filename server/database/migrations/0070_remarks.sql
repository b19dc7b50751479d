-- What a judge notes beside a mark, and what they measured: where two tablets hold different marks of one cell, both are shown with it.
-- A row is never changed; of one tablet the newest counts.

CREATE TABLE remark (
    id       text PRIMARY KEY,
    event    uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    entry    text NOT NULL,
    aspect   text NOT NULL,
    judge    uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    device   text NOT NULL,
    measured text NOT NULL,
    note     text NOT NULL,
    made_at  timestamptz NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX remark_cell ON remark (event, entry, aspect);
CREATE INDEX remark_newest ON remark (event, sequence);
