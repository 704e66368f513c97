DELETE FROM mail
 WHERE mail_key = ANY (ARRAY(
       SELECT mail_key FROM mail
        WHERE state <> :MAIL_WAITING
          AND ended_at < $1::timestamptz - interval '90 days'
        LIMIT 5000))
