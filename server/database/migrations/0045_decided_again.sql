-- What the floor wrote down about an entry is corrected after the seal: proposed by one person, approved by another, who
-- adds the new status. Until then it changes nothing.

CREATE TABLE status_correction (
    id       uuid PRIMARY KEY,
    event    uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    occasion uuid NOT NULL,
    entry    text NOT NULL,
    before   text NOT NULL,
    after    text NOT NULL,
    reason   text NOT NULL,
    state    text NOT NULL,
    proposed uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at       timestamptz NOT NULL,
    decided  uuid REFERENCES account ON DELETE RESTRICT,
    settled  timestamptz,
    status   uuid REFERENCES floor_status ON DELETE RESTRICT
);
CREATE UNIQUE INDEX status_correction_waits_once ON status_correction (event, entry) WHERE state = 'proposed';
CREATE INDEX status_correction_occasion ON status_correction (occasion);
