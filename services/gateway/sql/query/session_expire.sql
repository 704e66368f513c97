DELETE FROM session
 WHERE token_hash = ANY (ARRAY(SELECT token_hash FROM session
                                WHERE expires_at < $1::timestamptz
                                LIMIT 5000))
