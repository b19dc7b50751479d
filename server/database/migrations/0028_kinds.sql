-- Certificates of every kind: also of judges and staff, who took part in no entry, and of a team as a whole.

ALTER TABLE certificate ADD COLUMN competition uuid REFERENCES competition ON DELETE RESTRICT;
ALTER TABLE certificate ADD COLUMN event uuid REFERENCES event ON DELETE RESTRICT;
ALTER TABLE certificate ADD COLUMN subject uuid;
ALTER TABLE certificate ADD COLUMN sealed bytea NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN lookup_index bytea NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN basis text NOT NULL DEFAULT '';
UPDATE certificate SET competition = event.competition, event = event.id, subject = certificate.member
  FROM snapshot JOIN event ON event.id = snapshot.event WHERE snapshot.id = certificate.snapshot;
ALTER TABLE certificate ALTER COLUMN competition SET NOT NULL;
ALTER TABLE certificate ALTER COLUMN subject SET NOT NULL;
ALTER TABLE certificate ALTER COLUMN snapshot DROP NOT NULL;
ALTER TABLE certificate ALTER COLUMN member DROP NOT NULL;
ALTER TABLE certificate ALTER COLUMN person DROP NOT NULL;
ALTER TABLE certificate ADD CHECK (snapshot IS NOT NULL OR kind IN ('judge', 'organiser'));
CREATE INDEX certificate_competition ON certificate (competition, kind);
CREATE INDEX certificate_subject ON certificate (subject);
CREATE INDEX certificate_lookup ON certificate (lookup_index) WHERE lookup_index <> '';

-- On which terms a competition issues a kind: in whose name, by what right, with which numbers.

CREATE TABLE certificate_terms (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    kind        text NOT NULL,
    issuer      text NOT NULL,
    seal        text NOT NULL,
    basis       text NOT NULL,
    pattern     text NOT NULL,
    language    text NOT NULL,
    per_team    boolean NOT NULL,
    skills      jsonb NOT NULL,
    version     bigint NOT NULL,
    UNIQUE (competition, kind)
);

-- Who helped to hold a competition; of their document only the last six characters are known, and those are sealed.

CREATE TABLE crew (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    name        text NOT NULL,
    role        text NOT NULL,
    role_en     text NOT NULL,
    six_sealed  bytea NOT NULL,
    at          timestamptz NOT NULL
);
CREATE INDEX crew_competition ON crew (competition);

-- Links that a holder gives to others and takes back. The link itself is sealed, so that its holder can see it again.

CREATE TABLE share (
    id          uuid PRIMARY KEY,
    whose       text NOT NULL,
    certificate uuid REFERENCES certificate ON DELETE RESTRICT,
    label       text NOT NULL,
    hash        bytea NOT NULL UNIQUE,
    sealed      bytea NOT NULL,
    made        timestamptz NOT NULL,
    opened      bigint NOT NULL DEFAULT 0,
    withdrawn   timestamptz
);
CREATE INDEX share_whose ON share (whose);
