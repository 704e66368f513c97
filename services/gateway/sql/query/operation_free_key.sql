-- The refusal under this key no longer holds, so the key may be used again.
UPDATE operation SET idempotency_key = NULL
 WHERE operation_id = $1::uuid AND state = :OPERATION_REFUSED
   AND idempotency_key IS NOT NULL
