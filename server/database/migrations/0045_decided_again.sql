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

-- What was decided of a promotion is taken back as long as no certificate rests on it. The decision stays readable here; what
-- it had brought is withdrawn in the skill record, which only grows, and may be granted again.

CREATE TABLE promotion_taken_back (
    id         uuid PRIMARY KEY,
    promotion  uuid NOT NULL REFERENCES promotion ON DELETE RESTRICT,
    level      text NOT NULL,
    reason     text NOT NULL,
    document   text NOT NULL,
    decided_by uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz NOT NULL,
    why        text NOT NULL,
    account    uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at         timestamptz NOT NULL
);
CREATE INDEX promotion_taken_back_promotion ON promotion_taken_back (promotion, at);
CREATE TRIGGER promotion_taken_back_only_grows BEFORE UPDATE OR DELETE ON promotion_taken_back
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE skill_record DROP CONSTRAINT skill_record_promotion_key;
ALTER TABLE skill_record ADD COLUMN again integer NOT NULL DEFAULT 0;
ALTER TABLE skill_record ADD CONSTRAINT skill_record_once UNIQUE (promotion, again);
