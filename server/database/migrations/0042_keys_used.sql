-- Which key signed what. A credential names its key itself; which one signed a file stands in the file alone, so that for
-- those printed before now it is not on record.

ALTER TABLE certificate ADD COLUMN file_key text NOT NULL DEFAULT '', ADD COLUMN credential_key text NOT NULL DEFAULT '';
UPDATE certificate SET credential_key = coalesce(split_part(credential::jsonb #>> '{proof,verificationMethod}', '#', 2), '')
    WHERE credential <> '';
CREATE INDEX certificate_keys ON certificate (competition, file_key, credential_key) INCLUDE (printed);
