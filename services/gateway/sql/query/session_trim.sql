-- Before a session begins, ends those used least recently, so that there are at
-- most $2 with the new one. The account's credential is locked by then.
DELETE FROM session
 WHERE token_hash = ANY (ARRAY(
       SELECT token_hash FROM session
        WHERE account_id = $1::uuid
        ORDER BY seen_at DESC, auth_time DESC, token_hash
       OFFSET $2::integer - 1))
