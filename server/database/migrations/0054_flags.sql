-- A delegation's flag, emblem or logo, for everybody to see: small beside its name, and larger in the hall.

CREATE TABLE flag (
    id         uuid PRIMARY KEY,
    delegation uuid NOT NULL REFERENCES delegation ON DELETE RESTRICT,
    small      bytea NOT NULL,
    large      bytea NOT NULL,
    sha256     bytea NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT flag_once UNIQUE (delegation)
);
