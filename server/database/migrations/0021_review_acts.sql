-- What was decided about each entry in its review, act by act. An entry may have left: then its rows stand here, sealed.

CREATE TABLE review_act (
    id           uuid PRIMARY KEY,
    competition  uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    event        uuid NOT NULL,
    delegation   uuid NOT NULL,
    entry        uuid NOT NULL,
    number       integer NOT NULL,
    batch        uuid NOT NULL,
    act          text NOT NULL,
    state_before text NOT NULL,
    step_before  integer NOT NULL,
    state_after  text NOT NULL,
    step_after   integer NOT NULL,
    version      bigint NOT NULL,
    reason       text NOT NULL,
    by_name      text NOT NULL,
    at           timestamptz NOT NULL,
    sealed       bytea NOT NULL
);

CREATE INDEX review_act_entry ON review_act (entry);
CREATE INDEX review_act_batch ON review_act (batch);
CREATE INDEX review_act_competition ON review_act (competition, at);
