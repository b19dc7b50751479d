-- Characters that no face draws and an organiser has given an outline for, for the whole installation. One that stands on a
-- certificate stays as it is: the same certificate is printed again years later.

CREATE TABLE given_character (
    id        uuid PRIMARY KEY,
    character text NOT NULL UNIQUE,
    outline   text NOT NULL,
    how       text NOT NULL CHECK (how IN ('font', 'picture', 'other')),
    source    text NOT NULL,
    by_name   text NOT NULL,
    at        timestamptz NOT NULL
);
