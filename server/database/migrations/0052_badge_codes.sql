-- A competitor's badge is the second thing by which a winner is known. A member has a row from the day their badge was first
-- made; the code of an older version opens nothing. No reference to the member: they may leave, and their badge with them.

CREATE TABLE badge (
    id uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    version bigint NOT NULL DEFAULT 0,
    at timestamptz NOT NULL
);

CREATE INDEX badge_competition ON badge (competition);
