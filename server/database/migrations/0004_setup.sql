-- Setting up: who takes part in organising, when registration is open and who checks it; shifts, work types and places
-- of an event; places per delegation and event; an organiser's own occupations. What was there before keeps its meaning:
-- a zero sets no limit, a moment that is empty was never named.

ALTER TABLE competition
    ADD COLUMN regions             jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN registration_opens  timestamptz,
    ADD COLUMN registration_closes timestamptz,
    ADD COLUMN time_zone           text NOT NULL DEFAULT 'Asia/Shanghai',
    ADD COLUMN review_steps        jsonb NOT NULL DEFAULT '["organiser"]',
    ADD COLUMN version             bigint NOT NULL DEFAULT 0;

ALTER TABLE event
    ADD COLUMN work_type text NOT NULL DEFAULT '',
    ADD COLUMN shifts    integer NOT NULL DEFAULT 0,
    ADD COLUMN capacity  integer NOT NULL DEFAULT 0;

CREATE TABLE occupation (
    id         uuid PRIMARY KEY,
    organiser  uuid NOT NULL REFERENCES organiser ON DELETE RESTRICT,
    name       text NOT NULL,
    name_en    text NOT NULL,
    code       text NOT NULL,
    edition    integer NOT NULL,
    work_types jsonb NOT NULL,
    CONSTRAINT occupation_once UNIQUE (organiser, name, edition)
);

CREATE TABLE quota (
    id         uuid PRIMARY KEY,
    delegation uuid NOT NULL REFERENCES delegation ON DELETE RESTRICT,
    event      uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    places     integer NOT NULL CHECK (places >= 0),
    CONSTRAINT quota_once UNIQUE (delegation, event)
);

CREATE INDEX quota_event ON quota (event);
