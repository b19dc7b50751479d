-- Live boards: what the organiser shows of an event, when it freezes, when it was revealed; and who agreed to have their
-- photo on the screen at the ceremony.

CREATE TABLE board (
    id       uuid PRIMARY KEY,
    event    uuid NOT NULL UNIQUE REFERENCES event ON DELETE RESTRICT,
    shows    text NOT NULL CHECK (shows IN ('nothing', 'progress', 'standings')),
    freezes  timestamptz,
    revealed timestamptz,
    version  bigint NOT NULL,
    account  uuid REFERENCES account ON DELETE RESTRICT,
    at       timestamptz NOT NULL
);

CREATE TABLE photo_consent (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    person      uuid NOT NULL REFERENCES person ON DELETE RESTRICT,
    account     uuid REFERENCES account ON DELETE RESTRICT,
    at          timestamptz NOT NULL,
    UNIQUE (competition, person)
);
