-- Tablets that the server knows, PINs of judges, and signatures under sheets.

CREATE TABLE device (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    event       uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    number      integer NOT NULL CHECK (number > 0),
    secret      bytea NOT NULL,
    paired      timestamptz NOT NULL,
    paired_by   uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    revoked     timestamptz,
    revoked_by  uuid REFERENCES account ON DELETE RESTRICT,
    seen        timestamptz,
    version     text NOT NULL,
    unsent      integer NOT NULL,
    battery     integer,
    account     uuid REFERENCES account ON DELETE RESTRICT,
    UNIQUE (competition, number)
);

CREATE TABLE device_pairing (
    id          bytea PRIMARY KEY,
    event       uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    account     uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    expires     timestamptz NOT NULL
);

-- Which tablet a session was opened on; a tablet that is revoked loses its sessions. No reference: sessions stand left of tablets.
ALTER TABLE session ADD COLUMN device uuid;

CREATE INDEX session_device ON session (device) WHERE device IS NOT NULL;

CREATE TABLE judge_pin (
    id       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account  uuid NOT NULL UNIQUE REFERENCES account ON DELETE RESTRICT,
    hash     text NOT NULL,
    salt     bytea NOT NULL,
    checking integer NOT NULL CHECK (checking BETWEEN 0 AND 99),
    chosen   timestamptz NOT NULL
);

CREATE TABLE signature (
    id        text PRIMARY KEY,
    event     uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    sequence  bigint GENERATED ALWAYS AS IDENTITY,
    entry     text NOT NULL,
    role      text NOT NULL CHECK (role IN ('judge', 'contestant')),
    judge     uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    marks     text NOT NULL,
    sheet     bytea NOT NULL,
    drawing   bytea NOT NULL,
    device    text NOT NULL,
    counter   bigint NOT NULL,
    made_at   timestamptz NOT NULL,
    stored_at timestamptz NOT NULL
);

CREATE INDEX signature_event ON signature (event, entry, role, judge, sequence DESC);
CREATE INDEX signature_newest ON signature (event, sequence DESC);
