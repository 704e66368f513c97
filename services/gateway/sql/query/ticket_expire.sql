DELETE FROM ticket
 WHERE token_hash = ANY (ARRAY(
       SELECT token_hash FROM ticket
        WHERE expires_at < $1::timestamptz - interval '30 days'
        LIMIT 5000))
