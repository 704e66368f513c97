UPDATE operation o
   SET state = x.state, code = x.code, version = x.version,
       outcome_seq = x.outcome_seq, outcome = x.outcome,
       decided_at = x.decided_at
  FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::bigint[],
              $5::bigint[], $6::bytea[], $7::timestamptz[])
    AS x(operation_id, state, code, version, outcome_seq, outcome, decided_at)
 WHERE o.operation_id = x.operation_id AND o.state = 0
