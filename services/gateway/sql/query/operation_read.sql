-- With a column: whether the read model has applied the operation's effect.
SELECT o.operation_id, o.scope, o.type, o.service, o.subject, o.location,
       o.state, o.code, o.version, o.outcome, o.accepted_at, o.decided_at,
       coalesce(i.last_seq >= o.outcome_seq, true) AS applied, o.command_id,
       o.lane
\ir ../part/operation_position.sql
 WHERE o.operation_id = $1::uuid
