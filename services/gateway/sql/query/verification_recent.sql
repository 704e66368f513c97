SELECT (SELECT count(*) FROM verification
         WHERE lower(email) = lower($1::text) AND created_at > $3::timestamptz),
       (SELECT count(*) FROM verification
         WHERE client = $2::text AND created_at > $3::timestamptz)
