-- The corridor: everything that one competition needs, from a delegation's workbook to a verified certificate.
-- Tables stand in the order of server/database/tables; a reference only ever points to a table above it.

CREATE TABLE organiser (
    id      uuid PRIMARY KEY,
    name    text NOT NULL UNIQUE,
    name_en text NOT NULL
);

CREATE TABLE person (
    id              uuid PRIMARY KEY,
    name            text NOT NULL,
    sex             text NOT NULL,
    birth_date      date,
    ethnicity       text NOT NULL,
    education       text NOT NULL,
    phone_sealed    bytea NOT NULL,
    document_kind   text NOT NULL,
    document_sealed bytea NOT NULL,
    document_index  bytea NOT NULL UNIQUE,
    document_masked text NOT NULL,
    lookup_index    bytea NOT NULL
);

CREATE TABLE account (
    id            uuid PRIMARY KEY,
    login         text NOT NULL UNIQUE,
    name          text NOT NULL,
    password_hash text NOT NULL,
    active        boolean NOT NULL,
    failures      integer NOT NULL,
    failed_at     timestamptz
);

CREATE TABLE staff (
    id        uuid PRIMARY KEY,
    organiser uuid NOT NULL REFERENCES organiser ON DELETE RESTRICT,
    account   uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    CONSTRAINT staff_once UNIQUE (organiser, account)
);

CREATE TABLE session (
    id      bytea PRIMARY KEY,
    account uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    opened  timestamptz NOT NULL,
    expires timestamptz NOT NULL
);

CREATE TABLE one_time_login (
    id      bytea PRIMARY KEY,
    account uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    expires timestamptz NOT NULL,
    used    timestamptz
);

CREATE TABLE look_up_attempt (
    id  uuid PRIMARY KEY,
    key bytea NOT NULL,
    at  timestamptz NOT NULL
);

CREATE TABLE series (
    id        uuid PRIMARY KEY,
    organiser uuid NOT NULL REFERENCES organiser ON DELETE RESTRICT,
    name      text NOT NULL,
    name_en   text NOT NULL
);

CREATE TABLE competition (
    id            uuid PRIMARY KEY,
    series        uuid NOT NULL REFERENCES series ON DELETE RESTRICT,
    slug          text NOT NULL UNIQUE,
    edition       integer NOT NULL,
    name          text NOT NULL,
    name_en       text NOT NULL,
    tier          text NOT NULL,
    rank          text NOT NULL,
    document      text NOT NULL,
    province      text NOT NULL,
    venue         text NOT NULL,
    venue_en      text NOT NULL,
    starts        date NOT NULL,
    ends          date NOT NULL,
    notice_days   integer NOT NULL,
    organisations jsonb NOT NULL,
    design        text NOT NULL,
    CONSTRAINT competition_edition UNIQUE (series, edition)
);

CREATE TABLE supervisor (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    account     uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    CONSTRAINT supervisor_once UNIQUE (competition, account)
);

CREATE TABLE event (
    id                 uuid PRIMARY KEY,
    competition        uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    code               text NOT NULL,
    name               text NOT NULL,
    name_en            text NOT NULL,
    category           text NOT NULL,
    category_en        text NOT NULL,
    division           text NOT NULL,
    occupation         text NOT NULL,
    occupation_code    text NOT NULL,
    occupation_edition integer NOT NULL,
    standard_level     text NOT NULL,
    team_size          integer NOT NULL,
    stations           integer NOT NULL,
    judges             integer NOT NULL,
    policy             text NOT NULL,
    policy_text        text NOT NULL,
    policy_fingerprint text NOT NULL,
    scheme             jsonb NOT NULL,
    scheme_fingerprint text NOT NULL,
    state              text NOT NULL,
    entered_state      timestamptz NOT NULL,
    version            bigint NOT NULL,
    CONSTRAINT event_code UNIQUE (competition, code)
);

CREATE TABLE decision_head (
    id       uuid PRIMARY KEY,
    sequence bigint NOT NULL,
    hash     bytea NOT NULL
);

CREATE TABLE decision (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    sequence    bigint NOT NULL,
    event       uuid,
    kind        text NOT NULL,
    actor       uuid,
    actor_name  text NOT NULL,
    at          timestamptz NOT NULL,
    reason      text NOT NULL,
    data        jsonb NOT NULL,
    previous    bytea NOT NULL,
    hash        bytea NOT NULL,
    CONSTRAINT decision_sequence UNIQUE (competition, sequence)
);

