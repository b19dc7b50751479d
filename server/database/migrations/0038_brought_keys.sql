-- Keys that an organiser brings, in a file or in a token, and the roots by which time stamps are believed.

ALTER TABLE signing_key
    ADD COLUMN chain text NOT NULL DEFAULT '',
    ADD COLUMN place text NOT NULL DEFAULT 'here' CHECK (place IN ('here', 'file', 'token'));

CREATE TABLE stamp_authority (
    id          text PRIMARY KEY,
    certificate text NOT NULL,
    created     timestamptz NOT NULL
);
