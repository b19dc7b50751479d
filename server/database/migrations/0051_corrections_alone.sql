-- A correction between seal and publication stands alone: it is its own occasion, and whoever turns it down says why.

ALTER TABLE mark_correction ADD COLUMN answer text NOT NULL DEFAULT '';
ALTER TABLE status_correction ADD COLUMN answer text NOT NULL DEFAULT '';
