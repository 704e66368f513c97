-- What the gateway alone knows: whose number is whose, how people prove who
-- they are, what was mailed to them and who looked at whom. Nothing of it goes
-- to Kafka. Tokens, codes and passwords stand here as digests only; numbers
-- sealed, bound to their place.

-- Number to person (B19). The MAC's key never rotates; the sealing key may.
-- generation: how often this number was given to a person anew, after it was
-- freed by a correction; the person id is derived from MAC and generation.
-- state: 1 PROPOSED, 2 CURRENT, 3 FORMER, 4 FREED.
CREATE TABLE identity (
    number_mac bytea PRIMARY KEY,
    person_id uuid NOT NULL,
    generation integer NOT NULL,
    sealed bytea NOT NULL,
    kind smallint NOT NULL,
    state smallint NOT NULL,
    proposed_at timestamptz NOT NULL,
    current_at timestamptz
);
CREATE UNIQUE INDEX identity_current ON identity (person_id) WHERE state = 2;
CREATE INDEX identity_person ON identity (person_id);

-- How an account proves itself. hash NULL: no password. tries counts since the
-- last success; the fifth locks until 15 minutes after last_try. The totp
-- columns and recovery codes (digests) wait for the second factor.
CREATE TABLE credential (
    account_id uuid PRIMARY KEY,
    hash text,
    changed_at timestamptz NOT NULL,
    tries smallint NOT NULL DEFAULT 0,
    last_try timestamptz,
    totp_sealed bytea,
    totp_last_step bigint,
    recovery bytea[]
) WITH (fillfactor = 80);

-- token_hash: BLAKE2b-256 of the token. account_kind: 1 business, 2 teacher.
-- account_version: as it was at the sign-in; below the account's session_floor
-- the session is dead (T16). level: 1 the second factor is due, 2 full.
CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL,
    account_kind smallint NOT NULL,
    account_version bigint NOT NULL,
    level smallint NOT NULL,
    auth_time timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expires ON session (expires_at);

-- purpose: 1 ACTIVATE, 2 RESET_TOTP. Of an account's tickets one is redeemed,
-- and with it all of them are spent.
CREATE TABLE ticket (
    token_hash bytea PRIMARY KEY,
    purpose smallint NOT NULL,
    account_id uuid NOT NULL,
    account_kind smallint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ticket_account ON ticket (account_id);
CREATE INDEX ticket_expires ON ticket (expires_at);

-- Who applies proves first that the address is his. code_mac is made when the
-- mail is sent, NULL before; token_hash when the code was right.
CREATE TABLE verification (
    verification_id uuid PRIMARY KEY,
    email text NOT NULL,
    client text NOT NULL,
    code_mac bytea,
    tries smallint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    token_hash bytea UNIQUE,
    token_expires_at timestamptz
);
CREATE INDEX verification_email ON verification (lower(email), created_at);
CREATE INDEX verification_client ON verification (client, created_at);
CREATE INDEX verification_created ON verification (created_at);

-- The outbox of mails. A row says who is to get what and why; the token and
-- the text are made when it is sent, so that no secret waits here. mail_key
-- makes a repetition harmless: "ACTIVATE/<account>/<version>".
-- purpose: 1 ACTIVATE, 2 RESET_TOTP, 3 VERIFICATION. state: 1 waiting,
-- 2 sent, 3 dropped (no longer wanted), 4 failed for good.
CREATE TABLE mail (
    mail_key text PRIMARY KEY,
    purpose smallint NOT NULL,
    account_id uuid,
    account_kind smallint NOT NULL,
    account_version bigint NOT NULL,
    address text NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by uuid,
    state smallint NOT NULL,
    due_at timestamptz NOT NULL,
    attempts smallint NOT NULL,
    ended_at timestamptz
) WITH (fillfactor = 80);
CREATE INDEX mail_due ON mail (due_at) WHERE state = 1;
CREATE INDEX mail_ended ON mail (ended_at) WHERE state <> 1;
CREATE INDEX mail_account ON mail (account_id, asked_at);

-- Who looked at what and why, and what the host's operator did; commands have
-- their audit row in the owner's journal (I11). actor NULL: the operator.
CREATE TABLE audit (
    audit_id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    actor uuid,
    organization text NOT NULL,
    client text NOT NULL,
    what text NOT NULL,
    subject text NOT NULL,
    purpose text NOT NULL,
    result text NOT NULL,
    trace_id text NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject, at) WHERE subject <> '';
CREATE INDEX audit_actor ON audit (actor, at);
