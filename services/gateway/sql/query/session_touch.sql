UPDATE session SET seen_at = $2::timestamptz
 WHERE token_hash = $1::bytea AND seen_at < $2::timestamptz
