-- What has to be attached to an entry, and what was: sealed like photos. Of a person, or of an application until it is
-- an entry. A new one is added; the newest of a kind counts.

CREATE TABLE attachment_kind (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    event       uuid REFERENCES event ON DELETE RESTRICT,
    name        text NOT NULL,
    name_en     text NOT NULL,
    required    boolean NOT NULL,
    asked       boolean NOT NULL
);

CREATE INDEX attachment_kind_competition ON attachment_kind (competition);

CREATE TABLE attachment (
    id          uuid PRIMARY KEY,
    kind        uuid NOT NULL REFERENCES attachment_kind ON DELETE RESTRICT,
    person      uuid REFERENCES person ON DELETE RESTRICT,
    application uuid,
    sealed      bytea NOT NULL,
    sha256      bytea NOT NULL,
    media       text NOT NULL,
    pages       integer NOT NULL,
    at          timestamptz NOT NULL,
    by_name     text NOT NULL,
    CONSTRAINT attachment_of_one CHECK ((person IS NULL) <> (application IS NULL))
);

CREATE INDEX attachment_newest ON attachment (person, kind, at DESC);
CREATE INDEX attachment_application ON attachment (application) WHERE application IS NOT NULL;