CREATE TABLE delegation (
    id          uuid PRIMARY KEY,
    competition uuid NOT NULL REFERENCES competition ON DELETE RESTRICT,
    name        text NOT NULL,
    name_en     text NOT NULL,
    CONSTRAINT delegation_name UNIQUE (competition, name)
);

CREATE TABLE clerk (
    id         uuid PRIMARY KEY,
    delegation uuid NOT NULL REFERENCES delegation ON DELETE RESTRICT,
    account    uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    CONSTRAINT clerk_once UNIQUE (delegation, account)
);

CREATE TABLE intake (
    id         uuid PRIMARY KEY,
    delegation uuid NOT NULL REFERENCES delegation ON DELETE RESTRICT,
    filename   text NOT NULL,
    sha256     bytea NOT NULL,
    rows       integer NOT NULL,
    at         timestamptz NOT NULL
);

CREATE TABLE entry (
    id         uuid PRIMARY KEY,
    event      uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    delegation uuid NOT NULL REFERENCES delegation ON DELETE RESTRICT,
    intake     uuid NOT NULL REFERENCES intake ON DELETE RESTRICT,
    number     integer NOT NULL,
    team       text NOT NULL,
    CONSTRAINT entry_number UNIQUE (event, number)
);

CREATE TABLE member (
    id                uuid PRIMARY KEY,
    entry             uuid NOT NULL REFERENCES entry ON DELETE RESTRICT,
    event             uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    person            uuid NOT NULL REFERENCES person ON DELETE RESTRICT,
    position          integer NOT NULL,
    unit              text NOT NULL,
    occupation        text NOT NULL,
    occupation_code   text NOT NULL,
    level             text NOT NULL,
    level_certificate text NOT NULL,
    identity          text NOT NULL,
    CONSTRAINT member_once UNIQUE (event, person)
);

CREATE TABLE draw (
    id          uuid PRIMARY KEY,
    event       uuid NOT NULL UNIQUE REFERENCES event ON DELETE RESTRICT,
    algorithm   text NOT NULL,
    commitments jsonb NOT NULL,
    public      text NOT NULL,
    seed        text NOT NULL,
    stations    integer NOT NULL,
    entries     jsonb NOT NULL,
    at          timestamptz NOT NULL
);

CREATE TABLE place (
    id       uuid PRIMARY KEY,
    event    uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    entry    uuid NOT NULL UNIQUE REFERENCES entry ON DELETE RESTRICT,
    position integer NOT NULL,
    shift    integer NOT NULL,
    station  integer NOT NULL,
    code     text NOT NULL,
    CONSTRAINT place_code UNIQUE (event, code)
);

CREATE TABLE seat (
    id      uuid PRIMARY KEY,
    event   uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    account uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    number  integer NOT NULL,
    chief   boolean NOT NULL,
    CONSTRAINT seat_once UNIQUE (event, account),
    CONSTRAINT seat_number UNIQUE (event, number)
);

CREATE TABLE mark_head (
    id       uuid PRIMARY KEY,
    sequence bigint NOT NULL,
    hash     bytea NOT NULL,
    open     boolean NOT NULL
);

CREATE TABLE mark (
    id        text PRIMARY KEY,
    event     uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    sequence  bigint NOT NULL,
    entry     text NOT NULL,
    aspect    text NOT NULL,
    judge     uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
    value     integer NOT NULL,
    round     integer NOT NULL,
    device    text NOT NULL,
    counter   bigint NOT NULL,
    made_at   timestamptz NOT NULL,
    stored_at timestamptz NOT NULL,
    replaces  text NOT NULL,
    conflict  boolean NOT NULL,
    previous  bytea NOT NULL,
    hash      bytea NOT NULL,
    CONSTRAINT mark_sequence UNIQUE (event, sequence)
);

CREATE TABLE snapshot (
    id                 uuid PRIMARY KEY,
    event              uuid NOT NULL REFERENCES event ON DELETE RESTRICT,
    version            integer NOT NULL,
    content            text NOT NULL,
    sha256             text NOT NULL,
    policy_fingerprint text NOT NULL,
    scheme_fingerprint text NOT NULL,
    mark_sequence      bigint NOT NULL,
    mark_hash          text NOT NULL,
    at                 timestamptz NOT NULL,
    notice_until       timestamptz NOT NULL,
    CONSTRAINT snapshot_version UNIQUE (event, version)
);

