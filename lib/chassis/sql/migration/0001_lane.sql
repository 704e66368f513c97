-- The lane's own tables, the same in every schema.
CREATE TABLE lane (
    lane smallint PRIMARY KEY CHECK (lane BETWEEN 0 AND 23),
    seq bigint NOT NULL DEFAULT 0,            -- last journal row
    published_seq bigint NOT NULL DEFAULT 0,  -- all up to here were acknowledged
    incarnation bigint NOT NULL DEFAULT 1,    -- raised when a backup is restored
    chain bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
) WITH (fillfactor = 10);
INSERT INTO lane (lane) SELECT generate_series(0, 23);

CREATE TABLE lane_input (
    topic text NOT NULL,
    lane smallint NOT NULL REFERENCES lane,
    next_offset bigint NOT NULL DEFAULT 0,
    last_seq bigint NOT NULL DEFAULT -1,
    last_incarnation bigint NOT NULL DEFAULT -1,
    attempt_offset bigint NOT NULL DEFAULT -1,
    attempts integer NOT NULL DEFAULT 0,      -- takings without progress
    tried_offset bigint NOT NULL DEFAULT -1,
    tries integer NOT NULL DEFAULT 0,         -- of that very message, alone
    PRIMARY KEY (topic, lane)
) WITH (fillfactor = 20);

CREATE TABLE inbox (
    command_id uuid PRIMARY KEY,
    lane smallint NOT NULL,
    at timestamptz NOT NULL,
    outcome bytea NOT NULL
);
CREATE INDEX inbox_lane_at ON inbox (lane, at);

CREATE TABLE journal (
    lane smallint NOT NULL,
    seq bigint NOT NULL,
    incarnation bigint NOT NULL,
    at timestamptz NOT NULL,
    kind smallint NOT NULL,     -- 0 command, 1 outcome, 2 event, 3 state, 4 dlq
    partition smallint NOT NULL,
    type text NOT NULL,
    key text NOT NULL,
    command_id uuid,
    causation text,
    actor uuid,
    code text,
    traceparent text,
    version bigint NOT NULL,
    value bytea,                -- NULL: a tombstone, or personal (see digest)
    digest bytea,               -- of the personal value
    chain bytea NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX journal_lane_seq ON journal (lane, seq);
CREATE INDEX journal_key ON journal (key, seq);
CREATE TABLE journal_other PARTITION OF journal DEFAULT;

CREATE TABLE journal_personal (
    lane smallint NOT NULL,
    seq bigint NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (lane, seq)
);

CREATE TABLE timer (
    lane smallint NOT NULL,
    name text NOT NULL,
    due_at timestamptz NOT NULL,
    partition smallint NOT NULL,
    type text NOT NULL,
    lane_key text NOT NULL,
    value bytea NOT NULL,
    command_id uuid NOT NULL,
    PRIMARY KEY (lane, name)
);
CREATE INDEX timer_due ON timer (lane, due_at);

CREATE TABLE parked (
    parked_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane smallint NOT NULL,
    topic text NOT NULL,
    position bigint NOT NULL,   -- offset on that topic
    key text NOT NULL,
    type text NOT NULL,
    id text NOT NULL,
    source text NOT NULL,
    traceparent text,
    sequence bigint NOT NULL,
    incarnation bigint NOT NULL,
    entity_version bigint NOT NULL,
    at timestamptz NOT NULL,
    value bytea,
    reason text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX parked_key ON parked (topic, key, parked_id);
CREATE INDEX parked_lane ON parked (lane);
