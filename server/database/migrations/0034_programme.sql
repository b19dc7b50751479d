-- What a competition tells the public beside its results: announcements, and the programme of its days.

CREATE TABLE announcement (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    title       text NOT NULL,
    title_en    text NOT NULL,
    body        text NOT NULL,
    body_en     text NOT NULL,
    account     uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at          timestamptz NOT NULL,
    changed     timestamptz,
    withdrawn   timestamptz,
    version     integer NOT NULL
);

CREATE INDEX announcement_competition ON announcement (competition, at);

CREATE TABLE programme_item (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    event       uuid REFERENCES event ON DELETE RESTRICT,
    title       text NOT NULL,
    title_en    text NOT NULL,
    place       text NOT NULL,
    place_en    text NOT NULL,
    starts      timestamptz NOT NULL,
    ends        timestamptz NOT NULL,
    changed     timestamptz NOT NULL,
    CHECK (starts < ends)
);

CREATE INDEX programme_item_competition ON programme_item (competition, starts);
