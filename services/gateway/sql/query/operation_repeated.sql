-- The row that stood in the way of an insert: the same key, or our own row
-- whose COMMIT was confirmed to nobody.
SELECT operation_id, request_hash, service, subject, location, done_status,
       receipt, state, code, version, outcome
  FROM operation
 WHERE operation_id = $1::uuid OR (scope = $2::text AND idempotency_key = $3::text)
 ORDER BY operation_id = $1::uuid DESC
 LIMIT 1
