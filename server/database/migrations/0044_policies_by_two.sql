-- An organiser's own policy is in force once somebody who did not write it has confirmed it. Who wrote, proposed, confirmed,
-- refused: a chain of its own, because a policy may belong to no competition yet.

ALTER TABLE own_policy ADD COLUMN proposed timestamptz, ADD COLUMN proposed_by text NOT NULL DEFAULT '';

-- What one person confirmed alone and no event uses yet waits for a second person as well.
UPDATE own_policy SET confirmed = NULL, confirmed_by = '' WHERE frozen IS NULL AND confirmed IS NOT NULL;

CREATE TABLE policy_head (
    id       uuid PRIMARY KEY REFERENCES organiser ON DELETE RESTRICT,
    sequence bigint NOT NULL,
    hash     bytea NOT NULL
);

CREATE TABLE policy_act (
    id         uuid PRIMARY KEY,
    organiser  uuid NOT NULL REFERENCES organiser ON DELETE RESTRICT,
    sequence   bigint NOT NULL,
    policy     uuid NOT NULL,
    name       text NOT NULL,
    kind       text NOT NULL,
    actor      uuid,
    actor_name text NOT NULL,
    at         timestamptz NOT NULL,
    reason     text NOT NULL,
    data       jsonb NOT NULL,
    previous   bytea NOT NULL,
    hash       bytea NOT NULL,
    UNIQUE (organiser, sequence)
);
CREATE INDEX policy_act_policy ON policy_act (policy, sequence);

CREATE TRIGGER policy_act_only_grows BEFORE UPDATE OR DELETE ON policy_act FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_act_is_never_emptied BEFORE TRUNCATE ON policy_act EXECUTE FUNCTION refuse_change();
