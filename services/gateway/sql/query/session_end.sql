DELETE FROM session
 WHERE token_hash = $1::bytea AND account_id = $2::uuid
RETURNING account_id
