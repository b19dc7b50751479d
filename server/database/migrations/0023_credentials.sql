-- Credentials beside the paper: Open Badges 3.0, the keys that sign them, and their places in the status lists.

CREATE TABLE credential_key (
    id      text PRIMARY KEY,
    sealed  bytea NOT NULL,
    created timestamptz NOT NULL
);

ALTER TABLE certificate ADD COLUMN credential text NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN status_index bigint UNIQUE;
