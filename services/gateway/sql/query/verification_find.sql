SELECT verification_id, email
  FROM verification
 WHERE token_hash = $1::bytea AND token_expires_at > $2::timestamptz
