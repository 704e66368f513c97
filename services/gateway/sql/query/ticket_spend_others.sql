UPDATE ticket SET used_at = $2::timestamptz
 WHERE account_id = $1::uuid AND used_at IS NULL
