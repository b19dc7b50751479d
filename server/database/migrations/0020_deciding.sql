-- What a person decided where the policy is silent, and what an authority answered where it has to approve. Once each.

CREATE TABLE promotion_decision (
    id        uuid PRIMARY KEY,
    promotion uuid NOT NULL UNIQUE REFERENCES promotion ON DELETE RESTRICT,
    level     text NOT NULL,
    reason    text NOT NULL,
    document  text NOT NULL,
    account   uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    at        timestamptz NOT NULL
);
