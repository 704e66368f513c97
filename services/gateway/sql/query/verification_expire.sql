DELETE FROM verification
 WHERE verification_id = ANY (ARRAY(
       SELECT verification_id FROM verification
        WHERE created_at < $1::timestamptz - interval '1 day'
        LIMIT 5000))
