-- Operations of waiters that have ended; done ones only when the read model shows
-- the state that an outcome names.
SELECT o.command_id, o.state, o.code, o.version, o.outcome
\ir ../part/operation_position.sql
 WHERE o.operation_id = ANY ($1::uuid[])
   AND (o.state = :OPERATION_REFUSED
        OR (o.state = :OPERATION_DONE AND coalesce(i.last_seq >= o.outcome_seq, true)))
