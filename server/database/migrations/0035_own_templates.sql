-- Templates of certificates that an organiser brought, version by version. Rows are only added: what was issued in a
-- template is printed again from the same files, years later.

CREATE TABLE own_template (
    id        uuid PRIMARY KEY,
    organiser uuid NOT NULL REFERENCES organiser ON DELETE RESTRICT,
    name      text NOT NULL,
    version   integer NOT NULL,
    archive   bytea NOT NULL,
    picture   bytea NOT NULL,
    form      boolean NOT NULL,
    by_name   text NOT NULL,
    at        timestamptz NOT NULL,
    UNIQUE (organiser, name, version)
);

CREATE FUNCTION own_template_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'own_template %: a version is never changed; bring the next one', OLD.id;
END $$;

CREATE TRIGGER own_template_stays BEFORE UPDATE OR DELETE ON own_template
    FOR EACH ROW EXECUTE FUNCTION own_template_stays();
