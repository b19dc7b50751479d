-- A workbook is looked at before anything is stored: an intake is previewed, then accepted, and may be undone as a whole.
-- Its bytes, what was read from them and what it takes to undo it hold personal data, and are sealed.

ALTER TABLE intake
    ADD COLUMN state   text NOT NULL DEFAULT 'accepted',
    ADD COLUMN sealed  bytea NOT NULL DEFAULT '',
    ADD COLUMN reading bytea NOT NULL DEFAULT '',
    ADD COLUMN journal bytea NOT NULL DEFAULT '',
    ADD COLUMN by_name text NOT NULL DEFAULT '',
    ADD COLUMN decided timestamptz;
UPDATE intake SET decided = at;

-- What a delegation's own headings mean, told once by a person.
CREATE TABLE heading_mapping (
    id         uuid PRIMARY KEY,
    delegation uuid NOT NULL REFERENCES delegation ON DELETE RESTRICT,
    heading    text NOT NULL,
    field      text NOT NULL,
    CONSTRAINT heading_once UNIQUE (delegation, heading)
);

CREATE INDEX intake_delegation ON intake (delegation, at);
