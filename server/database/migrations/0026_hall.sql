-- What goes on in a hall besides marks: signalled problems and their answers, nudges, photos as evidence, the shift's end.

-- `id` is the event. Like the heads of the ledgers it refers to nothing, so that counting locks nothing else.
CREATE TABLE hall_head (
    id      uuid PRIMARY KEY,
    board   bigint NOT NULL,
    tablets bigint NOT NULL
);

CREATE TABLE signal (
    id      text PRIMARY KEY,
    event   uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    kind    text NOT NULL,
    words   text NOT NULL,
    entry   text NOT NULL,
    aspect  text NOT NULL,
    account uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    device  text NOT NULL,
    made_at timestamptz NOT NULL,
    at      timestamptz NOT NULL
);

CREATE INDEX signal_event ON signal (event, at);
CREATE INDEX signal_account ON signal (account, at);

CREATE TABLE signal_answer (
    id       uuid PRIMARY KEY,
    signal   text NOT NULL REFERENCES signal ON DELETE RESTRICT,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    text     text NOT NULL,
    closes   boolean NOT NULL,
    role     text NOT NULL,
    account  uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at       timestamptz NOT NULL
);

CREATE INDEX signal_answer_signal ON signal_answer (signal, sequence);
CREATE UNIQUE INDEX signal_closed_once ON signal_answer (signal) WHERE closes;

CREATE TABLE nudge (
    id      uuid PRIMARY KEY,
    event   uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    judge   uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    kind    text NOT NULL,
    words   text NOT NULL,
    role    text NOT NULL,
    account uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at      timestamptz NOT NULL,
    seen    timestamptz
);

CREATE INDEX nudge_event ON nudge (event, at);
CREATE INDEX nudge_waiting ON nudge (judge) WHERE seen IS NULL;

CREATE TABLE shift_end (
    id       uuid PRIMARY KEY,
    event    uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    ends     timestamptz,
    account  uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at       timestamptz NOT NULL
);

CREATE INDEX shift_end_event ON shift_end (event, sequence DESC);

CREATE TABLE evidence (
    id      text PRIMARY KEY,
    event   uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    entry   text NOT NULL,
    aspect  text NOT NULL,
    judge   uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    sealed  bytea NOT NULL,
    sha256  bytea NOT NULL,
    sent    bytea NOT NULL,
    width   integer NOT NULL,
    height  integer NOT NULL,
    device  text NOT NULL,
    made_at timestamptz NOT NULL,
    at      timestamptz NOT NULL
);

CREATE INDEX evidence_cell ON evidence (event, entry, aspect, at);
