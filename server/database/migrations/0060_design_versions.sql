-- Our designs as they stood when they were used for issuing, so that a certificate is printed again as it was after an update has
-- changed them. Rows are only added. What was issued before has no version: nobody wrote down how its design stood.

CREATE TABLE design_version (
    id      text PRIMARY KEY,
    design  text NOT NULL,
    sources bytea NOT NULL,
    outside jsonb NOT NULL,
    podium  text NOT NULL,
    at      timestamptz NOT NULL
);

CREATE FUNCTION design_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'design_version %: a version is never changed; the next one has its own row', OLD.id;
END $$;

CREATE TRIGGER design_version_stays BEFORE UPDATE OR DELETE ON design_version
    FOR EACH ROW EXECUTE FUNCTION design_version_stays();

ALTER TABLE certificate
    ADD COLUMN design_version text REFERENCES design_version ON DELETE RESTRICT,
    ADD COLUMN drawn_sha256 text NOT NULL DEFAULT '',
    ADD COLUMN earlier_sha256 text NOT NULL DEFAULT '';
