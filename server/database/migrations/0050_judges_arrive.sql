-- Judges check in at the door as well: a check-in is of a member or of somebody on a panel, and of one of the two.

ALTER TABLE check_in ALTER COLUMN member DROP NOT NULL;
ALTER TABLE check_in ADD COLUMN judge uuid REFERENCES account ON DELETE RESTRICT;
ALTER TABLE check_in ADD CONSTRAINT check_in_of_one CHECK (num_nonnulls(member, judge) = 1);

CREATE UNIQUE INDEX check_in_judge_once ON check_in (competition, judge) WHERE taken_back IS NULL AND judge IS NOT NULL;
CREATE INDEX check_in_judge ON check_in (judge);
