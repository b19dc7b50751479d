-- What the floor wrote down is only ever added, as a mark is; and nobody approves a correction of it that they proposed themselves.

CREATE TRIGGER floor_status_only_grows BEFORE UPDATE OR DELETE ON floor_status FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER floor_status_is_never_emptied BEFORE TRUNCATE ON floor_status EXECUTE FUNCTION refuse_change();

ALTER TABLE status_correction ADD CONSTRAINT status_correction_by_two CHECK (decided IS NULL OR decided <> proposed);
CREATE INDEX status_correction_event ON status_correction (event);
