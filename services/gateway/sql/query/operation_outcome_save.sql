-- By hand: it only updates, and only a row without an outcome.
UPDATE operation o
   SET state = x.state, code = x.code, version = x.version,
       outcome_seq = x.outcome_seq, outcome = x.outcome,
       decided_at = x.decided_at,
       outcome_incarnation = x.outcome_incarnation
  FROM (
      SELECT
          unnest($1::uuid[]) AS operation_id, unnest($2::smallint[]) AS state,
          unnest($3::text[]) AS code, unnest($4::bigint[]) AS version,
          unnest($5::bigint[]) AS outcome_seq, unnest($6::bytea[]) AS outcome,
          unnest($7::timestamptz[]) AS decided_at,
          unnest($8::bigint[]) AS outcome_incarnation
  ) AS x
 WHERE o.operation_id = x.operation_id AND o.state = :OPERATION_ACCEPTED
