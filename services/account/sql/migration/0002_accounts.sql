-- Business accounts, teacher accounts, and who holds persons and login names.
CREATE TABLE business_account (
    account_id            uuid     PRIMARY KEY,
    organization          text     NOT NULL,
    person_id             uuid     NOT NULL,
    role                  smallint NOT NULL CHECK (role BETWEEN 0 AND 3),
    permissions           integer  NOT NULL CHECK (permissions BETWEEN 0 AND 63),
    status                smallint NOT NULL CHECK (status BETWEEN 2 AND 6),
    cause                 smallint NOT NULL CHECK (cause BETWEEN 0 AND 4),
    closed_cause          smallint NOT NULL CHECK (closed_cause BETWEEN 0 AND 3),
    login                 text,
    name                  text,
    phone                 text,
    email                 text,
    wanted_role           smallint NOT NULL CHECK (wanted_role BETWEEN 0 AND 3),
    succeeds              uuid,
    identity_proven       boolean  NOT NULL,
    teacher_version       bigint   NOT NULL CHECK (teacher_version >= 0),
    move_id               uuid,
    applied_at            timestamptz NOT NULL,
    lapses_at             timestamptz,
    enabled_at            timestamptz,
    disabled_at           timestamptz,
    disabled_version      bigint   NOT NULL CHECK (disabled_version >= 0),
    deletion_requested_at timestamptz,
    deleted_at            timestamptz,
    settled               boolean  NOT NULL,
    open_courses          integer  NOT NULL CHECK (open_courses >= 0),
    version               bigint   NOT NULL CHECK (version > 0),
    -- 2 PENDING, 3 ACTIVE, 4 DISABLED, 5 DELETED, 6 CLOSED
    CHECK (status <> 2 OR (role = 0 AND lapses_at IS NOT NULL)),
    CHECK (status NOT IN (3, 4) OR (role > 0 AND enabled_at IS NOT NULL)),
    CHECK (status NOT IN (2, 3, 4) OR login IS NOT NULL),
    CHECK ((status = 4) = (cause > 0)),
    CHECK ((status = 6) = (closed_cause > 0)),
    CHECK ((status = 5) = (deleted_at IS NOT NULL)),
    -- B13: what is over keeps no personal data.
    CHECK (status NOT IN (5, 6)
           OR (login IS NULL AND name IS NULL AND phone IS NULL AND email IS NULL)),
    -- B11, a backstop behind holder_claim: one live account per person. Checked
    -- at COMMIT, because one batch may delete one account and enable another.
    CONSTRAINT business_account_one_per_person
        EXCLUDE USING btree (person_id WITH =) WHERE (status IN (3, 4))
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX business_account_person ON business_account (person_id);

CREATE TABLE teacher_account (
    account_id      uuid     PRIMARY KEY,
    person_id       uuid     NOT NULL,
    status          smallint NOT NULL CHECK (status BETWEEN 2 AND 6),
    cause           smallint NOT NULL CHECK (cause BETWEEN 0 AND 4),
    closed_cause    smallint NOT NULL CHECK (closed_cause BETWEEN 0 AND 5),
    login           text,
    organization    text,
    name            text,
    phone           text,
    email           text,
    source          smallint NOT NULL CHECK (source BETWEEN 0 AND 3),
    identity_proven boolean  NOT NULL,
    applied_at      timestamptz,
    lapses_at       timestamptz,
    enabled_at      timestamptz,
    disabled_at     timestamptz,
    teacher_version bigint   NOT NULL CHECK (teacher_version >= 0),
    version         bigint   NOT NULL CHECK (version > 0),
    CHECK (status <> 2 OR lapses_at IS NOT NULL),
    CHECK ((status = 4) = (cause > 0)),
    CHECK ((status = 6) = (closed_cause > 0)),
    CHECK (status <> 6
           OR (login IS NULL AND name IS NULL AND phone IS NULL AND email IS NULL)),
    CONSTRAINT teacher_account_one_per_person
        EXCLUDE USING btree (person_id WITH =) WHERE (status IN (3, 4))
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX teacher_account_person ON teacher_account (person_id);

-- Claims: inserted first, then locked; a row without account_id is free.
CREATE TABLE holder_claim ( -- B11
    person_id    uuid PRIMARY KEY,
    account_id   uuid,
    organization text,
    CHECK ((account_id IS NULL) = (organization IS NULL))
);

CREATE TABLE login_claim ( -- B14
    folded     text PRIMARY KEY,
    account_id uuid
);

-- T15: where the teacher service says that a person has posts.
CREATE TABLE affiliation (
    person_id     uuid   PRIMARY KEY,
    organizations text   CHECK (organizations <> ''),
    version       bigint NOT NULL CHECK (version > 0)
);
