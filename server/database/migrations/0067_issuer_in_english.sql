-- Who signs is called something in English too. Organisations of a competition have it beside their name (competition.organisations);
-- an issuer of its own, which a kind of certificate may have, gets the column. Nothing that was issued changes.

ALTER TABLE certificate_terms ADD COLUMN issuer_en text NOT NULL DEFAULT '';
