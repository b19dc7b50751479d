-- What the floor writes down about an entry besides its marks. Rows are only added; the newest of an entry counts.

CREATE TABLE floor_status (
    id       uuid PRIMARY KEY,
    event    uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    entry    text NOT NULL,
    status   text NOT NULL,
    reason   text NOT NULL,
    account  uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at       timestamptz NOT NULL
);

CREATE INDEX floor_status_event ON floor_status (event, entry, sequence DESC);
