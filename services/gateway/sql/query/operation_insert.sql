-- One statement for all that wait (group commit of our own). A row that comes
-- back is new; the others are repetitions.
INSERT INTO operation (operation_id, scope, idempotency_key, request_hash,
       command_id, service, lane, type, lane_key, command, traceparent,
       subject, location, done_status, receipt, accepted_at, sent_at)
SELECT *
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::uuid[],
              $6::smallint[], $7::smallint[], $8::text[], $9::text[],
              $10::bytea[], $11::text[], $12::text[], $13::text[],
              $14::smallint[], $15::boolean[], $16::timestamptz[],
              $17::timestamptz[])
    ON CONFLICT DO NOTHING
RETURNING operation_id
