-- One statement for all that wait (our own group commit). A returned row is
-- new; the others are repetitions.
INSERT INTO operation (operation_id, scope, idempotency_key, request_hash,
       command_id, service, lane, type, lane_key, command, traceparent,
       subject, location, done_status, receipt, accepted_at, sent_at)
SELECT unnest($1::uuid[]), unnest($2::text[]), unnest($3::text[]),
    unnest($4::bytea[]), unnest($5::uuid[]), unnest($6::smallint[]),
    unnest($7::smallint[]), unnest($8::text[]), unnest($9::text[]),
    unnest($10::bytea[]), unnest($11::text[]), unnest($12::text[]),
    unnest($13::text[]), unnest($14::smallint[]), unnest($15::boolean[]),
    unnest($16::timestamptz[]), unnest($17::timestamptz[])
    ON CONFLICT DO NOTHING
RETURNING operation_id
