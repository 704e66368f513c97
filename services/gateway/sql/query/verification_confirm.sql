-- The first confirmation begins the proof's time.
UPDATE verification
   SET token_hash = $2::bytea,
       token_expires_at = coalesce(token_expires_at, $3::timestamptz)
 WHERE verification_id = $1::uuid
RETURNING token_expires_at
