-- Takes those whose pause is over ($2 now, $3 the first pause in µs; it doubles
-- each time, up to five minutes). Rows of another sweeper are skipped.
UPDATE operation o
   SET attempts = o.attempts + 1, sent_at = $2::timestamptz
  FROM (SELECT operation_id
          FROM operation
         WHERE operation_id = ANY ($1::uuid[]) AND state = :OPERATION_ACCEPTED
           AND command IS NOT NULL
           AND sent_at <= $2::timestamptz - least($3::bigint * (1 << least(attempts, 20)), 300000000)
                          * interval '1 microsecond'
         ORDER BY operation_id
         LIMIT 500
           FOR UPDATE SKIP LOCKED) AS due
 WHERE o.operation_id = due.operation_id
RETURNING o.command_id, o.service, o.lane, o.type, o.lane_key, o.traceparent,
          o.accepted_at, o.command
