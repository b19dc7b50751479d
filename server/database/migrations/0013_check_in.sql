-- Who has arrived. One standing check-in for a member; one that was taken back stays beside it.

CREATE TABLE check_in (
    id          text PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    member      uuid NOT NULL REFERENCES member ON DELETE RESTRICT,
    account     uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    way         text NOT NULL,
    device      text NOT NULL,
    at          timestamptz NOT NULL,
    stored_at   timestamptz NOT NULL,
    taken_back  timestamptz
);

CREATE UNIQUE INDEX check_in_once ON check_in (member) WHERE taken_back IS NULL;
CREATE INDEX check_in_member ON check_in (member);
CREATE INDEX check_in_competition ON check_in (competition);
