-- A sheet that was found in error may name the mark that is wrong, so that its correction begins there.

ALTER TABLE recheck_sheet ADD COLUMN mark text REFERENCES mark ON DELETE RESTRICT;