CREATE TABLE promotion (
    id        uuid PRIMARY KEY,
    snapshot  uuid NOT NULL REFERENCES snapshot ON DELETE RESTRICT,
    member    uuid NOT NULL REFERENCES member ON DELETE RESTRICT,
    person    uuid NOT NULL REFERENCES person ON DELETE RESTRICT,
    outcome   text NOT NULL,
    held      text NOT NULL,
    level     text NOT NULL,
    mode      text NOT NULL,
    title     text NOT NULL,
    rule      text NOT NULL,
    reason_zh text NOT NULL,
    reason_en text NOT NULL,
    CONSTRAINT promotion_once UNIQUE (snapshot, member)
);

CREATE TABLE skill_record (
    id              uuid PRIMARY KEY,
    person          uuid NOT NULL REFERENCES person ON DELETE RESTRICT,
    promotion       uuid NOT NULL UNIQUE REFERENCES promotion ON DELETE RESTRICT,
    occupation_code text NOT NULL,
    level           text NOT NULL,
    title           text NOT NULL,
    at              timestamptz NOT NULL
);

CREATE TABLE serial (
    id        text PRIMARY KEY,
    following bigint NOT NULL
);

CREATE TABLE signing_key (
    id          text PRIMARY KEY,
    certificate text NOT NULL,
    sealed      bytea NOT NULL,
    created     timestamptz NOT NULL
);

CREATE TABLE certificate (
    id         uuid PRIMARY KEY,
    number     text NOT NULL UNIQUE,
    token      text NOT NULL UNIQUE,
    snapshot   uuid NOT NULL REFERENCES snapshot ON DELETE RESTRICT,
    member     uuid NOT NULL REFERENCES member ON DELETE RESTRICT,
    person     uuid NOT NULL REFERENCES person ON DELETE RESTRICT,
    kind       text NOT NULL,
    content    text NOT NULL,
    issued     timestamptz NOT NULL,
    printed    timestamptz,
    pdf_sha256 text NOT NULL
);

CREATE TABLE refused_certificate (
    id         uuid PRIMARY KEY,
    snapshot   uuid NOT NULL REFERENCES snapshot ON DELETE RESTRICT,
    member     uuid NOT NULL REFERENCES member ON DELETE RESTRICT,
    field      text NOT NULL,
    characters text NOT NULL
);

CREATE TABLE revocation (
    id          uuid PRIMARY KEY,
    certificate uuid NOT NULL UNIQUE REFERENCES certificate ON DELETE RESTRICT,
    reason      text NOT NULL,
    replaced_by text NOT NULL,
    at          timestamptz NOT NULL
);

-- What is looked up by something else than its key.
CREATE INDEX session_account ON session (account);
CREATE INDEX person_lookup ON person (lookup_index);
CREATE INDEX look_up_attempt_key ON look_up_attempt (key, at);
CREATE INDEX staff_account ON staff (account);
CREATE INDEX supervisor_account ON supervisor (account);
CREATE INDEX clerk_account ON clerk (account);
CREATE INDEX seat_account ON seat (account);
CREATE INDEX event_state ON event (state);
CREATE INDEX entry_delegation ON entry (delegation);
CREATE INDEX member_entry ON member (entry);
CREATE INDEX member_person ON member (person);
CREATE INDEX promotion_person ON promotion (person);
CREATE INDEX promotion_outcome ON promotion (outcome);
CREATE INDEX skill_record_person ON skill_record (person, at);
CREATE INDEX certificate_person ON certificate (person);
CREATE INDEX certificate_snapshot ON certificate (snapshot);
CREATE INDEX certificate_unprinted ON certificate (issued) WHERE printed IS NULL;
CREATE INDEX decision_event ON decision (event, sequence);

-- The current mark of a cell is the last one of (judge, aspect, entry).
CREATE INDEX mark_cell ON mark (event, entry, aspect, judge, sequence);

-- Ledgers only grow (design §4 item 2). The chain of hashes shows what somebody does to them with these switched off.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;

CREATE TRIGGER mark_only_grows BEFORE UPDATE OR DELETE ON mark FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_only_grows BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER skill_record_only_grows BEFORE UPDATE OR DELETE ON skill_record FOR EACH ROW EXECUTE FUNCTION refuse_change();
