-- The row that kept an insert from writing: the same key, or our own row whose
-- COMMIT was never confirmed. Done, but not yet in the read model, counts as
-- accepted.
SELECT o.operation_id, o.request_hash, o.service, o.subject, o.location,
       o.done_status, o.receipt,
       CASE WHEN o.state = :OPERATION_DONE AND i.last_seq < o.outcome_seq
            THEN :OPERATION_ACCEPTED::smallint ELSE o.state END,
       o.code, o.version, o.outcome, o.type
\ir ../part/operation_position.sql
 WHERE o.operation_id = $1::uuid
    OR (o.scope = $2::text AND o.idempotency_key = $3::text)
 ORDER BY o.operation_id = $1::uuid DESC
 LIMIT 1
