-- Photos of competitors, sealed like identity numbers. A new one is added; the newest of a person counts.

CREATE TABLE photo (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    person      uuid NOT NULL REFERENCES person ON DELETE RESTRICT,
    sealed      bytea NOT NULL,
    sha256      bytea NOT NULL,
    width       integer NOT NULL,
    height      integer NOT NULL,
    at          timestamptz NOT NULL,
    CONSTRAINT photo_once UNIQUE (competition, person, sha256)
);

CREATE INDEX photo_newest ON photo (competition, person, at DESC);
