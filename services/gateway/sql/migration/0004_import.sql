-- Files that came in and what became of their rows. A row of import_row is a
-- durable command: its bytes without the head (Order), which is the import's and
-- the row's own id. The lane of views writes its outcome; no index holds what
-- that changes, so all updates stay on the page.
--
-- state: 1 FAULTY, 2 READY, 3 COMMITTING, 4 DONE, 5 LAPSED. version counts these
-- steps, not the progress. wave, settled_to, sent_to: how far the sending is;
-- rows of the wave up to settled_to have outcomes, up to sent_to were sent.
CREATE TABLE import (
    import_id uuid PRIMARY KEY,     -- version 7: the order of time
    scope text NOT NULL,            -- account id
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    kind smallint NOT NULL,         -- 1 organizations
    organization text NOT NULL,     -- whose import it is
    state smallint NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    report text NOT NULL,           -- JSON members of the dry run
    created_at timestamptz NOT NULL,
    commit_key text,
    head bytea,                     -- the Order of all rows, without ids
    traceparent text,
    committed_at timestamptz,
    wave smallint NOT NULL DEFAULT 0,
    settled_to integer NOT NULL DEFAULT 0,
    sent_to integer NOT NULL DEFAULT 0,
    progressed_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    done_at timestamptz,
    UNIQUE (scope, idempotency_key)
);
CREATE INDEX import_committing ON import (import_id) WHERE state = 3;
CREATE INDEX import_created ON import (created_at);

-- state: 1 FAULTY, 2 SAME, 3 DIFFERING, 4 NEW, 5 DONE, 6 REFUSED.
CREATE TABLE import_row (
    import_id uuid NOT NULL,
    row integer NOT NULL,           -- as a spreadsheet counts
    wave smallint NOT NULL,
    state smallint NOT NULL,
    lane_key text NOT NULL,
    cells text NOT NULL,            -- JSON
    faults text,                    -- JSON
    command bytea,
    code text,                      -- of a refusal
    version bigint NOT NULL DEFAULT 0,
    lane smallint NOT NULL DEFAULT 0,
    state_seq bigint NOT NULL DEFAULT 0,
    decided_at timestamptz,
    PRIMARY KEY (import_id, row)
) WITH (fillfactor = 80);
