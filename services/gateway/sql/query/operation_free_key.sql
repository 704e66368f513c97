-- The refusal under this key has passed: the key may be used again.
UPDATE operation SET idempotency_key = NULL
 WHERE operation_id = $1::uuid AND state = :OPERATION_REFUSED
   AND idempotency_key IS NOT NULL
