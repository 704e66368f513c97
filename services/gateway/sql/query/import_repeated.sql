SELECT import_id, request_hash
  FROM import
 WHERE scope = $1::text AND idempotency_key = $2::text
