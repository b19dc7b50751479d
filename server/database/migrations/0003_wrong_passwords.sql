-- Wrong passwords are counted by the name that was typed, whether somebody has it or not: whoever tries names learns nothing.

CREATE TABLE wrong_password (
    id        bytea PRIMARY KEY,
    failures  integer NOT NULL,
    failed_at timestamptz NOT NULL
);

ALTER TABLE account DROP COLUMN failures, DROP COLUMN failed_at;
