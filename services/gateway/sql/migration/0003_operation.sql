-- What was accepted over HTTP and what came of it. The row stands before the
-- command is sent: an accepted request survives a broker that is away, and a
-- repeated Idempotency-Key gives the first answer again. Times and ids are the
-- gateway's; operation_id is a UUIDv7, so that the order of the primary key is
-- the order of time: the sweeper and the retention walk along it.
--
-- scope: who may use the key again: an account id, or "verification/<id>".
-- state: 0 ACCEPTED, 1 DONE, 2 REFUSED. outcome: the message of a refusal,
-- with its details. The only change of a row is its outcome and a repeated
-- send, and neither touches an indexed column: all updates stay on the page.
CREATE TABLE operation (
    operation_id uuid PRIMARY KEY,
    scope text NOT NULL,
    idempotency_key text,
    request_hash bytea NOT NULL,
    command_id uuid NOT NULL,
    service smallint NOT NULL,      -- 0 account, 1 teacher
    lane smallint NOT NULL,
    type text NOT NULL,
    lane_key text NOT NULL,
    command bytea,                  -- emptied after 7 days
    traceparent text,
    subject text NOT NULL,
    location text,
    done_status smallint NOT NULL,
    receipt boolean NOT NULL,
    accepted_at timestamptz NOT NULL,
    sent_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    state smallint NOT NULL DEFAULT 0,
    code text,
    version bigint NOT NULL DEFAULT 0,
    outcome_seq bigint NOT NULL DEFAULT 0,
    outcome bytea,
    decided_at timestamptz,
    UNIQUE (scope, idempotency_key)
) WITH (fillfactor = 80);
