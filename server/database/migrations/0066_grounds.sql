-- What everybody may read of why a certificate is out of force: one of a few published grounds. The office's own words stay at the
-- desk. Of what is out of force already no more is known than whether something stands in its place.

ALTER TABLE revocation ADD COLUMN ground text NOT NULL DEFAULT 'withdrawn';
UPDATE revocation SET ground = 'superseded' WHERE replaced_by <> '';
ALTER TABLE revocation ALTER COLUMN ground DROP DEFAULT;
