-- Where an entry is in its review. Entries from before there was one stand already.

ALTER TABLE entry ADD COLUMN state text NOT NULL DEFAULT 'approved';
ALTER TABLE entry ALTER COLUMN state SET DEFAULT 'review';
ALTER TABLE entry ADD COLUMN step integer NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN version bigint NOT NULL DEFAULT 0;
